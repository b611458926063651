//! Connections to receivers: looked up, guarded, connected and secured, each step within its own limit.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use rustls::{CertificateError, ClientConfig, pki_types::ServerName};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_util::either::Either;

use super::stream::Stream;
use crate::{domain::attempt::AttemptError, net_guard::NetGuard};

/// How long looking up a name may take.
const DNS_LIMIT: Duration = Duration::from_secs(3);
/// How long connecting may take, all addresses of a name together.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long the TLS handshake may take.
const TLS_LIMIT: Duration = Duration::from_secs(5);

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ConnectError {
    /// The stable code.
    pub code: AttemptError,
    /// What happened, in words.
    pub detail: String,
}

impl ConnectError {
    fn new(code: AttemptError, detail: impl ToString) -> Self {
        ConnectError { code, detail: detail.to_string() }
    }
}

/// Makes guarded connections. Cloning shares everything.
#[derive(Clone)]
pub struct Connector {
    guard: Arc<NetGuard>,
    tls: Arc<OnceLock<Result<Arc<ClientConfig>, ConnectError>>>,
}

impl Connector {
    /// A connector that dials what `guard` allows.
    pub fn new(guard: NetGuard) -> Self {
        Connector { guard: Arc::new(guard), tls: Arc::new(OnceLock::new()) }
    }

    async fn connect(self, uri: Uri) -> Result<Stream, ConnectError> {
        let plain_http = uri.scheme_str() == Some("http");
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(if plain_http { 80 } else { 443 });
        let addresses = look_up(&host, port).await?;
        for address in &addresses {
            self.guard
                .check_connect(plain_http, address.ip())
                .map_err(|refused| ConnectError::new(AttemptError::AddressRefused, refused))?;
        }
        let tcp = dial(&addresses).await?;
        if plain_http {
            return Ok(Stream::new(Either::Left(tcp)));
        }
        let tls = self.tls.get_or_init(tls_config).clone()?;
        Ok(Stream::new(Either::Right(secure(tls, host, tcp).await?)))
    }
}

/// The addresses of a host. Literals are their own; every one of them is checked by the guard afterwards.
async fn look_up(host: &str, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
    let answer = timeout(DNS_LIMIT, tokio::net::lookup_host((host, port))).await.map_err(|_| {
        ConnectError::new(
            AttemptError::DnsTimeout,
            format!("looking up {host} took longer than {} s", DNS_LIMIT.as_secs()),
        )
    })?;
    let addresses: Vec<_> = answer.map_err(|error| dns_error(host, &error))?.collect();
    if addresses.is_empty() {
        return Err(ConnectError::new(AttemptError::DnsNotFound, format!("{host} has no address")));
    }
    Ok(addresses)
}

/// The standard library hands on only the text of the resolver's error.
fn dns_error(host: &str, error: &io::Error) -> ConnectError {
    const NOT_FOUND: [&str; 3] = ["not known", "No address associated", "nodename nor servname"];
    let text = error.to_string();
    if NOT_FOUND.iter().any(|part| text.contains(part)) {
        ConnectError::new(AttemptError::DnsNotFound, format!("the name {host} does not exist"))
    } else {
        ConnectError::new(AttemptError::DnsFailed, format!("looking up {host} failed: {text}"))
    }
}

/// Tries one address after the other; each gets an even share of the time that is left.
async fn dial(addresses: &[SocketAddr]) -> Result<TcpStream, ConnectError> {
    let deadline = tokio::time::Instant::now() + CONNECT_LIMIT;
    let mut last = ConnectError::new(AttemptError::ConnectFailed, "there is no address to connect to");
    for (tried, address) in addresses.iter().enumerate() {
        let left = deadline.saturating_duration_since(tokio::time::Instant::now());
        let share = left / u32::try_from(addresses.len() - tried).unwrap_or(1);
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Requests are small and written at once; waiting to fill a segment only delays them.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = connect_error(*address, &error),
            Err(_) => {
                last = ConnectError::new(AttemptError::ConnectTimeout, format!("{address} did not answer in time"));
            }
        }
    }
    Err(last)
}

fn connect_error(address: SocketAddr, error: &io::Error) -> ConnectError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ConnectError::new(
            AttemptError::ConnectionRefused,
            format!("nothing listens on {address}, or a firewall refuses"),
        ),
        io::ErrorKind::TimedOut => {
            ConnectError::new(AttemptError::ConnectTimeout, format!("{address} did not answer in time"))
        }
        _ => ConnectError::new(AttemptError::ConnectFailed, format!("connecting to {address} failed: {error}")),
    }
}

/// The machine's own roots; read when the first `https:` receiver is connected to, not before.
fn tls_config() -> Result<Arc<ClientConfig>, ConnectError> {
    let mut config = ClientConfig::with_platform_verifier().map_err(|error| {
        ConnectError::new(AttemptError::TlsFailed, format!("the system's certificates cannot be read: {error}"))
    })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

async fn secure(config: Arc<ClientConfig>, host: String, tcp: TcpStream) -> Result<TlsStream<TcpStream>, ConnectError> {
    let name = ServerName::try_from(host)
        .map_err(|error| ConnectError::new(AttemptError::TlsWrongName, format!("not a name for TLS: {error}")))?;
    match timeout(TLS_LIMIT, TlsConnector::from(config).connect(name, tcp)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(tls_error(&error)),
        Err(_) => Err(ConnectError::new(
            AttemptError::TlsTimeout,
            format!("the TLS handshake took longer than {} s", TLS_LIMIT.as_secs()),
        )),
    }
}

fn tls_error(error: &io::Error) -> ConnectError {
    let code = match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(certificate)) => match certificate {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => AttemptError::TlsExpired,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                AttemptError::TlsWrongName
            }
            CertificateError::UnknownIssuer => AttemptError::TlsUntrusted,
            _ => AttemptError::TlsFailed,
        },
        _ => AttemptError::TlsFailed,
    };
    ConnectError::new(code, format!("the TLS handshake failed: {error}"))
}

impl tower::Service<Uri> for Connector {
    type Response = Stream;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}
