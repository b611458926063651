//! Tests receivers that close a connection without notice or reset it: their answer before that counts.

use std::io;

use rustls::version::{TLS12, TLS13};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::Notify,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    secured::Authority,
    wire::{Ledger, Line, Wire, brief, receiver},
    *,
};
use crate::{
    domain::attempt::AttemptError,
    service::delivery::{limits::Limits, sender::SendOutcome},
};

/// The end of a connection without TLS's `close_notify`.
#[derive(Debug, Clone, Copy)]
enum End {
    Closed,
    Reset,
}

/// The header of the body's length, the part of the body that is sent, and whether it is whole.
const BODIES: [(&str, &str, bool); 4] = [
    ("", "taken", true),
    ("content-length: 5\r\n", "taken", true),
    ("content-length: 100\r\n", "taken", false),
    ("transfer-encoding: chunked\r\n", "5\r\ntaken\r\n", false),
];

async fn answer<S: AsyncRead + AsyncWrite + Unpin>(line: &mut Line<S>, answer: &str) -> io::Result<()> {
    line.request().await?;
    line.say(answer).await
}

fn end(stream: &TcpStream, end: End) -> io::Result<()> {
    match end {
        End::Closed => Ok(()),
        End::Reset => stream.set_zero_linger(),
    }
}

/// A receiver that sends this answer and ends the connection like this, with or without TLS.
async fn ending(tls: Option<TlsAcceptor>, said: String, how: End) -> (String, Arc<Ledger>) {
    receiver(move |mut line| {
        let (tls, said) = (tls.clone(), said.clone());
        async move {
            let Some(tls) = tls else {
                answer(&mut line, &said).await?;
                return end(&line.stream, how);
            };
            let mut line: Line<TlsStream<TcpStream>> = line.through(|stream| tls.accept(stream)).await?;
            answer(&mut line, &said).await?;
            // The connection ends without a `close_notify`.
            end(line.stream.get_ref().0, how)
        }
    })
    .await
}

/// The expected error for this status, however the body ends.
fn expected(status: u16) -> Option<AttemptError> {
    match status {
        200..=299 => None,
        301 => Some(AttemptError::Redirected),
        _ => Some(AttemptError::UnexpectedStatus),
    }
}

fn check(what: &str, status: u16, whole: bool, outcome: SendOutcome) {
    assert_eq!(outcome.status.map(|status| status.as_u16()), Some(status), "{what}: {outcome:?}");
    assert_eq!(outcome.error, expected(status), "{what}: {outcome:?}");
    let response = outcome.response.unwrap();
    // 204 has no body, whatever follows it.
    assert_eq!(response.body, if status == 204 { "" } else { "taken" }, "{what}");
    assert_eq!(response.truncated, !whole && status != 204, "{what}");
    if outcome.error.is_none() {
        assert_eq!(outcome.detail.is_some(), response.truncated, "{what}: {:?}", outcome.detail);
    }
}

#[tokio::test]
async fn a_complete_head_counts_whatever_becomes_of_its_body() {
    let authority = Authority::new();
    let tls = [None, Some(authority.certify_in(&TLS12)), Some(authority.certify_in(&TLS13))];
    let mut tried = Vec::new();
    for (secrecy, tls) in tls.iter().enumerate() {
        for (version, status, (header, body, whole), how) in cases() {
            let what = format!("TLS {secrecy}, HTTP/{version}, {status}, {header:?}, {how:?}");
            let said = format!("HTTP/{version} {status} Said\r\n{header}\r\n{body}");
            let (authority, tls) = (&authority, tls.clone());
            tried.push(async move {
                let (url, ledger) = ending(tls.clone(), said, how).await;
                let wire = match tls {
                    Some(_) => authority.wire(Limits::default(), &url),
                    None => Wire::to(&url),
                };
                check(&what, status, whole, wire.send().await);
                assert_eq!((ledger.connections(), ledger.requests()), (1, 1), "{what}");
            });
        }
    }
    assert_eq!(tried.len(), 210);
    futures_util::future::join_all(tried).await;
}

type Case = (&'static str, u16, (&'static str, &'static str, bool), End);

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for version in ["1.0", "1.1"] {
        for status in [200, 201, 204, 500, 301] {
            for body in BODIES.into_iter().filter(|body| version == "1.1" || !body.0.contains("chunked")) {
                cases.extend([End::Closed, End::Reset].map(|how| (version, status, body, how)));
            }
        }
    }
    cases
}

#[tokio::test]
async fn what_is_cut_short_before_its_head_is_complete_is_no_answer() {
    let authority = Authority::new();
    for tls in [None, Some(authority.certify_in(&TLS12)), Some(authority.certify_in(&TLS13))] {
        for said in ["", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\nserver: small\r\n"] {
            for how in [End::Closed, End::Reset] {
                let (url, ledger) = ending(tls.clone(), said.to_owned(), how).await;
                let wire = match tls {
                    Some(_) => authority.wire(Limits::default(), &url),
                    None => Wire::to(&url),
                };
                wire.fail(AttemptError::ConnectionClosed).await;
                assert_eq!(ledger.requests(), 1, "{said:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_in_counts_when_the_program_is_stopped() {
    let said = Arc::new(Notify::new());
    let told = Arc::clone(&said);
    let (url, _) = receiver(move |mut line| {
        let told = Arc::clone(&told);
        async move {
            line.request().await?;
            line.say("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ntaken").await?;
            told.notify_one();
            std::future::pending().await
        }
    })
    .await;
    let stopped = async {
        said.notified().await;
        // The answer waits in the socket; by then the runtime has looked there more than once.
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
    };
    let outcome = Wire::to(&url).send_until(stopped).await;
    assert_eq!((outcome.error, outcome.response.unwrap().body.as_str()), (None, "taken"));
    assert_eq!(outcome.detail.unwrap(), "the program was stopped before the answer's body was in");
}

#[tokio::test]
async fn an_event_whose_answer_was_cut_is_never_sent_again() {
    let (url, ledger) = ending(None, "HTTP/1.0 201 Created\r\ncontent-length: 9\r\n\r\n".to_owned(), End::Reset).await;
    let world = World::new();
    world.deliver_one_to(&url).await;
    let attempt = world.newest().await;
    assert_eq!((attempt.error, attempt.http_status, attempt.next_retry_at), (None, Some(201), None));
    assert!(attempt.error_detail.unwrap().starts_with("the answer's body broke off: "));
    assert!(attempt.response.unwrap().truncated);
    for _ in 0..12 {
        world.clock.advance(Duration::from_secs(24 * 3600));
        world.deliver().await;
    }
    assert_eq!(ledger.requests(), 1);
}

#[tokio::test]
async fn a_body_that_does_not_end_in_time_is_noted() {
    let (url, _) = receiver(|mut line| async move {
        line.request().await?;
        line.say("HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\ntaken").await?;
        std::future::pending().await
    })
    .await;
    let outcome = Wire::within(brief(), &url).deliver().await;
    assert_eq!(outcome.detail.unwrap(), "the answer's body was not complete after 0.4 s");
    assert!(outcome.response.unwrap().truncated);
}
