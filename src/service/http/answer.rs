//! The outermost layer of every request: it gives the request an id, writes its log line, and completes the answer with
//! a problem's body and the common headers.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use jiff::fmt::rfc2822::DateTimePrinter;

use super::{AppState, problem::ApiError, request_id::RequestId};
use crate::domain::time::Timestamp;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Passes a request on, completes the answer, and logs both in one line.
pub(super) async fn answer(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let RequestId(id) = RequestId::new(&*app.random);
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let began = Instant::now();
    let mut response = next.run(request).await;
    if let Some(refused) = response.extensions_mut().remove::<ApiError>() {
        log_cause(&refused, &id);
        if let Some(denied) = refused.denied() {
            response.extensions_mut().insert(denied);
        }
        write_problem(refused, &id, &mut response);
    }
    set_headers(response.headers_mut(), path.as_deref(), &id);
    set_date(response.headers_mut(), app.clock.now());
    measure(&app, &method, path.as_deref(), &response, began);
    log(&method, path.as_deref(), &response, began, &id);
    response
}

/// Logs an internal failure; no other code logs it.
fn log_cause(refused: &ApiError, request_id: &str) {
    if let Some(cause) = refused.cause() {
        tracing::error!(request_id, cause, "the request failed");
    }
}

fn write_problem(refused: ApiError, request_id: &str, response: &mut Response) {
    let problem = refused.into_problem(request_id);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    *response.body_mut() = Body::from(body);
    // These headers described the empty body.
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
}

fn set_headers(headers: &mut HeaderMap, path: Option<&str>, request_id: &str) {
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if path.is_none_or(|path| path.starts_with("/v1/")) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Sets `Date` from the clock that dates history and signatures, so that callers can compare their clock with it.
fn set_date(headers: &mut HeaderMap, now: Timestamp) {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now.to_jiff());
    if let Some(value) = date.ok().and_then(|date| HeaderValue::try_from(date).ok()) {
        headers.insert(header::DATE, value);
    }
}

/// Records the request in the metrics. Unknown methods and paths share one series each, so that callers cannot create
/// series.
fn measure(app: &AppState, method: &Method, path: Option<&str>, response: &Response, began: Instant) {
    let known = [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE].contains(method);
    let method = if known { method.as_str() } else { "other" };
    app.metrics.answered(method, path.unwrap_or("unknown"), response.status().as_u16(), began.elapsed());
}

/// Writes one line for each request. The path is the route's pattern, so that ids, queries, headers and bodies stay out
/// of the log.
fn log(method: &Method, path: Option<&str>, response: &Response, began: Instant, request_id: &str) {
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    tracing::debug!(request_id, %method, path = path.unwrap_or("unknown"), status, duration_ms, "the service answered a request");
}
