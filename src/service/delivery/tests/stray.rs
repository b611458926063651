//! Tests bytes that belong to no answer on a kept connection, at various moments, and receivers that send first.

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
    wire::{Ledger, Line, NO_CONTENT, Wire, receiver},
    *,
};
use crate::service::delivery::limits::Limits;

const STRAYS: [&str; 8] = [
    "\r\n",
    "ok",
    "<html>oops</html>",
    "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1  500 Oops\r\n\r\n",
];

/// Tells a receiver when to send stray bytes, and the test that it has.
#[derive(Default)]
struct Cue {
    now: Notify,
    said: Notify,
}

/// Answers requests, and sends stray bytes on the first connection on cue.
async fn strays<S>(mut line: Line<S>, stray: &str, closes: bool, cue: &Cue) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    line.request().await?;
    line.say(NO_CONTENT).await?;
    if line.number == 0 {
        cue.now.notified().await;
        line.say(stray).await?;
        cue.said.notify_one();
        if closes {
            return Ok(());
        }
    }
    line.serve().await
}

async fn straying(tls: Option<TlsAcceptor>, stray: &'static str, closes: bool) -> (String, Arc<Ledger>, Arc<Cue>) {
    let cue = Arc::new(Cue::default());
    let told = Arc::clone(&cue);
    let (url, ledger) = receiver(move |line| {
        let (tls, told) = (tls.clone(), Arc::clone(&told));
        async move {
            // The stray bytes are sent at once, without waiting for acknowledgements.
            line.stream.set_nodelay(true)?;
            match tls {
                None => strays(line, stray, closes, &told).await,
                Some(tls) => {
                    let line: Line<TlsStream<TcpStream>> = line.through(|stream| tls.accept(stream)).await?;
                    strays(line, stray, closes, &told).await
                }
            }
        }
    })
    .await;
    (url, ledger, cue)
}

fn ways(authority: &Authority) -> [Option<TlsAcceptor>; 3] {
    [None, Some(authority.certify_in(&TLS12)), Some(authority.certify_in(&TLS13))]
}

fn wire(authority: &Authority, secure: bool, url: &str) -> Wire {
    if secure { authority.wire(Limits::default(), url) } else { Wire::to(url) }
}

#[tokio::test]
async fn what_comes_before_a_request_never_has_it_fail_or_sent_twice() {
    let authority = Authority::new();
    for (number, tls) in ways(&authority).into_iter().enumerate() {
        for (stray, closes) in STRAYS.into_iter().flat_map(|stray| [(stray, false), (stray, true)]).chain([("", true)])
        {
            // The moments range from right before the request to when the connection is known to be unusable.
            for moment in [0, 1, 2, 3, 5, 70] {
                let (url, ledger, cue) = straying(tls.clone(), stray, closes).await;
                let wire = wire(&authority, tls.is_some(), &url);
                wire.deliver().await;
                cue.now.notify_one();
                within(cue.said.notified()).await;
                for _ in 0..moment {
                    tokio::task::yield_now().await;
                }
                let outcome = wire.send().await;
                let what = format!("{stray:?}, closes: {closes}, TLS: {number}, moment {moment}");
                assert_eq!(outcome.error, None, "{what}: {outcome:?}");
                assert_eq!((ledger.connections(), ledger.requests()), (2, 2), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_answer_ends_a_kept_connection_and_fails_nothing() {
    for stray in ["\r\n", "ok", "H", "<html>", "HTTP/1.1  408 Odd\r\n\r\n", "220 mail\r\n"] {
        let (url, ledger) = receiver(move |mut line| async move {
            line.request().await?;
            line.say(NO_CONTENT).await?;
            if line.number > 0 {
                return Ok(());
            }
            // The bytes cross the next request.
            line.request().await?;
            line.say(stray).await
        })
        .await;
        let wire = Wire::to(&url);
        wire.deliver().await;
        let outcome = wire.send().await;
        let may_begin_an_answer = stray == "H";
        assert_eq!(outcome.error.is_some(), may_begin_an_answer, "{stray:?}: {outcome:?}");
        assert_eq!(ledger.connections(), if may_begin_an_answer { 1 } else { 2 }, "{stray:?}");
    }
}

/// Sends an answer before anything arrived, and then reads the request.
async fn speaks_first<S: AsyncRead + AsyncWrite + Unpin>(mut line: Line<S>, said: &str) -> io::Result<()> {
    line.say(said).await?;
    line.request().await.map(drop)
}

#[tokio::test]
async fn a_receiver_that_answers_before_it_is_asked_has_answered() {
    let authority = Authority::new();
    for tls in ways(&authority) {
        for said in ["HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\nok"] {
            let accepts = tls.clone();
            let (url, ledger) = receiver(move |line| {
                let tls = accepts.clone();
                async move {
                    match tls {
                        None => speaks_first(line, said).await,
                        Some(tls) => {
                            let line: Line<TlsStream<TcpStream>> = line.through(|stream| tls.accept(stream)).await?;
                            speaks_first(line, said).await
                        }
                    }
                }
            })
            .await;
            let wire = wire(&authority, tls.is_some(), &url);
            for times in 1..=10 {
                wire.deliver().await;
                ledger.all_closed().await;
                assert_eq!((ledger.connections(), ledger.requests()), (times, times), "{said:?}");
            }
        }
    }
}
