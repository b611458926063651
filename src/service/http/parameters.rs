//! Reads ids in the path and parameters in the query.

use std::{
    collections::HashMap,
    fmt::Display,
    str::FromStr,
    sync::{Arc, OnceLock},
};

use axum::{
    extract::{FromRequestParts, MatchedPath, Path, Request, State},
    http::{Method, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use url::form_urlencoded;
use utoipa::openapi::path::{HttpMethod, ParameterIn};

use super::{
    AppState,
    endpoints::{Endpoints, method_of},
    openapi,
    problem::{ApiError, ApiResult},
};
use crate::domain::{
    ids::{AttemptId, DeliveryId, EventId, RecoveryId, SourceId, TokenId, WebhookId},
    page::{Cursor, Limit, PageRequest},
    text::nearest,
    time::Timestamp,
    window,
};

/// An id that knows the name of what it identifies.
pub(super) trait Named: FromStr + Display {
    const WHAT: &'static str;
}

impl Named for WebhookId {
    const WHAT: &'static str = "webhook";
}

impl Named for AttemptId {
    const WHAT: &'static str = "attempt";
}

impl Named for DeliveryId {
    const WHAT: &'static str = "delivery";
}

impl Named for EventId {
    const WHAT: &'static str = "event";
}

impl Named for RecoveryId {
    const WHAT: &'static str = "recovery";
}

impl Named for SourceId {
    const WHAT: &'static str = "source";
}

impl Named for TokenId {
    const WHAT: &'static str = "token";
}

/// The id in the path. A text that is not an id gives 404, because it identifies nothing.
pub(super) struct Id<T>(pub T);

impl<T: Named> FromRequestParts<AppState> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let Path(text) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| ApiError::bad_request("the path is not valid UTF-8"))?;
        text.parse().map(Id).map_err(|_| ApiError::not_found(T::WHAT, text))
    }
}

/// The parameters in the query. [`refuse_unknown`] has refused others and repeated ones before, for all endpoints alike.
pub(super) struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        read.map(Query).map_err(|error| {
            let name = error.path().to_string();
            let hint = if has_plus(query, &name) { "; a + in a query is a blank: write %2B" } else { "" };
            ApiError::bad_parameter(&name, format!("{}{hint}", plain_message(&error.into_inner().to_string())))
        })
    }
}

/// Whether the value of this parameter was sent with a `+`, for example in the offset of a time; a `+` arrives as a
/// blank.
fn has_plus(query: &str, name: &str) -> bool {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.any(|(written, value)| {
        value.contains('+') && form_urlencoded::parse(written.as_bytes()).any(|it| it.0 == name)
    })
}

fn plain_message(message: &str) -> &str {
    match message {
        "provided string was not `true` or `false`" => "must be true or false",
        "invalid digit found in string" | "cannot parse integer from empty string" => "must be a whole number",
        other => other,
    }
}

/// The page of a list that the caller wants, checked.
pub(super) fn page(limit: Option<u64>, cursor: Option<Cursor>) -> ApiResult<PageRequest> {
    let limit = match limit {
        None => Limit::default(),
        Some(limit) => Limit::new(limit)
            .ok_or_else(|| ApiError::bad_parameter("limit", format!("must be from 1 to {}", Limit::MOST)))?,
    };
    Ok(PageRequest { limit, cursor })
}

/// Checks a window of time. A window that begins in the future is allowed: the list is then empty.
pub(super) fn window(since: Option<Timestamp>, until: Option<Timestamp>) -> ApiResult<()> {
    window::ordered(since, until).map_err(|_| ApiError::bad_parameter("until", "must be after since"))
}

/// Checks a window of time that must have begun.
pub(super) fn begun(since: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> ApiResult<()> {
    window(since, until)?;
    window::begun(since, until, now).map_err(|_| ApiError::bad_parameter("since", "must be in the past"))
}

/// The parameters that each operation takes according to its handler's description, by path.
pub(super) struct KnownParameters(HashMap<String, OfPath>);

/// The parameters of one path, determined on the first request to it that has a query.
struct OfPath {
    operations: fn() -> Vec<(HttpMethod, openapi::Operation)>,
    known: OnceLock<Vec<(Method, Vec<String>)>>,
}

impl OfPath {
    fn of(&self, path: &str, method: &Method) -> Option<&[String]> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let find =
            || (self.operations)().into_iter().map(|(method, operation)| queries(path, &method, operation)).collect();
        let known = self.known.get_or_init(find);
        known.iter().find(|(of, _)| of == method).map(|(_, names)| names.as_slice())
    }
}

fn queries(path: &str, method: &HttpMethod, mut operation: openapi::Operation) -> (Method, Vec<String>) {
    openapi::complete_parameters(path, &mut operation);
    let parameters = openapi::parameters(&operation);
    let queries = parameters.filter(|parameter| parameter.parameter_in == ParameterIn::Query);
    (method_of(method), queries.map(|parameter| parameter.name.clone()).collect())
}

impl KnownParameters {
    /// The parameters that these endpoints' descriptions name.
    pub fn of(endpoints: &[Endpoints]) -> Self {
        let of_path = |it: &Endpoints| (it.path.clone(), OfPath { operations: it.operations, known: OnceLock::new() });
        KnownParameters(endpoints.iter().map(of_path).collect())
    }

    fn check(&self, path: &str, method: &Method, query: &str) -> ApiResult<()> {
        let Some(known) = self.0.get(path).and_then(|it| it.of(path, method)) else { return Ok(()) };
        let mut seen = Vec::new();
        for (name, _) in form_urlencoded::parse(query.as_bytes()) {
            if !known.iter().any(|it| *it == name) {
                return Err(ApiError::bad_parameter(&name, unknown(&name, known)));
            }
            if seen.contains(&name) {
                return Err(ApiError::bad_parameter(&name, "is there more than once"));
            }
            seen.push(name);
        }
        Ok(())
    }
}

fn unknown(name: &str, known: &[String]) -> String {
    if known.is_empty() {
        return "is not a parameter; there are none here".to_owned();
    }
    let meant = nearest(name, known.iter().map(String::as_str)).map(|name| format!(" (did you mean \"{name}\"?)"));
    format!("is not a parameter{}; the parameters are {}", meant.unwrap_or_default(), known.join(", "))
}

/// Refuses parameters that the operation does not take, because otherwise a misspelt one would go unnoticed.
pub(super) async fn refuse_unknown(
    State(known): State<Arc<KnownParameters>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let checked = match (path, request.uri().query()) {
        (Some(path), Some(query)) => known.check(path, request.method(), query),
        _ => Ok(()),
    };
    match checked {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}
