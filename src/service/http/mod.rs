//! The service's HTTP side: one file an endpoint, or a resource's few; here is the list of them.
//!
//! `answer` wraps every request: it gives it an id, logs it, and writes problems. Handlers take what they need as
//! extractors, so that a signature says whether a token is needed and which scope (`auth::Caller`) and what is read.

use std::{any::Any, sync::Arc};

use axum::{middleware, response::IntoResponse};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

mod answer;
mod attempts;
mod audit;
mod auth;
mod body;
mod catalogue;
mod conditions;
mod deliveries;
mod docs;
mod endpoints;
mod events;
mod health;
mod me;
mod metrics;
mod openapi;
mod parameters;
mod problem;
mod queue;
mod recoveries;
mod request_id;
mod retry;
mod settings;
mod single;
mod state;
mod stats;
#[cfg(test)]
mod tests;
mod tokens;
mod webhooks;

use endpoints::{Endpoints, endpoints};

pub use auth::Auth;
pub use problem::Denied;
pub use single::OverNetwork;
pub use state::{App, AppState};

/// The whole API: every route of it, its documentation, and what wraps each request.
pub fn router(state: AppState) -> axum::Router {
    let endpoints = all();
    let known = parameters::Known::of(&endpoints);
    let add = |routes: axum::Router<AppState>, it: Endpoints| routes.route(&it.path, it.handlers);
    wrap(endpoints.into_iter().fold(axum::Router::new(), add), known, state)
}

/// Puts around `routes`, whose parameters are `known`, what all requests have in common.
fn wrap(routes: axum::Router<AppState>, known: parameters::Known, state: AppState) -> axum::Router {
    routes
        .merge(docs::routes(document))
        .fallback(docs::or_no_such_path)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(Arc::new(known), parameters::refuse_unknown))
        .layer(middleware::from_fn(single::refuse_ambiguous))
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(middleware::from_fn_with_state(state.clone(), answer::answer))
        .with_state(state)
}

/// The API's OpenAPI document, as it is served. It takes longer to make than most requests to answer.
pub fn document() -> OpenApi {
    let documented = OpenApiRouter::with_openapi(openapi::frame());
    let documented = all().iter().fold(documented, |documented, endpoints| documented.routes((endpoints.describe)()));
    openapi::complete(documented.into_openapi())
}

fn all() -> Vec<Endpoints> {
    let mut all = webhooks::endpoints();
    all.extend([
        endpoints!(attempts::list),
        endpoints!(attempts::list_of_webhook),
        endpoints!(attempts::read),
        endpoints!(retry::attempt),
        endpoints!(deliveries::read),
        endpoints!(retry::delivery),
        endpoints!(events::list::list, events::create::create),
        endpoints!(events::read::read),
        endpoints!(retry::event),
        endpoints!(recoveries::list, recoveries::create),
        endpoints!(recoveries::read),
        endpoints!(recoveries::cancel),
        endpoints!(stats::of_all),
        endpoints!(stats::of_webhook),
        endpoints!(queue::read),
        endpoints!(catalogue::event_types),
        endpoints!(catalogue::versions),
        endpoints!(settings::read, settings::replace),
        endpoints!(me::read),
        endpoints!(tokens::list, tokens::create),
        endpoints!(tokens::revoke),
        endpoints!(audit::list),
        endpoints!(health::live),
        endpoints!(health::ready),
        endpoints!(metrics::read),
    ]);
    all
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
