//! The endpoints of one path: its handlers and their descriptions. A description is made only on demand, because making
//! it takes longer than most requests and most processes never need it.

use axum::{http::Method, routing::MethodRouter};
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa_axum::router::UtoipaMethodRouter;

use super::AppState;

/// The endpoints of one path.
pub(super) struct Endpoints {
    /// The path in the router's syntax.
    pub path: String,
    /// The handlers by method.
    pub handlers: MethodRouter<AppState>,
    /// Makes their part of the API's document.
    pub describe: fn() -> UtoipaMethodRouter<AppState>,
    /// Makes the description of each operation.
    pub operations: fn() -> Vec<(HttpMethod, Operation)>,
}

/// Makes [`Endpoints`] of handlers of one path, each with `#[utoipa::path]`.
macro_rules! endpoints {
    ($($part:ident)::+ $(, $($more:ident)::+)* $(,)?) => {{
        use utoipa_axum::PathItemExt;
        let mut handlers = axum::routing::MethodRouter::new();
        for method in utoipa_axum::routes!(@path [methods()] of $($part)::+) {
            handlers = handlers.on(method.to_method_filter(), $($part)::+);
        }
        $(
            for method in utoipa_axum::routes!(@path [methods()] of $($more)::+) {
                handlers = handlers.on(method.to_method_filter(), $($more)::+);
            }
        )*
        $crate::service::http::endpoints::Endpoints {
            path: utoipa_axum::routes!(@path [path()] of $($part)::+),
            handlers,
            describe: || utoipa_axum::routes!($($part)::+ $(, $($more)::+)*),
            operations: || {
                let mut all = Vec::new();
                for method in utoipa_axum::routes!(@path [methods()] of $($part)::+) {
                    all.push((method, utoipa_axum::routes!(@path [operation()] of $($part)::+)));
                }
                $(
                    for method in utoipa_axum::routes!(@path [methods()] of $($more)::+) {
                        all.push((method, utoipa_axum::routes!(@path [operation()] of $($more)::+)));
                    }
                )*
                all
            },
        }
    }};
}
pub(super) use endpoints;

/// The same method in the type that requests use.
pub(super) fn method_of(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Options => Method::OPTIONS,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Trace => Method::TRACE,
    }
}
