//! Measures what a source does with what comes in: the search for a scheme while it learns, of usual requests and of ones that
//! are made to be slow, and the check of a known scheme beside a bare HMAC of the same body.
//!
//! `cargo bench --bench learn` builds as it is shipped; `cargo bench --profile release --bench learn` sooner.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tm_hooks::{
    domain::{attempt::Header, scheme::Scheme, time::Timestamp},
    signing::{
        Request, SharedSecret,
        learn::{LONGEST_BODY, explaining, first, lacking, still},
        sender::Signatory,
    },
};

/// An invented secret.
const SECRET: &str = "tmkey_Zx81Kq0aVb7LmN3pRt6UwYc2EdFgHj45";

/// How often a check is repeated for one figure, and how many figures the middle one is taken of.
const REPEATED: u32 = 2_000;
const FIGURES: usize = 21;

fn main() {
    let secret = SharedSecret::read(SECRET).unwrap();
    println!("{:<58} {:>10}", "search for a scheme", "time");
    for (name, request) in usual().into_iter().chain(slow()) {
        let (took, found) = best_of(if request.body.len() > 10_000 { 2 } else { 9 }, || explaining(&request, &secret));
        println!(
            "{name:<58} {:>7.1} ms  {} fit; {}",
            took.as_secs_f64() * 1e3,
            found.len(),
            lacking(&request, &secret)
        );
    }
    println!("peak of memory: {}\n", peak());
    println!("{:<58} {:>10}", "check of what is known", "time");
    let (_, request) = usual().remove(0);
    let one = [Scheme::timemoto()];
    // Other forms of the same JSON, which such a sender never tells apart.
    let all = explaining(&request, &secret);
    let bare = middle(|| hmac(black_box(&request.body)));
    let checked = middle(|| still(&one, black_box(&request), &secret));
    let genuine = middle(|| first(&all, black_box(&request), &secret));
    let several = middle(|| still(&all, black_box(&request), &secret));
    for (name, took) in [
        ("HMAC-SHA256 of the body alone".to_owned(), bare),
        ("still: one scheme".to_owned(), checked),
        (format!("first: of {} schemes that are not told apart", all.len()), genuine),
        (format!("still: {} schemes that are not told apart", all.len()), several),
    ] {
        println!("{name:<58} {:>7.2} µs  {:.2} of the HMAC", took * 1e6, took / bare);
    }
}

fn hmac(body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// The best time of some rounds, and the last result.
fn best_of<T>(rounds: usize, run: impl Fn() -> T) -> (Duration, T) {
    let timed = || {
        let begun = Instant::now();
        let result = black_box(run());
        (begun.elapsed(), result)
    };
    (0..rounds).map(|_| timed()).min_by_key(|(took, _)| *took).unwrap()
}

/// The seconds that one run takes, as the middle of several figures.
fn middle<T>(run: impl Fn() -> T) -> f64 {
    let mut figures: Vec<f64> = (0..FIGURES)
        .map(|_| {
            let begun = Instant::now();
            (0..REPEATED).for_each(|_| drop(black_box(run())));
            begun.elapsed().as_secs_f64() / f64::from(REPEATED)
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    figures[FIGURES / 2]
}

/// The most memory that this process has had, as Linux tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not known here".to_owned(), |size| size.trim().to_owned())
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: value.to_owned() }
}

/// An event of the usual size, behind a proxy.
fn event() -> Request {
    let fields: Vec<String> =
        (0..38).map(|number| format!("\"field{number}\":\"{} é\"", "x".repeat(number % 20 + 5))).collect();
    let body = format!(
        "{{\"id\":\"tm_0f3c9d21b7a4e6f8091a2b3c4d5e6f70\",\"event\":\"attendance.inserted\",\"sequence\":1047,\
         \"dispatchedAt\":1795455600,\"data\":{{{}}}}}",
        fields.join(",")
    );
    let headers = [
        ("Host", "hooks.example.com"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("User-Agent", "sender/1.0"),
        ("Accept-Encoding", "gzip, br"),
        ("CF-Ray", "8f3b1c2d4e5f6a7b-FRA"),
        ("CF-Connecting-IP", "192.0.2.7"),
        ("X-Forwarded-For", "192.0.2.7"),
        ("X-Forwarded-Proto", "https"),
        ("X-Correlation-Id", "0199c1d2-e3f4-7586-97a8-b9cadbecfd0e"),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("X-Timestamp", "1795455601"),
    ];
    Request {
        url: Some("https://hooks.example.com/in/src_0123456789".to_owned()),
        headers: headers.iter().map(|(name, value)| header(name, value)).collect(),
        body: body.into_bytes(),
    }
}

fn signed(scheme: &str, mut request: Request) -> Request {
    let secrets = &[SharedSecret::read(SECRET).unwrap()];
    let (scheme, now) = (scheme.parse().unwrap(), Timestamp::from_seconds(1_795_455_600));
    Signatory { scheme: &scheme, secrets, id: None, now }.add_headers(&mut request).unwrap();
    request
}

fn usual() -> Vec<(&'static str, Request)> {
    let also = |mut request: Request| {
        request.headers.push(header("X-Request-Id", "5f2b8c9e1d3a4b6c7d8e9f0a1b2c3d4e"));
        request
    };
    let mut forged = event();
    forged.headers.push(header("X-Signature", &"0f".repeat(32)));
    vec![
        ("an event, signed", signed("hmac-sha256", event())),
        (
            "an event, signed with its time in Base64",
            signed("sha512 message={header:X-Timestamp}.{raw} encoding=base64", event()),
        ),
        ("an event, signed, and a request's id in hex", also(signed("hmac-sha256", event()))),
        ("an event, forged", forged),
        ("an event without a signature", event()),
    ]
}

/// As much as a request can be, in every direction.
fn slow() -> Vec<(&'static str, Request)> {
    let hex = "0123456789abcdef".repeat(8);
    let mut headers: Vec<Header> = (0..8)
        .flat_map(|number| [32, 40, 64, 128].map(|length| (number, length)))
        .map(|(number, length)| header(&format!("X-Sign-{number}"), &hex[number..][..length.min(128 - number)]))
        .collect();
    headers.extend((0..60).map(|number| header(&format!("X-Time-{number}"), &hex)));
    headers
        .extend([",", " ", "=", ", ", "a,", "v1,"].map(|part| header("X-Signature", &part.repeat(8192 / part.len()))));
    headers.extend([" ", ",", "="].map(|part| header("X-Signature-Of-1024", &part.repeat(1024))));
    let with = |body: Vec<u8>| Request { url: Some("/".repeat(2048)), headers: headers.clone(), body };
    let names: Vec<String> = (0..4_300).map(|number| format!("\"\\u0061{number}\":1")).collect();
    let deep = "[".repeat(120) + "1" + &",1".repeat(32_000) + &"]".repeat(120);
    let wide = format!("{{\"id\":\"{}\",\"data\":\"{}\"}}", "i".repeat(128), "<é".repeat(20_000));
    vec![
        ("made to be slow: an empty body", with(Vec::new())),
        ("made to be slow: an event", with(event().body)),
        ("made to be slow: 64 KiB of names with escapes", with(format!("{{{}}}", names.join(",")).into_bytes())),
        ("made to be slow: 64 KiB of deep JSON", with(deep.into_bytes())),
        ("made to be slow: 64 KiB that other writers make longer", with(wide.into_bytes())),
        ("made to be slow: 64 KiB that are no text", with(vec![0xff; LONGEST_BODY])),
        ("made to be slow: 256 KiB", with(vec![b'['; 256 << 10])),
    ]
}
