//! Listens and serves connections: how many there may be, how long they may take, and how they end. What a request
//! means belongs in `http`.
//!
//! Connecting needs no token, so each step of a connection has a limit (`limits`) that `progress` watches.
//! `connection_limiter` counts the connections and, when no slot is left, closes one that waits for its caller.
//! `connection` serves one of them.

mod connection;
mod connection_limiter;
mod limits;
mod log_throttle;
mod progress;
#[cfg(test)]
mod tests;

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{descriptors, metrics::Metrics, tls::Tls};
use connection::Connection;
use connection_limiter::{ConnectionLimiter, ConnectionSlot};
pub use limits::Limits;
use log_throttle::LogThrottle;

/// How long the server waits after a failed `accept`. Without the pause it would retry in a busy loop; by then some
/// connections may have ended.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves the API on a listener.
pub struct Server {
    router: axum::Router,
    tls: Option<Arc<Tls>>,
    limits: Limits,
    limiter: Arc<ConnectionLimiter>,
    metrics: Arc<Metrics>,
    /// Cancelled when the server accepts no new requests.
    closing: CancellationToken,
    refusals: LogThrottle,
    failures: LogThrottle,
}

impl Server {
    /// Makes a server of `router` for at most `most` connections, over TLS if there is a certificate.
    pub fn new(
        router: axum::Router,
        tls: Option<Arc<Tls>>,
        most: usize,
        limits: Limits,
        metrics: Arc<Metrics>,
    ) -> Server {
        let (limiter, closing) = (ConnectionLimiter::at_most(most), CancellationToken::new());
        Server {
            router,
            tls,
            limits,
            limiter,
            metrics,
            closing,
            refusals: LogThrottle::default(),
            failures: LogThrottle::default(),
        }
    }

    /// Serves `listener` until `stop` completes. Then it closes the connections that wait for their callers, and
    /// returns when the requests under way are answered. When `out_of_time` completes, it closes these, too.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
        out_of_time: impl Future<Output = ()>,
    ) {
        let mut connections = JoinSet::new();
        tokio::pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => self.admit(stream, peer.ip(), &mut connections).await,
                    Err(error) => self.handle_accept_error(&error).await,
                },
            }
        }
        drop(listener);
        self.closing.cancel();
        tokio::select! {
            () = async { while connections.join_next().await.is_some() {} } => {}
            () = out_of_time => tracing::warn!(left = connections.len(), "the service closed connections whose callers took too long"),
        }
    }

    /// Gives a new connection a free slot, or the slot of one that waits for its caller.
    async fn admit(&self, stream: TcpStream, peer: IpAddr, connections: &mut JoinSet<()>) {
        let Some(slot) = self.limiter.slot().await else {
            if let Some(more) = self.refusals.due() {
                tracing::warn!(
                    most = self.limiter.most(),
                    refused = more,
                    "all connections are in use, so the service refused new ones"
                );
            }
            return;
        };
        connections.spawn(self.connection(stream, peer, slot).run());
    }

    fn connection(&self, stream: TcpStream, peer: IpAddr, slot: ConnectionSlot) -> Connection {
        // Answers are complete when they are written, so waiting to fill a segment would only delay them.
        let _ = stream.set_nodelay(true);
        Connection {
            stream,
            peer,
            slot,
            acceptor: self.tls.as_ref().map(|tls| tls.acceptor()),
            router: self.router.clone(),
            limits: self.limits,
            closing: self.closing.clone(),
        }
    }

    /// Handles a failed `accept`. A connection that its caller closed before is not a failure of this service.
    async fn handle_accept_error(&self, error: &io::Error) {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
        if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
            return;
        }
        if descriptors::are_lacking(error) {
            self.metrics.lacked_descriptors();
            self.limiter.make_room();
        }
        if let Some(times) = self.failures.due() {
            tracing::error!(%error, times, "the service cannot accept connections; it tries again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
