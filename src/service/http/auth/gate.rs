//! Whom the service lets in: by the admin token, or by one of those it knows, at a pace.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::{identity::Identity, known::KnownTokens, pace::Pace};
use crate::{
    domain::{problem::ProblemCode, time::Timestamp, token::digest},
    service::{
        http::problem::{Answer, ApiError},
        store::{Actor, Store},
    },
};

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
    pub(in crate::service::http) fn forget_tokens(&self) {
        if let Some(gate) = &self.0 {
            gate.tokens.forget();
        }
    }

    /// Who has sent these headers.
    pub(super) async fn identify(
        &self,
        headers: &HeaderMap,
        store: &Arc<dyn Store>,
        now: Timestamp,
    ) -> Answer<Identity> {
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
