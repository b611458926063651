//! The service's HTTP API: one file for each endpoint or small resource, and the list of all endpoints.
//!
//! `answer` wraps every request: it gives the request an id, logs it, and writes problems. Handlers take what they need
//! as extractors, so a signature says which scope a token needs (`auth::Caller`) and what is read. Connections belong
//! in `server`, SQL in `store`, and sending in `delivery`.

use std::{any::Any, sync::Arc};

use axum::{middleware, response::IntoResponse, routing::get};
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
mod ingress;
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
mod sources;
mod state;
mod stats;
#[cfg(test)]
mod tests;
mod tokens;
mod webhooks;

use endpoints::{Endpoints, endpoints};

pub use auth::Auth;
pub use ingress::{Ingress, Senders};
pub use problem::Denied;
pub use single::OverNetwork;
pub use state::{App, AppState};

/// The whole API: all routes, their documentation, and the layers around each request.
pub fn router(state: AppState) -> axum::Router {
    let endpoints = all();
    let known = parameters::KnownParameters::of(&endpoints);
    let add = |routes: axum::Router<AppState>, it: Endpoints| routes.route(&it.path, it.handlers);
    let routes = endpoints.into_iter().fold(axum::Router::new(), add);
    wrap(routes.merge(docs::routes(document)).merge(ingress::receive::routes()), known, state)
}

/// What senders outside may reach: the addresses of sources, and whether the process answers.
pub fn ingress_router(state: AppState) -> axum::Router {
    wrap(ingress::receive::routes().route("/livez", get(health::live)), parameters::KnownParameters::of(&[]), state)
}

/// Adds to `routes`, whose parameters are `known`, what all requests have in common.
fn wrap(routes: axum::Router<AppState>, known: parameters::KnownParameters, state: AppState) -> axum::Router {
    routes
        .fallback(docs::or_no_such_path)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(Arc::new(known), parameters::refuse_unknown))
        .layer(middleware::from_fn(single::refuse_ambiguous))
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(middleware::from_fn_with_state(state.clone(), answer::answer))
        .with_state(state)
}

/// The API's OpenAPI document as the service sends it. Making it takes longer than answering most requests.
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
        endpoints!(sources::list::list, sources::create::create),
        endpoints!(sources::read::read, sources::update::update, sources::delete::delete),
        endpoints!(sources::received::list),
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

/// Answers a request whose handler panicked; the process goes on.
fn on_panic(panic: Box<dyn Any + Send>) -> axum::response::Response {
    let message = panic
        .downcast_ref::<&'static str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    problem::ApiError::internal(format!("a handler panicked: {message}")).into_response()
}
