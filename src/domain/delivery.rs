//! One event's way to one webhook, and when it is tried again.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    attempt::named,
    event::EventType,
    ids::{DeliveryId, EventId, WebhookId},
    text::serde_as_text,
    time::Timestamp,
    version::Version,
};

named!(
    /// How far a delivery has come.
    DeliveryStatus, "a delivery's status", {
        /// It is being tried, or will be.
        Pending = "pending",
        /// The receiver took it.
        Succeeded = "succeeded",
        /// Every try failed.
        Exhausted = "exhausted",
        /// It was given up: its webhook was deleted.
        Cancelled = "cancelled",
    }
);

/// A delivery as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The event it carries.
    pub event_id: EventId,
    /// The event's type.
    pub event_type: EventType,
    /// The webhook it goes to.
    pub webhook_id: WebhookId,
    /// The version its body was frozen in; null when it is in no version's format.
    pub version: Option<Version>,
    /// How far it has come.
    pub status: DeliveryStatus,
    /// Whether it is a test of the webhook.
    pub test: bool,
    /// How many attempts have ended.
    pub attempts: u32,
    /// How many there are at most.
    pub max_attempts: u32,
    /// When it is tried next; null when it is not, or while an attempt is in flight.
    pub next_attempt_at: Option<Timestamp>,
    /// Whether an attempt is in flight.
    pub in_flight: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it reached its end.
    pub finished_at: Option<Timestamp>,
}

/// How long to wait after each failed try, counted from its end: ten tries in about three days.
pub const SCHEDULE: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(14 * 3600),
    Duration::from_secs(20 * 3600),
    Duration::from_secs(24 * 3600),
];

/// How long a delivery waits for its next try at most: after the last wait, with all of its jitter; a receiver may ask for
/// a day.
pub const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600 * 6 / 5);

/// How many tries a delivery has: one at once and one after each wait.
pub const MOST_ATTEMPTS: u32 = SCHEDULE.len() as u32 + 1;

/// How long to wait after the failed try number `number` (from 1), with up to 20 % added by `jitter` (0 to 1);
/// none when it was the last.
pub fn wait_after(number: u32, jitter: f64) -> Option<Duration> {
    let wait = SCHEDULE.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
    Some(wait.mul_f64(1.0 + 0.2 * jitter.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_after_the_tenth_try() {
        assert_eq!(wait_after(1, 0.0), Some(Duration::from_secs(5)));
        assert_eq!(wait_after(2, 1.0), Some(Duration::from_secs(360)));
        assert_eq!(wait_after(9, 0.5), Some(Duration::from_secs(26 * 3600 + 24 * 60)));
        assert_eq!(wait_after(10, 0.0), None);
        assert_eq!(wait_after(0, 0.0), None);
    }
}
