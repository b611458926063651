//! The endpoints of one path: its handlers, and what they say of themselves, which is asked for only when somebody wants
//! it. Most processes never do, and it takes longer than most of what they are for.

use axum::{http::Method, routing::MethodRouter};
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa_axum::router::UtoipaMethodRouter;

use super::AppState;

/// The endpoints of one path.
pub(super) struct Endpoints {
    /// The path, as a router takes it.
    pub path: String,
    /// What answers, by method.
    pub handlers: MethodRouter<AppState>,
    /// Makes what the document has of them.
    pub describe: fn() -> UtoipaMethodRouter<AppState>,
    /// Makes what each of them says of its own operation.
    pub operations: fn() -> Vec<(HttpMethod, Operation)>,
}

/// The endpoints of one path: its handlers, each with `#[utoipa::path]`.
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

/// The method as requests have it.
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
