//! The data of an event, and the body that carries it in each version.
//!
//! `data` always has the field names of `v1` ([`fields`](super::event::fields)): the API accepts them,
//! [`EventData::check`] checks them, and each version (`v1`, `v2`) writes them in its own form. `docs/payloads.md`
//! describes both to receivers. Signing and sending a body belong elsewhere.

mod cases;
mod consistent;
mod data;
mod draft;
mod edit;
mod envelope;
mod example;
mod moments;
mod order;
#[cfg(feature = "service")]
mod person;
mod render;
mod unlike;
mod v1;
mod v2;

#[cfg(test)]
mod docs;
#[cfg(test)]
mod golden;

pub use cases::{CASES, Case, Drafted};
pub use consistent::{Occasion, contradictions, follow};
pub use data::{EventData, MAX_LEVELS, is_nested_deeper};
pub use draft::Draft;
pub use edit::{EditError, assignment, merge, set, unset};
pub use envelope::Envelope;
#[cfg(feature = "service")]
pub use person::{LONGEST_PERSON, Person};
pub use render::render;
pub use unlike::{departures, is_whole_event, warnings};
