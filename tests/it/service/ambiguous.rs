//! Tests that ambiguous requests are refused, and that answers are dated by the service's clock.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::common::{
    Home,
    api::Api,
    receiver::Receiver,
    service::{Served, TOKEN, sqlite},
    trace,
};

/// Sends exactly this request; returns the whole answer.
fn said(served: &Served, request: &str) -> String {
    let mut stream = TcpStream::connect(served.url.trim_start_matches("http://")).unwrap();
    let request = request.replace('\n', "\r\n").replace("TOKEN", trace::secret(TOKEN));
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_may_stand_there_once_stands_there_once() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    for (request, status, words) in [
        ("GET /v1/me HTTP/1.1\nHost: x\nAuthorization: Bearer TOKEN\nConnection: close\n\n", 200, ""),
        ("GET /v1/me HTTP/1.0\nAuthorization: Bearer TOKEN\n\n", 200, ""),
        (
            "GET /v1/me HTTP/1.1\nHost: x\nAuthorization: Bearer TOKEN\nauthorization: Bearer other\nConnection: close\n\n",
            400,
            "authorization is there more than once",
        ),
        ("GET /livez HTTP/1.1\nHost: x\nHost: x\nConnection: close\n\n", 400, "host is there more than once"),
        ("GET /livez HTTP/1.1\nConnection: close\n\n", 400, "no Host header"),
    ] {
        let answer = said(&served, request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) || answer.starts_with("HTTP/1.0 200"), "{answer}");
        assert!(answer.contains(words), "{request}: {answer}");
    }
}

#[test]
fn a_header_is_named_once_in_a_webhook() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    let api = Api::of(&served);
    let url = receiver.url();
    for (headers, words) in [
        (r#"{"X-A":"1","x-a":"2"}"#, "headers.x-a: is the same header as X-A"),
        (r#"{"X-A":"1","X-A":"2"}"#, "headers.X-A"),
        (r#"{"Proxy-Authorization":"1"}"#, "about the connection"),
    ] {
        let body = format!(r#"{{"name":"A","url":"{url}","events":["*"],"headers":{headers}}}"#);
        let refused = api.post_bytes("/v1/webhooks", body.into_bytes()).of_status(422);
        let errors = refused.json()["errors"][0].clone();
        let said = format!("{}: {}", errors["field"].as_str().unwrap(), errors["message"].as_str().unwrap());
        assert!(said.contains(words), "{said}");
    }
}

#[cfg(debug_assertions)]
#[test]
fn answers_are_dated_by_the_clock_forwards_and_back() {
    let home = Home::at("2028-02-29T12:00:00Z");
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    let date = |request| {
        let answer = said(&served, request);
        let date = answer.lines().find_map(|line| line.strip_prefix("date: ").map(str::to_owned));
        (answer.lines().filter(|line| line.to_ascii_lowercase().starts_with("date:")).count(), date)
    };
    let asked = "GET /livez HTTP/1.1\nHost: x\nConnection: close\n\n";
    assert_eq!(date(asked), (1, Some("Tue, 29 Feb 2028 12:00:00 GMT".to_owned())));
    home.set_clock("2026-11-25T08:30:00Z");
    assert_eq!(date(asked), (1, Some("Wed, 25 Nov 2026 08:30:00 GMT".to_owned())));
    assert_eq!(date("NO HTTP\n\n").0, 0, "the library's own answers say no other time");
}
