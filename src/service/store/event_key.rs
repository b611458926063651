//! Which event is meant.

use crate::domain::ids::EventId;

/// An event's id, and its source if the id alone may mean several events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventKey {
    /// The event's id.
    pub id: EventId,
    /// The name of its source; without it the id must mean one event.
    pub source: Option<String>,
}

impl From<EventId> for EventKey {
    fn from(id: EventId) -> Self {
        EventKey { id, source: None }
    }
}
