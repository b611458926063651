//! What a body says of its event beside the data.

use crate::domain::{event::EventType, ids::EventId, time::Timestamp};

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
