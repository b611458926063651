//! Tests receivers as small companies write them, in their own languages: each gets each event once, whatever it does
//! with connections, and its own clients do not have to wait.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};

use crate::common::{
    Home,
    api::Api,
    secured::{openssl_s_own, pem},
    service::{Served, sqlite},
    skip, trace, until,
};

/// The time within which another client of the receiver must have its answer.
const A_MOMENT: Duration = Duration::from_secs(4);

/// A receiver program that prints its port and then each `webhook-id`. It is ended when it is dropped.
struct Program {
    child: Child,
    port: u16,
    got: Arc<Mutex<Vec<String>>>,
}

impl Program {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next().unwrap().unwrap().parse().unwrap();
        let got: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = got.clone();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line)));
        Program { child, port, got }
    }

    /// How often each event arrived.
    fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for id in self.got.lock().unwrap().iter() {
            *counts.entry(id.clone()).or_default() += 1;
        }
        counts
    }

    /// Waits until the receiver has enough requests, and checks that each of `events` arrived `times` times.
    fn has(&self, what: &str, events: usize, times: usize) {
        until(what, || (self.got.lock().unwrap().len() >= events * times).then_some(()));
        let counts = self.counts();
        assert!(counts.len() == events && counts.values().all(|count| *count == times), "{what}: {counts:?}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn python(arguments: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.arg(fixture("habits.py")).args(arguments);
    command
}

fn node(habit: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(fixture("habits.mjs")).arg(habit);
    command
}

/// The receivers with plain HTTP, by name.
fn plain() -> Vec<(&'static str, Command)> {
    let mut all = Vec::new();
    if !skip::without(&["python3"], "receivers in Python are not tried") {
        for class in ["HTTPServer", "ThreadingHTTPServer"] {
            all.extend(["HTTP/1.0", "HTTP/1.1"].map(|protocol| (class, python(&[class, protocol]))));
        }
    }
    if !skip::without(&["node"], "receivers in Node are not tried") {
        all.extend(["kept", "closed", "raw"].map(|habit| (habit, node(habit))));
    }
    all
}

/// Sends six events at once to two webhooks of one receiver.
fn send_six(home: &Home, origins: [&str; 2], port: u16) {
    for (number, origin) in origins.into_iter().enumerate() {
        let (url, name) = (format!("{origin}:{port}/{number}"), format!("Webhook {number}"));
        home.ok(["add", &url, "--name", &name, "--events", "*"]);
    }
    home.ok(["send", "attendance.inserted", "--count", "6"]);
}

#[test]
fn every_event_reaches_each_of_two_webhooks_at_one_receiver_once() {
    for (name, command) in plain() {
        let program = Program::start(command);
        send_six(&Home::new(), ["http://127.0.0.1", "http://127.0.0.1"], program.port);
        program.has(name, 6, 2);
    }
}

#[test]
fn two_names_of_a_receiver_with_one_place_are_one_receiver() {
    if skip::without(&["python3"], "a receiver in Python is not tried") {
        return;
    }
    let program = Program::start(python(&["HTTPServer", "HTTP/1.1"]));
    send_six(&Home::new(), ["http://127.0.0.1", "http://localhost"], program.port);
    program.has("two names", 6, 2);
}

#[test]
fn tls_that_ends_without_a_word_is_no_failure() {
    if skip::without(&["python3"], "receivers in Python are not tried") {
        return;
    }
    for protocol in ["HTTP/1.0", "HTTP/1.1"] {
        let home = Home::new();
        let (key, root) = (KeyPair::generate().unwrap(), openssl_s_own(&[]));
        let root = CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap();
        let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &root).unwrap();
        let file = |name: &str, text: String| {
            std::fs::write(home.path().join(name), text).unwrap();
            home.path().join(name).to_str().unwrap().to_owned()
        };
        let roots = file("root.pem", pem("CERTIFICATE", root.der()));
        let certificate = file("own.pem", pem("CERTIFICATE", leaf.der()));
        let key = file("own.key", pem("PRIVATE KEY", &key.serialize_der()));
        let program = Program::start(python(&["HTTPServer", protocol, &certificate, &key]));
        let url = format!("https://127.0.0.1:{}/", program.port);
        home.ok(["add", &url, "--name", "Secured", "--events", "*"]);
        let mut send = home.program();
        send.args(["send", "attendance.inserted", "--count", "6"]).env("SSL_CERT_FILE", &roots);
        let sent = send.output().unwrap();
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
        program.has(protocol, 6, 1);
    }
}

/// Checks `php -S`, which runs one script at a time, with a script that looks up the documented header names.
#[test]
fn php_gets_each_event_once_and_finds_the_signature_as_it_is_documented() {
    if skip::without(&["php"], "a receiver in PHP is not tried") {
        return;
    }
    let (home, secret) = (Home::new(), format!("tmkey_{}", "Invented0".repeat(4)[..32].to_owned()));
    let (ledger, secret_file) = (home.path().join("ledger"), home.path().join("secret"));
    std::fs::write(&secret_file, trace::secret(&secret)).unwrap();
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let mut php = Command::new("php");
    php.args(["-S", &format!("127.0.0.1:{port}")]).arg(fixture("habits.php"));
    php.env("WEBHOOK_SECRET", &secret).env("LEDGER", &ledger).stdout(Stdio::null()).stderr(Stdio::null());
    let _php = Program { child: php.spawn().unwrap(), port, got: Arc::default() };
    until("php to listen", || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok());
    let secret_file = secret_file.to_str().unwrap();
    for number in 0..2 {
        let (url, name) = (format!("http://127.0.0.1:{port}/{number}"), format!("Webhook {number}"));
        home.ok(["add", &url, "--name", &name, "--events", "*", "--secret-file", secret_file]);
    }
    home.ok(["send", "attendance.inserted", "--count", "6"]);
    let mut came: Vec<_> = std::fs::read_to_string(&ledger).unwrap().lines().map(str::to_owned).collect();
    came.sort();
    assert_eq!(came.len(), 12);
    assert!(came.chunks(2).all(|pair| pair[0] == pair[1] && pair[0] != "none"), "{came:?}");
    came.dedup();
    assert_eq!(came.len(), 6);
}

#[test]
fn a_service_leaves_a_receiver_with_one_place_to_its_own_clients() {
    if skip::without(&["python3"], "a receiver in Python is not tried") {
        return;
    }
    let home = Home::new();
    let program = Program::start(python(&["HTTPServer", "HTTP/1.1"]));
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    let api = Api::of(&served);
    for number in 0..2 {
        api.add(&format!("Webhook {number}"), &format!("http://127.0.0.1:{}/{number}", program.port), "*");
    }
    for events in 1..=3 {
        api.send("attendance.inserted");
        program.has("the service", events, 2);
        let asked = Instant::now();
        ask(program.port);
        assert!(asked.elapsed() < A_MOMENT, "its own client waited for {:?}", asked.elapsed());
    }
}

/// Sends a request to the receiver as another client.
fn ask(port: u16) {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: receiver.example\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
}
