//! Tests receivers that answer wrongly or not at all.

use tokio::net::TcpListener;

use super::{
    receiver::{Answer, Receiver},
    *,
};
use crate::domain::attempt::{AttemptError, AttemptStatus};

/// Makes an attempt that gets this answer.
async fn attempt_answered(answer: Answer) -> Attempt {
    let (world, receiver) = (World::new(), Receiver::answering([answer]).await);
    world.deliver_one_to(&receiver.url).await;
    world.newest().await
}

fn last(text: &str) -> Answer {
    Answer::Last(text.to_owned())
}

#[tokio::test]
async fn broken_answers_are_told_apart() {
    use AttemptError::{ConnectionClosed, InvalidResponse, UnexpectedStatus};
    let broken_off = "HTTP/1.1 500 Oh\r\ncontent-length: 100\r\n\r\nonly this";
    for (what, answer, error, status) in [
        ("reset", Answer::Reset, ConnectionClosed, None),
        ("closed", last(""), ConnectionClosed, None),
        ("closed in the head", last("HTTP/1.1 200 OK\r\ncontent-le"), ConnectionClosed, None),
        ("garbage", last("SSH-2.0-receiver\r\n\r\n"), InvalidResponse, None),
        ("no and broken off", last(broken_off), UnexpectedStatus, Some(500)),
    ] {
        let attempt = attempt_answered(answer).await;
        assert_eq!((attempt.error, attempt.http_status), (Some(error), status), "{what}");
        assert_eq!(attempt.status, AttemptStatus::Failed, "{what}");
        assert!(attempt.next_retry_at.is_some() && attempt.error_detail.is_some(), "{what}");
        assert_eq!(attempt.response.map(|response| response.body), status.map(|_| "only this".to_owned()), "{what}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (world, mut elsewhere) = (World::new(), Receiver::status(204).await);
    let location = format!("location: {}\r\n", elsewhere.url);
    let receiver = Receiver::answering([Answer::status(301, &location)]).await;
    world.deliver_one_to(&receiver.url).await;
    let attempt = world.newest().await;
    assert_eq!((attempt.error, attempt.http_status), (Some(AttemptError::Redirected), Some(301)));
    assert!(attempt.next_retry_at.is_some());
    assert_eq!(elsewhere.unseen(), 0);
}

#[tokio::test]
async fn of_a_large_body_only_the_beginning_is_read_and_kept() {
    // The rest never arrives, so the test would wait for ever if it were read.
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n";
    let attempt = attempt_answered(Answer::Whole(format!("{head}{}", "x".repeat(64 * 1024)))).await;
    assert_eq!((attempt.status, attempt.error), (AttemptStatus::Succeeded, None));
    let response = attempt.response.unwrap();
    assert_eq!((response.body, response.truncated), ("x".repeat(16 * 1024), true));
}

#[tokio::test]
async fn nothing_that_listens_is_a_refused_connection() {
    let world = World::new();
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    world.deliver_one_to(&format!("http://{free}/hooks")).await;
    let attempt = world.newest().await;
    assert_eq!((attempt.error, attempt.http_status), (Some(AttemptError::ConnectionRefused), None));
    assert_eq!(attempt.response, None);
}

#[tokio::test]
async fn a_name_that_leads_to_a_refused_address_is_not_dialled() {
    let world = World::guarded(NetGuard::strict());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    world.deliver_one_to(&format!("https://localhost:{port}/hooks")).await;
    let attempt = world.newest().await;
    assert_eq!(attempt.error, Some(AttemptError::AddressRefused));
    let detail = attempt.error_detail.unwrap();
    assert!(detail.contains("--allow-cidr"), "{detail}");
    let dialled = futures_util::FutureExt::now_or_never(listener.accept());
    assert!(dialled.is_none(), "it was connected to");
}
