//! `ETag`, `If-Match` and `Idempotency-Key`: they guard against lost and repeated changes.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};
use sha2::{Digest, Sha256};

use super::{
    AppState,
    problem::{ApiError, ApiResult},
};
use crate::service::store::IdempotencyKey;

/// The header that makes a change safe to repeat.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest idempotency key, in characters.
pub(super) const LONGEST_KEY: usize = 255;

/// A webhook's revision as an `ETag` header.
pub(super) struct ETag(pub i64);

impl IntoResponseParts for ETag {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Ok(value) = HeaderValue::from_str(&format!("\"{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, value);
        }
        Ok(response)
    }
}

/// The revision that the caller wants to change; none when the caller named none or sent `*`.
pub(super) struct IfMatch(pub Option<i64>);

impl FromRequestParts<AppState> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        let Some(value) = only_one(&parts.headers, header::IF_MATCH)? else { return Ok(IfMatch(None)) };
        if value == "*" {
            return Ok(IfMatch(None));
        }
        let revision = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).map(str::parse);
        match revision {
            Some(Ok(revision)) => Ok(IfMatch(Some(revision))),
            _ => Err(ApiError::bad_parameter("If-Match", "must be the ETag of an answer, such as \"3\", or *")),
        }
    }
}

/// The caller's idempotency key with a fingerprint of this request: its method, its path (ids included) and its body.
pub(super) fn idempotency_key(parts: &Parts, body: &[u8]) -> ApiResult<Option<IdempotencyKey>> {
    let Some(key) = only_one(&parts.headers, IDEMPOTENCY_KEY)? else { return Ok(None) };
    if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ApiError::bad_parameter("Idempotency-Key", "must be 1 to 255 visible ASCII characters"));
    }
    // Neither a method nor a path contains a zero byte, so two different requests never give the same input.
    let fingerprint = Sha256::new()
        .chain_update(parts.method.as_str())
        .chain_update([0])
        .chain_update(parts.uri.path())
        .chain_update([0])
        .chain_update(body)
        .finalize();
    Ok(Some(IdempotencyKey { key: key.to_owned(), fingerprint: fingerprint.into() }))
}

/// The value of a header that may occur only once.
fn only_one(headers: &HeaderMap, name: HeaderName) -> ApiResult<Option<&str>> {
    let mut values = headers.get_all(&name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(ApiError::bad_parameter(name.as_str(), "is there more than once"));
    }
    value.to_str().map(Some).map_err(|_| ApiError::bad_parameter(name.as_str(), "must be visible ASCII characters"))
}
