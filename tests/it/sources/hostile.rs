//! Tests that whatever anybody sends to the address for senders costs bounded memory and disk, and keeps nobody from
//! administering.

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use serde_json::json;

use super::outside::{Outside, answered, connect, event, exchange, path, post, read_all, signature, text};

/// The most memory in KiB that a service has had.
fn most_memory(outside: &Outside) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", outside.served.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn size(folder: &Path) -> u64 {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
}

/// The beginning of a request to a source.
fn head(path: &str, more: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{more}").into_bytes()
}

#[test]
fn what_is_broken_or_too_large_is_refused_at_once() {
    let outside = Outside::new();
    let source = outside.source("TimeMoto", "timemoto");
    let (path, to) = (path(&source), outside.senders);
    let body = event(1, "user.updated");
    let signed = format!("Timemoto-Signature: {}\r\n", signature(&body));
    let with_body = |more: &str, body: &[u8]| [&head(path, &format!("{signed}{more}\r\n"))[..], body].concat();
    let length = body.len();
    let headers: String = (0..400).map(|number| format!("X-{number}: 1\r\n")).collect();
    let (before, began) = (most_memory(&outside), Instant::now());
    for (name, status, bytes) in [
        ("ten gigabytes", 413, with_body("Content-Length: 10000000000\r\n", &[b'a'; 1000])),
        ("a length beyond all numbers", 400, with_body("Content-Length: 99999999999999999999999\r\n", &body)),
        ("no length", 401, with_body("Connection: close\r\n", &[])),
        ("a chunk without a size", 400, with_body("Transfer-Encoding: chunked\r\n", b"x\r\n\r\n")),
        ("a chunk beyond all numbers", 400, with_body("Transfer-Encoding: chunked\r\n", b"fffffffffffffffff\r\n{}")),
        ("two lengths", 400, with_body(&format!("Content-Length: {length}\r\nContent-Length: 3\r\n"), &body)),
        // The chunks rule, and then the connection is closed, as RFC 9112 wants (section 6.1).
        (
            "a length and chunks",
            401,
            with_body(&format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n"), b"0\r\n\r\n"),
        ),
        ("two hosts", 400, with_body(&format!("Connection: close\r\nHost: y\r\nContent-Length: {length}\r\n"), &body)),
        ("a header with a NUL", 400, with_body(&format!("X-Nul: a\0b\r\nContent-Length: {length}\r\n"), &body)),
        ("400 headers", 431, with_body(&format!("{headers}Content-Length: {length}\r\n"), &body)),
        ("an endless head", 431, with_body(&format!("X: {}\r\n", "a".repeat(200_000)), &body)),
        ("a body of NULs", 401, with_body("Connection: close\r\nContent-Length: 9\r\n", &[0; 9])),
        ("no HTTP", 400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
    ] {
        assert_eq!(answered(&exchange(to, &bytes)).status, status, "{name}");
    }
    assert!(began.elapsed() < Duration::from_secs(30), "each connection is closed with the answer");
    let latin = [&head(path, &signed)[..], b"X-Name: M\xfcller\r\nConnection: close\r\n"].concat();
    let latin = [&latin[..], format!("Content-Length: {length}\r\n\r\n").as_bytes(), &body].concat();
    assert_eq!(answered(&exchange(to, &latin)).status, 200, "a header that is no UTF-8 is none of ours");
    // Chunks without an end: as many are read as a body may have.
    let mut stream = connect(to);
    stream.write_all(&with_body("Transfer-Encoding: chunked\r\n", b"")).unwrap();
    let chunk = [&b"10000\r\n"[..], &[b'a'; 0x1_0000], b"\r\n"].concat();
    let written = (0..1000).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(written < 1000, "it is not read for ever");
    assert_eq!(outside.received(&source, "outcome=refused", 4)[0]["reason"], "too_large");
    let grown = most_memory(&outside) - before;
    assert!(grown < 16 * 1024, "it took {grown} KiB");
}

#[test]
fn a_thousand_connections_that_let_wait_keep_nobody_from_administering() {
    let outside = Outside::new();
    let source = outside.source("TimeMoto", "timemoto");
    let before = most_memory(&outside);
    let begin = |number: usize| -> TcpStream {
        let mut stream = connect(outside.senders);
        let half = match number % 4 {
            0 => Vec::new(),
            1 => head(path(&source), "X-More: "),
            2 => [&head(path(&source), "Content-Length: 200000\r\n\r\n")[..], &[b'a'; 8_000]].concat(),
            _ => [&head(path(&source), "Transfer-Encoding: chunked\r\n\r\n")[..], b"1\r\na\r\n"].concat(),
        };
        // The service may close it, to make room.
        let _ = stream.write_all(&half);
        stream
    };
    let mut waiting: Vec<TcpStream> = (0..1_000).map(begin).collect();
    for number in 0..10 {
        assert_eq!(outside.api.get("/v1/sources").status, 200);
        assert_eq!(outside.deliver(&source, &event(number, "user.updated")).status, 200);
    }
    let grown = most_memory(&outside) - before;
    assert!(grown < 100 * 1024, "it took {grown} KiB");
    // They are not waited for when the service ends.
    outside.ends();
    waiting.iter_mut().for_each(|stream| drop(read_all(stream)));
}

#[test]
fn refused_requests_take_bounded_memory_and_disk() {
    const SENT: usize = 1_000;
    let outside = Outside::new();
    let source = outside.source("TimeMoto", "timemoto");
    let folder = outside.home.path().join("served");
    let (memory, disk) = (most_memory(&outside), size(&folder));
    let next = AtomicUsize::new(0);
    let send = || {
        let mut noise = 1_u64;
        while let number @ 0..SENT = next.fetch_add(1, Ordering::SeqCst) {
            // It is not packed to nothing.
            let body: Vec<u8> = std::iter::repeat_with(|| {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number as u64 | 1);
                b'a' + (noise >> 60) as u8
            })
            .take(64 * 1024)
            .collect();
            let status =
                post(outside.senders, path(&source), &[("Timemoto-Signature", &"00".repeat(32))], &body).status;
            assert!(matches!(status, 401 | 429), "{status}");
        }
    };
    std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(send))));
    assert_eq!(outside.deliver(&source, &event(1, "user.updated")).status, 200, "a genuine one is not told to wait");
    crate::common::until("all to be counted", || (outside.now(&source)["refused24h"] == json!(SENT)).then_some(()));
    let kept = outside.received(&source, "outcome=refused", 1);
    assert!(kept.len() <= 100 && kept.iter().all(|one| text(&one["reason"]) == "forged" || one["status"] == 429));
    let (memory, disk) = (most_memory(&outside) - memory, size(&folder) - disk);
    assert!(memory < 48 * 1024, "it took {memory} KiB of memory");
    assert!(disk < 24 * 1024 * 1024, "it took {disk} bytes of disk");
}
