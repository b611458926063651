//! The way of a request to the service: over the network, or within this process.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::domain::time::Timestamp;

/// A way to the service. The request's URI holds only path and query; the transport knows the service.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request and reads the whole answer.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError>;

    /// Returns where the service is: `http://127.0.0.1:8420`, or `local`.
    fn place(&self) -> String;

    /// Returns where the service is and what leads there, for messages: a proxy may have answered.
    fn way(&self) -> String {
        self.place()
    }
}

/// When the service's certificate expires. It is among the answer's extensions if TLS was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateExpiry(pub Timestamp);

/// The reason why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportFailure {
    /// The service's name could not be resolved.
    Dns,
    /// No connection could be made.
    Connect,
    /// The service's certificate was not accepted, or the handshake failed.
    Tls,
    /// The service's certificate has expired by this machine's clock.
    Expired,
    /// The service's certificate is not valid yet by this machine's clock.
    NotYetValid,
    /// The service's certificate is for other names.
    WrongName,
    /// The proxy cannot be reached, or cannot connect to the service.
    Proxy,
    /// The proxy requires a login.
    ProxyLogin,
    /// The answer did not come in time.
    Timeout,
    /// The connection broke before the answer was complete.
    Closed,
    /// The answer was not HTTP, or too large.
    Garbled,
    /// The service inside this process may not use its own files.
    Denied,
}

impl TransportFailure {
    /// Returns its stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            TransportFailure::Dns => "dns_failed",
            TransportFailure::Connect => "connect_failed",
            TransportFailure::Tls => "tls_failed",
            TransportFailure::Expired => "certificate_expired",
            TransportFailure::NotYetValid => "certificate_not_yet_valid",
            TransportFailure::WrongName => "certificate_wrong_name",
            TransportFailure::Proxy => "proxy_failed",
            TransportFailure::ProxyLogin => "proxy_unauthorized",
            TransportFailure::Timeout => "request_timeout",
            TransportFailure::Closed => "connection_closed",
            TransportFailure::Garbled => "invalid_response",
            TransportFailure::Denied => "permission_denied",
        }
    }

    /// Whether sending the request again may help.
    pub fn is_temporary(self) -> bool {
        use TransportFailure::{Denied, Expired, Garbled, NotYetValid, ProxyLogin, Tls, WrongName};
        !matches!(self, Tls | Expired | NotYetValid | WrongName | ProxyLogin | Garbled | Denied)
    }
}

/// A request that got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place} {what}{}", Detail(.detail))]
pub struct TransportError {
    /// The kind of failure.
    pub failure: TransportFailure,
    /// The address of the service.
    pub place: String,
    /// What happened: `cannot be reached`, `did not answer within 30 s`.
    pub what: String,
    /// The causes in the libraries' words; may be empty.
    pub detail: String,
    /// A hint, if a better one than that of the kind is known.
    pub hint: Option<String>,
}

impl TransportError {
    /// Makes the error for a service at `place` that did not answer within `limit`.
    pub fn timeout(place: &str, limit: Duration) -> Self {
        TransportError {
            failure: TransportFailure::Timeout,
            place: place.to_owned(),
            what: format!("did not answer within {} s", limit.as_secs_f32()),
            detail: String::new(),
            hint: None,
        }
    }
}

struct Detail<'a>(&'a str);

impl fmt::Display for Detail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ": {}", self.0) }
    }
}
