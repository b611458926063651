//! Retries by hand: single deliveries at once, or all undelivered ones of a window of time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    ids::{AttemptId, DeliveryId, EventId, RecoveryId, WebhookId},
    text::named,
    time::Timestamp,
};

/// The attempts that a retry by hand started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Retried {
    /// One attempt for each delivery; none if no delivery of the event could be retried.
    pub deliveries: Vec<RetriedDelivery>,
}

/// A delivery that is retried now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct RetriedDelivery {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The new attempt: it is in flight at first, and this id shows its progress.
    pub attempt_id: AttemptId,
    /// The webhook it goes to.
    pub webhook_id: WebhookId,
    /// The event it carries.
    pub event_id: EventId,
    /// Which attempt of the delivery it is, from 1.
    pub number: u32,
}

named!(
    /// What a recovery looks for.
    RecoveryWhat, "what a recovery looks for", {
        /// Deliveries whose every attempt failed.
        Failed = "failed",
        /// Events without a delivery, because the webhook was disabled or did not want them then.
        Missed = "missed",
        /// Both.
        Both = "both",
    }
);

impl RecoveryWhat {
    /// Whether exhausted deliveries are retried.
    pub fn failed(self) -> bool {
        self != RecoveryWhat::Missed
    }

    /// Whether missing deliveries are created.
    pub fn missed(self) -> bool {
        self != RecoveryWhat::Failed
    }
}

named!(
    /// The state of a recovery.
    RecoveryStatus, "a recovery's status", {
        /// It creates deliveries, or some of them have not been tried yet.
        Running = "running",
        /// Each of its deliveries was tried once or cancelled.
        Finished = "finished",
        /// It was stopped: it creates no more deliveries, but existing ones are delivered.
        Cancelled = "cancelled",
    }
);

/// A recovery to be started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = RecoveryInput))]
pub struct NewRecovery {
    /// The only webhook, which must be enabled; every enabled webhook when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<WebhookId>,
    /// The start of the window: deliveries whose last attempt ended, and events that were accepted, at this time or
    /// later.
    pub since: Timestamp,
    /// The end of the window, excluded; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What to look for; `both` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<RecoveryWhat>,
    /// The largest number of deliveries per second: more than 0, at most 10,000; as fast as the limits allow when
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Whether to only count what would be delivered.
    #[serde(default)]
    pub dry_run: bool,
}

/// The highest rate of a recovery, in deliveries per second.
pub const HIGHEST_RATE: f64 = 10_000.0;
/// The lowest rate of a recovery: one delivery a day.
pub const LOWEST_RATE: f64 = 1.0 / 86_400.0;

/// Returns the interval between two deliveries at this rate.
pub fn interval(rate: f64) -> Duration {
    Duration::from_secs_f64(1.0 / rate.clamp(LOWEST_RATE, HIGHEST_RATE))
}

/// A recovery as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Recovery {
    /// Its id.
    pub id: RecoveryId,
    /// Its state.
    pub status: RecoveryStatus,
    /// The only webhook; null if it is for all that were enabled when it started.
    pub webhook_id: Option<WebhookId>,
    /// What it looks for.
    pub what: RecoveryWhat,
    /// The start of its window.
    pub since: Timestamp,
    /// The end of its window, excluded.
    pub until: Timestamp,
    /// The largest number of deliveries per second, if there is a limit.
    pub rate: Option<f64>,
    /// The number of failed deliveries and events that it has examined.
    pub looked: u64,
    /// The number of deliveries that it has created or made due again.
    pub made: u64,
    /// Of the deliveries made, those whose first attempt succeeded.
    pub succeeded: u64,
    /// Of the deliveries made, those whose first attempt failed.
    pub failed: u64,
    /// Of the deliveries made, those that were cancelled before an attempt because their webhook was deleted.
    pub cancelled: u64,
    /// Of the deliveries made, those that wait for their first attempt.
    pub pending: u64,
    /// The number of deliveries that could not be made because neither the body nor the data of the event is kept any
    /// more.
    pub skipped: u64,
    /// When it was started.
    pub created_at: Timestamp,
    /// When it finished or was cancelled.
    pub finished_at: Option<Timestamp>,
}

/// What a recovery would do now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct RecoveryEstimate {
    /// The number of deliveries that would be created or made due again.
    pub deliveries: u64,
    /// Of these deliveries, those that are exhausted.
    pub failed: u64,
    /// Of these deliveries, those that would be created.
    pub missed: u64,
    /// The number of deliveries that could not be made because neither the body nor the data of the event is kept any
    /// more.
    pub skipped: u64,
    /// The number of other waiting deliveries: for their next attempt, for the end of a pause, or, if no webhook is
    /// named, for their webhook to be enabled. A recovery leaves them to their schedule.
    #[serde(default)]
    pub waiting: u64,
    /// Whether everything was counted; if not, the numbers are lower bounds.
    pub complete: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_means_failed_and_missed() {
        let parts = RecoveryWhat::ALL.iter().map(|what| (what.failed(), what.missed()));
        assert_eq!(parts.collect::<Vec<_>>(), [(true, false), (false, true), (true, true)]);
    }

    #[test]
    fn a_rate_is_a_distance() {
        assert_eq!(interval(10.0), Duration::from_millis(100));
        assert_eq!(interval(1e9), Duration::from_micros(100));
        assert_eq!(interval(0.0), Duration::from_secs(86_400));
    }
}
