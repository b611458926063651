//! Tests a process with few file descriptors left: callers are answered, what was accepted is delivered once, and no
//! receiver is blamed.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use serde_json::{Value, json};

use crate::common::{
    Home, PATIENCE,
    api::Api,
    receiver::Receiver,
    service::{Served, TOKEN, sqlite},
    streams, trace, until,
};

const SILENT: usize = 200;
const EVENTS: usize = 20;

fn silent(served: &Served) -> Vec<TcpStream> {
    let address = served.url.trim_start_matches("http://");
    (0..SILENT).map(|_| TcpStream::connect(address).unwrap()).collect()
}

/// The number of successful and of failed attempts.
fn attempts(api: &Api) -> (usize, usize) {
    (api.attempts("status=succeeded").len(), api.attempts("status=failed").len())
}

#[test]
fn sixty_four_descriptors_are_enough_while_hundreds_connect_and_say_nothing() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let mut shell = streams::shell(&home, "ulimit -n 64; exec \"$0\" \"$@\"", &[]);
    shell.env("TM_HOOKS_ADMIN_TOKEN", trace::secret(TOKEN));
    let database = sqlite(home.path().join("hooks.db"));
    let served = Served::start(shell, &["--database", &database, "--allow-http", "--allow-cidr", "127.0.0.0/8"]);
    let _silent = silent(&served);
    let api = Api::of(&served);
    api.add("ERP", &receiver.url(), "user.*");
    let _more = silent(&served);
    (0..EVENTS).for_each(|_| drop(api.send("user.inserted")));
    receiver.wait("every event", |ledger| ledger.len() == EVENTS);
    until("them to be recorded", || (attempts(&api) == (EVENTS, 0)).then_some(()));
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(receiver.ledger().len(), EVENTS, "something was sent twice");
}

/// Sets the service's limit of descriptors; returns the former one.
fn allow(served: &Served, limit: Rlimit) -> Rlimit {
    let process = Pid::from_raw(i32::try_from(served.id()).unwrap());
    prlimit(process, Resource::Nofile, limit).unwrap()
}

#[test]
fn what_cannot_be_sent_for_want_of_a_descriptor_is_no_attempt() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    let api = Api::of(&served);
    api.add("ERP", &receiver.url(), "user.*");
    // A pool might open another connection, which the service could not accept.
    let mut line = Line::of(&served);
    line.ask("GET", "/readyz", "");
    // The limit is below the number of open descriptors, so none is left.
    let most = getrlimit(Resource::Nofile).maximum;
    let before = allow(&served, Rlimit { current: Some(3), maximum: most });
    let event = json!({"type": "user.inserted", "data": {}}).to_string();
    assert_eq!(line.ask("POST", "/v1/events", &event).0, 202);
    let refused = until("it to say what it lacks", || {
        let (status, said) = line.ask("GET", "/readyz", "");
        (status == 503).then_some(said)
    });
    assert_eq!(refused["errors"][0]["field"], "descriptors", "{refused}");
    assert_eq!(line.ask("GET", "/v1/attempts", "").1["data"], json!([]));
    assert_eq!((line.ask("GET", "/v1/queue", "").1["pending"].clone(), receiver.ledger().len()), (json!(1), 0));
    allow(&served, before);
    receiver.wait("the event", |ledger| ledger.len() == 1);
    until("it to be recorded", || (attempts(&api) == (1, 0)).then_some(()));
    assert_eq!(receiver.ledger()[0].header("webhook-attempt"), "1");
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "{log}");
}

/// A connection for one request after the other.
struct Line(BufReader<TcpStream>);

impl Line {
    fn of(served: &Served) -> Self {
        let stream = TcpStream::connect(served.url.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Line(BufReader::new(stream))
    }

    /// The status and the body of the answer.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n");
        let length = body.len();
        let request = format!("{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length) = (String::new(), 0);
        self.0.read_line(&mut status).unwrap();
        loop {
            let mut header = String::new();
            self.0.read_line(&mut header).unwrap();
            let Some((name, value)) = header.trim().split_once(": ") else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        (status[9..12].parse().unwrap(), serde_json::from_slice(&body).unwrap_or_default())
    }
}

/// Opens a connection and sends this request.
fn asking(served: &Served, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(served.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

#[test]
fn a_connection_that_cannot_be_taken_waits_and_is_answered_later() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    let mut idle = asking(&served, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
    let mut answer = [0; 1024];
    assert!(idle.read(&mut answer).unwrap() > 0);
    let most = getrlimit(Resource::Nofile).maximum;
    let before = allow(&served, Rlimit { current: Some(3), maximum: most });
    let mut guest = asking(&served, "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    // Idle connections are closed to make room, which does not help here.
    idle.read_to_end(&mut Vec::new()).unwrap();
    allow(&served, before);
    let mut answer = String::new();
    guest.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("the service cannot accept connections; it tries again"), "{log}");
}
