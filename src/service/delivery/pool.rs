//! Connections to receivers that are kept for the next request.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, Uri, uri::Authority};
use http_body_util::Full;
use hyper::{
    body::Incoming,
    client::conn::http1::{Builder, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::{
    limits::LARGEST_HEAD,
    stream::{Received, Stream},
};

/// How many idle connections are kept, to all receivers together. With the 512 requests in flight they stay below
/// the 1,024 open files that a process commonly may have.
const MOST_IDLE: usize = 256;
/// How long a connection whose answer is in may take to be ready for the next request. It takes microseconds, but a
/// receiver that answers without reading the whole request would keep it for ever.
const SETTLING: Duration = Duration::from_millis(5);

/// An open connection. Dropping it closes it at once, whatever is still on its way.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    received: Arc<Received>,
    _task: AbortOnDropHandle<()>,
}

impl Connection {
    /// Speaks HTTP/1.1 over a stream.
    pub async fn open(stream: Stream) -> hyper::Result<Self> {
        let received = stream.received();
        let (mut sender, connection) =
            Builder::new().max_buf_size(LARGEST_HEAD).handshake(TokioIo::new(stream)).await?;
        let task = tokio::spawn(async move {
            // How it ended is told to the request that was on it; an idle one may be closed at any time.
            let _ = connection.await;
        });
        sender.ready().await?;
        Ok(Connection { sender, received, _task: AbortOnDropHandle::new(task) })
    }

    /// Sends a request; returns when the answer's head is in.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Response<Incoming>> {
        self.received.begin();
        self.sender.try_send_request(request).await.map_err(hyper::client::conn::TrySendError::into_error)
    }

    /// Whether not one byte of an answer to the last request came.
    pub fn is_unanswered(&self) -> bool {
        self.received.nothing()
    }

    /// Whether it takes another request. Waits a moment for one that is about to.
    async fn is_usable(&mut self) -> bool {
        self.sender.is_ready()
            || !self.sender.is_closed() && matches!(timeout(SETTLING, self.sender.ready()).await, Ok(Ok(())))
    }
}

/// A receiver as far as connections are concerned: whether it is plain HTTP, its host and port.
pub type Origin = (bool, Authority);

/// The origin of a URL; none when it has no host.
pub fn origin(uri: &Uri) -> Option<Origin> {
    Some((uri.scheme_str() == Some("http"), uri.authority()?.clone()))
}

/// Idle connections.
pub struct Pool {
    idle: Arc<Mutex<Idle>>,
    limit: Duration,
}

#[derive(Default)]
struct Idle {
    connections: HashMap<Origin, Vec<(Instant, Connection)>>,
    count: usize,
    /// Whether a task closes those that are idle for too long.
    swept: bool,
}

impl Pool {
    /// A pool that closes connections when they were idle for `limit`.
    pub fn new(limit: Duration) -> Self {
        Pool { idle: Arc::default(), limit }
    }

    /// An idle connection to a receiver, the last used one first.
    pub async fn take(&self, origin: &Origin) -> Option<Connection> {
        loop {
            let mut connection = lock(&self.idle).take(origin)?;
            if connection.is_usable().await {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection whose exchange is complete.
    pub fn put(&self, origin: Origin, connection: Connection) {
        if connection.sender.is_closed() {
            return;
        }
        let mut idle = lock(&self.idle);
        if idle.count >= MOST_IDLE {
            idle.close_oldest();
        }
        idle.connections.entry(origin).or_default().push((Instant::now(), connection));
        idle.count += 1;
        if !std::mem::replace(&mut idle.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(&self.idle), self.limit));
        }
    }
}

impl Idle {
    fn take(&mut self, origin: &Origin) -> Option<Connection> {
        let (_, connection) = self.connections.get_mut(origin)?.pop()?;
        self.count -= 1;
        Some(connection)
    }

    fn close_oldest(&mut self) {
        let first = |connections: &Vec<(Instant, Connection)>| connections.first().map(|(since, _)| *since);
        let oldest = self.connections.values().filter_map(first).min();
        if let Some(oldest) = oldest {
            self.close_idle_since(oldest);
        }
    }

    /// Closes what has been idle since `then` or longer, and what was closed by the other side.
    fn close_idle_since(&mut self, then: Instant) {
        for connections in self.connections.values_mut() {
            connections.retain(|(since, connection)| *since > then && !connection.sender.is_closed());
        }
        self.connections.retain(|_, connections| !connections.is_empty());
        self.count = self.connections.values().map(Vec::len).sum();
    }
}

fn lock(idle: &Mutex<Idle>) -> MutexGuard<'_, Idle> {
    // The counts are whole between any two statements, so a panic elsewhere cannot have broken them.
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes connections that are idle for too long, until there are none.
async fn sweep(idle: Weak<Mutex<Idle>>, limit: Duration) {
    loop {
        tokio::time::sleep(limit / 2).await;
        let Some(idle) = idle.upgrade() else { return };
        let mut idle = lock(&idle);
        if let Some(then) = Instant::now().checked_sub(limit) {
            idle.close_idle_since(then);
        }
        if idle.count == 0 {
            idle.swept = false;
            return;
        }
    }
}
