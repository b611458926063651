//! Who changes something, when, and what makes the change safe to repeat.

use std::sync::Arc;

use crate::domain::{ids::TokenId, time::Timestamp};

/// An idempotency key and what it was sent with. Its record is committed with its effect and kept for 24 h.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The key, as the caller sent it: visible ASCII characters.
    pub key: String,
    /// SHA-256 of the method, the path and the body: another request with the same key is refused.
    pub fingerprint: [u8; 32],
}

/// Who changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A process that has the database's file and needs no token.
    Local,
    /// Whoever has the admin token.
    Admin,
    /// Whoever has this token.
    Token {
        /// Its id.
        id: TokenId,
        /// Its name, as it is now.
        name: Arc<str>,
    },
    /// The service by itself.
    Service,
}

/// A change: everything about it that is the same for whatever is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The caller's clock.
    pub now: Timestamp,
    /// Who makes it.
    pub actor: Actor,
    /// The id of the request that asks for it, where there is one.
    pub request_id: Option<Arc<str>>,
    /// What makes it safe to repeat, if there is anything.
    pub once: Option<Once>,
}

impl Change {
    /// A change by this process itself.
    pub fn at(now: Timestamp, once: Option<Once>) -> Self {
        Change { now, actor: Actor::Local, request_id: None, once }
    }

    /// The idempotency key as it is remembered, if there is one: with its caller, so that nobody meets the keys of
    /// others. A token's id is never used again, whatever its name; the admin token is one caller, whatever its text.
    /// There is no blank in a key, so nothing can move from the caller to the key.
    pub fn own_key(&self) -> Option<String> {
        let Once { key, fingerprint: _ } = self.once.as_ref()?;
        Some(match &self.actor {
            Actor::Local => format!("local {key}"),
            Actor::Admin => format!("admin {key}"),
            Actor::Token { id, name: _ } => format!("{id} {key}"),
            Actor::Service => format!("service {key}"),
        })
    }

    /// A change the service makes by itself.
    pub fn by_service(now: Timestamp) -> Self {
        Change { actor: Actor::Service, ..Change::at(now, None) }
    }
}
