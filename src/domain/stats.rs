//! Error rates and percentiles of durations over a window, and how attempts are counted.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    attempt::named,
    calendar::{Unit, Zone},
    ids::WebhookId,
    text::serde_as_text,
    time::Timestamp,
};

/// Attempts are counted in buckets of five minutes by their end.
pub const BUCKET: Duration = Duration::from_secs(5 * 60);

/// How many buckets the error rate of a webhook looks at: the running one and the 287 before it.
pub const BUCKETS_IN_24_H: i64 = 288;

/// The number of the five-minute bucket a moment falls into.
pub fn bucket_of(at: Timestamp) -> i64 {
    at.as_seconds().div_euclid(BUCKET.as_secs() as i64)
}

/// When a five-minute bucket begins.
pub fn bucket_start(bucket: i64) -> Timestamp {
    Timestamp::from_seconds(bucket.saturating_mul(BUCKET.as_secs() as i64))
}

/// The oldest bucket of the 24 h that end now.
pub fn oldest_bucket_in_24_h(now: Timestamp) -> i64 {
    bucket_of(now) - (BUCKETS_IN_24_H - 1)
}

/// Failed attempts / finished attempts; none when there were none.
pub fn error_rate(failed: u64, finished: u64) -> Option<f64> {
    (finished > 0).then(|| failed as f64 / finished as f64)
}

named!(
    /// What error rates are grouped by.
    GroupBy, "a grouping", {
        /// The webhook.
        Webhook = "webhook",
        /// The event's type.
        Event = "event",
        /// The status of the answer, or the lack of one.
        Code = "code",
        /// The hour of its end, in the time zone that was asked for.
        Hour = "hour",
        /// The day of its end, in the time zone that was asked for.
        Day = "day",
    }
);

impl GroupBy {
    /// What time is cut into, where groups are a part of it.
    pub fn unit(self) -> Option<Unit> {
        match self {
            GroupBy::Hour => Some(Unit::Hour),
            GroupBy::Day => Some(Unit::Day),
            GroupBy::Webhook | GroupBy::Event | GroupBy::Code => None,
        }
    }
}

/// Error rates over a window, in all and by group. Tests are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Stats {
    /// When the window begins: what was asked for, rounded down to a whole bucket.
    pub from: Timestamp,
    /// When it ends: what was asked for, rounded up to a whole bucket, or now.
    pub to: Timestamp,
    /// The webhook they are of; null for all of them.
    pub webhook_id: Option<WebhookId>,
    /// Finished attempts.
    pub attempts: u64,
    /// Failed attempts.
    pub failed: u64,
    /// Failed / finished: 0 to 1, null when there were none.
    pub error_rate: Option<f64>,
    /// How long, in milliseconds, half of the answered attempts took at most; at most 6 % off. Null when none was answered,
    /// and when some ended more than 35 days ago: durations are not kept longer. An older service does not say it.
    #[serde(default)]
    pub p50_ms: Option<u64>,
    /// How long 95 of 100 of the answered attempts took at most, likewise.
    #[serde(default)]
    pub p95_ms: Option<u64>,
    /// What the groups are by; null when there are none.
    pub by: Option<GroupBy>,
    /// Whose hours and days the groups are.
    #[serde(default)]
    pub time_zone: Zone,
    /// The groups, in the order of their keys, or of time.
    pub groups: Vec<StatsGroup>,
}

/// One group of attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct StatsGroup {
    /// What the attempts have in common: a webhook's id, an event type, a status or `no answer`, an hour
    /// (`2026-11-23T18:00:00+01:00`, with `Z` in UTC) or a day (`2026-11-23`).
    pub key: String,
    /// The webhook's name, where the groups are by webhook and it still exists.
    pub name: Option<String>,
    /// Finished attempts.
    pub attempts: u64,
    /// Failed attempts.
    pub failed: u64,
    /// Failed / finished: 0 to 1, null when there were none.
    pub error_rate: Option<f64>,
    /// How long, in milliseconds, half of the answered attempts took at most; at most 6 % off. Null when none was answered,
    /// and when some ended more than 35 days ago: durations are not kept longer. An older service does not say it.
    #[serde(default)]
    pub p50_ms: Option<u64>,
    /// How long 95 of 100 of the answered attempts took at most, likewise.
    #[serde(default)]
    pub p95_ms: Option<u64>,
    /// Since when they were counted: the beginning of the window, or of the hour or day. More than 48 h ago that is a
    /// full hour of UTC, in the middle of an hour of some zones. An older service does not say it.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Until when.
    #[serde(default)]
    pub to: Option<Timestamp>,
}

/// What waits to be delivered, and whether anybody delivers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Queue {
    /// Deliveries that wait to be tried, now or later, disabled webhooks' left out.
    pub pending: u64,
    /// How many of them are due.
    pub due: u64,
    /// Since when the oldest of them is due.
    pub oldest_due_at: Option<Timestamp>,
    /// Processes that deliver.
    pub instances: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_four_hours_are_the_running_bucket_and_287_before() {
        let now = Timestamp::from_seconds(1_795_455_600 + 299);
        assert_eq!(bucket_start(bucket_of(now)), Timestamp::from_seconds(1_795_455_600));
        assert_eq!(bucket_of(now) - oldest_bucket_in_24_h(now) + 1, 288);
        assert_eq!(bucket_of(Timestamp::from_seconds(-1)), -1);
    }

    #[test]
    fn there_is_no_rate_without_attempts() {
        assert_eq!(error_rate(0, 0), None);
        assert_eq!(error_rate(1, 4), Some(0.25));
    }
}
