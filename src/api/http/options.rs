//! The options of a connection: the service, the proxy, and the trusted certificates.

use std::time::Duration;

use rustls::pki_types::CertificateDer;
use url::Url;

use crate::certificates::Store;

/// The options of a connection to a service.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// The service's URL; paths are appended to it.
    pub service: Url,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// Certificates to trust besides the store's.
    pub trusted: Vec<CertificateDer<'static>>,
    /// The store of certificate authorities.
    pub store: Store,
    /// The proxy, if any. The environment is not read here.
    pub proxy: Option<ProxyHop>,
}

impl HttpOptions {
    /// Makes options without a proxy that trust the system's authorities.
    pub fn straight_to(service: Url, request_timeout: Duration) -> Self {
        HttpOptions { service, request_timeout, trusted: Vec::new(), store: Store::System, proxy: None }
    }

    /// Returns the service as messages name it.
    pub(super) fn place(&self) -> String {
        self.service.as_str().trim_end_matches('/').to_owned()
    }

    /// Returns the service and its proxy as messages name them.
    pub(super) fn way(&self) -> String {
        match &self.proxy {
            None => self.place(),
            Some(proxy) => format!("{}, through {},", self.place(), proxy.in_words()),
        }
    }
}

/// A proxy on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyHop {
    /// Its address, possibly with a user and a password.
    pub url: Url,
    /// The source of its address: `--proxy`, `HTTPS_PROXY`.
    pub from: String,
}

impl ProxyHop {
    /// Describes it without the password: `the proxy http://proxy.example:3128 (from HTTPS_PROXY)`.
    pub fn in_words(&self) -> String {
        let port = self.url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let (scheme, host) = (self.url.scheme(), self.url.host_str().unwrap_or_default());
        format!("the proxy {scheme}://{host}{port} (from {})", self.from)
    }
}
