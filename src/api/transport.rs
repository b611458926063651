//! How a request reaches the service: over the network, or into the same process.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::domain::time::Timestamp;

/// A way to the service. The request's URI holds just path and query; the transport knows where the service is.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request and reads the whole answer.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError>;

    /// Where the service is: `http://127.0.0.1:8420`, or `local`.
    fn place(&self) -> String;

    /// Where the service is, and what leads there, for messages: what answers may be a proxy.
    fn way(&self) -> String {
        self.place()
    }
}

/// When the certificate expires that the service has shown; among the answer's extensions, where it came over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateExpiry(pub Timestamp);

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportFailure {
    /// The service's name could not be looked up.
    Dns,
    /// No connection could be made.
    Connect,
    /// The service's certificate was not accepted, or the handshake failed.
    Tls,
    /// The service's certificate has expired, or so this machine's clock says.
    Expired,
    /// The service's certificate is not valid yet, or so this machine's clock says.
    NotYetValid,
    /// The service's certificate is made out to others.
    WrongName,
    /// The proxy cannot be reached, or does not lead there.
    Proxy,
    /// The proxy does not know who asks.
    ProxyLogin,
    /// The answer was not there in time.
    Timeout,
    /// The connection broke before the whole answer was there.
    Closed,
    /// The answer was not HTTP, or too large.
    Garbled,
    /// The service inside this process may not use its own files.
    Denied,
}

impl TransportFailure {
    /// Its stable code.
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
    /// Where the service was looked for.
    pub place: String,
    /// What it did: `cannot be reached`, `did not answer within 30 s`.
    pub what: String,
    /// The causes, in the words of the libraries; may be empty.
    pub detail: String,
    /// What to do about it, where that is known better than by the kind of failure.
    pub hint: Option<String>,
}

impl TransportError {
    /// The service at `place` did not answer within `limit`.
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
