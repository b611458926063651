//! What a body says about its event besides the data.

use crate::domain::{event::EventType, ids::EventId, time::Timestamp};

/// What a body says about its event besides the data and the sequence.
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
