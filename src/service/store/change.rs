//! The context of a change: who makes it, when, and its idempotency key.

use std::sync::Arc;

use crate::domain::{ids::TokenId, time::Timestamp};

/// An idempotency key and its request's fingerprint. The record is committed with the change and kept for 24 h.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The key as the caller sent it: visible ASCII characters.
    pub key: String,
    /// The SHA-256 of method, path and body; another request with the same key is refused.
    pub fingerprint: [u8; 32],
}

/// Who makes a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A process that opens the database file itself and needs no token.
    Local,
    /// A caller with the admin token.
    Admin,
    /// A caller with this token.
    Token {
        /// The token's id.
        id: TokenId,
        /// The token's current name.
        name: Arc<str>,
    },
    /// The service itself.
    Service,
}

/// The context of a change: what is the same for every kind of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The time on the caller's clock.
    pub now: Timestamp,
    /// Who makes the change.
    pub actor: Actor,
    /// The id of the API request, if there is one.
    pub request_id: Option<Arc<str>>,
    /// The idempotency key, if there is one.
    pub idempotency_key: Option<IdempotencyKey>,
}

impl Change {
    /// Makes the context of a change by this process.
    pub fn at(now: Timestamp, idempotency_key: Option<IdempotencyKey>) -> Self {
        Change { now, actor: Actor::Local, request_id: None, idempotency_key }
    }

    /// The idempotency key as it is stored: prefixed with its caller, so that callers never see each other's keys. A
    /// token's id is never reused, even if its name is; the admin token is one caller, whatever its text. A key
    /// contains no blank, so callers and keys cannot be confused.
    pub fn own_key(&self) -> Option<String> {
        let IdempotencyKey { key, fingerprint: _ } = self.idempotency_key.as_ref()?;
        Some(match &self.actor {
            Actor::Local => format!("local {key}"),
            Actor::Admin => format!("admin {key}"),
            Actor::Token { id, name: _ } => format!("{id} {key}"),
            Actor::Service => format!("service {key}"),
        })
    }

    /// Makes the context of a change by the service itself.
    pub fn by_service(now: Timestamp) -> Self {
        Change { actor: Actor::Service, ..Change::at(now, None) }
    }
}
