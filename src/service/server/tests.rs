use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::{
    body::Bytes,
    routing::{get, post},
};
use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Semaphore, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::*;
use crate::service::tls::tests::Files;

/// A limit that no step of these tests reaches, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(50);
const ASKING: &[u8] = b"GET /quick HTTP/1.1\r\nHost: x\r\n\r\n";

/// Limits that no test reaches.
fn ample() -> Limits {
    let ample = 2 * PATIENCE;
    Limits { handshake: ample, head: ample, body: ample, idle: ample, answer: ample, leaving: ample }
}

/// A running server; its handler of `/slow` waits for `gate`.
struct Running {
    address: SocketAddr,
    gate: Arc<Semaphore>,
    under_way: Arc<AtomicUsize>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Running {
    async fn start(limits: Limits, most: usize) -> Self {
        Self::secured(limits, most, None).await
    }

    async fn secured(limits: Limits, most: usize, tls: Option<Arc<Tls>>) -> Self {
        let (gate, under_way) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
        let (held, counted) = (gate.clone(), under_way.clone());
        let slow = move || async move {
            counted.fetch_add(1, Ordering::SeqCst);
            drop(held.acquire().await);
            "slow"
        };
        let router = axum::Router::new()
            .route("/quick", get(|| async { "quick" }))
            .route("/large", get(|| async { vec![b'x'; 64 * 1024 * 1024] }))
            .route("/slow", get(slow))
            .route("/body", post(|body: Bytes| async move { body.len().to_string() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::new(router, tls, most, limits, Arc::default());
        let (stop, stopped) = oneshot::channel();
        let ended =
            tokio::spawn(
                async move { server.serve(listener, async { drop(stopped.await) }, std::future::pending()).await },
            );
        Running { address, gate, under_way, stop, ended }
    }

    /// Opens a connection and sends `bytes`.
    async fn saying(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    /// Waits until this number of requests is being answered.
    async fn answering(&self, requests: usize) {
        while self.under_way.load(Ordering::SeqCst) < requests {
            tokio::task::yield_now().await;
        }
    }

    async fn stopped(self) {
        let _ = self.stop.send(());
        timeout(PATIENCE, self.ended).await.expect("it ends").unwrap();
    }
}

/// Reads until the connection is closed.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A reset closes the connection, too.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("it is closed");
    String::from_utf8_lossy(&said).into_owned()
}

async fn is_answered(stream: &mut TcpStream) -> bool {
    let mut said = [0; 1024];
    let bytes = timeout(PATIENCE, stream.read(&mut said)).await.expect("an answer").unwrap_or_default();
    said[..bytes].starts_with(b"HTTP/1.1 200")
}

#[tokio::test]
async fn each_step_that_a_caller_does_not_take_has_its_own_limit() {
    for (what, limits, said) in [
        ("nothing", Limits { head: SHORT, ..ample() }, ""),
        ("half a head", Limits { head: SHORT, ..ample() }, "GET /quick HTTP/1.1\r\nHost"),
        (
            "half a body",
            Limits { body: SHORT, ..ample() },
            "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
        ),
        (
            "half a chunk",
            Limits { body: SHORT, ..ample() },
            "POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nha",
        ),
        ("no second request", Limits { idle: SHORT, ..ample() }, "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n"),
    ] {
        let running = Running::start(limits, 100).await;
        let mut stream = running.saying(said.as_bytes()).await;
        let heard = until_closed(&mut stream).await;
        assert_eq!(heard.ends_with("quick"), said.contains("\r\n\r\n") && said.starts_with("GET"), "{what}: {heard}");
    }
}

#[tokio::test]
async fn the_head_of_a_later_request_has_the_limit_of_a_head() {
    let running = Running::start(Limits { head: 4 * SHORT, ..ample() }, 100).await;
    let mut stream = running.saying(ASKING).await;
    assert!(is_answered(&mut stream).await);
    stream.write_all(b"GET /quick HT").await.unwrap();
    assert_eq!(until_closed(&mut stream).await, "");
}

#[tokio::test]
async fn bytes_one_by_one_win_no_time() {
    let running = Running::start(Limits { head: 4 * SHORT, ..ample() }, 100).await;
    let mut stream = running.saying(b"GET /quick HTTP/1.1\r\nX: ").await;
    let (mut reader, mut writer) = stream.split();
    let trickle = async {
        while writer.write_all(b"x").await.is_ok() {
            tokio::time::sleep(SHORT / 5).await;
        }
    };
    let mut said = Vec::new();
    tokio::select! {
        () = trickle => {}
        _ = reader.read_to_end(&mut said) => {}
        () = tokio::time::sleep(PATIENCE) => panic!("it is closed"),
    }
    assert!(said.is_empty());
}

#[tokio::test]
async fn who_takes_in_nothing_of_the_answer_is_hung_up_on() {
    let running = Running::start(Limits { answer: SHORT, ..ample() }, 100).await;
    let mut stream = running.saying(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let (closed, mut peeked) = (stream.ready(tokio::io::Interest::WRITABLE), [0; 1]);
    closed.await.unwrap();
    stream.peek(&mut peeked).await.unwrap();
    // The loop ends once the server has closed the connection.
    while stream.write_all(b"x").await.is_ok() {
        tokio::time::sleep(SHORT / 5).await;
    }
    assert!(until_closed(&mut stream).await.len() < 64 * 1024 * 1024);
}

#[tokio::test]
async fn a_long_answer_of_ours_has_no_limit() {
    let limits = Limits { head: SHORT, body: SHORT, idle: SHORT, ..ample() };
    let running = Running::start(limits, 100).await;
    let mut stream = running.saying(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await;
    running.answering(1).await;
    tokio::time::sleep(3 * SHORT).await;
    running.gate.close();
    assert!(is_answered(&mut stream).await);
}

#[tokio::test]
async fn at_the_end_whoever_waits_for_caller_is_hung_up_on_and_answers_are_finished() {
    let running = Running::start(Limits { leaving: SHORT, ..ample() }, 100).await;
    let mut waiting = Vec::new();
    for said in ["", "GET /quick HT", "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"] {
        waiting.push(running.saying(said.as_bytes()).await);
    }
    let mut idle = running.saying(ASKING).await;
    assert!(is_answered(&mut idle).await);
    let mut asking = running.saying(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await;
    running.answering(1).await;
    let gate = running.gate.clone();
    let ended = tokio::spawn(running.stopped());
    for stream in waiting.iter_mut().chain([&mut idle]) {
        assert_eq!(until_closed(stream).await, "");
    }
    assert!(!ended.is_finished(), "one is still being answered");
    gate.close();
    let answer = until_closed(&mut asking).await;
    assert!(answer.contains("connection: close") && answer.ends_with("slow"), "{answer}");
    ended.await.unwrap();
}

#[tokio::test]
async fn at_the_end_who_takes_in_nothing_of_the_answer_is_hung_up_on() {
    let running = Running::start(Limits { leaving: SHORT, ..ample() }, 100).await;
    let asking = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20);
    let stream = running.saying(&asking).await;
    stream.peek(&mut [0; 1]).await.unwrap();
    running.stopped().await;
    drop(stream);
}

#[tokio::test]
async fn whoever_asks_is_answered_while_others_say_nothing() {
    let running = Running::start(ample(), 4).await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(running.saying(b"GET / HT").await);
        let mut asking = running.saying(ASKING).await;
        assert!(is_answered(&mut asking).await);
    }
    assert_eq!(until_closed(&mut silent[0]).await, "", "it made room");
}

#[tokio::test]
async fn a_request_that_is_being_answered_keeps_its_place() {
    let running = Running::start(ample(), 2).await;
    let mut asking = Vec::new();
    for number in 1..=2 {
        asking.push(running.saying(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await);
        running.answering(number).await;
    }
    for _ in 0..3 {
        let mut refused = running.saying(b"").await;
        assert_eq!(until_closed(&mut refused).await, "");
    }
    running.gate.close();
    for mut stream in asking {
        assert!(is_answered(&mut stream).await);
    }
}

async fn handshake(address: SocketAddr, trusted: &CertificateDer<'static>) -> bool {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = versions.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let Ok(mut stream) = TlsConnector::from(Arc::new(config)).connect(name, stream).await else { return false };
    stream.write_all(ASKING).await.unwrap();
    let mut said = [0; 12];
    stream.read_exact(&mut said).await.is_ok() && said.starts_with(b"HTTP/1.1 200")
}

#[tokio::test]
async fn over_tls_a_silent_caller_holds_up_nobody_and_a_certificate_is_renewed() {
    let files = Files::new();
    let first = files.renew();
    let tls = Arc::new(files.load());
    let running = Running::secured(Limits { handshake: 8 * SHORT, ..ample() }, 100, Some(tls.clone())).await;
    let mut silent = running.saying(b"").await;
    assert!(handshake(running.address, &first).await, "while another says nothing");
    let second = files.renew();
    tls.reload().unwrap();
    assert!(handshake(running.address, &second).await);
    std::fs::write(files.path("key"), "no key").unwrap();
    assert!(tls.reload().is_err());
    assert!(handshake(running.address, &second).await, "what cannot be used changes nothing");
    assert_eq!(until_closed(&mut silent).await, "", "it is hung up on when its time is over");
    let mut half = running.saying(b"\x16\x03\x01").await;
    running.stopped().await;
    assert_eq!(until_closed(&mut half).await, "");
}
