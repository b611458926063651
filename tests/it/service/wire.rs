//! What goes over the wire is what an independent receiver accepts, which has Python's own `hmac`. Libraries for Standard
//! Webhooks judge it in `schemes/libraries.rs`.

use std::{
    io::{BufRead, BufReader, Lines},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::common::{Home, skip};
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
    let signature = tm_hooks::signing::attempt::timemoto_signature(&secret().parse().unwrap(), body);
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
