//! The transport over the network: HTTP by reqwest. It never follows a redirect, so that the token is sent nowhere
//! else.

mod failure;
mod options;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};

use super::transport::{CertificateExpiry, Transport, TransportError, TransportFailure};
use crate::certificates::{Accepted, client_config};

pub use options::{HttpOptions, ProxyHop};

/// The largest answer that is read, in bytes. 250 attempts with their longest texts are far smaller.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// The transport over the network.
pub struct HttpTransport {
    client: reqwest::Client,
    options: HttpOptions,
    accepted: Accepted,
}

impl HttpTransport {
    /// Makes a transport to the service at `options.service`.
    ///
    /// # Errors
    /// Fails if an `https:` URL is given and no certificate is trusted, or if the proxy cannot be used.
    pub fn new(options: HttpOptions) -> Result<Self, TransportError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("tm-hooks/", env!("CARGO_PKG_VERSION")))
            .timeout(options.request_timeout)
            // The options already name the proxy.
            .no_proxy();
        let unusable = |detail: String| TransportError {
            failure: TransportFailure::Tls,
            place: options.service.to_string(),
            what: "cannot be asked".to_owned(),
            detail,
            hint: None,
        };
        let accepted = Accepted::default();
        let proxy = options.proxy.as_ref().map(|proxy| &proxy.url);
        builder = if options.service.scheme() == "http" && proxy.is_none_or(|proxy| proxy.scheme() != "https") {
            // Reading the system's certificates takes milliseconds, which plain HTTP does not need.
            builder.tls_certs_only([])
        } else {
            let (store, given) = (options.store.clone(), options.trusted.clone());
            let host = options.service.host_str().unwrap_or_default();
            let config = client_config(store, given, host, accepted.clone());
            builder.tls_backend_preconfigured(config.map_err(|error| unusable(error.to_string()))?)
        };
        if let Some(proxy) = proxy {
            let proxy = reqwest::Proxy::all(proxy.clone()).map_err(|error| unusable(failure::with_causes(&error)))?;
            builder = builder.proxy(proxy);
        }
        let client = builder.build().map_err(|error| unusable(failure::with_causes(&error)))?;
        Ok(HttpTransport { client, options, accepted })
    }

    /// Appends `path_and_query` to the service's URL.
    fn target(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.options.service.as_str().trim_end_matches('/'))
    }

    fn failed(&self, error: &reqwest::Error) -> TransportError {
        if error.is_timeout() {
            return TransportError::timeout(&self.options.way(), self.options.request_timeout);
        }
        failure::of(error, &self.options)
    }

    async fn read(&self, mut answer: reqwest::Response) -> Result<Response<Bytes>, TransportError> {
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.failed(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_ANSWER {
                return Err(TransportError {
                    failure: TransportFailure::Garbled,
                    place: self.options.way(),
                    what: format!("answered with more than {LARGEST_ANSWER} bytes"),
                    detail: String::new(),
                    hint: None,
                });
            }
        }
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        if let Some(expiry) = self.accepted.expiry() {
            response.extensions_mut().insert(CertificateExpiry(expiry));
        }
        Ok(response)
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let target = self.target(head.uri.path_and_query().map_or("/", |path| path.as_str()));
        let sent = self.client.request(head.method, target).headers(head.headers).body(body).send().await;
        match (sent, &self.options.proxy) {
            // The service never sends this status, so it comes from the proxy.
            (Ok(answer), Some(proxy)) if answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                Err(failure::unauthorized(proxy))
            }
            (Ok(answer), _) => self.read(answer).await,
            (Err(error), _) => Err(self.failed(&error)),
        }
    }

    fn place(&self) -> String {
        self.options.place()
    }

    fn way(&self) -> String {
        self.options.way()
    }
}
