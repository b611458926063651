//! Tests very strange answers: each is judged, none breaks anything, and the next delivery works.

use super::{
    wire::{Wire, receiver},
    *,
};
use crate::{
    domain::attempt::{AttemptError, ReceivedResponse},
    service::delivery::sender::SendOutcome,
};

/// The result of an answer with these bytes and a closed connection; checks that the next request works.
async fn answered(bytes: impl Into<Vec<u8>>) -> SendOutcome {
    let bytes: Arc<[u8]> = bytes.into().into();
    let (url, ledger) = receiver(move |mut line| {
        let bytes = bytes.clone();
        async move {
            if line.number > 0 {
                return line.serve().await;
            }
            line.request().await?;
            line.say(bytes).await
        }
    })
    .await;
    let wire = Wire::to(&url);
    let outcome = wire.send().await;
    assert_eq!((ledger.connections(), ledger.requests()), (1, 1));
    wire.deliver().await;
    assert_eq!((ledger.connections(), ledger.requests()), (2, 2));
    outcome
}

fn ok(rest: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{rest}")
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_says_what_is_wrong_with_it() {
    let many = (0..10_000).map(|number| format!("x-{number}: 1\r\n")).collect::<String>();
    for (what, answer, words) in [
        ("another protocol", "SSH-2.0-receiver\r\n\r\n".to_owned(), "not HTTP/1.1"),
        ("HTTP/0.9", "<html>hello</html>\r\n".to_owned(), "not HTTP/1.1"),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), "not HTTP/1.1"),
        ("two digits", "HTTP/1.1 99 Odd\r\n\r\n".to_owned(), "no status"),
        ("a small status", "HTTP/1.1 099 Odd\r\n\r\n".to_owned(), "no status"),
        ("four digits", "HTTP/1.1 2000 Odd\r\n\r\n".to_owned(), "no status"),
        ("a garbage status line", "HTTP/1.1 \u{1}\u{2}\r\n\r\n".to_owned(), "no status"),
        ("a megabyte of header", ok(&format!("x-a: {}\r\n\r\n", "a".repeat(1 << 20))), "larger than 64 KiB"),
        ("ten thousand headers", ok(&format!("{many}\r\n")), "larger than 64 KiB"),
    ] {
        let outcome = answered(answer).await;
        assert_eq!((outcome.error, outcome.status), (Some(AttemptError::InvalidResponse), None), "{what}: {outcome:?}");
        let detail = outcome.detail.unwrap();
        assert!(detail.contains(words), "{what}: {detail}");
    }
}

#[tokio::test]
async fn a_complete_head_is_an_answer_though_some_of_it_cannot_be_read() {
    for rest in [
        "x-nul: a\0b\r\n\r\n",
        "this is no header\r\n\r\n",
        "x-a: 1\r\n folded: 2\r\n\r\n",
        "x-a: 1\rset-cookie: 2\r\n\r\n",
        "content-length: 2\r\ncontent-length: 3\r\n\r\nok",
        "content-length: -2\r\n\r\nok",
        "content-length: 99999999999999999999999\r\n\r\nok",
    ] {
        let outcome = answered(ok(rest)).await;
        assert_eq!((outcome.error, outcome.status.unwrap().as_u16()), (None, 200), "{rest:?}: {outcome:?}");
        assert!(!format!("{outcome:?}").contains("set-cookie"), "{outcome:?}");
    }
}

#[tokio::test]
async fn statuses_are_judged_whatever_they_are() {
    use AttemptError::{Gone, UnexpectedStatus};
    let early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    for (answer, status, error) in [
        (format!("{early}HTTP/1.1 204 No Content\r\n\r\n"), 204, None),
        (format!("{early}HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"), 500, Some(UnexpectedStatus)),
        (
            "HTTP/1.1 101 Switching\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n".to_owned(),
            101,
            Some(UnexpectedStatus),
        ),
        ("HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello".to_owned(), 204, None),
        ("HTTP/1.1 205 Reset\r\n\r\n".to_owned(), 205, None),
        ("HTTP/1.1 299 Fine\r\ncontent-length: 0\r\n\r\n".to_owned(), 299, None),
        ("HTTP/1.1 304 Not Modified\r\ncontent-length: 10\r\n\r\n".to_owned(), 304, Some(UnexpectedStatus)),
        ("HTTP/1.1 300 Choices\r\n\r\n".to_owned(), 300, Some(UnexpectedStatus)),
        ("HTTP/1.1 410 Gone\r\n\r\n".to_owned(), 410, Some(Gone)),
        ("HTTP/1.1 599 Odd\r\n\r\n".to_owned(), 599, Some(UnexpectedStatus)),
        ("HTTP/1.1 999 Odd\r\n\r\n".to_owned(), 999, Some(UnexpectedStatus)),
        ("HTTP/1.0 200 OK\r\n\r\nold".to_owned(), 200, None),
    ] {
        let outcome = answered(answer).await;
        assert_eq!(outcome.status.map(|status| status.as_u16()), Some(status), "{outcome:?}");
        assert_eq!(outcome.error, error, "{outcome:?}");
    }
}

