//! Reads the body of a change: checks its size and type, parses its JSON, and takes its idempotency key.

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::{
    AppState, conditions,
    problem::{ApiError, ApiResult},
};
use crate::{domain::problem::ProblemCode, service::store::IdempotencyKey};

mod json;

/// The largest body, in bytes. An event's data has a smaller limit.
const LARGEST_BODY: usize = 1024 * 1024;

/// A request that changes something. It comes last in a handler's signature because it reads the body.
pub(super) struct ChangeRequest<B> {
    /// The parsed body.
    pub body: B,
    /// The caller's idempotency key, if there is one.
    pub idempotency_key: Option<IdempotencyKey>,
}

/// A form that a body can be read as.
pub(super) trait FromBody: Sized {
    fn from_body(headers: &HeaderMap, body: &Bytes) -> ApiResult<Self>;
}

/// A body that must be JSON of this form.
pub(super) struct Json<T>(pub T);

/// A body that may be JSON of this form, `null`, or nothing at all.
pub(super) struct OrDefault<T>(pub T);

/// No body; the service ignores one that is sent.
pub(super) struct Nothing;

impl<T: DeserializeOwned> FromBody for Json<T> {
    fn from_body(headers: &HeaderMap, body: &Bytes) -> ApiResult<Self> {
        check_content_type(headers)?;
        json::parse(body).map(Json)
    }
}

impl<T: DeserializeOwned + Default> FromBody for OrDefault<T> {
    fn from_body(headers: &HeaderMap, body: &Bytes) -> ApiResult<Self> {
        if body.is_empty() || json::is_null(body) {
            return Ok(OrDefault(T::default()));
        }
        Json::from_body(headers, body).map(|Json(value)| OrDefault(value))
    }
}

impl FromBody for Nothing {
    fn from_body(_: &HeaderMap, _: &Bytes) -> ApiResult<Self> {
        Ok(Nothing)
    }
}

impl<B: FromBody> FromRequest<AppState> for ChangeRequest<B> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read(body).await?;
        let body = B::from_body(&parts.headers, &bytes)?;
        Ok(ChangeRequest { body, idempotency_key: conditions::idempotency_key(&parts, &bytes)? })
    }
}

async fn read(body: Body) -> ApiResult<Bytes> {
    let read = Limited::new(body, LARGEST_BODY).collect().await;
    read.map(|collected| collected.to_bytes()).map_err(|error| {
        if error.is::<LengthLimitError>() {
            ApiError::new(ProblemCode::TooLarge, "the body is larger than 1 MiB")
        } else {
            ApiError::bad_request("the body ended before it was complete")
        }
    })
}

fn check_content_type(headers: &HeaderMap) -> ApiResult<()> {
    let given = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let essence = given.and_then(|value| value.split(';').next()).map(str::trim);
    match (essence, given) {
        (Some(essence), _) if essence.eq_ignore_ascii_case("application/json") => Ok(()),
        (_, Some(given)) => Err(unsupported(format!("the body is \"{given}\"; it must be application/json"))),
        (_, None) => Err(unsupported("there is no Content-Type; it must be application/json".to_owned())),
    }
}

fn unsupported(detail: String) -> ApiError {
    ApiError::new(ProblemCode::UnsupportedMediaType, detail)
}
