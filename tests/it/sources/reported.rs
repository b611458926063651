//! Ways of sending that other receivers of webhooks have public reports about: each is taken, and its bytes go on.

use std::io::Write;

use super::outside::{Outside, SECRET, answered, connect, event, exchange, path, read_all, signature};
use crate::common::receiver::Receiver;

/// A request's head without its end, and then its body as it is sent.
fn request(outside: &Outside, path: &str, version: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let to = outside.senders;
    let head = format!("POST {path} HTTP/{version}\r\nHost: {to}\r\nConnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

#[test]
fn what_others_have_trouble_with_is_taken() {
    let (outside, receiver) = (Outside::new(), Receiver::accepting());
    outside.api.add("all", &receiver.url(), "*");
    let source = outside.source("TimeMoto", "timemoto");
    let path = path(&source);
    let mut sent = Vec::new();
    let mut next = || {
        let body = [&event(sent.len() as u64, "user.updated")[..], b"\n"].concat();
        sent.push(body.clone());
        body
    };
    let json = "Content-Type: application/json\r\n";
    for (name, version, headers) in [
        ("a charset", "1.1", "Content-Type: application/json; charset=UTF-8\r\n"),
        ("no type at all", "1.1", ""),
        ("an empty coding", "1.1", "Content-Type: application/json\r\nContent-Encoding: identity\r\n"),
        ("HTTP/1.0", "1.0", json),
    ] {
        let body = next();
        let signed = format!("{headers}Timemoto-Signature: {}\r\nContent-Length: {}\r\n", signature(&body), body.len());
        assert_eq!(
            answered(&exchange(outside.senders, &request(&outside, path, version, &signed, &body))).status,
            200,
            "{name}"
        );
    }
    // The signature's header in another case, and with blanks around it.
    for (name, before, behind) in [("timemoto-signature", "", ""), ("TIMEMOTO-SIGNATURE", "  \t", " \t ")] {
        let body = next();
        let length = body.len();
        let signed = format!("{json}{name}:{before}{}{behind}\r\nContent-Length: {length}\r\n", signature(&body));
        assert_eq!(
            answered(&exchange(outside.senders, &request(&outside, path, "1.1", &signed, &body))).status,
            200,
            "{name}"
        );
    }
    // In chunks, of a byte each, with an extension and a trailer.
    let body = next();
    let chunks: Vec<u8> = body.iter().flat_map(|byte| [b"1;a=b\r\n", &[*byte][..], b"\r\n"].concat()).collect();
    let chunked = [&chunks[..], b"0\r\nX-Trailer: 1\r\n\r\n"].concat();
    let signed = format!("{json}Timemoto-Signature: {}\r\nTransfer-Encoding: chunked\r\n", signature(&body));
    assert_eq!(answered(&exchange(outside.senders, &request(&outside, path, "1.1", &signed, &chunked))).status, 200);
    // Some senders give the body only when they were asked to.
    let body = next();
    let expecting = format!(
        "{json}Timemoto-Signature: {}\r\nExpect: 100-continue\r\nContent-Length: {}\r\n",
        signature(&body),
        body.len()
    );
    let mut stream = connect(outside.senders);
    stream.write_all(&request(&outside, path, "1.1", &expecting, b"")).unwrap();
    let mut asked = [0; 25];
    std::io::Read::read_exact(&mut stream, &mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&body).unwrap();
    assert_eq!(answered(&read_all(&mut stream)).status, 200);
    outside.delivered(sent.len());
    let mut came: Vec<_> = receiver.ledger().iter().map(|came| came.body.to_vec()).collect();
    came.sort();
    sent.sort();
    assert_eq!(came, sent);
}

#[test]
fn what_cannot_be_taken_is_told_and_kept_for_a_person_to_see() {
    let outside = Outside::new();
    let source = outside.add(serde_json::json!({"name": "X", "secret": format!("{SECRET}\r\n"), "scheme": "timemoto"}));
    let body = event(1, "user.updated");
    assert_eq!(outside.deliver(&source, &body).status, 200, "a line's end is no part of a secret");
    let signature = signature(&body);
    for (header, value, status, reason) in [
        ("Content-Encoding", "gzip", 415, "media_type"),
        ("Content-Type", "application/x-www-form-urlencoded", 415, "media_type"),
    ] {
        let headers = [("Timemoto-Signature", signature.as_str()), (header, value)];
        super::outside::post(outside.senders, path(&source), &headers, &body).of_status(status);
        assert_eq!(outside.received(&source, "outcome=refused", 1)[0]["reason"], reason);
    }
}

#[test]
fn a_connection_is_used_again_and_requests_that_come_together_are_answered_in_order() {
    let outside = Outside::new();
    let source = outside.source("TimeMoto", "timemoto");
    let requests: Vec<Vec<u8>> = (0..20)
        .map(|number| {
            let body = event(number, "user.updated");
            let signature = if number % 3 == 2 { "00".repeat(32) } else { signature(&body) };
            let close = if number == 19 { "Connection: close\r\n" } else { "" };
            let head = format!(
                "POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTimemoto-Signature: {signature}\r\n\
                 {close}Content-Length: {}\r\n\r\n",
                path(&source),
                body.len()
            );
            [head.as_bytes(), &body].concat()
        })
        .collect();
    let answers = exchange(outside.senders, &requests.concat());
    let statuses: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    let expected: Vec<&str> = (0..20).map(|number| if number % 3 == 2 { "401" } else { "200" }).collect();
    assert_eq!(statuses, expected);
}
