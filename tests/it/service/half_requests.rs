//! Tests connections that send incomplete requests: they keep neither callers from being answered nor the service from
//! stopping.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};

use crate::common::{
    Home,
    api::Api,
    secured::{openssl_s_own, pem},
    service::{Served, TOKEN, sqlite},
    trace,
};

/// The documented limit; the service needs 2 s.
const LONGEST_STOP: Duration = Duration::from_secs(20);

fn halves() -> Vec<String> {
    let token = trace::secret(TOKEN);
    vec![
        String::new(),
        "GET /livez HT".to_owned(),
        "GET /livez HTTP/1.1\r\nHost: x\r\nX-More: ".to_owned(),
        "POST /v1/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{".to_owned(),
        format!(
            "POST /v1/webhooks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
        ),
        // These are the first bytes of a TLS handshake.
        "\x16\x03\x01".to_owned(),
    ]
}

fn open(served: &Served) -> Vec<TcpStream> {
    let address = served.url.split_once("://").unwrap().1;
    let begin = |half: &String| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(half.as_bytes()).unwrap();
        stream
    };
    halves().iter().map(begin).collect()
}

fn ends_in_time(served: Served, mut half: Vec<TcpStream>) {
    let asked = Instant::now();
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "{log}");
    assert!(asked.elapsed() < LONGEST_STOP, "it took {:?}", asked.elapsed());
    for stream in &mut half {
        // A reset closes the connection, too.
        let _ = stream.read_to_end(&mut Vec::new());
    }
}

#[test]
fn half_requests_do_not_keep_a_service_from_stopping() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    let half = open(&served);
    assert_eq!(Api::of(&served).get("/readyz").status, 200);
    ends_in_time(served, half);
}

fn write(path: &Path, text: &str) -> String {
    std::fs::write(path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn nor_one_that_answers_over_tls() {
    let home = Home::new();
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = openssl_s_own(&["localhost"]).self_signed(&key).unwrap();
    let certificate = write(&home.path().join("chain.pem"), &pem("CERTIFICATE", certificate.der()));
    let key = write(&home.path().join("key.pem"), &pem("PRIVATE KEY", &key.serialize_der()));
    let database = sqlite(home.path().join("hooks.db"));
    let served =
        Served::start(home.program(), &["--database", &database, "--tls-cert", &certificate, "--tls-key", &key]);
    let half = open(&served);
    ends_in_time(served, half);
}
