//! How long history is kept, and what the store says of its own size.

use std::time::Duration;

use crate::domain::{time::Timestamp, trust::Believed};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long what has ended is kept. A pending delivery keeps its event, its data and its body however old it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Attempts by their end, deliveries by theirs, events by when they were taken in.
    pub history: Duration,
    /// Data and bodies by when their event was taken in, exchanges by their attempt's end. Never longer than history.
    pub bodies: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Retention { history: 30 * DAY, bodies: 7 * DAY }
    }
}

/// The times by which ages are counted when history goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// Of everything else.
    pub now: Timestamp,
    /// Of events, and what belongs to them, while a webhook is disabled that may have missed them.
    pub missed: Timestamp,
}

impl From<Timestamp> for Ages {
    fn from(now: Timestamp) -> Self {
        Ages { now, missed: now }
    }
}

/// What is believed of the clock, for the process that comes next; see [`crate::domain::trust`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BelievedAges {
    /// For [`Ages::now`].
    pub now: Believed,
    /// For [`Ages::missed`].
    pub missed: Believed,
}

/// What one step of tidying did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    /// How many rows went.
    pub removed: usize,
    /// Whether there may be more to do at once.
    pub more: bool,
}

/// What is known of all webhooks and of the database without counting rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overview {
    /// Deliveries that wait in front of enabled webhooks.
    pub waiting: u64,
    /// Deliveries that wait in front of disabled webhooks.
    pub held: u64,
    /// Since when the oldest delivery that is due to an enabled webhook is due.
    pub oldest_due_at: Option<Timestamp>,
    /// Webhooks that are enabled.
    pub enabled: u64,
    /// Webhooks that are disabled.
    pub disabled: u64,
    /// Enabled webhooks whose newest attempt failed.
    pub failing: u64,
    /// Enabled webhooks whose breaker is open: they are only probed.
    pub broken: u64,
    /// Enabled webhooks that are left alone for now, because they asked for it or their breaker is open.
    pub paused: u64,
    /// The size of the database, its log left out, in bytes.
    pub bytes: u64,
    /// How much of it is free to be used again, in bytes.
    pub reusable_bytes: u64,
}
