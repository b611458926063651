//! What an event carries, and the bytes it is sent as in each version.
//!
//! `data` always has the field names of `v1` ([`fields`](super::event::fields)): the API takes them, [`EventData::check`] checks them, and
//! the versions (`v1`, `v2`) are two ways to write them down. `docs/payloads.md` describes both to receivers.

mod data;
mod draft;
mod edit;
mod example;
mod order;
mod unlike;
mod v1;
mod v2;

#[cfg(test)]
mod docs;
#[cfg(test)]
mod golden;

pub use data::{EventData, MAX_LEVELS};
pub use draft::Draft;
pub use edit::{EditError, assignment, merge, set, unset};
pub use unlike::{is_whole_event, warnings};

use super::{event::EventType, ids::EventId, time::Timestamp, version::Version};

/// What is said about an event beside its data and its sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The event's id, the same in every version and on every try.
    pub id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// When it happened. `v1` does not carry it.
    pub occurred_at: Timestamp,
    /// When the service accepted it.
    pub dispatched_at: Timestamp,
}

/// What a typical body fits in without the buffer growing, in bytes.
const TYPICAL_BODY: usize = 2048;

/// The body of a delivery: compact JSON in the given version's format. `sequence` rises with each event of a service;
/// receivers sort by it. The same input gives the same bytes.
pub fn render(version: Version, envelope: &Envelope, sequence: u64, data: &EventData) -> Vec<u8> {
    write(version, envelope, Some(sequence), data).0
}

/// Writes a body; and where in it its sequence belongs, when there is none yet.
fn write(version: Version, envelope: &Envelope, sequence: Option<u64>, data: &EventData) -> (Vec<u8>, usize) {
    match version {
        Version::V1 => {
            let mut body = String::with_capacity(TYPICAL_BODY);
            let gap = v1::write(&mut body, envelope, sequence, data);
            (body.into_bytes(), gap)
        }
        Version::V2 => {
            let mut body = Vec::with_capacity(TYPICAL_BODY);
            let gap = v2::write(&mut body, envelope, sequence, data);
            (body, gap)
        }
    }
}
