//! Manual retries and recoveries: what callers ask for and what the store returns.

use crate::domain::{
    ids::{AttemptId, DeliveryId, RecoveryId, WebhookId},
    recovery::{RecoveryWhat, Retried},
    time::Timestamp,
};

use super::{Claim, EventKey, InstanceId};

/// What a caller wants to retry now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryTarget {
    /// The delivery that this attempt belongs to.
    Attempt(AttemptId),
    /// This delivery.
    Delivery(DeliveryId),
    /// Every delivery of this event, except those to deleted webhooks and tests.
    Event(EventKey),
}

/// A manual retry that has started.
#[derive(Debug)]
pub struct StartedRetry {
    /// The attempts to answer with.
    pub retried: Retried,
    /// The claims to attempt now; none if the same request was answered before.
    pub claims: Vec<Claim>,
}

/// A manual retry: its target and the instance that makes the attempts.
#[derive(Debug, Clone)]
pub struct ManualRetry {
    /// What is retried.
    pub target: RetryTarget,
    /// The instance that makes the attempts.
    pub instance: InstanceId,
}

/// What a recovery covers; its input has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct RecoveryWindow {
    /// The only webhook to cover; every enabled one if absent.
    pub webhook: Option<WebhookId>,
    /// The start of the window.
    pub since: Timestamp,
    /// The end of the window, excluded; at most a microsecond after now.
    pub until: Timestamp,
    /// Which kinds of deliveries to look for.
    pub what: RecoveryWhat,
}

/// A recovery to store.
#[derive(Debug, Clone, PartialEq)]
pub struct AddRecovery {
    /// The new recovery's id.
    pub id: RecoveryId,
    /// What the recovery covers.
    pub window: RecoveryWindow,
    /// The highest rate, in deliveries a second.
    pub rate: Option<f64>,
}
