//! The typed client of the service's API, over a transport. Nothing here may depend on the service's code.

mod answer;
mod client;
mod error;
mod http;
mod retry;
mod sources;
mod trail;
mod transport;

pub use answer::SPEAKS_TLS;
pub use client::{About, Client};
pub use error::CallError;
pub use http::{HttpOptions, HttpTransport, ProxyHop};
pub use retry::{RetryNotice, RetryPolicy};
pub use trail::{Endless, MOST_PAGES, MOST_SHORT_PAGES, Trail};
pub use transport::{Transport, TransportError, TransportFailure};
