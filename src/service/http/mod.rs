//! The service's HTTP side: one file an endpoint, or a resource's few; here is the list of them.
//!
//! `answer` wraps every request: it gives it an id, logs it, and writes problems. Handlers take what they need as
//! extractors, so that a signature says whether a token is needed and which scope (`auth::Caller`) and what is read.

use std::{any::Any, sync::Arc};

use axum::{middleware, response::IntoResponse};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{random::Random, time::Clock},
    net_guard::NetGuard,
    service::{delivery::Engine, metrics::Metrics, store::Store},
};

mod answer;
mod attempts;
mod audit;
mod auth;
mod body;
mod catalogue;
mod conditions;
mod deliveries;
mod docs;
mod events;
mod health;
mod me;
mod metrics;
mod openapi;
mod parameters;
mod problem;
mod queue;
mod recoveries;
mod retry;
mod settings;
mod stats;
#[cfg(test)]
mod tests;
mod tokens;
mod webhooks;

pub use auth::Auth;
pub use problem::Denied;

/// What the handlers work with, shared by all of them.
pub type AppState = Arc<App>;

/// What the handlers work with.
pub struct App {
    /// The service's memory.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub random: Arc<dyn Random>,
    /// Which URLs a webhook may have.
    pub guard: NetGuard,
    /// Who makes test deliveries.
    pub engine: Arc<Engine>,
    /// Who may ask.
    pub auth: Auth,
    /// What the service measures of itself.
    pub metrics: Arc<Metrics>,
}

/// The whole API: every route of it, its documentation, and what wraps each request.
pub fn router(state: AppState) -> axum::Router {
    let (routes, document) = endpoints().split_for_parts();
    wrap(routes, openapi::complete(document), state)
}

/// Puts around `routes`, which `document` describes, what all requests have in common.
fn wrap(routes: axum::Router<AppState>, document: OpenApi, state: AppState) -> axum::Router {
    let parameters = Arc::new(parameters::Known::of(&document));
    routes
        .merge(docs::routes(document))
        .fallback(problem::no_such_path)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(parameters, parameters::refuse_unknown))
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(middleware::from_fn_with_state(state.clone(), answer::answer))
        .with_state(state)
}

/// The API's OpenAPI document, as it is served.
pub fn document() -> OpenApi {
    openapi::complete(endpoints().into_openapi())
}

fn endpoints() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::frame())
        .merge(webhooks::routes())
        .routes(routes!(attempts::list))
        .routes(routes!(attempts::list_of_webhook))
        .routes(routes!(attempts::read))
        .routes(routes!(retry::attempt))
        .routes(routes!(deliveries::read))
        .routes(routes!(retry::delivery))
        .routes(routes!(events::list::list, events::create::create))
        .routes(routes!(events::read::read))
        .routes(routes!(retry::event))
        .routes(routes!(recoveries::list, recoveries::create))
        .routes(routes!(recoveries::read))
        .routes(routes!(recoveries::cancel))
        .routes(routes!(stats::of_all))
        .routes(routes!(stats::of_webhook))
        .routes(routes!(queue::read))
        .routes(routes!(catalogue::event_types))
        .routes(routes!(catalogue::versions))
        .routes(routes!(settings::read, settings::replace))
        .routes(routes!(me::read))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(audit::list))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(metrics::read))
}

/// What a handler's panic is answered with; the process lives on.
fn on_panic(panic: Box<dyn Any + Send>) -> axum::response::Response {
    let message = panic
        .downcast_ref::<&'static str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    problem::ApiError::internal(format!("a handler panicked: {message}")).into_response()
}
