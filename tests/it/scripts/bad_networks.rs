//! Tests bad answers and bad networks: each has the exit code of the table, one clear sentence and a next step.

use std::{io::Write, sync::Arc};

use crate::common::{
    Home, Run, Said,
    secured::Secured,
    wire::{Wire, http, json, problem},
};
use serde_json::Value;

/// Runs a command against `url` without retries.
pub(super) fn ask(url: &str, arguments: &[&str]) -> Said {
    let home = Home::new();
    let mut program = home.program();
    program.args(["--service", url, "--retries", "0"]).args(arguments);
    program.env("TM_HOOKS_TOKEN", "an-invented-token").said()
}

/// Expects this exit code, all of `clear` in the first line, and a hint; nothing on standard output, and no token
/// anywhere.
fn expect(what: &str, said: &Said, code: i32, clear: &[&str]) {
    assert_eq!(said.code, code, "{what}: {}{}", said.out, said.err);
    assert_eq!(said.out, "", "{what}");
    let first = said.err.lines().next().unwrap_or_default();
    assert!(first.starts_with("error: "), "{what}: {}", said.err);
    for clear in clear {
        assert!(first.contains(clear), "{what}: `{clear}` is not in {}", said.err);
    }
    assert!(said.err.contains("hint: "), "{what} has no next step: {}", said.err);
    assert!(!said.err.contains("an-invented-token") && !said.err.contains("panicked"), "{what}: {}", said.err);
}

const LIST: &[&str] = &["list"];
const ADD: &[&str] = &["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"];