#[tokio::test]
async fn bodies_that_end_wrongly_are_noted_with_what_came() {
    const CHUNKED: &str = "transfer-encoding: chunked\r\n\r\n2\r\nok\r\n";
    for (what, answer, cut) in [
        ("too short", ok("content-length: 100\r\n\r\nok"), true),
        ("no last chunk", ok(CHUNKED), true),
        ("a garbage size", ok(&format!("{CHUNKED}zz\r\n")), true),
        ("a size beyond 64 bits", ok(&format!("{CHUNKED}fffffffffffffffff\r\n")), true),
        ("a huge extension", ok(&format!("{CHUNKED}5;{}\r\n", "e".repeat(1 << 20))), true),
        ("garbage behind a chunk", ok(&format!("{CHUNKED}2\r\nokxx")), true),
        ("trailers", ok(&format!("{CHUNKED}0\r\nx-late: 1\r\n\r\n")), false),
        ("too long", ok("content-length: 2\r\n\r\nokmore"), false),
        ("length and chunks", ok(&format!("content-length: 9\r\n{CHUNKED}0\r\n\r\n")), false),
    ] {
        let outcome = answered(answer).await;
        assert_eq!((outcome.error, outcome.status.unwrap().as_u16()), (None, 200), "{what}: {outcome:?}");
        assert_eq!(
            outcome.detail.is_some_and(|detail| detail.starts_with("the answer's body broke off: ")),
            cut,
            "{what}"
        );
        let response = outcome.response.unwrap();
        assert!(response.body.starts_with("ok") && response.truncated == cut, "{what}: {response:?}");
    }
}

#[tokio::test]
async fn interim_answers_and_trailers_without_end_are_broken_off() {
    let chunked = ok("transfer-encoding: chunked\r\n\r\n0\r\n");
    let invalid = Some(AttemptError::InvalidResponse);
    for (head, repeated, error) in [("", "HTTP/1.1 100 Continue\r\n\r\n", invalid), (&*chunked, "x-late: 1\r\n", None)]
    {
        let (head, repeated) = (head.to_owned(), repeated.repeat(1000));
        let (url, ledger) = receiver(move |mut line| {
            let (head, repeated) = (head.clone(), repeated.clone());
            async move {
                line.request().await?;
                line.say(head).await?;
                loop {
                    line.say(&repeated).await?;
                }
            }
        })
        .await;
        let outcome = Wire::to(&url).send().await;
        assert!(outcome.error == error && outcome.detail.is_some(), "{outcome:?}");
        ledger.all_closed().await;
    }
}

async fn kept(answer: impl Into<Vec<u8>>) -> ReceivedResponse {
    let outcome = answered(answer).await;
    assert_eq!(outcome.error, None, "{outcome:?}");
    outcome.response.unwrap()
}

#[tokio::test]
async fn what_is_no_text_is_kept_as_far_as_it_is() {
    let mut answer = b"HTTP/1.1 200 OK\r\nx-odd: a\xff\xfeb\r\ncontent-length: 6\r\n\r\n".to_vec();
    answer.extend_from_slice(b"a\0\xffb\xc3z");
    let response = kept(answer).await;
    assert_eq!((response.body.as_str(), response.truncated), ("a\u{fffd}\u{fffd}b\u{fffd}z", false));
    assert!(response.headers.iter().any(|header| header.value == "a\u{fffd}\u{fffd}b"), "{response:?}");
}

#[tokio::test]
async fn a_body_is_cut_between_two_characters() {
    let response = kept(ok(&format!("content-length: 20001\r\n\r\nx{}", "ä".repeat(10_000)))).await;
    assert_eq!((response.body, response.truncated), (format!("x{}", "ä".repeat(8191)), true));
}

#[tokio::test]
async fn a_compressed_body_is_not_decompressed() {
    // The body is the start of ten compressed megabytes of zeros.
    let mut answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 14\r\n\r\n".to_vec();
    answer.extend_from_slice(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xec\xc1\x31\x01");
    let response = kept(answer).await;
    assert!(response.body.starts_with('\u{1f}') && response.body.len() < 50, "{response:?}");
}

#[tokio::test]
async fn of_many_large_headers_only_so_much_is_kept() {
    let many = (0..60).map(|number| format!("x-{number}: {}\r\n", "a".repeat(1000))).collect::<String>();
    let response = kept(ok(&format!("{many}content-length: 0\r\n\r\n"))).await;
    let size = response.headers.iter().map(|header| header.name.len() + header.value.len()).sum::<usize>();
    assert!((16_000..=16_384).contains(&size), "{size} bytes");
}

#[tokio::test]
async fn a_body_without_end_is_left_and_its_connection_closed() {
    for head in ["content-length: 10485760\r\n", "connection: close\r\n", "transfer-encoding: chunked\r\n"] {
        let (head, chunk) = (ok(&format!("{head}\r\n")), format!("10000\r\n{}\r\n", "x".repeat(65_536)));
        let (url, ledger) = receiver(move |mut line| {
            let (head, chunk) = (head.clone(), chunk.clone());
            async move {
                line.request().await?;
                line.say(head).await?;
                // The loop ends when the sender closes; a sender that drained the body would never get there.
                loop {
                    line.say(&chunk).await?;
                }
            }
        })
        .await;
        let wire = Wire::to(&url);
        for connections in 1..=3 {
            let response = wire.deliver().await.response.unwrap();
            assert_eq!((response.body.len(), response.truncated), (16_384, true));
            ledger.all_closed().await;
            assert_eq!((ledger.connections(), ledger.requests()), (connections, connections));
        }
    }
}
