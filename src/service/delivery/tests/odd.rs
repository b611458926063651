//! Tests odd answers: the service accepts what other clients accept.

use serde_json::Value;

use super::wire::{NO_CONTENT, Wire, receiver};
use crate::domain::attempt::AttemptError;

/// What curl, Python and Node read in the answers, recorded by `tests/fixtures/odd_answers.py`.
const RECORD: &str = include_str!("../../../../tests/fixtures/odd_answers.ndjson");

/// The status that most of them read.
fn understood(line: &Value) -> Option<u64> {
    let statuses: Vec<_> = ["curl", "python", "node"].iter().filter_map(|client| line[client].as_u64()).collect();
    statuses.iter().copied().find(|status| statuses.iter().filter(|other| *other == status).count() >= 2)
}

#[tokio::test]
async fn what_other_clients_take_is_taken() {
    let lines: Vec<Value> = RECORD.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().filter(|line| understood(line).is_some()).count() >= 54);
    for line in lines {
        let Some(status) = understood(&line) else { continue };
        // Each character of the record is one byte.
        let answer: Vec<u8> = line["answer"].as_str().unwrap().chars().map(|byte| byte as u8).collect();
        let (url, ledger) = receiver(move |mut connection| {
            let answer = answer.clone();
            async move {
                connection.request().await?;
                connection.say(answer).await
            }
        })
        .await;
        let outcome = Wire::to(&url).send().await;
        let name = &line["name"];
        assert_eq!(outcome.status.map(|status| u64::from(status.as_u16())), Some(status), "{name}: {outcome:?}");
        assert_eq!(outcome.error, None, "{name}");
        assert_eq!(ledger.requests(), 1, "{name}");
    }
}

/// Gives the other side time to read what was sent.
async fn read_by_then() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_other_clients_take_is_taken_line_by_line() {
    let lines = RECORD.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    // The longer answers would take too much time.
    let short = lines.filter(|line| understood(line).is_some() && line["answer"].as_str().unwrap().len() < 400);
    for line in short {
        let answer: Vec<u8> = line["answer"].as_str().unwrap().chars().map(|byte| byte as u8).collect();
        let (url, ledger) = receiver(move |mut connection| {
            let answer = answer.clone();
            async move {
                connection.request().await?;
                for line in answer.split_inclusive(|byte| *byte == b'\n') {
                    connection.say(line).await?;
                    read_by_then().await;
                }
                Ok(())
            }
        })
        .await;
        let outcome = Wire::to(&url).send().await;
        let name = &line["name"];
        assert_eq!(outcome.status.map(|status| u64::from(status.as_u16())), understood(&line), "{name}: {outcome:?}");
        assert_eq!(outcome.error, None, "{name}");
        assert_eq!(ledger.requests(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_head_of_many_lines_counts_however_it_comes() {
    let lines: String = (0..3000).map(|number| format!("x-{number}: 1\r\n")).collect();
    for (part, status, body) in [(61, 200, "ok"), (700, 200, "ok"), (9000, 401, "no"), (usize::MAX, 503, "")] {
        let answer = format!("HTTP/1.1 {status} X\r\n{lines}content-length: {}\r\n\r\n{body}", body.len());
        let (url, ledger) = receiver(move |mut line| {
            let answer = answer.clone();
            async move {
                line.request().await?;
                for part in answer.as_bytes().chunks(part) {
                    line.say(part).await?;
                    tokio::task::yield_now().await;
                }
                line.request().await.map(drop)
            }
        })
        .await;
        let outcome = Wire::to(&url).send().await;
        assert_eq!(outcome.status.map(|status| status.as_u16()), Some(status), "{part}: {outcome:?}");
        assert_eq!(ledger.requests(), 1, "{part}");
    }
}

#[tokio::test]
async fn what_is_no_answer_on_a_used_connection_sends_the_request_once_more() {
    for stray in ["HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", "left over", "\0"] {
        for late in [false, true] {
            let (url, ledger) = receiver(move |mut line| async move {
                line.request().await?;
                line.say(NO_CONTENT).await?;
                if line.number > 0 {
                    return Ok(());
                }
                // The odd bytes arrive with the previous answer or after the next request.
                if late {
                    line.request().await?;
                }
                line.say(stray).await
            })
            .await;
            let wire = Wire::to(&url);
            wire.deliver().await;
            wire.deliver().await;
            assert_eq!(ledger.connections(), 2, "{stray:?}, late: {late}");
            assert_eq!(ledger.requests(), if late { 3 } else { 2 }, "{stray:?}");
        }
    }
}

#[tokio::test]
async fn on_a_new_connection_it_is_a_failure_and_sent_once() {
    for (stray, error) in [
        ("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n", AttemptError::UnexpectedStatus),
        ("left over\r\n\r\n", AttemptError::InvalidResponse),
    ] {
        let (url, ledger) = receiver(move |mut line| async move {
            line.request().await?;
            line.say(stray).await
        })
        .await;
        Wire::to(&url).fail(error).await;
        assert_eq!(ledger.requests(), 1);
    }
}
