//! Checks each request's token, and limits the rate of requests for each token.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::{identity::Identity, rate_limit::RateLimit, token_cache::TokenCache};
use crate::{
    domain::{problem::ProblemCode, time::Timestamp, token::digest},
    service::{
        http::problem::{ApiError, ApiResult},
        store::{Actor, Store},
    },
};

/// Decides who may use the API.
#[derive(Clone)]
pub struct Auth(Option<Arc<Gate>>);

/// Checks tokens.
struct Gate {
    /// The digest of the admin token. Comparing digests takes the same time for every token, whatever its length.
    admin: [u8; 32],
    tokens: TokenCache,
    rate_limit: Option<RateLimit>,
}

impl Auth {
    /// Lets every request in, for a service within the process, which no other process can reach.
    pub fn not_needed() -> Self {
        Auth(None)
    }

    /// Lets in whoever has this token or one that was created through the API.
    pub fn admin_token(token: &SecretString) -> Self {
        Auth(Some(Arc::new(Gate {
            admin: digest(token.expose_secret()),
            tokens: TokenCache::default(),
            rate_limit: None,
        })))
    }

    /// Limits each token to one request in `between`; bursts of up to one second's requests are allowed.
    pub fn rate_limited(self, between: Duration) -> Self {
        let Some(gate) = self.0 else { return self };
        Auth(Some(Arc::new(Gate {
            admin: gate.admin,
            tokens: TokenCache::default(),
            rate_limit: Some(RateLimit::new(between)),
        })))
    }

    /// Makes the next request read the tokens again, because this process changed them.
    pub(in crate::service::http) fn forget_tokens(&self) {
        if let Some(gate) = &self.0 {
            gate.tokens.forget();
        }
    }

    /// The caller who sent these headers.
    pub(super) async fn identify(
        &self,
        headers: &HeaderMap,
        store: &Arc<dyn Store>,
        now: Timestamp,
    ) -> ApiResult<Identity> {
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
    fn admit(&self, identity: &Identity) -> ApiResult<()> {
        let Some(rate_limit) = &self.rate_limit else { return Ok(()) };
        let token = match identity.actor {
            Actor::Token { id, .. } => Some(id),
            _ => None,
        };
        rate_limit.admit(token, Instant::now()).map_err(|wait| {
            let detail = "the token has asked more often than this service allows; wait as long as Retry-After says";
            ApiError::new(ProblemCode::RateLimited, detail).retry_after(wait)
        })
    }

    async fn identify(&self, headers: &HeaderMap, store: &Arc<dyn Store>, now: Timestamp) -> ApiResult<Identity> {
        let unauthorized = |detail| ApiError::new(ProblemCode::Unauthorized, detail);
        let given = bearer(headers)
            .ok_or_else(|| unauthorized("send the token as `Authorization: Bearer …`; there was none"))?;
        let given = digest(given);
        if given.ct_eq(&self.admin).into() {
            return Ok(Identity::whole(Actor::Admin));
        }
        let known = self.tokens.find(&given, store).await?;
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
