//! Tests that independent receivers accept the requests: Python's `hmac`, and the `standardwebhooks` packages of PyPI
//! and npm.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Lines, Write},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::common::{
    Home,
    receiver::{Received, Receiver},
    skip,
};
use serde_json::{Value, json};

const TYPES: [&str; 6] = [
    "attendance.inserted",
    "attendance.updated",
    "attendance.deleted",
    "user.inserted",
    "user.updated",
    "user.deleted",
];

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The receiver of `tests/fixtures/receiver.py`, which is ended when it is dropped.
struct PythonReceiver {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl PythonReceiver {
    fn start(secret: &str) -> Option<Self> {
        let spawned = Command::new("python3")
            .arg(fixture("receiver.py"))
            .env("WEBHOOK_SECRET", secret)
            .stdout(Stdio::piped())
            .spawn();
        let mut child = spawned.ok()?;
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = format!("http://127.0.0.1:{}/", lines.next().unwrap().unwrap());
        Some(PythonReceiver { child, lines, url })
    }

    fn next(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }
}

impl Drop for PythonReceiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An invented secret.
fn secret() -> String {
    format!("tmkey_{}", "Example0".repeat(4))
}

/// A home in which one webhook sends everything to `url`, signed with [`secret`].
fn home_with_webhook(url: &str) -> Home {
    let home = Home::new();
    std::fs::write(home.path().join("secret"), secret()).unwrap();
    home.ok(["add", url, "--name", "Wire", "--events", "*", "--secret-file", "secret"]);
    home
}

#[test]
fn an_independent_receiver_accepts_every_type_in_both_versions_and_rejects_an_altered_body() {
    let Some(mut receiver) = PythonReceiver::start(&secret()) else {
        return skip::installable("python3 is not installed");
    };
    let home = home_with_webhook(&receiver.url);
    for version in ["v1", "v2"] {
        home.ok(["pin", "Wire", version]);
        for event_type in TYPES {
            home.ok(["send", event_type]);
            let got = receiver.next();
            assert_eq!((&got["accepted"], &got["event"]), (&json!(true), &json!(event_type)), "{got}");
            assert_eq!((&got["version"], &got["attempt"]), (&json!(version), &json!("1")), "{got}");
        }
        home.ok(["test", "Wire"]);
        assert_eq!(receiver.next()["event"], "test");
    }

    let body = br#"{"id":"tm_00000000000000000000000000000000","event":"test"}"#;
    let signature = tm_hooks::signing::timemoto_signature(&secret().parse().unwrap(), body);
    let altered = String::from_utf8(body.to_vec()).unwrap().replace("test", "best");
    for (sent, accepted) in [(String::from_utf8(body.to_vec()).unwrap(), true), (altered, false)] {
        let status = post(&receiver.url, &signature, sent);
        let got = receiver.next();
        assert_eq!((status, &got["accepted"]), (if accepted { 204 } else { 401 }, &json!(accepted)), "{got}");
    }
}

fn post(url: &str, signature: &str, body: String) -> u16 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let sent = client.post(url).header("Timemoto-Signature", signature).body(body).send().await.unwrap();
        sent.status().as_u16()
    })
}

/// One received request of each type and version.
fn captured() -> Vec<Received> {
    let receiver = Receiver::accepting();
    let home = home_with_webhook(&receiver.url());
    for version in ["v1", "v2"] {
        home.ok(["pin", "Wire", version]);
        for event_type in TYPES {
            home.ok(["send", event_type]);
        }
    }
    receiver.wait("every event", |ledger| ledger.len() == 2 * TYPES.len())
}

/// Lets `verifier` judge the captured requests, and the same ones with altered bodies.
fn judged_by(mut verifier: Command) {
    let secret: tm_hooks::domain::secret::Secret = secret().parse().unwrap();
    let standard = secrecy::ExposeSecret::expose_secret(&secret.to_standard()).to_owned();
    let mut child = verifier.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, mut verdicts) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()).lines());
    let mut judge = |received: &Received, body: &str| {
        let headers: serde_json::Map<_, _> = ["webhook-id", "webhook-timestamp", "webhook-signature"]
            .into_iter()
            .map(|name| (name.to_owned(), received.header(name).into()))
            .collect();
        writeln!(input, "{}", json!({"secret": standard, "headers": headers, "body": body})).unwrap();
        verdicts.next().unwrap().unwrap()
    };
    let requests = captured();
    let kinds: BTreeSet<_> =
        requests.iter().map(|r| (r.header("webhook-version"), r.json()["event"].to_string())).collect();
    assert_eq!(kinds.len(), 2 * TYPES.len());
    for received in &requests {
        let body = std::str::from_utf8(&received.body).unwrap();
        assert_eq!(judge(received, body), "accepted", "{body}");
        let verdict = judge(received, &body.replacen("tm_", "tn_", 1));
        assert!(verdict.starts_with("rejected"), "an altered body was {verdict}");
    }
    drop(input);
    child.wait().unwrap();
}

/// The folder of the packages, which are installed once beside the build.
fn tools() -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("standard-webhooks");
    std::fs::create_dir_all(&place).unwrap();
    place
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[test]
fn the_standardwebhooks_package_of_pypi_verifies_every_request() {
    let environment = tools().join("python");
    let python = environment.join("bin/python");
    let ready = || succeeds(Command::new(&python).args(["-c", "import standardwebhooks"]));
    let installed = ready()
        || succeeds(Command::new("python3").args(["-m", "venv"]).arg(&environment))
            && succeeds(Command::new(&python).args(["-m", "pip", "install", "-q", "standardwebhooks==1.1.0"]))
            && ready();
    if !installed {
        return skip::installable("the package standardwebhooks could not be installed from PyPI");
    }
    let mut verifier = Command::new(&python);
    verifier.arg(fixture("verify_standard.py"));
    judged_by(verifier);
}

#[test]
fn the_standardwebhooks_package_of_npm_verifies_every_request() {
    let folder = tools().join("node");
    std::fs::create_dir_all(&folder).unwrap();
    let installed = folder.join("node_modules/standardwebhooks").exists()
        || succeeds(
            Command::new("npm").args(["install", "--silent", "--prefix"]).arg(&folder).arg("standardwebhooks@1.1.1"),
        );
    if !installed {
        return skip::installable("the package standardwebhooks could not be installed from npm");
    }
    let mut verifier = Command::new("node");
    verifier.arg(fixture("verify_standard.mjs")).env("STANDARD_WEBHOOKS", &folder);
    judged_by(verifier);
}