/// A case: its name, the answer, the command, its exit code, and the texts of its error.
type Case = (&'static str, String, &'static [&'static str], i32, &'static [&'static str]);

#[test]
fn every_answer_that_is_no_success() {
    let fields = r#","errors":[{"field":"url","message":"must be HTTPS"},{"field":"name","message":"is too long"}]"#;
    let later = http(429, "retry-after: 120\r\n", "");
    let cases: &[Case] = &[
        ("401", problem(401, "unauthorized", "the token is not valid", ""), LIST, 4, &["the token is not valid"]),
        ("401 of a proxy", http(401, "", "who?"), LIST, 4, &["answered 401"]),
        ("402", problem(402, "plan", "the plan has 3 webhooks", ""), ADD, 5, &["the plan has 3 webhooks"]),
        ("403", problem(403, "forbidden", "the token lacks webhooks:write", ""), ADD, 5, &["webhooks:write"]),
        ("404", problem(404, "not_found", "there is no such path", ""), LIST, 3, &["there is no such path"]),
        ("404 of another", http(404, "", "<html>"), LIST, 6, &["not a tm-hooks service", "answered 404"]),
        ("409", problem(409, "name_taken", "another webhook has this name", ""), ADD, 6, &["has this name"]),
        ("412", problem(412, "precondition_failed", "it has changed", ""), ADD, 6, &["it has changed"]),
        ("422", problem(422, "invalid", "it was not accepted", fields), ADD, 7, &["It was refused"]),
        ("429", later, LIST, 9, &["answered 429"]),
        ("500", problem(500, "internal", "something went wrong", ""), LIST, 9, &["something went wrong"]),
        ("503", http(503, "", ""), LIST, 9, &["answered 503"]),
        (
            "HTML",
            http(200, "content-type: text/html\r\n", "<html>Sign in"),
            LIST,
            6,
            &["not a tm-hooks service", "text/html"],
        ),
        ("other JSON", json(200, r#"{"items": []}"#), LIST, 6, &["not a tm-hooks service", "another shape"]),
        ("no HTTP", "SSH-2.0-Example\r\n\r\n".to_owned(), LIST, 6, &["does not answer in HTTP"]),
        (
            "half an answer",
            json(200, r#"{"data": []}"#).replace("length: 12", "length: 99"),
            LIST,
            9,
            &["before its answer was whole"],
        ),
    ];
    for (what, answer, arguments, code, clear) in cases {
        let wire = Wire::saying(answer.clone());
        let said = ask(&wire.url(), arguments);
        expect(what, &said, *code, clear);
        assert_eq!(wire.requests(), 1, "{what} was tried again");
    }
    let two_fields = ask(&Wire::saying(problem(422, "invalid", "no", fields)).url(), ADD);
    assert!(two_fields.err.contains("\n  url: must be HTTPS\n  name: is too long\n"), "{}", two_fields.err);
    let wait = ask(&Wire::saying(http(429, "retry-after: 120\r\n", "")).url(), LIST);
    assert!(wait.err.contains("120 s"), "{}", wait.err);
}

/// A service that answers these bytes as JSON.
fn bytes(body: &[u8]) -> Wire {
    let head = format!("HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let answer = [head.as_bytes(), body].concat();
    Wire::new(move |mut stream, _, _| drop(stream.write_all(&answer)))
}

#[test]
fn an_answer_is_utf_8_with_or_without_a_mark_or_it_is_named() {
    let list = r#"{"data": [], "next": null}"#;
    for arguments in [LIST, &["api", "GET", "/v1/webhooks"]] {
        ask(&bytes(format!("\u{feff}{list}").as_bytes()).url(), arguments).exits(0);
    }
    let marked = problem(404, "not_found", "there is no attempt x", "");
    let (head, body) = marked.split_once("\r\n\r\n").unwrap();
    let length = format!("content-length: {}", body.len() + 3);
    let marked = format!("{}\r\n\r\n\u{feff}{body}", head.replace(&format!("content-length: {}", body.len()), &length));
    let shown = ask(&Wire::saying(marked).url(), &["show", "at_01h455vb4pex5vsknk084sn02q"]);
    shown.exits(3).tells("there is no attempt x");
    let wide: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (body, named) in [(&wide[..], "UTF-16"), (b"{\"data\": [{\"name\": \"caf\xe9\"}]}", "Latin-1")] {
        for arguments in [LIST, &["api", "GET", "/v1/webhooks"], &["stats"]] {
            expect(named, &ask(&bytes(body).url(), arguments), 6, &["is not a tm-hooks service", named]);
        }
    }
}

#[test]
fn what_a_library_says_of_a_connection_is_told_in_plain_words() {
    let theirs = ["SOCKS error", "socks proxy", "underlying", "parsed", "tunnel error", "os error"];
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let silent = Wire::raw(|stream, _| drop(stream));
    let plain = |said: &Said| {
        for words in theirs {
            assert!(!said.err.contains(words), "{words}: {said}");
        }
    };
    for proxy in ["socks5", "socks5h", "socks4", "http"] {
        for at in [nobody, silent.address] {
            for service in ["https://127.0.0.1:9", "http://127.0.0.1:9"] {
                plain(ask(service, &["list", "--proxy", &format!("{proxy}://{at}")]).exits(9));
            }
        }
    }
    // A TLS server answers a plain request with an alert.
    let tls = Wire::new(|mut stream, _, _| drop(stream.write_all(&[0x15, 3, 1, 0, 2, 2, 70])));
    let said = ask(&tls.url(), LIST);
    plain(&said);
    expect("TLS", &said, 6, &["does not answer in HTTP"]);
    said.tells(&format!("try {}", tls.url().replace("http:", "https:")));
    for body in ["Client sent an HTTP request to an HTTPS server.", "The plain HTTP request was sent to HTTPS port"] {
        let wire = Wire::saying(http(400, "content-type: text/html\r\n", body));
        ask(&wire.url(), LIST).exits(6).tells("speaks TLS").tells(&wire.url().replace("http:", "https:"));
    }
}

#[test]
fn errors_are_one_object_for_programs() {
    let wire = Wire::saying(http(200, "content-type: text/html\r\n", "<html>"));
    let said = ask(&wire.url(), &["list", "-o", "json"]);
    let error: Value = serde_json::from_str(&said.err).unwrap();
    assert_eq!((said.code, error["error"]["code"].as_str()), (6, Some("not_this_service")));
    assert!(error["error"]["hint"].is_string(), "{error}");
}

#[test]
fn connections_that_fail() {
    // Closing with unread data resets the connection.
    let reset = Wire::new(|stream, _, _| drop(stream));
    expect("a reset", &ask(&reset.url(), ADD), 9, &["closed the connection"]);
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    expect("nobody there", &ask(&nobody, LIST), 9, &["cannot be reached"]);
    expect("no such name", &ask("https://hooks.invalid", LIST), 9, &["cannot be reached"]);
    let silent = Wire::new(|stream, _, _| std::mem::forget(stream));
    let said = ask(&silent.url(), &["list", "--request-timeout", "200ms"]);
    expect("no answer", &said, 9, &["did not answer within 0.2 s"]);
}

/// A TLS listener with a self-signed certificate for `localhost` that expires on this day, and the certificate in PEM.
/// It answers everything with `body`.
fn with_own_certificate(expires: (i32, u8, u8), body: &'static str) -> (Wire, String) {
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(expires.0, expires.1, expires.2);
    let Secured { wire, certificate, .. } = Secured::with(params, body);
    (wire, certificate)
}

#[test]
fn a_certificate_that_nobody_vouches_for() {
    let (wire, pem) = with_own_certificate((2200, 1, 1), r#"{"data": [], "next": null}"#);
    let url = format!("https://localhost:{}", wire.address.port());
    let said = ask(&url, LIST);
    expect("an untrusted certificate", &said, 9, &["cannot be trusted"]);
    assert!(said.err.contains("--ca-cert"), "{}", said.err);
    let home = Home::new();
    let (own, none) = (home.path().join("own.pem"), home.path().join("none.pem"));
    std::fs::write(&own, &pem).unwrap();
    std::fs::write(&none, "nothing").unwrap();
    let trusted = ask(&url, &["list", "--ca-cert", own.to_str().unwrap(), "-o", "json"]);
    assert_eq!((trusted.code, trusted.out.trim()), (0, r#"{"data":[],"next":null}"#), "{}", trusted.err);
    let by_variable = home.program().args(["--service", &url, "list"]).env("SSL_CERT_FILE", &own).output().unwrap();
    assert_eq!(by_variable.status.code(), Some(0), "{by_variable:?}");
    expect(
        "no certificate",
        &ask(&url, &["list", "--ca-cert", none.to_str().unwrap()]),
        2,
        &["none.pem", "holds none"],
    );
    expect("no file", &ask(&url, &["list", "--ca-cert", "/nowhere.pem"]), 2, &["/nowhere.pem", "--ca-cert"]);
}

/// `doctor`'s line about TLS with a certificate that expires on this day, and the output of another command.
fn doctor_on_certificate(expires: (i32, u8, u8)) -> (Value, Said) {
    const ABOUT: &str = r#"{"info": {"title": "tm-hooks", "version": "0.1.0"}}"#;
    let (wire, pem) = with_own_certificate(expires, ABOUT);
    let url = format!("https://localhost:{}", wire.address.port());
    let home = Home::new();
    let own = home.path().join("own.pem");
    std::fs::write(&own, pem).unwrap();
    let own = own.to_str().unwrap();
    let doctor = ask(&url, &["doctor", "--ca-cert", own, "-o", "json"]);
    let checks: Value = serde_json::from_str(&doctor.out).unwrap();
    let line = checks["data"].as_array().unwrap().iter().find(|check| check["check"] == "tls");
    (line.unwrap_or_else(|| panic!("no line on TLS: {checks}")).clone(), ask(&url, &["list", "--ca-cert", own]))
}

#[test]
fn doctor_tells_when_the_certificate_expires() {
    let (well, _) = doctor_on_certificate((2200, 1, 31));
    assert_eq!((&well["status"], &well["nextStep"]), (&"ok".into(), &Value::Null), "{well}");
    assert_eq!(well["message"], "the certificate is valid until 2200-01-31, and trusted");

    let in_ten_days = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(10 * 24);
    let day = in_ten_days.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let (soon, _) = doctor_on_certificate((day.year().into(), day.month() as u8, day.day() as u8));
    let message = soon["message"].as_str().unwrap();
    assert!(soon["status"] == "warning" && message.ends_with(&format!(", on {day}")), "{soon}");
    assert!(
        message.starts_with("the certificate expires in ") && soon["nextStep"].as_str().unwrap().contains("renew"),
        "{soon}"
    );

    let (over, list) = doctor_on_certificate((2020, 2, 29));
    let [message, next_step] = ["message", "nextStep"].map(|name| over[name].as_str().unwrap());
    assert!(over["status"] == "failure" && message.ends_with("has a certificate that expired on 2020-02-29"), "{over}");
    assert!(next_step.contains("renew the service's certificate") && next_step.contains("clock"), "{over}");
    expect("an expired certificate", &list, 9, &["has a certificate that expired on 2020-02-29"]);
    assert!(!list.err.contains("--ca-cert"), "no authority helps here: {}", list.err);
}

#[test]
fn retries_are_said_and_end() {
    let flaky = Wire::new(|mut stream, _, before| {
        let answer = if before < 2 { http(503, "", "") } else { json(200, r#"{"data": [], "next": null}"#) };
        let _ = stream.write_all(answer.as_bytes());
    });
    let home = Home::new();
    let said = home.run(["--service", &flaky.url(), "list"]);
    assert_eq!((said.code, flaky.requests()), (0, 3), "{}", said.err);
    assert_eq!(said.err.matches("answered 503; trying again in").count(), 2, "{}", said.err);
    let never = Wire::saying(http(503, "", ""));
    let said = home.run(["--service", &never.url(), "--retries", "1", "list"]);
    assert_eq!((said.code, never.requests()), (9, 2), "{}", said.err);
}

#[test]
fn an_idempotency_key_is_kept_across_tries() {
    let keys = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = Arc::clone(&keys);
    let failing = Wire::new(move |mut stream, head, _| {
        let key = head.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).unwrap_or_default();
        seen.lock().unwrap().push(key.to_owned());
        let _ = stream.write_all(http(503, "", "").as_bytes());
    });
    let home = Home::new();
    let mut program = home.program();
    program.args(["--service", &failing.url(), "--retries", "1"]).args(ADD);
    assert_eq!(program.output().unwrap().status.code(), Some(9));
    let keys = keys.lock().unwrap();
    assert!(keys.len() == 2 && keys[0] == keys[1] && keys[0].len() == 32, "{keys:?}");
}

#[test]
fn a_token_goes_nowhere_else() {
    let other = Wire::saying(json(200, r#"{"data": [], "next": null}"#));
    let redirecting = Wire::saying(http(307, &format!("location: {}/v1/webhooks\r\n", other.url()), ""));
    expect("a redirect", &ask(&redirecting.url(), LIST), 6, &["it redirects (307)"]);
    assert_eq!(other.requests(), 0, "the redirect was followed");
    let plain = ask("http://hooks.invalid", LIST);
    expect("plain HTTP", &plain, 2, &["not sent", "plain HTTP"]);
    assert!(plain.err.contains("--allow-http"), "{}", plain.err);
    expect("allowed", &ask("http://hooks.invalid", &["list", "--allow-http"]), 9, &["cannot be reached"]);
}

#[test]
fn a_proxy_leads_to_the_service() {
    let proxy = Wire::new(|mut stream, head, _| {
        let known = head.starts_with("GET http://hooks.invalid/v1/webhooks");
        let answer = if known { json(200, r#"{"data": [], "next": null}"#) } else { http(400, "", head) };
        let _ = stream.write_all(answer.as_bytes());
    });
    let home = Home::new();
    let ok = home.run(["--service", "http://hooks.invalid", "--proxy", &proxy.url(), "list"]);
    assert_eq!((ok.code, proxy.requests()), (0, 1), "{}", ok.err);
    let mut program = home.program();
    program.args(["--service", "http://hooks.invalid", "list"]).env("http_proxy", proxy.url());
    assert_eq!((program.output().unwrap().status.code(), proxy.requests()), (Some(0), 2));
}
