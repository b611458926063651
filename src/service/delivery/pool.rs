//! Keeps connections to receivers, and limits them to as many as each receiver serves at a time.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use bytes::Bytes;
use http::{Response, Uri, uri::Authority};
use http_body_util::Full;
use hyper::{
    body::Incoming,
    client::conn::http1::{Builder, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, timeout, timeout_at},
};
use tokio_util::task::AbortOnDropHandle;

use super::{limits::LARGEST_HEAD, origin::OriginState, received::Received, request::Outgoing, stream::Stream};

/// The most idle connections to all receivers. With the 512 requests in flight they stay below 1,024 open files, a
/// common limit of processes.
const MOST_IDLE: usize = 256;
/// How long a connection may take to be ready after an answer. It takes microseconds, but a receiver that answers
/// without reading the whole request would block it for ever.
const SETTLING: Duration = Duration::from_millis(5);
/// How often a waiting request checks whether there is a place.
const LOOKING_AGAIN: Duration = Duration::from_secs(1);
/// The most receivers that are remembered without anything under way to them.
const MOST_REMEMBERED: usize = 4096;

/// An open connection. Dropping it closes it at once, even if data is on its way.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// The step at which it was begun; steps order what happens on the receiver's connections.
    dialled: u64,
    opened: Instant,
    received: Arc<Received>,
    _task: AbortOnDropHandle<()>,
}

impl Connection {
    /// Speaks HTTP/1.1 over a stream.
    pub async fn open(stream: Stream) -> hyper::Result<Self> {
        let received = stream.received();
        let (mut sender, connection) = client().handshake(TokioIo::new(stream)).await?;
        let task = tokio::spawn(async move {
            // The request on the connection gets the error; an idle connection may be closed at any time.
            let _ = connection.await;
        });
        sender.ready().await?;
        Ok(Connection { sender, dialled: 0, opened: Instant::now(), received, _task: AbortOnDropHandle::new(task) })
    }

    /// Sends a request; returns when the answer's head has arrived.
    pub async fn send(&mut self, outgoing: &Outgoing) -> hyper::Result<Response<Incoming>> {
        self.received.begin(outgoing.spelling.clone());
        let request = outgoing.to_request();
        self.sender.try_send_request(request).await.map_err(hyper::client::conn::TrySendError::into_error)
    }

    /// The received bytes of an answer that the library refuses.
    pub fn beginning(&self) -> Vec<u8> {
        self.received.beginning()
    }

    /// Whether the last request may be sent on another connection: either nothing of it was written, or nothing arrived
    /// that may be an answer.
    pub fn is_unanswered(&self) -> bool {
        self.received.is_unsent() || !self.received.has_begun()
    }

    /// Whether the connection can take another request. Waits a moment for one that is about to be ready.
    async fn is_usable(&mut self) -> bool {
        self.sender.is_ready()
            || !self.sender.is_closed() && matches!(timeout(SETTLING, self.sender.ready()).await, Ok(Ok(())))
    }
}

/// An HTTP/1.1 client that accepts what other clients accept.
fn client() -> Builder {
    let mut client = Builder::new();
    client
        .max_buf_size(LARGEST_HEAD)
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    client
}

/// The identity of a receiver's connections: whether it is plain HTTP, its host and its port.
type Origin = (bool, Authority);

/// The listening program: its host and port; all names of this machine are the same.
type Listener = (String, u16);

fn listener((plain, authority): &Origin) -> Listener {
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    let here = host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
    (if here { "localhost".to_owned() } else { host }, authority.port_u16().unwrap_or(if *plain { 80 } else { 443 }))
}

/// Connections to all receivers.
pub struct Pool {
    state: Mutex<State>,
    /// Wakes the task that closes idle connections, because one is to be closed earlier than the others.
    sooner: Arc<Notify>,
    longest_idle: Duration,
    longest_life: Duration,
}

#[derive(Default)]
struct State {
    receivers: HashMap<Listener, Receiver>,
    /// The number of idle connections.
    idle: usize,
    /// The time at which the next idle connection is closed, if a task waits for it.
    next: Option<Instant>,
}

#[derive(Default)]
struct Receiver {
    known: OriginState,
    idle: Vec<Idle>,
    waiting: VecDeque<oneshot::Sender<RequestSlot>>,
}

struct Idle {
    origin: Origin,
    connection: Connection,
    since: Instant,
    until: Instant,
}

impl Pool {
    /// Makes a pool that keeps idle connections for at most `longest_idle` and reuses a connection for at most
    /// `longest_life`.
    pub fn new(longest_idle: Duration, longest_life: Duration) -> Self {
        Pool { state: Mutex::default(), sooner: Arc::default(), longest_idle, longest_life }
    }

