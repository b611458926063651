//! A receiver that records what it gets.

use std::{
    net::SocketAddr,
    sync::{Arc, Condvar, Mutex},
    time::Instant,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use serde_json::Value;
use tokio::{runtime::Runtime, sync::Semaphore};

use super::PATIENCE;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    /// The part of its URL after the question mark.
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

type Hold = Box<dyn Fn(&Received) -> bool + Send + Sync>;
type Answer = Box<dyn Fn(usize, &Received) -> Response + Send + Sync>;

struct Shared {
    ledger: Mutex<Vec<Received>>,
    arrived: Condvar,
    answer: Answer,
    holds: Hold,
    gate: Semaphore,
}

/// A receiver on loopback that runs until it is dropped.
pub struct Receiver {
    shared: Arc<Shared>,
    address: SocketAddr,
    _runtime: Runtime,
}

impl Receiver {
    /// Starts a receiver that answers 204 to everything.
    pub fn accepting() -> Self {
        Self::answering(|_, _| status(204))
    }

    /// Starts a receiver whose answers depend on the number of earlier requests.
    pub fn answering(answer: impl Fn(usize, &Received) -> Response + Send + Sync + 'static) -> Self {
        Self::start(Box::new(answer), Box::new(|_| false))
    }

    /// Starts a receiver that answers 204; requests that `holds` selects wait for [`Receiver::release`].
    pub fn holding(holds: impl Fn(&Received) -> bool + Send + Sync + 'static) -> Self {
        Self::start(Box::new(|_, _| status(204)), Box::new(holds))
    }

    fn start(answer: Answer, holds: Hold) -> Self {
        let (ledger, arrived, gate) = (Mutex::default(), Condvar::new(), Semaphore::new(0));
        let shared = Arc::new(Shared { ledger, arrived, answer, holds, gate });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(receive).with_state(shared.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Receiver { shared, address, _runtime: runtime }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }

    /// Answers the held requests, and holds no more.
    pub fn release(&self) {
        self.shared.gate.close();
    }

    pub fn ledger(&self) -> Vec<Received> {
        self.shared.ledger.lock().unwrap().clone()
    }

    /// Waits until the ledger satisfies `enough`.
    pub fn wait(&self, what: &str, enough: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        let deadline = Instant::now() + PATIENCE;
        let mut ledger = self.shared.ledger.lock().unwrap();
        while !enough(&ledger) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain for {what}; {} requests came", ledger.len());
            ledger = self.shared.arrived.wait_timeout(ledger, left).unwrap().0;
        }
        ledger.clone()
    }
}

async fn receive(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned());
    let received = Received { path, query, headers, body };
    let before = {
        let mut ledger = shared.ledger.lock().unwrap();
        ledger.push(received.clone());
        ledger.len() - 1
    };
    shared.arrived.notify_all();
    if (shared.holds)(&received) {
        // The gate has no permits, so this waits until it is closed.
        let _ = shared.gate.acquire().await;
    }
    (shared.answer)(before, &received)
}

/// An empty answer.
pub fn status(code: u16) -> Response {
    Response::builder().status(code).body(axum::body::Body::empty()).unwrap()
}

/// An answer with a body.
pub fn answer(code: u16, body: &str) -> Response {
    Response::builder().status(code).body(axum::body::Body::from(body.to_owned())).unwrap()
}
