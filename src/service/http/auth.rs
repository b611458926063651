//! Who may ask: nobody needs a token inside the process; over HTTP the admin token opens everything.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{
    AppState,
    problem::{Answer, ApiError},
};
use crate::domain::problem::ProblemCode;

/// Who may use the API.
#[derive(Clone)]
pub struct Auth(Rule);

#[derive(Clone)]
enum Rule {
    Everyone,
    /// Only its digest is kept: comparing digests takes the same time whatever the token and its length.
    WithToken([u8; 32]),
}

impl Auth {
    /// Everyone who reaches the router: for a service inside the process, whose requests never leave it.
    pub fn not_needed() -> Self {
        Auth(Rule::Everyone)
    }

    /// Whoever has this token.
    pub fn admin_token(token: &SecretString) -> Self {
        Auth(Rule::WithToken(digest(token.expose_secret())))
    }

    fn admits(&self, headers: &HeaderMap) -> Answer<()> {
        let Rule::WithToken(wanted) = &self.0 else { return Ok(()) };
        let unauthorized = |detail| ApiError::new(ProblemCode::Unauthorized, detail);
        let given = bearer(headers)
            .ok_or_else(|| unauthorized("send the token as `Authorization: Bearer …`; there was none"))?;
        let same: bool = digest(given).ct_eq(wanted).into();
        if same { Ok(()) } else { Err(unauthorized("the token is not valid")) }
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A caller who may do everything. A handler that takes one needs a token.
pub(super) struct Admin;

impl FromRequestParts<AppState> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        app.auth.admits(&parts.headers).map(|()| Admin)
    }
}
