//! The caller of a handler.

use std::{marker::PhantomData, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{identity::Identity, needs::Need};
use crate::{
    domain::{ids::TokenId, me::Me, time::Timestamp},
    service::{
        http::{AppState, problem::ApiError, request_id::RequestId},
        store::{Actor, Change, IdempotencyKey},
    },
};

/// A caller who may do what `N` names. A handler that takes one needs a token.
pub(in crate::service::http) struct Caller<N> {
    identity: Identity,
    request_id: Option<Arc<str>>,
    now: Timestamp,
    need: PhantomData<fn() -> N>,
}

impl<N: Need> FromRequestParts<AppState> for Caller<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let now = app.clock.now();
        let identity = app.auth.identify(&parts.headers, &app.store, now).await?;
        identity.check(N::SCOPES)?;
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone());
        Ok(Caller { identity, request_id, now, need: PhantomData })
    }
}

impl<N> Caller<N> {
    /// The context of a change that this caller makes.
    pub fn change(self, idempotency_key: Option<IdempotencyKey>) -> Change {
        let Caller { identity, request_id, now, need: _ } = self;
        Change { now, actor: identity.actor, request_id, idempotency_key }
    }

    /// The answer of `GET /v1/me`.
    pub fn me(&self) -> Me {
        let (name, token_id): (&str, Option<TokenId>) = match &self.identity.actor {
            Actor::Token { id, name } => (name, Some(*id)),
            Actor::Admin => ("admin", None),
            Actor::Local | Actor::Service => ("local", None),
        };
        Me {
            name: name.to_owned(),
            token_id,
            scopes: self.identity.scopes.iter().map(ToString::to_string).collect(),
            expires_at: self.identity.expires_at,
        }
    }
}
