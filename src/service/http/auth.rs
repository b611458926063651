//! Who may ask: nobody needs a token inside the process; over HTTP the admin token opens everything, and each other
//! token what its scopes say. What a route needs stands in its signature: `Caller<WebhooksRead>`.

use std::{
    marker::PhantomData,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::{
    AppState,
    answer::RequestId,
    problem::{Answer, ApiError},
};
use crate::{
    domain::{
        ids::TokenId,
        me::Me,
        problem::ProblemCode,
        time::Timestamp,
        token::{Scope, digest},
    },
    service::store::{Actor, Change, Once, Store},
};

mod known;
mod needs;
mod pace;

use known::KnownTokens;
pub(super) use needs::{
    AdminOnly, AnyToken, EventsWrite, Need, SecretRotation, SecretsRead, WebhooksRead, WebhooksWrite,
};
use pace::Pace;

/// Who may use the API.
#[derive(Clone)]
pub struct Auth(Option<Arc<Gate>>);

/// What a token is looked up in.
struct Gate {
    /// Only the admin token's digest is kept: comparing digests takes the same time whatever the token and its length.
    admin: [u8; 32],
    tokens: KnownTokens,
    pace: Option<Pace>,
}

impl Auth {
    /// Everyone who reaches the router: for a service inside the process, whose requests never leave it.
    pub fn not_needed() -> Self {
        Auth(None)
    }

    /// Whoever has this token, or one that was made with it.
    pub fn admin_token(token: &SecretString) -> Self {
        Auth(Some(Arc::new(Gate { admin: digest(token.expose_secret()), tokens: KnownTokens::default(), pace: None })))
    }

    /// The same, for one request in `between` of each token; a second's requests may come at once.
    pub fn paced(self, between: Duration) -> Self {
        let Some(gate) = self.0 else { return self };
        Auth(Some(Arc::new(Gate { admin: gate.admin, tokens: KnownTokens::default(), pace: Some(Pace::new(between)) })))
    }

    /// Has the next request look at the tokens again: they were changed in this process.
    pub(super) fn forget_tokens(&self) {
        if let Some(gate) = &self.0 {
            gate.tokens.forget();
        }
    }

    async fn identify(&self, headers: &HeaderMap, store: &Arc<dyn Store>, now: Timestamp) -> Answer<Identity> {
        match &self.0 {
            None => Ok(Identity::whole(Actor::Local)),
            Some(gate) => {
                let identity = gate.identify(headers, store, now).await?;
                gate.admit(&identity)?;
                Ok(identity)
            }
        }
    }
}

impl Gate {
    fn admit(&self, identity: &Identity) -> Answer<()> {
        let Some(pace) = &self.pace else { return Ok(()) };
        let token = match identity.actor {
            Actor::Token { id, .. } => Some(id),
            _ => None,
        };
        pace.admit(token, Instant::now()).map_err(|wait| {
            let detail = "the token has asked more often than this service allows; wait as long as Retry-After says";
            ApiError::new(ProblemCode::RateLimited, detail).retry_after(wait)
        })
    }

    async fn identify(&self, headers: &HeaderMap, store: &Arc<dyn Store>, now: Timestamp) -> Answer<Identity> {
        let arrived = Instant::now();
        let unauthorized = |detail| ApiError::new(ProblemCode::Unauthorized, detail);
        let given = bearer(headers)
            .ok_or_else(|| unauthorized("send the token as `Authorization: Bearer …`; there was none"))?;
        let given = digest(given);
        if given.ct_eq(&self.admin).into() {
            return Ok(Identity::whole(Actor::Admin));
        }
        let known = self.tokens.find(&given, store, arrived).await?;
        let known = known.ok_or_else(|| unauthorized("the token is not valid: it is unknown, or was revoked"))?;
        if known.expires_at.is_some_and(|at| at <= now) {
            return Err(unauthorized("the token has expired; ask for a new one"));
        }
        known.note_use(store, now);
        let actor = Actor::Token { id: known.id, name: known.name.clone() };
        Ok(Identity { actor, scopes: known.scopes.clone(), expires_at: known.expires_at })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who is asking, and what for.
#[derive(Clone)]
struct Identity {
    actor: Actor,
    scopes: Arc<[Scope]>,
    expires_at: Option<Timestamp>,
}

impl Identity {
    /// Somebody who may do everything, always.
    fn whole(actor: Actor) -> Self {
        Identity { actor, scopes: Arc::new([Scope::Admin]), expires_at: None }
    }

    /// Fails with 403, and names the first scope that is missing.
    fn check(&self, needed: &[Scope]) -> Answer<()> {
        let has = |needed: &Scope| self.scopes.iter().any(|scope| scope.includes(*needed));
        match needed.iter().find(|needed| !has(needed)) {
            None => Ok(()),
            Some(missing) => {
                let has = self.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
                let detail = format!("the token lacks the scope {missing}; it has {has}");
                Err(ApiError::new(ProblemCode::MissingScope, detail))
            }
        }
    }
}

/// A caller who may do what `N` names. A handler that takes one needs a token.
pub(super) struct Caller<N> {
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
    /// A change that this caller makes.
    pub fn change(self, once: Option<Once>) -> Change {
        let Caller { identity, request_id, now, need: _ } = self;
        Change { now, actor: identity.actor, request_id, once }
    }

    /// What the caller is told of itself.
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
