//! A delivery: one event to one webhook, and the schedule of its attempts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    event::EventType,
    ids::{DeliveryId, EventId, WebhookId},
    text::named,
    time::Timestamp,
    version::Version,
};

named!(
    /// The state of a delivery.
    DeliveryStatus, "a delivery's status", {
        /// An attempt is in flight or will be made.
        Pending = "pending",
        /// The receiver accepted it.
        Succeeded = "succeeded",
        /// Every attempt failed.
        Exhausted = "exhausted",
        /// It was cancelled because its webhook was deleted.
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
    /// The version in which its body was rendered; null if its format is none of the versions.
    pub version: Option<Version>,
    /// Its state.
    pub status: DeliveryStatus,
    /// Whether it is a test of the webhook.
    pub test: bool,
    /// How many attempts have ended.
    pub attempts: u32,
    /// The largest number of attempts.
    pub max_attempts: u32,
    /// When the next attempt is due; null if none is planned or while one is in flight.
    pub next_attempt_at: Option<Timestamp>,
    /// Whether an attempt is in flight.
    pub in_flight: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it succeeded, was exhausted or was cancelled.
    pub finished_at: Option<Timestamp>,
}

/// The wait after each failed attempt, counted from its end: ten attempts in about three days.
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

/// The longest wait for the next attempt: a day, which is the last wait and the most that a receiver may ask for, plus
/// the jitter.
pub const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600 * 6 / 5);

/// The number of attempts of a delivery: one at once and one after each wait.
pub const MOST_ATTEMPTS: u32 = SCHEDULE.len() as u32 + 1;

/// Returns the wait after the failed attempt number `number` (from 1), with up to 20 % added by `jitter` (0 to 1), or
/// `None` after the last one.
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
