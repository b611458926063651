//! Makes connections to receivers: looks up the name, checks the addresses, connects and secures, each step within its
//! own limit.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use http::Uri;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_util::either::Either;

use super::{
    connect_error::ConnectError,
    limits::{Limits, in_words},
    resolver::{LookupError, Resolve, SystemResolver},
    stream::Stream,
    tls::{self, Authorities},
};
use crate::{domain::attempt::AttemptError, net_guard::NetGuard, service::descriptors};

/// The most addresses of a name that are tried.
const MOST_TRIED: usize = 8;
/// Makes guarded connections.
pub struct Connector {
    guard: NetGuard,
    resolver: Arc<dyn Resolve>,
    authorities: Authorities,
    limits: Limits,
}

impl Connector {
    /// A connector that connects where `guard` allows, looks names up through the system, and trusts the system's
    /// authorities.
    pub fn new(guard: NetGuard, limits: Limits) -> Self {
        let (resolver, authorities) = (Arc::new(SystemResolver::default()), Authorities::of_process());
        Connector { guard, resolver, authorities, limits }
    }

    /// Looks names up through `resolver` instead.
    #[cfg(test)]
    pub fn with_resolver(self, resolver: Arc<dyn Resolve>) -> Self {
        Connector { resolver, ..self }
    }

    /// Trusts these authorities instead.
    #[cfg(test)]
    pub fn trusting(self, authorities: Authorities) -> Self {
        Connector { authorities, ..self }
    }

    /// Connects to the host of a URL. It connects only to addresses that were checked: a name is looked up once for a
    /// connection, and refused if any of its addresses is refused. `reached` is called when TCP is open.
    pub async fn connect(&self, uri: &Uri, reached: impl FnOnce()) -> Result<Stream, ConnectError> {
        let plain_http = uri.scheme_str() == Some("http");
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let port = uri.port_u16().unwrap_or(if plain_http { 80 } else { 443 });
        let addresses = self.look_up(host).await?;
        for address in &addresses {
            self.guard
                .check_connect(plain_http, *address)
                .map_err(|refused| ConnectError::new(AttemptError::AddressRefused, refused))?;
        }
        let tcp = self.dial(&addresses[..addresses.len().min(MOST_TRIED)], port).await?;
        reached();
        if plain_http {
            return Ok(Stream::new(Either::Left(tcp)));
        }
        let config = self.authorities.current().await.map_err(|error| match error.code {
            AttemptError::Internal if descriptors::none_left() => ConnectError::no_descriptor(),
            _ => error,
        })?;
        Ok(Stream::new(Either::Right(tls::secure(config, host, tcp, &self.limits).await?)))
    }

    /// The addresses of a host; a literal address stands for itself. The guard checks all of them afterwards.
    async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, ConnectError> {
        if let Ok(literal) = host.parse() {
            return Ok(vec![literal]);
        }
        let limit = self.limits.dns;
        match timeout(limit, self.resolver.resolve(host)).await {
            Ok(Ok(addresses)) if addresses.is_empty() => {
                Err(ConnectError::new(AttemptError::DnsNotFound, format!("{host} has no address")))
            }
            Ok(Ok(addresses)) => Ok(addresses),
            // Without descriptors no look-up works, and the system's message then does not name the cause.
            Ok(Err(_)) if descriptors::none_left() => Err(ConnectError::no_descriptor()),
            Ok(Err(LookupError::NotFound)) => {
                Err(ConnectError::new(AttemptError::DnsNotFound, format!("the name {host} does not exist")))
            }
            Ok(Err(LookupError::Failed(why))) => {
                Err(ConnectError::new(AttemptError::DnsFailed, format!("looking up {host} failed: {why}")))
            }
            Err(_) => {
                let detail = format!("looking up {host} took longer than {}", in_words(limit));
                Err(ConnectError::new(AttemptError::DnsTimeout, detail))
            }
        }
    }

    /// Tries the addresses in turn; each gets an equal share of the remaining time.
    async fn dial(&self, addresses: &[IpAddr], port: u16) -> Result<TcpStream, ConnectError> {
        let deadline = Instant::now() + self.limits.connect;
        let mut last = ConnectError::new(AttemptError::ConnectFailed, "there is no address to connect to");
        for (tried, address) in addresses.iter().enumerate() {
            let address = SocketAddr::new(*address, port);
            let left = deadline.saturating_duration_since(Instant::now());
            let share = left / u32::try_from(addresses.len() - tried).unwrap_or(1);
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // Requests are small and complete when written, so waiting to fill a segment would only delay them.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) if descriptors::are_lacking(&error) => return Err(ConnectError::no_descriptor()),
                Ok(Err(error)) => last = connect_error(address, &error),
                Err(_) => last = connect_error(address, &io::ErrorKind::TimedOut.into()),
            }
        }
        Err(last)
    }
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
