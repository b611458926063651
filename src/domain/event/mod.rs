//! What can happen: the types of events, the table of those that are known, and the filters by which a webhook picks.
//!
//! A type is a name. The service carries whatever it is given: a type that is in no table of ours is stored, filtered,
//! delivered and counted like any other, and only its fields are nobody's business.

mod event_type;
pub mod fields;
mod filter;
mod from_text;
mod interned;
mod kind;
mod subject;
mod suggestions;
mod table;

pub use event_type::EventType;
pub use filter::{EventFilter, NotAFilter};
pub use from_text::{LONGEST_TYPE, NotAType};
pub use kind::{Kind, MAX_SAFE_INTEGER};
pub(super) use kind::{local_time, time_zone};
pub use subject::Subject;
pub use table::Known;
