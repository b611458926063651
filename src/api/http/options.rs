//! How a service is reached: straight or by a proxy, trusting whom.

use std::time::Duration;

use rustls::pki_types::CertificateDer;
use url::Url;

use crate::certificates::Store;

/// How the service is reached.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// The service's URL; paths are put behind it.
    pub service: Url,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// Certificates to trust besides the store's.
    pub trusted: Vec<CertificateDer<'static>>,
    /// Which authorities are trusted anyway.
    pub store: Store,
    /// The proxy that leads there. The environment is not asked.
    pub proxy: Option<ProxyHop>,
}

impl HttpOptions {
    /// Straight to the service, trusting whom the system trusts.
    pub fn straight_to(service: Url, request_timeout: Duration) -> Self {
        HttpOptions { service, request_timeout, trusted: Vec::new(), store: Store::System, proxy: None }
    }

    /// The service, as messages name it.
    pub(super) fn place(&self) -> String {
        self.service.as_str().trim_end_matches('/').to_owned()
    }

    /// The service, and the proxy before it.
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
    /// Its address, perhaps with a user and a password.
    pub url: Url,
    /// Who named it: `--proxy`, `HTTPS_PROXY`.
    pub from: String,
}

impl ProxyHop {
    /// It in words, without a password: `the proxy http://proxy.example:3128 (from HTTPS_PROXY)`.
    pub fn in_words(&self) -> String {
        let port = self.url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let (scheme, host) = (self.url.scheme(), self.url.host_str().unwrap_or_default());
        format!("the proxy {scheme}://{host}{port} (from {})", self.from)
    }
}
