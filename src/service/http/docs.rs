//! `GET /openapi.json` and `GET /docs`: the API's document for programs and for people. `GET /` redirects browsers to
//! `/docs`.

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use utoipa::openapi::OpenApi;

use super::{AppState, problem};

mod call;
mod operation;
mod page;
mod text;

/// Makes the document and both its forms on the first request for them, because most processes never get one.
struct Documentation {
    make: fn() -> OpenApi,
    document: OnceLock<OpenApi>,
    json: OnceLock<Bytes>,
    page: OnceLock<Bytes>,
}

impl Documentation {
    fn document(&self) -> &OpenApi {
        self.document.get_or_init(self.make)
    }
}

/// The routes to the document that `make` returns.
pub(super) fn routes(make: fn() -> OpenApi) -> Router<AppState> {
    let empty = Documentation { make, document: OnceLock::new(), json: OnceLock::new(), page: OnceLock::new() };
    let documentation = Arc::new(empty);
    Router::new().route("/openapi.json", get(json)).route("/docs", get(html)).with_state(documentation)
}

async fn json(State(documentation): State<Arc<Documentation>>) -> impl IntoResponse {
    let body = documentation.json.get_or_init(|| to_json(documentation.document()).into()).clone();
    ([(header::CONTENT_TYPE, "application/json")], body)
}

async fn html(State(documentation): State<Arc<Documentation>>) -> impl IntoResponse {
    let body = documentation.page.get_or_init(|| page::render(documentation.document()).into()).clone();
    (page_headers(), Html(body))
}

/// Answers a path that does not exist. A browser that opens the service's address is redirected to the page.
pub(super) async fn or_no_such_path(request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && request.uri().path() == "/" && takes_html(request.headers()) {
        let headers = [(header::LOCATION, "/docs"), (header::VARY, "accept")];
        return (StatusCode::SEE_OTHER, headers).into_response();
    }
    problem::no_such_path(request).await.into_response()
}

/// Whether the request names HTML, as browsers do; `*/*` does not count.
fn takes_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_html = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
        let refused = |part: &str| {
            part.strip_prefix("q=").is_some_and(|weight| weight.parse().is_ok_and(|weight: f64| weight == 0.0))
        };
        is_html && !parts.any(refused)
    })
}

/// The document as the service sends it and as the repository keeps it.
pub(super) fn to_json(document: &OpenApi) -> String {
    document.to_pretty_json().unwrap_or_default() + "\n"
}

/// The page needs only its own style sheet, so the headers tell browsers to refuse everything else.
fn page_headers() -> HeaderMap {
    let style = STANDARD.encode(Sha256::digest(page::STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut headers = HeaderMap::new();
    headers.extend(HeaderValue::from_str(&policy).ok().map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY"));
    headers
}
