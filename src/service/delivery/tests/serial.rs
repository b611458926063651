//! Tests receivers that serve one or a few connections until these are closed, while others wait.

use std::io;

use tokio::{net::TcpStream, sync::Semaphore};

use super::{
    secured::Authority,
    wire::{Line, NO_CONTENT, Wire, receiver},
    *,
};
use crate::service::delivery::limits::Limits;

/// A receiver that serves this number of connections at once, and takes this long for each request.
async fn serving(connections: usize, takes: Duration) -> (String, Arc<wire::Ledger>) {
    let places = Arc::new(Semaphore::new(connections));
    receiver(move |line| {
        let places = places.clone();
        async move {
            let _place = places.acquire().await.unwrap();
            serve_slowly(line, takes).await
        }
    })
    .await
}

async fn serve_slowly(mut line: Line<TcpStream>, takes: Duration) -> io::Result<()> {
    while line.request().await? {
        tokio::time::sleep(takes).await;
        line.say(NO_CONTENT).await?;
    }
    Ok(())
}

async fn deliver_at_once(wire: &Wire, requests: usize) {
    let sent = futures_util::future::join_all((0..requests).map(|_| wire.send())).await;
    for outcome in sent {
        assert_eq!(outcome.error, None, "{outcome:?}");
    }
}

#[tokio::test]
async fn requests_at_once_are_each_delivered_once() {
    for connections in [1, 2, 3] {
        let (url, ledger) = serving(connections, Duration::ZERO).await;
        let wire = Wire::to(&url);
        deliver_at_once(&wire, 8).await;
        deliver_at_once(&wire, 8).await;
        assert_eq!(ledger.requests(), 16, "{connections}");
    }
}

#[tokio::test]
async fn none_times_out_behind_another_of_ours() {
    // Eight requests take twice as long as one may.
    let step = Duration::from_millis(400);
    let limits = Limits { dns: step, connect: step, tls: step, total: step, ..Limits::default() };
    let (url, ledger) = serving(1, step / 4).await;
    let wire = Wire::within(limits, &url);
    deliver_at_once(&wire, 8).await;
    assert_eq!(ledger.requests(), 8);
    // The sender knows by now that it must send one after the other.
    let before = ledger.connections();
    deliver_at_once(&wire, 8).await;
    assert_eq!((ledger.requests(), ledger.connections()), (16, before + 8));
}

#[tokio::test]
async fn a_handshake_that_waits_behind_another_of_ours_is_made_again() {
    let authority = Authority::new();
    let acceptor = authority.certify_in(&rustls::version::TLS13);
    let place = Arc::new(Semaphore::new(1));
    let (url, ledger) = receiver(move |line| {
        let (acceptor, place) = (acceptor.clone(), place.clone());
        async move {
            let _place = place.acquire().await.unwrap();
            let mut line = line.through(|stream| acceptor.accept(stream)).await?;
            while line.request().await? {
                tokio::time::sleep(Duration::from_millis(300)).await;
                line.say(NO_CONTENT).await?;
            }
            Ok(())
        }
    })
    .await;
    let limits = Limits { tls: Duration::from_millis(200), ..Limits::default() };
    deliver_at_once(&authority.wire(limits, &url), 4).await;
    assert_eq!(ledger.requests(), 4);
}

#[tokio::test]
async fn two_names_of_one_receiver_do_not_wait_for_each_other() {
    let (url, ledger) = serving(1, Duration::ZERO).await;
    let (mut wire, other) = (Wire::to(&url), url.replace("127.0.0.1", "localhost"));
    for url in [&url, &other, &url, &other] {
        wire.recipient().url.clone_from(url);
        wire.deliver().await;
    }
    assert_eq!(ledger.requests(), 4);
}

#[tokio::test]
async fn the_receivers_own_clients_wait_a_moment_only() {
    let (url, _) = serving(1, Duration::ZERO).await;
    let wire = Wire::to(&url);
    let address = url.strip_prefix("http://").unwrap().strip_suffix("/hooks").unwrap();
    for at_once in [1, 2, 1] {
        deliver_at_once(&wire, at_once).await;
        let mut own = Wire::to(&url);
        own.recipient().url = format!("http://{address}/own");
        let begun = std::time::Instant::now();
        own.deliver().await;
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_request_that_hangs_holds_up_no_other() {
    for at_once in [1, 2] {
        let (url, ledger) = receiver(|mut line| async move {
            // The second connection is accepted and never answered.
            if line.number == 1 {
                line.request().await?;
                return std::future::pending().await;
            }
            serve_slowly(line, Duration::from_millis(20)).await
        })
        .await;
        let wire = Arc::new(Wire::to(&url));
        let hanging = wire.clone();
        let first = wire.clone();
        let (first, hanging) =
            (tokio::spawn(async move { first.send().await }), tokio::spawn(async move { hanging.send().await }));
        within(first).await.unwrap();
        let begun = std::time::Instant::now();
        while begun.elapsed() < Duration::from_millis(1500) {
            deliver_at_once(&wire, at_once).await;
        }
        assert!(ledger.requests() > 20, "{}", ledger.requests());
        hanging.abort();
    }
}

#[tokio::test]
async fn a_receiver_that_takes_many_at_once_is_given_them() {
    const AT_ONCE: usize = 8;
    // The receiver answers no request before it has all of them.
    let all = Arc::new(tokio::sync::Barrier::new(AT_ONCE));
    let (url, ledger) = receiver(move |mut line| {
        let all = all.clone();
        async move {
            while line.request().await? {
                all.wait().await;
                line.say(NO_CONTENT).await?;
            }
            Ok(())
        }
    })
    .await;
    let wire = Wire::to(&url);
    for _ in 0..5 {
        deliver_at_once(&wire, AT_ONCE).await;
    }
    assert_eq!(ledger.requests(), 5 * AT_ONCE);
}

#[tokio::test]
async fn a_receiver_that_hangs_has_its_time_and_no_more() {
    let step = Duration::from_millis(300);
    let limits = Limits { dns: step, connect: step, tls: step, total: step, ..Limits::default() };
    // Only the first request is ever answered.
    let answered = Arc::new(Semaphore::new(1));
    let (url, _) = receiver(move |mut line| {
        let answered = answered.clone();
        async move {
            while line.request().await? {
                answered.acquire().await.unwrap().forget();
                line.say(NO_CONTENT).await?;
            }
            Ok(())
        }
    })
    .await;
    let wire = Wire::within(limits, &url);
    wire.deliver().await;
    let begun = std::time::Instant::now();
    let sent = futures_util::future::join_all((0..8).map(|_| wire.send())).await;
    assert!(sent.iter().all(|outcome| outcome.error == Some(crate::domain::attempt::AttemptError::Timeout)));
    assert!(begun.elapsed() < step * 3, "{:?}", begun.elapsed());
}