    /// Waits for a place for a request to the host of a URL; none if the URL has no host. Requests wait in a row; an
    /// `urgent` one goes first.
    pub async fn slot(self: &Arc<Self>, url: &Uri, urgent: bool) -> Option<RequestSlot> {
        let origin = (url.scheme_str() == Some("http"), url.authority()?.clone());
        let listener = listener(&origin);
        let granted = {
            let mut state = self.state();
            let receiver = state.receiver(&listener);
            if receiver.known.is_full(Instant::now()) {
                let (grant, granted) = oneshot::channel();
                if urgent {
                    receiver.waiting.push_front(grant)
                } else {
                    receiver.waiting.push_back(grant)
                }
                Err(granted)
            } else {
                Ok(receiver.known.begin(Instant::now()))
            }
        };
        match granted {
            Ok(number) => Some(RequestSlot { pool: self.clone(), origin, listener, number }),
            Err(granted) => self.granted(&listener, granted).await.map(|slot| slot.to(origin)),
        }
    }

    /// Waits for a place. One may appear without a freed one, because knowledge about a receiver expires.
    async fn granted(
        self: &Arc<Self>,
        listener: &Listener,
        mut granted: oneshot::Receiver<RequestSlot>,
    ) -> Option<RequestSlot> {
        loop {
            match timeout(LOOKING_AGAIN, &mut granted).await {
                Ok(slot) => return slot.ok(),
                Err(_) => self.grant(listener),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The counts are consistent between any two statements, so a panic elsewhere cannot have broken them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the free places to waiting requests.
    fn grant(self: &Arc<Self>, listener: &Listener) {
        while let Some((grant, slot)) = self.next_granted(listener) {
            // If the request no longer waits, the dropped place goes to the next.
            let _ = grant.send(slot);
        }
    }

    fn next_granted(self: &Arc<Self>, listener: &Listener) -> Option<(oneshot::Sender<RequestSlot>, RequestSlot)> {
        let mut state = self.state();
        let receiver = state.receivers.get_mut(listener)?;
        if receiver.waiting.is_empty() || receiver.known.is_full(Instant::now()) {
            return None;
        }
        let grant = receiver.waiting.pop_front()?;
        let number = receiver.known.begin(Instant::now());
        // The request that gets the place sets its origin.
        let origin = (true, Authority::from_static("localhost"));
        Some((grant, RequestSlot { pool: self.clone(), origin, listener: listener.clone(), number }))
    }
}

/// A place for one request to a receiver. Dropping it passes it to the next request.
pub struct RequestSlot {
    pool: Arc<Pool>,
    origin: Origin,
    listener: Listener,
    number: u64,
}

impl RequestSlot {
    fn to(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    fn with<T>(&self, look: impl FnOnce(&mut OriginState) -> T) -> T {
        look(&mut self.pool.state().receivers.entry(self.listener.clone()).or_default().known)
    }

    /// Takes an idle connection to the receiver, the last used one first.
    pub async fn take(&self) -> Option<Connection> {
        loop {
            let mut connection = self.pool.state().take(&self.listener, &self.origin)?;
            if connection.is_usable().await {
                self.with(|known| known.reuses(self.number, connection.dialled));
                return Some(connection);
            }
        }
    }

    /// Records that the request opens a new connection. Idle connections under another name of the receiver are closed
    /// soon. Returns the step at which the connection is begun.
    pub fn dials(&self) -> u64 {
        let now = Instant::now();
        let mut state = self.pool.state();
        let receiver = state.receiver(&self.listener);
        let dialled = receiver.known.dials(self.number);
        let soon = now + receiver.known.grace();
        for idle in &mut receiver.idle {
            idle.until = idle.until.min(soon);
        }
        if !receiver.idle.is_empty() {
            self.pool.closes_at(&mut state, soon);
        }
        dialled
    }

    /// The receiver's system has taken the request's connection.
    pub fn reached(&self) {
        self.with(|known| known.reached(self.number, Instant::now()));
    }

    /// Records that the new connection is open.
    pub fn connected(&self, connection: &mut Connection, dialled: u64) {
        connection.dialled = dialled;
        self.with(|known| known.connected(self.number));
    }

    /// Records that the answer's head has arrived, and whether the connection stays open.
    pub fn answered(&self, stays: bool) {
        let mut state = self.pool.state();
        let Some(receiver) = state.receivers.get_mut(&self.listener) else { return };
        let Receiver { known, idle, .. } = receiver;
        known.answered(self.number, stays, || open(idle), Instant::now());
    }

    /// The time from which the request's limit counts.
    pub fn since(&self) -> Instant {
        self.with(|known| known.since(self.number, Instant::now()))
    }

    /// Whether this service's own connections may be the reason why the request got none.
    pub fn is_in_its_own_way(&self) -> bool {
        self.with(|known| known.is_in_its_own_way(self.number))
    }

    /// Waits for another place at the end of the row, after limiting the receiver to what it serves.
    pub async fn again(self, url: &Uri) -> Option<RequestSlot> {
        let pool = self.pool.clone();
        pool.state().limit(&self.listener, Instant::now());
        drop(self);
        pool.slot(url, false).await
    }

    /// Keeps a connection whose exchange is complete, unless another request waits for it to be closed.
    pub fn keep(&self, connection: Connection) {
        let now = Instant::now();
        if connection.sender.is_closed() || now.duration_since(connection.opened) >= self.pool.longest_life {
            return;
        }
        let mut state = self.pool.state();
        let Some(receiver) = state.receivers.get_mut(&self.listener) else { return };
        let until = receiver.known.idle_until(self.pool.longest_idle, now);
        if until <= now {
            if receiver.known.is_waited_for(now) {
                state.limit(&self.listener, now);
            }
            return;
        }
        connection.received.forget();
        receiver.idle.push(Idle { origin: self.origin.clone(), connection, since: now, until });
        state.idle += 1;
        if state.idle > MOST_IDLE {
            state.close_oldest();
        }
        self.pool.closes_at(&mut state, until);
    }
}

impl Drop for RequestSlot {
    fn drop(&mut self) {
        {
            let mut state = self.pool.state();
            let Some(receiver) = state.receivers.get_mut(&self.listener) else { return };
            receiver.known.end(self.number, Instant::now());
            if receiver.waiting.is_empty() {
                return;
            }
        }
        self.pool.grant(&self.listener);
    }
}

impl Pool {
    /// Closes all idle connections, because their file descriptors are needed.
    pub fn close_idle(&self) {
        let mut state = self.state();
        state.receivers.values_mut().for_each(|receiver| receiver.idle.clear());
        state.idle = 0;
    }

    /// Ensures that a task closes idle connections no later than `until`.
    fn closes_at(self: &Arc<Self>, state: &mut State, until: Instant) {
        match state.next {
            None => {
                state.next = Some(until);
                tokio::spawn(sweep(Arc::downgrade(self), self.sooner.clone()));
            }
            Some(next) if until < next => {
                state.next = Some(until);
                self.sooner.notify_one();
            }
            Some(_) => {}
        }
    }
}

impl State {
    fn receiver(&mut self, listener: &Listener) -> &mut Receiver {
        if self.receivers.len() >= MOST_REMEMBERED && !self.receivers.contains_key(listener) {
            self.receivers.retain(|_, receiver| !receiver.is_quiet());
        }
        self.receivers.entry(listener.clone()).or_default()
    }

    fn take(&mut self, listener: &Listener, origin: &Origin) -> Option<Connection> {
        let (receiver, now) = (self.receivers.get_mut(listener)?, Instant::now());
        let at = receiver.idle.iter().rposition(|idle| idle.origin == *origin && idle.until > now)?;
        self.idle -= 1;
        Some(receiver.idle.remove(at).connection)
    }

    /// Records that a receiver serves no more connections than it has answered on, and closes its idle ones.
    fn limit(&mut self, listener: &Listener, now: Instant) {
        let Some(receiver) = self.receivers.get_mut(listener) else { return };
        receiver.known.is_limited(open(&receiver.idle), now);
        self.idle -= receiver.idle.len();
        receiver.idle.clear();
    }

    fn close_oldest(&mut self) {
        let first = |receiver: &Receiver| receiver.idle.first().map(|idle| idle.since);
        let oldest = self.receivers.values_mut().filter_map(|receiver| first(receiver).map(|since| (since, receiver)));
        if let Some((_, receiver)) = oldest.min_by_key(|(since, _)| *since) {
            receiver.idle.remove(0);
            self.idle -= 1;
        }
    }

    /// Closes connections that were idle long enough or closed by the other side. Returns when the next is due.
    fn close_due(&mut self, now: Instant) -> Option<Instant> {
        let due = |receiver: &Receiver| receiver.idle.iter().any(|idle| idle.until <= now);
        let waited_for = |(_, receiver): &(&Listener, &Receiver)| due(receiver) && receiver.known.is_waited_for(now);
        let waited_for: Vec<_> =
            self.receivers.iter().filter(waited_for).map(|(listener, _)| listener.clone()).collect();
        for listener in waited_for {
            self.limit(&listener, now);
        }
        for receiver in self.receivers.values_mut().filter(|receiver| !receiver.idle.is_empty()) {
            receiver.idle.retain(|idle| idle.until > now && !idle.connection.sender.is_closed());
        }
        self.idle = self.receivers.values().map(|receiver| receiver.idle.len()).sum();
        self.receivers.values().flat_map(|receiver| &receiver.idle).map(|idle| idle.until).min()
    }
}

impl Receiver {
    fn is_quiet(&self) -> bool {
        self.known.is_quiet() && self.idle.is_empty() && self.waiting.is_empty()
    }
}

/// The number of idle connections that are open on both sides.
fn open(idle: &[Idle]) -> usize {
    idle.iter().filter(|idle| !idle.connection.sender.is_closed()).count()
}

/// Closes connections that have been idle long enough, until there are none.
async fn sweep(pool: Weak<Pool>, sooner: Arc<Notify>) {
    loop {
        let next = {
            let Some(pool) = pool.upgrade() else { return };
            let mut state = pool.state();
            state.next = state.close_due(Instant::now());
            state.next
        };
        let Some(next) = next else { return };
        let _ = timeout_at(next, sooner.notified()).await;
    }
}
