//! The way over the network: HTTP by reqwest, never following a redirect, so that a token goes nowhere else.

use std::{error::Error, io, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use reqwest::tls::TlsInfo;
use rustls::CertificateError;
use url::Url;

use super::{
    certificate,
    transport::{CertificateExpiry, Transport, TransportError, TransportFailure},
};
use crate::domain::time::Timestamp;

/// The largest answer that is read, in bytes: 250 attempts with their longest texts are far smaller.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// How the service is reached.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// The service's URL; paths are put behind it.
    pub service: Url,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// Certificates to trust besides the system's, in PEM.
    pub ca_cert: Option<Vec<u8>>,
    /// The proxy to use, whatever the environment says.
    pub proxy: Option<Url>,
}

/// The way over the network.
pub struct HttpTransport {
    client: reqwest::Client,
    options: HttpOptions,
}

impl HttpTransport {
    /// A transport to the service at `options.service`.
    ///
    /// # Errors
    /// When certificates cannot be read, the system's or the given ones, which are needed for an `https:` URL only; or
    /// when the proxy cannot be used.
    pub fn new(options: HttpOptions) -> Result<Self, TransportError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("tm-hooks/", env!("CARGO_PKG_VERSION")))
            .timeout(options.request_timeout)
            .tls_info(options.service.scheme() == "https");
        let unusable = |error: reqwest::Error| TransportError {
            failure: TransportFailure::Tls,
            place: options.service.to_string(),
            what: "cannot be asked".to_owned(),
            detail: with_causes(&error),
            hint: None,
        };
        let https_proxy = options.proxy.as_ref().is_some_and(|proxy| proxy.scheme() == "https");
        if options.service.scheme() == "http" && !https_proxy {
            // Reading the system's certificates takes milliseconds that plain HTTP need not pay.
            builder = builder.tls_certs_only([]);
        } else if let Some(pem) = &options.ca_cert {
            builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(pem).map_err(unusable)?);
        }
        if let Some(proxy) = &options.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(unusable)?);
        } else if is_loopback(&options.service) {
            // What runs on this machine is not reached through another one.
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(unusable)?;
        Ok(HttpTransport { client, options })
    }

    /// The service's URL with `path_and_query` behind it.
    fn target(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.options.service.as_str().trim_end_matches('/'))
    }

    fn failed(&self, error: &reqwest::Error) -> TransportError {
        if error.is_timeout() {
            return TransportError::timeout(&self.place(), self.options.request_timeout);
        }
        if let Some(refused) = refused_certificate(error)
            && let Some(what) = expired(refused)
        {
            let (failure, place) = (TransportFailure::Expired, self.place());
            return TransportError { failure, place, what, detail: String::new(), hint: None };
        }
        let detail = with_causes(error);
        let failure = classify(error, &detail);
        let what = match failure {
            TransportFailure::Dns | TransportFailure::Connect => "cannot be reached",
            TransportFailure::Tls | TransportFailure::Expired => "cannot be trusted",
            TransportFailure::Garbled => "does not answer in HTTP",
            TransportFailure::Denied => "may not be used",
            TransportFailure::Closed | TransportFailure::Timeout => "closed the connection before its answer was whole",
        };
        TransportError { failure, place: self.place(), what: what.to_owned(), detail, hint: None }
    }

    async fn read(&self, mut answer: reqwest::Response) -> Result<Response<Bytes>, TransportError> {
        let expiry = expiry(&answer);
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.failed(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_ANSWER {
                return Err(TransportError {
                    failure: TransportFailure::Garbled,
                    place: self.place(),
                    what: format!("answered with more than {LARGEST_ANSWER} bytes"),
                    detail: String::new(),
                    hint: None,
                });
            }
        }
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        if let Some(expiry) = expiry {
            response.extensions_mut().insert(expiry);
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
        match sent {
            Ok(answer) => self.read(answer).await,
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn place(&self) -> String {
        self.options.service.as_str().trim_end_matches('/').to_owned()
    }
}

/// Whether a URL names this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// What kind of failure it is. The libraries below tell names and certificates apart only by their types and texts.
fn classify(error: &reqwest::Error, detail: &str) -> TransportFailure {
    let mentions = |parts: &[&str]| parts.iter().any(|part| detail.contains(part));
    if mentions(&["dns error", "lookup address"]) {
        TransportFailure::Dns
    } else if mentions(&["certificate", "TLS", "tls handshake", "corrupt message"]) {
        TransportFailure::Tls
    } else if error.is_connect() {
        TransportFailure::Connect
    } else if mentions(&["invalid HTTP"]) {
        TransportFailure::Garbled
    } else {
        TransportFailure::Closed
    }
}

/// When the certificate expires that came with the answer.
fn expiry(answer: &reqwest::Response) -> Option<CertificateExpiry> {
    let der = answer.extensions().get::<TlsInfo>()?.peer_certificate()?;
    certificate::expiry(der).map(CertificateExpiry)
}

/// What is wrong with the certificate, if that is why there is no answer.
fn refused_certificate(error: &reqwest::Error) -> Option<&CertificateError> {
    causes(error).find_map(|cause| match innermost(cause).downcast_ref()? {
        rustls::Error::InvalidCertificate(refused) => Some(refused),
        _ => None,
    })
}

/// What an I/O error carries inside it, which is not its cause; any other error as it is.
fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inside) => innermost(inside),
        None => error,
    }
}

/// That a certificate has expired, in words; none when it is refused for another reason.
fn expired(refused: &CertificateError) -> Option<String> {
    match refused {
        CertificateError::Expired => Some("has a certificate that has expired".to_owned()),
        CertificateError::ExpiredContext { not_after, .. } => {
            let seconds = i64::try_from(not_after.as_secs()).unwrap_or(i64::MAX);
            Some(format!("has a certificate that expired on {}", Timestamp::from_seconds(seconds).day()))
        }
        _ => None,
    }
}

/// The causes of an error, without the URL that reqwest puts in front.
fn with_causes(error: &reqwest::Error) -> String {
    let mut texts: Vec<String> = causes(error).map(ToString::to_string).collect();
    texts.dedup();
    texts.join(": ")
}

/// What lies behind an error, the nearest first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}
