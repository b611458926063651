//! Trying again by hand: single deliveries at once, or all that a window of time left undelivered.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    attempt::named,
    ids::{AttemptId, DeliveryId, EventId, RecoveryId, WebhookId},
    text::serde_as_text,
    time::Timestamp,
};

/// The attempts that a retry by hand began.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Retried {
    /// One for each delivery; none when an event has no delivery that could be tried.
    pub deliveries: Vec<RetriedDelivery>,
}

/// A delivery that is tried again now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct RetriedDelivery {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The attempt that is being made: in flight at first, to be looked at under this id.
    pub attempt_id: AttemptId,
    /// Where it goes.
    pub webhook_id: WebhookId,
    /// What it carries.
    pub event_id: EventId,
    /// Which try of the delivery it is, from 1.
    pub number: u32,
}

named!(
    /// What a recovery looks for.
    RecoveryWhat, "what a recovery looks for", {
        /// Deliveries of which every try failed.
        Failed = "failed",
        /// Events of which no delivery was made, because the webhook was disabled or did not want them then.
        Missed = "missed",
        /// Both.
        Both = "both",
    }
);

impl RecoveryWhat {
    /// Whether deliveries of which every try failed are tried again.
    pub fn failed(self) -> bool {
        self != RecoveryWhat::Missed
    }

    /// Whether deliveries that were never made are made.
    pub fn missed(self) -> bool {
        self != RecoveryWhat::Failed
    }
}

named!(
    /// How far a recovery has come.
    RecoveryStatus, "a recovery's status", {
        /// It makes deliveries, or some of them were not tried yet.
        Running = "running",
        /// Each of its deliveries was tried once, or cancelled.
        Finished = "finished",
        /// It was stopped: it makes no more deliveries. Those it had made are delivered.
        Cancelled = "cancelled",
    }
);

/// A recovery to be begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = RecoveryInput))]
pub struct NewRecovery {
    /// Only this webhook, which must be enabled; every webhook that is enabled now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<WebhookId>,
    /// Deliveries whose last try ended at this time or later, and events taken in at this time or later.
    pub since: Timestamp,
    /// Only what was before this time; up to now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What to look for; `both` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<RecoveryWhat>,
    /// How many deliveries a second at most: more than 0, at most 10,000; as fast as the limits allow when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Only count what would be delivered.
    #[serde(default)]
    pub dry_run: bool,
}

/// The highest rate of a recovery, in deliveries a second.
pub const HIGHEST_RATE: f64 = 10_000.0;
/// The lowest rate of a recovery: one delivery a day.
pub const LOWEST_RATE: f64 = 1.0 / 86_400.0;

/// How far the deliveries of this rate are apart.
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
    /// How far it has come.
    pub status: RecoveryStatus,
    /// The only webhook it is for; null when it is for all that were enabled when it began.
    pub webhook_id: Option<WebhookId>,
    /// What it looks for.
    pub what: RecoveryWhat,
    /// Where its window begins.
    pub since: Timestamp,
    /// Where its window ends, this moment excluded.
    pub until: Timestamp,
    /// How many deliveries a second at most, when there is a limit.
    pub rate: Option<f64>,
    /// How many failed deliveries and how many events it has looked at.
    pub looked: u64,
    /// How many deliveries it has made, or made due again.
    pub made: u64,
    /// Of these, how many succeeded at the first try.
    pub succeeded: u64,
    /// Of these, how many failed at the first try.
    pub failed: u64,
    /// Of these, how many were cancelled before a try, as their webhook was deleted.
    pub cancelled: u64,
    /// Of these, how many wait for their first try.
    pub pending: u64,
    /// How many could not be made, because neither body nor data of their event is kept any more.
    pub skipped: u64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was finished, or cancelled.
    pub finished_at: Option<Timestamp>,
}

/// What a recovery would do, as things are now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct RecoveryEstimate {
    /// How many deliveries would be made, or made due again.
    pub deliveries: u64,
    /// Of these, how many of which every try failed.
    pub failed: u64,
    /// Of these, how many of which no delivery was made.
    pub missed: u64,
    /// How many could not be made, because neither body nor data of their event is kept any more.
    pub skipped: u64,
    /// How many deliveries wait besides: for their next try, for the end of a pause, or, where no webhook is named, for
    /// their webhook to be enabled. A recovery leaves them to their schedule.
    #[serde(default)]
    pub waiting: u64,
    /// Whether all was counted; else there are at least so many.
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
