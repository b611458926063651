//! Tests that `--wait` does not wait for a delivery that is not being tried, because its webhook is disabled or paused.

use std::time::{Duration, Instant};

use crate::common::{
    Home, Run, Said,
    receiver::{Receiver, status},
};

/// Much less than the minute for which `--wait` waits.
const SOON: Duration = Duration::from_secs(30);

fn refusing(code: u16) -> Receiver {
    Receiver::answering(move |_, _| status(code))
}

fn soon(run: impl FnOnce() -> Said) -> Said {
    let began = Instant::now();
    let said = run();
    assert!(began.elapsed() < SOON, "{said}");
    said
}

/// Checks that the first answer disables the webhook, and that the message for a later event says what ends the
/// waiting.
#[test]
fn what_a_disabled_webhook_holds_is_told_at_once() {
    let (home, receiver) = (Home::new(), refusing(410));
    let id = home.ok(["add", &receiver.url(), "--name", "Gone", "--events", "*"]).trim().to_owned();
    let said = soon(|| home.run(["send", "user.inserted", "--count", "9", "--wait"]));
    said.exits(10).tells(&format!("paused until it is enabled: tm-hooks enable {id}"));
    assert!(!said.err.contains("later all the same"), "{said}");
    // Another webhook accepts the same events.
    let accepting = Receiver::accepting();
    home.ok(["add", &accepting.url(), "--name", "Good", "--events", "*"]);
    home.ok(["enable", "Gone"]);
    let said = soon(|| home.run(["send", "user.inserted", "--count", "9", "-o", "json"]));
    said.exits(11);
    assert_eq!(accepting.ledger().len(), 9);
    let error: serde_json::Value = serde_json::from_str(said.err.lines().last().unwrap()).unwrap();
    assert!(error["error"]["message"].as_str().unwrap().contains("paused"), "{said}");
}

#[test]
fn what_waits_for_the_end_of_a_pause_is_told_at_once() {
    let (home, receiver) = (Home::new(), refusing(500));
    home.ok(["add", &receiver.url(), "--name", "Down", "--events", "*"]);
    let said = soon(|| home.run(["send", "user.inserted", "--count", "30"]));
    said.exits(10).tells(" paused; next try ");
    let said = soon(|| home.run(["send", "user.inserted", "--wait"]));
    said.exits(8).tells("Down: paused; next try ").tells("0 of 1 delivered, 1 paused");
    let said = soon(|| home.run(["send", "user.inserted", "-o", "json"]));
    let error: serde_json::Value = serde_json::from_str(&said.exits(8).err).unwrap();
    assert_eq!(error["error"]["message"], "0 of 1 delivered, 1 paused");
}

#[test]
fn a_recovery_whose_webhook_is_disabled_is_not_waited_for() {
    let (home, receiver) = (Home::new(), refusing(410));
    let id = home.ok(["add", &receiver.url(), "--name", "Gone", "--events", "*"]).trim().to_owned();
    home.ok(["disable", "Gone"]);
    home.ok(["send", "user.inserted", "--count", "30"]);
    home.ok(["enable", "Gone"]);
    let mut retry = home.program();
    retry.args(["retry", "--failed", "--since", "1h", "--yes", "--wait", "--timeout", "50s"]);
    let said = soon(|| retry.said());
    said.exits(10).tells(&format!("wait until it is enabled: tm-hooks enable {id}"));
}
