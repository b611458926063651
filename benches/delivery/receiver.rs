//! A receiver with minimal cost: one thread, no allocation per request, a fixed answer. It records which event came
//! where and when.

use std::{
    io::{ErrorKind, Read, Write},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use mio::{
    Events, Interest, Poll, Token, Waker,
    net::{TcpListener, TcpStream},
};

use crate::wire;

const ANSWER: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
/// At this place and above, the first attempt of every event is refused.
pub const FLAKY: u32 = 1000;
/// The buffer size in bytes; all requests are smaller.
const BUFFER: usize = 64 * 1024;
const LISTENER: Token = Token(usize::MAX);
const STOP: Token = Token(usize::MAX - 1);
/// The interval in which a waiting thread checks the count.
const LOOK_AGAIN: Duration = Duration::from_micros(500);

/// A received request.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The event's id, as a number.
    pub event: u128,
    /// The number of the URL that it came to.
    pub place: u32,
    pub at: Instant,
}

#[derive(Default)]
struct Shared {
    count: AtomicUsize,
    ledger: Mutex<Vec<Arrival>>,
}

impl Shared {
    fn ledger(&self) -> MutexGuard<'_, Vec<Arrival>> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A receiver on loopback, until it is dropped.
pub struct Receiver {
    shared: Arc<Shared>,
    address: SocketAddr,
    waker: Waker,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Starts a receiver on a free port.
    pub fn start() -> Result<Self> {
        let mut listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = listener.local_addr()?;
        let poll = Poll::new()?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let waker = Waker::new(poll.registry(), STOP)?;
        let shared = Arc::new(Shared::default());
        let inside = Loop { poll, listener, connections: Vec::new(), shared: shared.clone() };
        let thread = std::thread::Builder::new().name("receiver".to_owned()).spawn(move || inside.run())?;
        Ok(Receiver { shared, address, waker, thread: Some(thread) })
    }

    /// Returns its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns one of its URLs; the ledger contains its number.
    pub fn url(&self, place: usize) -> String {
        format!("http://{}/hooks/{place}", self.address)
    }

    /// Waits until this many requests have come since the last call, and takes the ledger.
    pub fn take(&self, requests: usize, patience: Duration) -> Result<Vec<Arrival>> {
        let deadline = Instant::now() + patience;
        while self.shared.count.load(Ordering::Acquire) < requests {
            if Instant::now() > deadline {
                bail!("{} of {requests} requests came within {patience:?}", self.shared.ledger().len());
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        let mut ledger = self.shared.ledger();
        self.shared.count.store(0, Ordering::Release);
        Ok(std::mem::take(&mut *ledger))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let woken = self.waker.wake();
        if let Some(thread) = self.thread.take().filter(|_| woken.is_ok()) {
            let _ = thread.join();
        }
    }
}

/// Returns how many different events came to all places together.
pub fn distinct(ledger: &[Arrival]) -> usize {
    let mut seen: Vec<_> = ledger.iter().map(|arrival| (arrival.event, arrival.place)).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

struct Connection {
    stream: TcpStream,
    buffer: Box<[u8]>,
    filled: usize,
}

/// The state of the receiver's thread.
struct Loop {
    poll: Poll,
    listener: TcpListener,
    connections: Vec<Option<Connection>>,
    shared: Arc<Shared>,
}

impl Loop {
    fn run(mut self) {
        let mut events = Events::with_capacity(1024);
        loop {
            match self.poll.poll(&mut events, None) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return,
                Ok(()) => {}
            }
            for event in &events {
                match event.token() {
                    STOP => return,
                    LISTENER => self.accept(),
                    Token(index) => self.serve(index),
                }
            }
        }
    }

    fn accept(&mut self) {
        while let Ok((mut stream, _)) = self.listener.accept() {
            let free = self.connections.iter().position(Option::is_none);
            let index = free.unwrap_or(self.connections.len());
            let registered = self.poll.registry().register(&mut stream, Token(index), Interest::READABLE);
            if stream.set_nodelay(true).is_err() || registered.is_err() {
                continue;
            }
            let connection = Connection { stream, buffer: vec![0; BUFFER].into(), filled: 0 };
            match free {
                Some(index) => self.connections[index] = Some(connection),
                None => self.connections.push(Some(connection)),
            }
        }
    }

    fn serve(&mut self, index: usize) {
        let Some(Some(connection)) = self.connections.get_mut(index) else { return };
        if connection.serve(&self.shared).is_none() {
            self.connections[index] = None;
        }
    }
}

impl Connection {
    /// Reads and answers available requests. Returns `None` if the connection must be closed.
    fn serve(&mut self, shared: &Shared) -> Option<()> {
        loop {
            match self.stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return None,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Some(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return None,
            }
            // After a partial read, further bytes cause another event.
            let filled_up = self.filled == self.buffer.len();
            self.answer(shared)?;
            if !filled_up {
                return Some(());
            }
        }
    }

    fn answer(&mut self, shared: &Shared) -> Option<()> {
        let mut from = 0;
        while let Some(request) = wire::request(&self.buffer[from..self.filled]).ok()? {
            let arrival = Arrival { event: request.event, place: request.place, at: Instant::now() };
            let refused = request.place >= FLAKY && request.first_try;
            self.stream.write_all(if refused { REFUSAL } else { ANSWER }).ok()?;
            shared.ledger().push(arrival);
            shared.count.fetch_add(1, Ordering::Release);
            from += request.length;
        }
        self.buffer.copy_within(from..self.filled, 0);
        self.filled -= from;
        Some(())
    }
}
