//! The service's data, behind one trait of coarse, transactional methods.
//!
//! Every method that changes something is one transaction: when it returns `Ok`, its effect is durable. `rules` holds
//! the decisions as pure functions, `sqlite` the statements, and `contract` the tests of the trait. HTTP, sending and
//! the clock do not belong here.

mod add;
mod body;
mod change;
mod content;
#[cfg(test)]
mod contract;
mod error;
mod event_key;
mod location;
mod methods;
mod open;
mod packing;
mod recovery;
mod retention;
pub mod rules;
pub mod secret_keys;
mod sources;
mod sqlite;
mod token;
mod work;

pub use add::{AcceptEvent, AddWebhook, Relayed, SourceRef};
pub use body::Body;
pub use change::{Actor, Change, IdempotencyKey};
pub use error::{Result, StoreError};
pub use event_key::EventKey;
pub use location::Location;
pub use methods::Store;
pub use open::open;
#[cfg(test)]
pub use open::open_impatient;
pub use packing::Damaged;
pub use recovery::{AddRecovery, ManualRetry, RecoveryWindow, RetryTarget, StartedRetry};
pub use retention::{Ages, BelievedAges, Retention, Tidied};
pub use sources::{AddSource, KeepRequest, Kept, Receipt, RelayEvent, SourceStore, Told};
pub use sqlite::{
    Glance,
    rehearsal::{Rehearsed, rehearse},
};
pub use token::AddToken;
pub use work::{
    Claim, ClaimId, ClaimRequest, ClaimSink, Claimed, Completed, Completion, Exchange, InstanceId, Next, Recipient,
    StartedTest, TestDelivery,
};
