//! Listening and answering: who may be connected, for how long, and how all of it ends.
//!
//! Nobody needs a token to connect. So each step of a connection has a limit (`limits`), which `progress` watches; the
//! connections are counted, and when there is no place left, the one that has let us wait makes room (`guests`).
//! `connection` serves one of them.

mod connection;
mod guests;
mod limits;
mod progress;
mod seldom;
#[cfg(test)]
mod tests;

use std::{io, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{descriptors, metrics::Metrics, tls::Tls};
use connection::Connection;
use guests::{Guests, Place};
pub use limits::Limits;
use seldom::Seldom;

/// How long to wait when the system gives no connection: by then some may have ended. Otherwise it would be asked again
/// at once, for ever.
const PAUSE: Duration = Duration::from_millis(50);

/// Answers who connects.
pub struct Server {
    router: axum::Router,
    tls: Option<Arc<Tls>>,
    limits: Limits,
    guests: Arc<Guests>,
    metrics: Arc<Metrics>,
    /// Told when no new request is answered any more.
    closing: CancellationToken,
    refusals: Seldom,
    failures: Seldom,
}

impl Server {
    /// A server of `router`, over TLS when there is a certificate, to `most` callers at once.
    pub fn new(
        router: axum::Router,
        tls: Option<Arc<Tls>>,
        most: usize,
        limits: Limits,
        metrics: Arc<Metrics>,
    ) -> Server {
        let (guests, closing) = (Guests::at_most(most), CancellationToken::new());
        Server {
            router,
            tls,
            limits,
            guests,
            metrics,
            closing,
            refusals: Seldom::default(),
            failures: Seldom::default(),
        }
    }

    /// Answers on `listener` until `stop` is done. Then whoever lets us wait is hung up on, and it returns when the
    /// requests that are being answered are, or `out_of_time` is done: then all others are hung up on, too.
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
                    Ok((stream, _)) => self.admit(stream, &mut connections).await,
                    Err(error) => self.bear(&error).await,
                },
            }
        }
        drop(listener);
        self.closing.cancel();
        tokio::select! {
            () = async { while connections.join_next().await.is_some() {} } => {}
            () = out_of_time => tracing::warn!(left = connections.len(), "hung up on callers that took too long"),
        }
    }

    /// Gives a new connection a place: a free one, or that of a caller who lets us wait.
    async fn admit(&self, stream: TcpStream, connections: &mut JoinSet<()>) {
        let Some(place) = self.guests.place().await else {
            if let Some(more) = self.refusals.due() {
                tracing::warn!(
                    most = self.guests.most(),
                    refused = more,
                    "every connection is in use; refused new ones"
                );
            }
            return;
        };
        connections.spawn(self.connection(stream, place).run());
    }

    fn connection(&self, stream: TcpStream, place: Place) -> Connection {
        // Answers are written at once; waiting to fill a segment only delays them.
        let _ = stream.set_nodelay(true);
        Connection {
            stream,
            place,
            acceptor: self.tls.as_ref().map(|tls| tls.acceptor()),
            router: self.router.clone(),
            limits: self.limits,
            closing: self.closing.clone(),
        }
    }

    /// A connection that the system did not give. One that was gone before it was taken is nothing of ours.
    async fn bear(&self, error: &io::Error) {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
        if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
            return;
        }
        if descriptors::are_lacking(error) {
            self.metrics.lacked_descriptors();
            self.guests.make_room();
        }
        if let Some(times) = self.failures.due() {
            tracing::error!(%error, times, "cannot accept connections; trying again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
