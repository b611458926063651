//! Trying again by hand: what a store is asked for, and what it gives.

use crate::domain::{
    ids::{AttemptId, DeliveryId, EventId, RecoveryId, WebhookId},
    recovery::{RecoveryWhat, Retried},
    time::Timestamp,
};

use super::{Claim, InstanceId};

/// What is to be tried again now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryTarget {
    /// The delivery of this attempt.
    Attempt(AttemptId),
    /// This delivery.
    Delivery(DeliveryId),
    /// Every delivery of this event, those to deleted webhooks and tests left out.
    Event(EventId),
}

/// A retry by hand.
#[derive(Debug)]
pub struct StartedRetry {
    /// The attempts it is answered with.
    pub retried: Retried,
    /// What is to be attempted now; nothing when the same request was answered before.
    pub claims: Vec<Claim>,
}

/// Who makes the attempts of a retry by hand, and of what.
#[derive(Debug, Clone, Copy)]
pub struct ManualRetry {
    /// What is tried again.
    pub target: RetryTarget,
    /// Who makes the attempts.
    pub instance: InstanceId,
}

/// What a recovery is to look at; its input is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct RecoveryWindow {
    /// The only webhook; every enabled one when absent.
    pub webhook: Option<WebhookId>,
    /// Where the window begins.
    pub since: Timestamp,
    /// Where it ends, this moment excluded; not after what is now by more than a microsecond.
    pub until: Timestamp,
    /// What to look for.
    pub what: RecoveryWhat,
}

/// A recovery to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct AddRecovery {
    /// Its new id.
    pub id: RecoveryId,
    /// What it looks at.
    pub window: RecoveryWindow,
    /// How many deliveries a second at most.
    pub rate: Option<f64>,
}
