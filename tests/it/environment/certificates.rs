//! Tests certificates as people have them: made by `openssl req -x509`, in bundles, broken, or for another name.

use std::{fs, process::Command};

use crate::common::{
    Home, Run, Said,
    run::signal,
    secured::{Secured, openssl_s_own, pem},
    service::{Served, TOKEN, sqlite},
    trace, until,
    wire::{Wire, http},
};

const EMPTY: &str = r#"{"data": [], "next": null}"#;

/// Runs `list` with this URL, and with `pem` in a file as `--ca-cert`.
fn list(url: &str, pem: &str) -> Said {
    let home = Home::new();
    fs::write(home.path().join("own.pem"), pem).unwrap();
    let said = home.run(["--service", url, "--retries", "0", "--ca-cert", "own.pem", "list"]);
    assert!(
        !said.err.contains("Error(") && !said.err.contains("CaUsed") && !said.err.contains("Context"),
        "{}",
        said.err
    );
    said
}

#[test]
fn a_certificate_that_was_given_itself_is_trusted_for_its_name_and_time() {
    let own = Secured::with(openssl_s_own(&["localhost", "127.0.0.1"]), EMPTY);
    let other = Secured::with(openssl_s_own(&["localhost"]), EMPTY);
    list(&own.url("localhost"), &own.certificate).exits(0);
    list(&own.url("127.0.0.1"), &format!("{}{}", other.certificate, own.certificate)).exits(0);
    let stranger = list(&own.url("localhost"), &other.certificate);
    stranger.exits(9).tells("cannot be trusted: its certificate is an authority's own").tells("--ca-cert");
    let elsewhere = Secured::with(openssl_s_own(&["hooks.example"]), EMPTY);
    let said = list(&elsewhere.url("localhost"), &elsewhere.certificate);
    said.exits(9).tells("made out to hooks.example, not to localhost").tells("subjectAltName=DNS:");
    let nameless = Secured::with(openssl_s_own(&[]), EMPTY);
    list(&nameless.url("localhost"), &nameless.certificate).exits(9).tells("no subjectAltName").tells("-addext");
    let mut past = openssl_s_own(&["localhost"]);
    past.not_after = rcgen::date_time_ymd(2020, 2, 29);
    let past = Secured::with(past, EMPTY);
    list(&past.url("localhost"), &past.certificate).exits(9).tells("expired on 2020-02-29");
    let mut future = openssl_s_own(&["localhost"]);
    future.not_before = rcgen::date_time_ymd(2999, 1, 1);
    let future = Secured::with(future, EMPTY);
    list(&future.url("localhost"), &future.certificate).exits(9).tells("not valid before 2999-01-01").tells("clock");
}

#[test]
fn doctor_tells_that_nobody_can_vouch_for_receivers() {
    let home = Home::new();
    let doctor = |name: &str, value: &str| home.program().args(["doctor"]).env(name, value).said();
    let empty = doctor("SSL_CERT_DIR", home.path().to_str().unwrap());
    empty.exits(0);
    let warned =
        "authorities\twarning\tno receiver at https:// can be trusted: no certificate of an authority was found";
    assert!(empty.out.contains(warned), "{}", empty.out);
    let named = doctor("SSL_CERT_FILE", "/nonexistent");
    named.exits(10);
    assert!(named.out.contains("authorities\tfailure\tcould not read certificates from /nonexistent"), "{}", named.out);
}

