//! The official libraries for Standard Webhooks, `standardwebhooks` and `svix` of PyPI and of npm: they accept what the
//! service and `sign` make, and `verify` accepts what they sign. Nothing is installed here: `.ci/run` does that.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use crate::common::{
    Home, Run,
    receiver::{Received, Receiver},
    skip,
};

/// A library at work.
struct Library {
    child: Child,
    input: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Library {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        Library { child, input, answers }
    }

    fn ask(&mut self, request: &Value) -> String {
        writeln!(self.input, "{request}").unwrap();
        self.answers.next().unwrap().unwrap()
    }

    /// Has it verify a request, and refuse the same with another body.
    #[track_caller]
    fn accepts(&mut self, secret: &str, headers: &Value, body: &str) {
        let verify = |body: &str| json!({ "secret": secret, "headers": headers, "body": body });
        assert_eq!(self.ask(&verify(body)), "accepted", "{headers} {body}");
        let altered = self.ask(&verify(&body.replacen("tm_", "tn_", 1)));
        assert!(altered.starts_with("rejected"), "an altered body is {altered}");
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where `.ci/run` puts them: they are kept between runs, beside the build.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("libraries")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The library of PyPI, unless it is not there, which is said.
fn of_python(name: &str) -> Option<Library> {
    let python = folder().join("python/bin/python");
    let imports = Command::new(&python).args(["-c", &format!("import {name}")]).output();
    if !imports.is_ok_and(|output| output.status.success()) {
        skip::installable(&format!("{name} of PyPI is not installed, so it judges nothing"));
        return None;
    }
    let mut command = Command::new(python);
    command.arg(fixture("libraries.py")).arg(name);
    Some(Library::start(command))
}

/// The library of npm, unless it is not there, which is said.
fn of_node(name: &str) -> Option<Library> {
    let folder = folder().join("node");
    if !folder.join("node_modules").join(name).exists()
        || skip::without(&["node"], "nothing is judged by npm's libraries")
    {
        skip::installable(&format!("{name} of npm is not installed, so it judges nothing"));
        return None;
    }
    let mut command = Command::new("node");
    command.arg(fixture("libraries.mjs")).arg(name).env("LIBRARIES", folder);
    Some(Library::start(command))
}

#[test]
fn standardwebhooks_of_pypi() {
    agrees(of_python("standardwebhooks"), &[STANDARD]);
}

#[test]
fn standardwebhooks_of_npm() {
    agrees(of_node("standardwebhooks"), &[STANDARD]);
}

#[test]
fn svix_of_pypi() {
    agrees(of_python("svix"), &[STANDARD, SVIX]);
}

#[test]
fn svix_of_npm() {
    agrees(of_node("svix"), &[STANDARD, SVIX]);
}

/// Names of headers, and the scheme that has them.
type Wire = ([&'static str; 3], &'static str);

const STANDARD: Wire = (["webhook-id", "webhook-timestamp", "webhook-signature"], "standard");

/// The key is the bytes of the whole secret, as `secret show --format standard` writes it.
const SVIX: Wire = (
    ["svix-id", "svix-timestamp", "svix-signature"],
    "hmac-sha256 message={header:svix-id}.{header:svix-timestamp}.{raw} encoding=base64 header=svix-signature prefix=v1,",
);

fn agrees(library: Option<Library>, wires: &[Wire]) {
    let Some(mut library) = library else { return };
    for wire in wires {
        it_accepts_what_the_service_sends(&mut library, *wire);
    }
    it_accepts_what_sign_makes(&mut library);
    verify_accepts_what_it_signs(&mut library);
}

fn headers_of(received: &Received, names: [&str; 3]) -> Value {
    names
        .into_iter()
        .map(|name| (name.to_owned(), Value::from(received.header(name))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Every type in both versions, and while the secret is rotated: with the old one and with the new one.
fn it_accepts_what_the_service_sends(library: &mut Library, (names, scheme): Wire) {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    home.ok(["add", &receiver.url(), "--name", "Wire", "--events", "*", "--scheme", scheme]);
    let secret = || home.ok(["secret", "show", "Wire", "--reveal", "--format", "standard"]).trim().to_owned();
    let old = secret();
    for version in ["v1", "v2"] {
        home.ok(["pin", "Wire", version]);
        for event_type in ["attendance.inserted", "attendance.deleted", "user.updated"] {
            home.ok(["send", event_type]);
        }
    }
    let body = |received: &Received| String::from_utf8(received.body.to_vec()).unwrap();
    for received in receiver.wait("every event", |ledger| ledger.len() == 6) {
        library.accepts(&old, &headers_of(&received, names), &body(&received));
    }
    home.ok(["secret", "rotate", "Wire"]);
    home.ok(["test", "Wire"]);
    let received = receiver.ledger().pop().unwrap();
    for secret in [&old, &secret()] {
        library.accepts(secret, &headers_of(&received, names), &body(&received));
    }
}

/// Secrets as senders hand them out, invented: one of ours, and one of Standard Webhooks.
const SECRETS: [&str; 2] =
    ["whsec_dG1rZXlfRXhhbXBsZTBFeGFtcGxlMEV4YW1wbGUwRXhhbXBsZTA=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];

const BODY: &str = r#"{"id":"tm_0199c1d2e3f4758697a8b9cadbecfd0e","event":"test","data":{"name":"Änne"}}"#;

fn it_accepts_what_sign_makes(library: &mut Library) {
    let home = Home::new();
    std::fs::write(home.path().join("body"), BODY).unwrap();
    for secret in SECRETS {
        std::fs::write(home.path().join("secret"), secret).unwrap();
        let signed = home.ok(["sign", "--secret-file", "secret", "--body", "body", "--scheme", "standard"]);
        let headers: serde_json::Map<String, Value> = signed
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        library.accepts(secret, &headers.into(), BODY);
    }
}

fn verify_accepts_what_it_signs(library: &mut Library) {
    let home = Home::new();
    let timestamp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for secret in SECRETS {
        std::fs::write(home.path().join("secret"), secret).unwrap();
        let signature = library.ask(&json!({ "secret": secret, "id": "msg_1", "timestamp": timestamp, "body": BODY }));
        let headers = json!({ "webhook-id": "msg_1", "webhook-timestamp": timestamp.to_string(), "webhook-signature": signature });
        let judge = |body: &str| {
            let request = json!({ "headers": headers, "body": body }).to_string();
            let verify =
                ["verify", "--secret-file", "secret", "--delivery", "-", "--scheme", "standard", "--jq", ".code"];
            home.program().args(verify).said_with_input(request.as_bytes())
        };
        assert_eq!(judge(BODY).ok(), "genuine\n");
        assert_eq!(judge(&BODY.replace("Änne", "Anna")).exits(10).out, "wrong_secret\n");
    }
}
