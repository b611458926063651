//! How long history is kept, and the store's summary of itself.

use std::time::Duration;

use crate::domain::{time::Timestamp, trust::Believed};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long ended deliveries and what belongs to them are kept. A pending delivery keeps its event, data and body at
/// any age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// The time for which attempts and deliveries are kept from their end, and events from their acceptance.
    pub history: Duration,
    /// The time for which data and bodies are kept from their event's acceptance, and exchanges from their attempt's
    /// end; never longer than history.
    pub bodies: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Retention { history: 30 * DAY, bodies: 7 * DAY }
    }
}

/// The times by which ages are counted when history expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// The time for everything that `missed` does not cover.
    pub now: Timestamp,
    /// The time for events and what belongs to them while a disabled webhook may have missed them.
    pub missed: Timestamp,
}

impl From<Timestamp> for Ages {
    fn from(now: Timestamp) -> Self {
        Ages { now, missed: now }
    }
}

/// The trusted times for the next process; see [`crate::domain::trust`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BelievedAges {
    /// The trust behind [`Ages::now`].
    pub now: Believed,
    /// The trust behind [`Ages::missed`].
    pub missed: Believed,
}

/// The result of one step of tidying.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    /// The number of deleted rows.
    pub removed: usize,
    /// Whether there may be more to do at once.
    pub more: bool,
}