#[test]
fn a_port_without_tls_is_said_so() {
    let plain = Wire::raw(|mut stream, _| {
        let _ = std::io::Write::write_all(&mut stream, http(400, "", "").as_bytes());
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let said = list(&plain.url().replace("http:", "https:"), &Secured::with(openssl_s_own(&[]), EMPTY).certificate);
    said.exits(9).tells("does not speak TLS on this port").tells("http://");
}

#[test]
fn a_broken_block_of_a_bundle_is_numbered() {
    let own = Secured::with(openssl_s_own(&["localhost"]), EMPTY);
    let broken = format!("{}{}{}", own.certificate, pem("CERTIFICATE", b"no certificate"), own.certificate);
    list(&own.url("localhost"), &broken).exits(2).tells("own.pem").tells("certificate 2 of 3 (line 4) is broken");
    let damaged = own.certificate.replacen("MI", "M!", 1);
    list(&own.url("localhost"), &format!("{}{damaged}", own.certificate)).exits(2).tells("certificate 2 of 2");
    let home = Home::new();
    fs::write(home.path().join("chain.pem"), &broken).unwrap();
    fs::write(home.path().join("key.pem"), &own.key).unwrap();
    let serve = ["serve", "--listen", "0", "--tls-cert", "chain.pem", "--tls-key", "key.pem"];
    home.run(serve).exits(2).tells("chain.pem").tells("certificate 2 of 3");
    let key = list(&own.url("localhost"), &own.key);
    key.exits(2).tells("it holds none in PEM, but a private key");
}

#[test]
fn a_key_of_another_certificate_is_said_so() {
    let [one, other] = [0, 1].map(|_| Secured::with(openssl_s_own(&["localhost"]), EMPTY));
    let home = Home::new();
    fs::write(home.path().join("cert.pem"), &one.certificate).unwrap();
    fs::write(home.path().join("key.pem"), &other.key).unwrap();
    let serve = ["serve", "--listen", "0", "--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    home.run(serve).exits(2).tells("key.pem is not the key of the first certificate in cert.pem");
}

#[test]
fn variables_that_name_no_certificates_are_named() {
    let home = Home::new();
    let list = |variable: &str, value: &str| {
        let mut program = home.program();
        program.args(["--service", "https://hooks.invalid", "--retries", "0", "list"]).env(variable, value);
        program.said()
    };
    list("SSL_CERT_FILE", "/nonexistent").exits(2).tells("/nonexistent (from SSL_CERT_FILE)");
    list("SSL_CERT_FILE", "/etc/hostname").exits(2).tells("it holds none in PEM");
    list("SSL_CERT_FILE", "").exits(2).tells("SSL_CERT_FILE is set to nothing");
    list("SSL_CERT_DIR", "/nonexistent").exits(2).tells("SSL_CERT_DIR names /nonexistent");
    // Plain HTTP needs no certificates.
    let mut plain = home.program();
    plain.args(["--service", "http://127.0.0.1:1", "--retries", "0", "list"]).env("SSL_CERT_FILE", "/nonexistent");
    plain.said().exits(9).tells("cannot be reached");
}

#[test]
fn deliveries_say_what_is_wrong_with_a_receiver_s_certificate() {
    let home = Home::new();
    let own = Secured::with(openssl_s_own(&["localhost"]), EMPTY);
    home.ok(["add", &own.url("localhost"), "--name", "Own", "--events", "*"]);
    let said = home.run(["test", "Own"]);
    let whole = format!("{}{}", said.exits(10).out, said.err);
    assert!(whole.contains("its certificate is an authority's own") && !whole.contains("CaUsed"), "{whole}");
    let test = |file: &str| home.program().args(["test", "Own"]).env("SSL_CERT_FILE", file).said();
    let said = test("/nonexistent");
    let whole = format!("{}{}", said.exits(10).out, said.err);
    assert!(whole.contains("/nonexistent (from SSL_CERT_FILE)"), "{whole}");
    let mut program = home.program();
    program.env("SSL_CERT_FILE", "/nonexistent");
    let (_, log) = Served::start(program, &[]).stopped();
    assert!(log.contains("/nonexistent (from SSL_CERT_FILE)"), "{log}");
}

/// Starts a service with this certificate, and waits until its log contains all of `words`.
fn warned(certificate: &Secured, words: &[&str]) {
    let home = Home::new();
    fs::write(home.path().join("cert.pem"), &certificate.certificate).unwrap();
    fs::write(home.path().join("key.pem"), &certificate.key).unwrap();
    let database = sqlite(home.path().join("x.db"));
    let served =
        Served::start(home.program(), &["--tls-cert", "cert.pem", "--tls-key", "key.pem", "--database", &database]);
    let (_, log) = served.stopped();
    for words in words {
        assert!(log.contains(words), "{words:?} is not in\n{log}");
    }
}

#[test]
fn serve_warns_of_a_certificate_that_clients_refuse() {
    warned(&Secured::with(openssl_s_own(&["localhost"]), EMPTY), &["an authority's own", "-addext basicConstraints"]);
    warned(&Secured::with(openssl_s_own(&[]), EMPTY), &["no subjectAltName", "-addext subjectAltName"]);
    let mut past = openssl_s_own(&["localhost"]);
    past.not_after = rcgen::date_time_ymd(2020, 2, 29);
    warned(&Secured::with(past, EMPTY), &["expired on 2020-02-29"]);
    let good = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    let good = Secured::with(good, EMPTY);
    let home = Home::new();
    fs::write(home.path().join("cert.pem"), &good.certificate).unwrap();
    fs::write(home.path().join("key.pem"), &good.key).unwrap();
    let served = Served::start(home.program(), &["--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    let client = || {
        let mut program = home.program();
        let url = served.url.replace("127.0.0.1", "localhost");
        program.args(["--service", &url, "--retries", "0", "--ca-cert", "cert.pem", "list"]);
        program.env("TM_HOOKS_TOKEN", trace::secret(TOKEN));
        program.said()
    };
    client().exits(0);
    // A certificate as `openssl req -x509` makes it replaces the files, and counts from the next SIGHUP on.
    let renewed = Secured::with(openssl_s_own(&["localhost"]), EMPTY);
    fs::write(home.path().join("key.pem"), &renewed.key).unwrap();
    fs::write(home.path().join("cert.pem"), &renewed.certificate).unwrap();
    signal(served.id(), "HUP");
    until("the new certificate", || (client().code == 0).then_some(()));
    let (_, log) = served.stopped();
    assert_eq!(log.matches("an authority's own").count(), 1, "{log}");
}

#[test]
fn what_openssl_really_makes_works_when_it_has_a_name() {
    let home = Home::new();
    let make = |more: &[&str]| {
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"]);
        openssl.args(["-keyout", "key.pem", "-out", "cert.pem"]).args(more).current_dir(home.path());
        openssl.output().is_ok_and(|output| output.status.success())
    };
    if !make(&["-addext", "subjectAltName=DNS:localhost"]) {
        return;
    }
    let database = sqlite(home.path().join("x.db"));
    let arguments = ["--tls-cert", "cert.pem", "--tls-key", "key.pem", "--database", &database];
    let served = Served::start(home.program(), &arguments);
    let url = served.url.replace("127.0.0.1", "localhost");
    let mut program = home.program();
    program.args(["--service", &url, "--ca-cert", "cert.pem", "list"]).env("TM_HOOKS_TOKEN", trace::secret(TOKEN));
    program.said().exits(0);
}
