//! Tests receivers that answer before they have read the request, and close: their answer counts.

use std::io;

use rustls::version::{TLS12, TLS13};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    secured::Authority,
    wire::{Ledger, Line, Wire, receiver},
    *,
};
use crate::{
    domain::attempt::AttemptError,
    service::delivery::{limits::Limits, sender::SendOutcome},
};

/// A size that cannot be sent completely before the answer arrives.
const LARGE: usize = 1024 * 1024;

/// The number of simultaneous tries of each case, because the result depends on which thread is first.
const ROUNDS: usize = 4;

async fn answer<S: AsyncRead + AsyncWrite + Unpin>(line: &mut Line<S>, said: &str) -> io::Result<()> {
    line.head().await?;
    line.say(said).await
}

/// A receiver that answers like this after a request's head, and closes or resets the connection at once.
async fn hasty(tls: Option<TlsAcceptor>, said: String, resets: bool) -> (String, Arc<Ledger>) {
    receiver(move |mut line| {
        let (tls, said) = (tls.clone(), said.clone());
        async move {
            // Data that waits for an acknowledgement would be lost with the connection.
            line.stream.set_nodelay(true)?;
            let Some(tls) = tls else {
                answer(&mut line, &said).await?;
                return if resets { line.reset() } else { Ok(()) };
            };
            let mut line: Line<TlsStream<TcpStream>> = line.through(|stream| tls.accept(stream)).await?;
            answer(&mut line, &said).await?;
            if resets { line.stream.get_ref().0.set_zero_linger() } else { Ok(()) }
        }
    })
    .await
}

/// Checks the result of each answer, with and without TLS.
async fn tried(answers: &[&str], check: impl Fn(&str, SendOutcome)) {
    let authority = Authority::new();
    for tls in [None, Some(authority.certify_in(&TLS12)), Some(authority.certify_in(&TLS13))] {
        for (said, resets) in answers.iter().flat_map(|said| [(*said, false), (*said, true)]) {
            let what = format!("{said:?}, TLS: {}, reset: {resets}", tls.is_some());
            let (url, ledger) = hasty(tls.clone(), said.to_owned(), resets).await;
            let mut wire = match tls {
                Some(_) => authority.wire(Limits::default(), &url),
                None => Wire::to(&url),
            };
            wire.claim.body = vec![b' '; LARGE].into();
            let rounds = futures_util::future::join_all((0..ROUNDS).map(|_| wire.send())).await;
            rounds.into_iter().for_each(|outcome| check(&what, outcome));
            assert_eq!(ledger.connections(), ROUNDS, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_before_the_request_is_read_counts() {
    let taken = [
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-late: 1\r\n\r\n",
        "HTTP/1.1  200 OK\r\ncontent-length: 2\r\n\r\nok",
    ];
    tried(&taken, |what, outcome| assert_eq!(outcome.error, None, "{what}: {outcome:?}")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_before_the_request_is_read_is_told_as_it_was_said() {
    let refused = ["HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n", "HTTP/1.0 401 No\r\n\r\nno secret"];
    let check = |what: &str, outcome: SendOutcome| {
        assert_eq!(outcome.error, Some(AttemptError::UnexpectedStatus), "{what}: {outcome:?}");
    };
    tried(&refused, check).await;
    let half = ["", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nx-a: 1\r\n", "HTTP/1.1 100 Continue\r\n\r\n"];
    let check = |what: &str, outcome: SendOutcome| {
        assert_eq!(outcome.error, Some(AttemptError::ConnectionClosed), "{what}: {outcome:?}");
    };
    tried(&half, check).await;
}
