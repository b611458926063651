//! The types of events: their names, the table of the known ones, and the filters by which a webhook selects them.
//!
//! A type is a name. The service stores, filters, delivers and counts an unknown type like a known one; it only does
//! not check its fields. The bodies that carry events belong in [`payload`](super::payload).

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
pub use table::KnownType;
