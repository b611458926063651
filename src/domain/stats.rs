//! Error rates and duration percentiles over a window, and the buckets that count attempts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    calendar::{Unit, Zone},
    ids::WebhookId,
    text::named,
    time::Timestamp,
};

/// The length of a bucket; an attempt counts in the bucket of its end.
pub const BUCKET: Duration = Duration::from_secs(5 * 60);

/// The number of buckets in a webhook's error rate: the current one and the 287 before it.
pub const BUCKETS_IN_24_H: i64 = 288;

/// Returns the number of the bucket that contains a moment.
pub fn bucket_of(at: Timestamp) -> i64 {
    at.as_seconds().div_euclid(BUCKET.as_secs() as i64)
}

/// Returns the start of a bucket.
pub fn bucket_start(bucket: i64) -> Timestamp {
    Timestamp::from_seconds(bucket.saturating_mul(BUCKET.as_secs() as i64))
}

/// Returns the oldest bucket of the last 24 h.
pub fn oldest_bucket_in_24_h(now: Timestamp) -> i64 {
    bucket_of(now) - (BUCKETS_IN_24_H - 1)
}

/// Returns failed attempts / finished attempts, or `None` if none finished.
pub fn error_rate(failed: u64, finished: u64) -> Option<f64> {
    (finished > 0).then(|| failed as f64 / finished as f64)
}

named!(
    /// The key by which error rates are grouped.
    GroupBy, "a grouping", {
        /// The webhook.
        Webhook = "webhook",
        /// The event's type.
        Event = "event",
        /// The status of the answer, or that there was none.
        Code = "code",
        /// The hour of its end, in the time zone that was asked for.
        Hour = "hour",
        /// The day of its end, in the time zone that was asked for.
        Day = "day",
    }
);

impl GroupBy {
    /// Returns the unit of time, if the groups are spans of time.
    pub fn unit(self) -> Option<Unit> {
        match self {
            GroupBy::Hour => Some(Unit::Hour),
            GroupBy::Day => Some(Unit::Day),
            GroupBy::Webhook | GroupBy::Event | GroupBy::Code => None,
        }
    }
}

/// Error rates over a window, in total and by group. Tests are excluded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Stats {
    /// The start of the window: the requested time, rounded down to a bucket.
    pub from: Timestamp,
    /// The end of the window: the requested time, rounded up to a bucket, or now.
    pub to: Timestamp,
    /// The webhook; null for all webhooks.
    pub webhook_id: Option<WebhookId>,
    /// Finished attempts.
    pub attempts: u64,
    /// Failed attempts.
    pub failed: u64,
    /// Failed / finished attempts: 0 to 1, null if none finished.
    pub error_rate: Option<f64>,
    /// The median duration of answered attempts in milliseconds, within 6 %. It is null if none was answered, if some
    /// ended more than 35 days ago (durations are not kept longer), or if the service is older.
    #[serde(default)]
    pub p50_ms: Option<u64>,
    /// The 95th percentile of the duration, like `p50Ms`.
    #[serde(default)]
    pub p95_ms: Option<u64>,
    /// The key of the groups; null if there are none.
    pub by: Option<GroupBy>,
    /// The time zone of the groups' hours and days.
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
    /// The common property of the attempts: a webhook's id, an event type, a status or `no answer`, an hour
    /// (`2026-11-23T18:00:00+01:00`, with `Z` in UTC) or a day (`2026-11-23`).
    pub key: String,
    /// The webhook's name, if the groups are by webhook and it still exists.
    pub name: Option<String>,
    /// Finished attempts.
    pub attempts: u64,
    /// Failed attempts.
    pub failed: u64,
    /// Failed / finished attempts: 0 to 1, null if none finished.
    pub error_rate: Option<f64>,
    /// The median duration of answered attempts in milliseconds, within 6 %. It is null if none was answered, if some
    /// ended more than 35 days ago (durations are not kept longer), or if the service is older.
    #[serde(default)]
    pub p50_ms: Option<u64>,
    /// The 95th percentile of the duration, like `p50Ms`.
    #[serde(default)]
    pub p95_ms: Option<u64>,
    /// The start of the count: that of the window, the hour or the day. More than 48 h ago, it is a full hour of UTC,
    /// which is not a full hour in some zones. It is missing in an older service's answer.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// The end of the count.
    #[serde(default)]
    pub to: Option<Timestamp>,
}

/// The waiting deliveries, and the number of processes that deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Queue {
    /// Deliveries that wait for an attempt, now or later, without those of disabled webhooks.
    pub pending: u64,
    /// The number of them that are due.
    pub due: u64,
    /// When the oldest of them became due.
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
