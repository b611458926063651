//! Tests connections that are kept, closed during use, reset at each stage, or never end.

use tokio::io::AsyncReadExt;

use super::{
    wire::{NO_CONTENT, Wire, brief, receiver},
    *,
};
use crate::{domain::attempt::AttemptError, service::delivery::limits::Limits};

#[tokio::test]
async fn connections_are_kept_for_the_next_request() {
    let (url, ledger) = receiver(|mut line| async move { line.serve().await }).await;
    let wire = Wire::to(&url);
    for _ in 0..50 {
        wire.deliver().await;
    }
    assert_eq!((ledger.connections(), ledger.requests()), (1, 50));
    for _ in 0..10 {
        futures_util::future::join_all((0..8).map(|_| wire.deliver())).await;
    }
    assert_eq!(ledger.requests(), 130);
    assert!(ledger.connections() <= 8, "{} connections", ledger.connections());
}

#[tokio::test]
async fn an_answer_with_a_body_leaves_a_connection_for_the_next_request() {
    let (url, ledger) = receiver(|mut line| async move {
        while line.request().await? {
            line.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n").await?;
        }
        Ok(())
    })
    .await;
    let wire = Wire::to(&url);
    for _ in 0..20 {
        assert_eq!(wire.deliver().await.response.unwrap().body, "ok");
    }
    assert_eq!((ledger.connections(), ledger.requests()), (1, 20));
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_a_while() {
    let (url, ledger) = receiver(|mut line| async move { line.serve().await }).await;
    let wire = Wire::within(Limits { idle: Duration::from_millis(20), ..Limits::default() }, &url);
    wire.deliver().await;
    ledger.all_closed().await;
    wire.deliver().await;
    assert_eq!((ledger.connections(), ledger.requests()), (2, 2));
}

#[tokio::test]
async fn connections_that_close_right_after_the_answer_fail_nothing() {
    let (url, ledger) = receiver(|mut line| async move {
        line.request().await?;
        line.say(NO_CONTENT).await
    })
    .await;
    let wire = Wire::to(&url);
    for _ in 0..100 {
        wire.deliver().await;
    }
    assert_eq!((ledger.connections(), ledger.requests()), (100, 100));
}

#[tokio::test]
async fn a_used_connection_that_breaks_without_an_answer_is_replaced_once() {
    for reset in [false, true] {
        let (url, ledger) = receiver(move |mut line| async move {
            line.request().await?;
            line.say(NO_CONTENT).await?;
            line.request().await?;
            if reset { line.reset() } else { Ok(()) }
        })
        .await;
        let wire = Wire::to(&url);
        wire.deliver().await;
        // The reused connection breaks, and the new one is answered.
        wire.deliver().await;
        assert_eq!((ledger.connections(), ledger.requests()), (2, 3), "reset: {reset}");
    }
}

#[tokio::test]
async fn it_is_not_replaced_when_the_answer_had_begun_or_the_new_one_breaks_too() {
    for (begun, requests) in [("HTTP/1.1 2", 2), ("", 3)] {
        let (url, ledger) = receiver(move |mut line| async move {
            line.request().await?;
            if line.number == 0 {
                line.say(NO_CONTENT).await?;
                line.request().await?;
            }
            line.say(begun).await
        })
        .await;
        let wire = Wire::to(&url);
        wire.deliver().await;
        wire.fail(AttemptError::ConnectionClosed).await;
        assert_eq!(ledger.requests(), requests, "{begun}");
    }
}

#[tokio::test]
async fn a_reset_at_any_stage_is_one_failed_request() {
    for (stage, bytes_read, answer) in [
        ("after accepting", Some(0), ""),
        ("in the request's headers", Some(40), ""),
        ("in the request's body", Some(120_000), ""),
        ("after the request", None, ""),
        ("in the status line", None, "HTTP/1.1 2"),
        ("in the answer's headers", None, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n"),
    ] {
        let (url, ledger) = receiver(move |mut line| async move {
            match bytes_read {
                Some(bytes) => drop(line.stream.read_exact(&mut vec![0; bytes]).await?),
                None => drop(line.request().await?),
            }
            line.say(answer).await?;
            line.reset()
        })
        .await;
        let mut wire = Wire::to(&url);
        wire.claim.body = vec![b' '; 256 * 1024].into();
        let outcome = wire.send().await;
        assert_eq!(outcome.error, Some(AttemptError::ConnectionClosed), "{stage}: {outcome:?}");
        assert_eq!(outcome.status, None, "{stage}");
        ledger.all_closed().await;
        assert_eq!(ledger.connections(), 1, "{stage}");
        assert_eq!(ledger.requests(), usize::from(bytes_read.is_none()), "{stage}");
    }
}

/// Sends single bytes for ever after the head.
async fn drip(mut line: wire::Line<tokio::net::TcpStream>, head: &str) -> std::io::Result<()> {
    line.request().await?;
    line.say(head).await?;
    loop {
        line.say("x").await?;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn the_deadline_covers_the_whole_answer() {
    for (what, head, status) in [
        ("a head by drops", "HTTP/1.1 200 OK\r\nx-slow: ", None),
        ("a body by drops", "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", Some(200)),
        ("a body without an end", "HTTP/1.1 200 OK\r\n\r\n", Some(200)),
    ] {
        let (url, ledger) = receiver(move |line| drip(line, head)).await;
        let outcome = Wire::within(brief(), &url).send().await;
        // What arrived before counts: a complete head is the receiver's answer.
        assert_eq!(outcome.error, status.is_none().then_some(AttemptError::Timeout), "{what}: {outcome:?}");
        assert_eq!(outcome.status.map(|status| status.as_u16()), status, "{what}");
        assert!(outcome.detail.unwrap().contains("0.4 s"), "{what}");
        let kept = outcome.response.map(|response| response.body);
        assert_eq!(kept.is_some_and(|body| body.starts_with("xx")), status.is_some(), "{what}");
        ledger.all_closed().await;
        assert_eq!(ledger.requests(), 1, "{what}");
    }
}

#[tokio::test]
async fn a_receiver_that_never_answers_or_never_reads_costs_the_deadline() {
    for reads in [true, false] {
        let (url, ledger) = receiver(move |mut line| async move {
            if reads {
                line.request().await?;
            }
            std::future::pending().await
        })
        .await;
        let mut wire = Wire::within(brief(), &url);
        // The body is larger than the buffers of both sides.
        wire.claim.body = vec![b' '; if reads { 100 } else { 32 * 1024 * 1024 }].into();
        let detail = wire.fail(AttemptError::Timeout).await;
        assert_eq!(detail, "the answer was not complete after 0.4 s");
        assert_eq!(ledger.connections(), 1);
    }
}

#[tokio::test]
async fn a_status_that_says_no_counts_though_its_body_never_ends() {
    let head = "HTTP/1.1 410 Gone\r\nretry-after: 7\r\ncontent-length: 1000000\r\n\r\n";
    let (url, _) = receiver(move |line| drip(line, head)).await;
    let outcome = Wire::within(brief(), &url).send().await;
    assert_eq!((outcome.error, outcome.retry_after.as_deref()), (Some(AttemptError::Gone), Some("7")));
}

#[tokio::test]
async fn a_redirect_is_one_request_wherever_it_leads() {
    let (elsewhere, spared) = receiver(|mut line| async move { line.serve().await }).await;
    for status in [301, 302, 303, 307, 308] {
        for location in ["https://example.com/hooks", &elsewhere, "/hooks", "//[::1]:1/", "\u{fc}nreadable"] {
            let answer = format!("HTTP/1.1 {status} Moved\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
            let (url, ledger) = receiver(move |mut line| {
                let answer = answer.clone();
                async move {
                    line.request().await?;
                    line.say(answer).await?;
                    line.serve().await
                }
            })
            .await;
            let detail = Wire::to(&url).fail(AttemptError::Redirected).await;
            assert!(detail.contains(&status.to_string()), "{detail}");
            assert_eq!((ledger.connections(), ledger.requests()), (1, 1), "{status} to {location}");
        }
    }
    assert_eq!(spared.connections(), 0);
}
