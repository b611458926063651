//! The store's errors, and whether trying again helps.

use std::path::PathBuf;

use super::packing;
use crate::{
    domain::{
        ids::{AttemptId, DeliveryId, EventId, SourceId, TokenId, WebhookId},
        time::Timestamp,
    },
    files::Refusal,
};

/// The reason why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing has this id.
    #[error("there is no {what} {id}")]
    NotFound {
        /// The noun: `webhook`, `event`, …
        what: &'static str,
        /// The id.
        id: String,
    },
    /// Another webhook has this name.
    #[error("the webhook {id} has this name already")]
    NameTaken {
        /// The webhook with this name.
        id: WebhookId,
    },
    /// Another token has this name.
    #[error("the token {0} has this name already")]
    TokenNameTaken(TokenId),
    /// Another source has this name.
    #[error("the source {0} has this name already")]
    SourceNameTaken(SourceId),
    /// No source has this name.
    #[error("there is no source \"{0}\"")]
    UnknownSource(String),
    /// Several sources have an event with this id.
    #[error("several sources have an event {0}; name one of them")]
    AmbiguousId(Box<EventId>),
    /// The webhook has changed since it was read.
    #[error("it was changed meanwhile: its revision is {current}")]
    RevisionMismatch {
        /// The webhook's current revision.
        current: i64,
    },
    /// The event id was used with other content.
    #[error("the event {0} was sent before with other content")]
    EventIdReused(Box<EventId>),
    /// The idempotency key was used with another request.
    #[error("the idempotency key was used with another request")]
    IdempotencyKeyReused,
    /// An attempt of the delivery is in flight.
    #[error(
        "an attempt of the delivery {delivery} is in flight ({attempt}); it can be tried again when that has ended"
    )]
    InFlight {
        /// The delivery.
        delivery: DeliveryId,
        /// The attempt.
        attempt: AttemptId,
    },
    /// The body of the delivery is no longer kept.
    #[error("the body of the delivery {0} is no longer kept: it cannot be tried again")]
    BodyNotKept(DeliveryId),
    /// The webhook was deleted.
    #[error("the webhook {0} was deleted: nothing is sent to it any more")]
    WebhookDeleted(WebhookId),
    /// The webhook is disabled.
    #[error("the webhook {0} is disabled; enable it first")]
    WebhookDisabled(WebhookId),
    /// The secret was replaced, and the previous one is still valid, as was promised.
    #[error(
        "the secret of the webhook {id} was replaced already, and the one before is valid until {until}: a third would \
         end it early"
    )]
    RotationUnderWay {
        /// The webhook.
        id: WebhookId,
        /// When the overlap ends.
        until: Timestamp,
    },
    /// The delivery is a test, which is not tried again.
    #[error("the delivery {0} is a test, which is not tried again; send another test")]
    TestNotRetried(DeliveryId),
    /// The database's disk is full, so nothing was stored. Trying again helps once there is space.
    #[error("the database's disk is full: {0}")]
    DiskFull(String),
    /// A file of the database was removed, replaced or cut while this process used it; anything written to it would be
    /// lost.
    #[error("{} was removed, replaced or cut while it was in use", .0.display())]
    Gone(PathBuf),
    /// The database cannot be used now, for example because another process holds it. Trying again helps.
    #[error("the database cannot be used right now: {0}")]
    Unavailable(String),
    /// This process has no permission to use the database's files. Trying again helps once it has.
    #[error("{0}")]
    Denied(Refusal),
    /// The key for secrets at rest is missing or is the wrong one.
    #[error("{0}")]
    Key(String),
    /// Anything else: a defect of the service or a damaged database.
    #[error("the database failed: {0}")]
    Internal(String),
}

impl StoreError {
    /// Whether the same request may succeed later without a change.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            StoreError::Unavailable(_) | StoreError::DiskFull(_) | StoreError::Denied(_) | StoreError::Gone(_)
        )
    }

    /// Whether the instance is no longer registered, because another process took its process for dead.
    pub fn is_struck_off(&self) -> bool {
        matches!(self, StoreError::NotFound { what: "instance", .. })
    }

    /// A command with which the operator can solve the problem, if one is known.
    pub fn next_step(&self) -> Option<String> {
        match self {
            StoreError::Denied(refusal) => refusal.next_step(),
            _ => None,
        }
    }

    /// A copy of the error for another caller that waits for the same result.
    pub fn shared(&self) -> StoreError {
        match self {
            StoreError::Unavailable(message) => StoreError::Unavailable(message.clone()),
            StoreError::DiskFull(message) => StoreError::DiskFull(message.clone()),
            StoreError::Denied(refusal) => StoreError::Denied(refusal.clone()),
            StoreError::Gone(path) => StoreError::Gone(path.clone()),
            other => StoreError::Internal(other.to_string()),
        }
    }
}

impl From<packing::Damaged> for StoreError {
    fn from(damaged: packing::Damaged) -> Self {
        StoreError::Internal(damaged.to_string())
    }
}

/// The result of a store's method.
pub type Result<T> = std::result::Result<T, StoreError>;
