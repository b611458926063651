//! One webhook's requests without a store, and receivers that record what they saw.

use std::{
    collections::BTreeMap,
    future::Future,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::within;
use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        event::EventType,
        ids::{AttemptId, DeliveryId, EventId, WebhookId},
        random::SystemRandom,
        scheme::SchemeChoice,
        secret::{Secret, Secrets},
        time::Timestamp,
        version::Version,
    },
    net_guard::NetGuard,
    service::{
        delivery::{
            connector::Connector,
            limits::Limits,
            request::prepare,
            sender::{SendOutcome, Sender},
        },
        store::{Claim, ClaimId, Recipient},
    },
};

/// A complete answer without a body.
pub const NO_CONTENT: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

/// Limits that are short enough for a test; a step may take half of the total.
pub fn brief() -> Limits {
    let step = Duration::from_millis(200);
    Limits {
        dns: step,
        connect: step,
        tls: step,
        total: step * 2,
        idle: Duration::from_millis(20),
        ..Limits::default()
    }
}

/// A claimed attempt for this URL.
pub fn claim(url: &str) -> Claim {
    let now = Timestamp::from_seconds(super::START);
    Claim {
        claim: ClaimId(1),
        delivery_id: DeliveryId::new(now, [1; 10]),
        attempt_id: AttemptId::new(now, [2; 10]),
        webhook_id: WebhookId::from_random([3; 10]),
        in_trouble: false,
        due_at: now,
        event_id: EventId::new(now, [4; 10]),
        event_type: EventType::TEST,
        kind: AttemptKind::Event,
        number: 1,
        version: Some(Version::V1),
        recipient: Arc::new(Recipient {
            url: url.to_owned(),
            headers: BTreeMap::new(),
            scheme: SchemeChoice::Both,
            secrets: Secrets::only(Secret::generate(&SystemRandom)),
        }),
        body: Bytes::from_static(br#"{"event":"test"}"#).into(),
    }
}

/// One webhook and its sender.
pub struct Wire {
    pub sender: Sender,
    pub claim: Claim,
}

impl Wire {
    /// Uses the real limits, to this machine.
    pub fn to(url: &str) -> Self {
        Self::within(Limits::default(), url)
    }

    /// Uses other limits.
    pub fn within(limits: Limits, url: &str) -> Self {
        Self::over(Connector::new(NetGuard::local(), limits), limits, url)
    }

    /// Uses connections of this connector.
    pub fn over(connector: Connector, limits: Limits, url: &str) -> Self {
        Wire { sender: Sender::over(connector, limits), claim: claim(url) }
    }

    /// The webhook's part of the request, for changes.
    pub fn recipient(&mut self) -> &mut Recipient {
        Arc::make_mut(&mut self.claim.recipient)
    }

    /// Makes one attempt.
    pub async fn send(&self) -> SendOutcome {
        self.send_until(std::future::pending()).await
    }

    /// Makes one attempt, and cuts it short when `interrupted` completes.
    pub async fn send_until(&self, interrupted: impl Future<Output = ()>) -> SendOutcome {
        let prepared = prepare(&self.claim, Timestamp::from_seconds(super::START)).unwrap();
        let slot = within(self.sender.slot(&self.claim.recipient.url, false)).await;
        let outcome = within(self.sender.send(prepared.request, slot, interrupted)).await;
        assert!(outcome.detail.as_ref().is_none_or(|detail| detail.len() <= 510), "{outcome:?}");
        outcome
    }

    /// Makes one attempt that must succeed.
    #[track_caller]
    pub fn deliver(&self) -> impl Future<Output = SendOutcome> {
        let place = std::panic::Location::caller();
        async move {
            let outcome = self.send().await;
            assert_eq!(outcome.error, None, "{place}: {outcome:?}");
            outcome
        }
    }

    /// Makes one attempt that must fail with this error; returns the detail.
    #[track_caller]
    pub fn fail(&self, error: AttemptError) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        async move {
            let outcome = self.send().await;
            assert_eq!(outcome.error, Some(error), "{place}: {outcome:?}");
            outcome.detail.unwrap()
        }
    }
}

/// What a receiver has seen.
#[derive(Default)]
pub struct Ledger {
    connections: AtomicUsize,
    requests: AtomicUsize,
    open: watch::Sender<usize>,
}

impl Ledger {
    /// The number of connections to it.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The number of complete requests that it got.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Waits until every connection has ended.
    pub async fn all_closed(&self) {
        within(self.open.subscribe().wait_for(|open| *open == 0)).await.unwrap();
    }
}

/// A connection as a receiver sees it.
pub struct Line<S> {
    /// The connection's number, from 0.
    pub number: usize,
    pub stream: S,
    ledger: Arc<Ledger>,
    unread: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// Reads the head of the next request without its body; false if there is none.
    pub async fn head(&mut self) -> io::Result<bool> {
        Ok(self.read_past(b"\r\n\r\n").await?.is_some())
    }

    /// Reads the next request; false if there is none.
    pub async fn request(&mut self) -> io::Result<bool> {
        let Some(head) = self.read_past(b"\r\n\r\n").await? else { return Ok(false) };
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head.split_once("content-length: ").unwrap().1.split_once("\r\n").unwrap().0;
        let length: usize = length.parse().unwrap();
        while self.unread.len() < length {
            if self.stream.read_buf(&mut self.unread).await? == 0 {
                return Ok(false);
            }
        }
        self.unread.drain(..length);
        self.ledger.requests.fetch_add(1, Ordering::SeqCst);
        Ok(true)
    }

    async fn read_past(&mut self, end: &[u8]) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(at) = self.unread.windows(end.len()).position(|window| window == end) {
                return Ok(Some(self.unread.drain(..at + end.len()).collect()));
            }
            if self.stream.read_buf(&mut self.unread).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Sends these bytes.
    pub async fn say(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await?;
        self.stream.flush().await
    }

    /// Answers every request with 204.
    pub async fn serve(&mut self) -> io::Result<()> {
        while self.request().await? {
            self.say(NO_CONTENT).await?;
        }
        Ok(())
    }

    /// Makes another connection through this one, such as a secured one.
    pub async fn through<T, Opened>(self, open: impl FnOnce(S) -> Opened) -> io::Result<Line<T>>
    where
        Opened: Future<Output = io::Result<T>>,
    {
        let Line { number, stream, ledger, unread } = self;
        Ok(Line { number, stream: open(stream).await?, ledger, unread })
    }
}

impl Line<TcpStream> {
    /// Resets the connection.
    pub fn reset(self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }
}

/// A receiver that runs `converse` on each connection, its URL, and its ledger.
pub async fn receiver<F, Done>(converse: F) -> (String, Arc<Ledger>)
where
    F: Fn(Line<TcpStream>) -> Done + Send + 'static,
    Done: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let ledger = Arc::new(Ledger::default());
    let kept = ledger.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let number = kept.connections.fetch_add(1, Ordering::SeqCst);
            kept.open.send_modify(|open| *open += 1);
            let done = converse(Line { number, stream, ledger: kept.clone(), unread: Vec::new() });
            let kept = kept.clone();
            tokio::spawn(async move {
                // Errors are ignored, because some tests close the connection.
                let _ = done.await;
                kept.open.send_modify(|open| *open -= 1);
            });
        }
    });
    (url, ledger)
}
