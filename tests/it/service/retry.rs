//! Tests `tm-hooks retry` with the real program, a real service and a real receiver.

use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering},
};

use crate::common::{
    Home, Run,
    receiver::{Receiver, status},
    service::{Served, sqlite},
    terminal::Terminal,
};
use serde_json::{Value, json};

/// A receiver whose answer the test changes.
fn switched(first: u16) -> (Receiver, Arc<AtomicU16>) {
    let code = Arc::new(AtomicU16::new(first));
    let answer = code.clone();
    (Receiver::answering(move |_, _| status(answer.load(Ordering::SeqCst))), code)
}

/// Sends events while the webhook is disabled.
fn miss(home: &Home, events: usize) {
    home.ok(["disable", "Payroll"]);
    home.ok(["send", "user.inserted", "--count", &events.to_string()]);
    home.ok(["enable", "Payroll"]);
}

#[test]
fn what_waits_is_told_with_what_ends_the_waiting() {
    let home = Home::new();
    let receiver = Receiver::answering(|_, _| {
        let mut answer = status(503);
        answer.headers_mut().insert("retry-after", "600".parse().unwrap());
        answer
    });
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "*"]);
    let id = home.ok(["list", "-o", "id"]).trim().to_owned();
    home.run(["send", "user.inserted"]).exits(10);
    let failed = |more: &[&str]| home.program().args(["retry", "--failed", "--since", "1h"]).args(more).said();
    let until = home.json(["show", "Payroll", "-o", "json"])["heldUntil"].as_str().unwrap().to_owned();
    for more in [&["--dry-run"][..], &["Payroll", "--dry-run"], &["--yes"]] {
        let said = failed(more);
        said.exits(0)
            .tells(&format!("1 delivery of Payroll waits: nothing is sent to it before its pause ends {until}"));
        said.tells(&format!("tm-hooks disable {id} && tm-hooks enable {id}"));
    }
    failed(&["--yes"]).exits(0).tells(": nothing is left but what waits");
    assert_eq!(failed(&["--dry-run", "-o", "json"]).json()["waiting"], 1);
    home.ok(["disable", "Payroll"]);
    failed(&["--dry-run"])
        .exits(0)
        .tells(&format!("1 delivery of Payroll waits until it is enabled: tm-hooks enable {id}"));
    failed(&["Payroll", "--dry-run"]).exits(6).tells("enable");
    // The named command ends the waiting.
    let requests = receiver.ledger().len();
    home.ok(["enable", "Payroll"]);
    home.run(["send", "user.inserted"]).exits(10);
    assert!(receiver.ledger().len() > requests, "the pause has ended");
}

#[test]
fn a_single_retry_waits_for_its_attempt() {
    let (home, (receiver, code)) = (Home::new(), switched(503));
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "*"]);
    assert_eq!(home.run(["send", "user.inserted"]).code, 10);
    let first = &home.json(["attempts", "--json"])["data"][0];
    let [attempt, delivery, event] = ["id", "deliveryId", "eventId"].map(|name| first[name].as_str().unwrap());

    let failed = home.run(["retry", attempt]);
    assert_eq!(failed.code, 10, "{}", failed.err);
    assert!(failed.err.contains("Payroll: failed: service unavailable (503)"), "{}", failed.err);
    code.store(204, Ordering::SeqCst);
    home.ok(["disable", "Payroll"]);
    let retried = home.json(["retry", delivery, "--json"]);
    assert_eq!((&retried["number"], &retried["eventId"]), (&json!(3), &json!(event)));
    let made = home.json(["show", retried["attemptId"].as_str().unwrap(), "--json"]);
    assert_eq!((&made["kind"], &made["status"], &made["number"]), (&json!("manual"), &json!("succeeded"), &json!(3)));
    assert_eq!(home.json(["show", delivery, "--json"])["status"], "succeeded");
    let of_event = home.json(["retry", event, "-o", "json"]);
    assert_eq!(of_event["data"][0]["number"], 4);
    assert_eq!(receiver.ledger().len(), 4);
    assert!(receiver.ledger().iter().all(|received| received.body == receiver.ledger()[0].body));

    assert_eq!(home.run(["retry", "at_01h455vb4pex5vsknk084sn02q"]).code, 3);
    assert_eq!(home.run(["retry", "Payroll"]).code, 3, "an event could have this id");
    let some = home.run(["retry", attempt, "dl_01h455vb4pex5vsknk084sn02q"]);
    assert_eq!(some.code, 11, "{}", some.err);
    home.ok(["delete", "Payroll", "--yes"]);
    let deleted = home.run(["retry", delivery]);
    assert_eq!(deleted.code, 6);
    assert!(deleted.err.contains("was deleted"), "{}", deleted.err);
}

#[test]
fn what_was_missed_is_delivered_when_somebody_says_yes() {
    let (home, (receiver, code)) = (Home::new(), switched(204));
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "*"]);
    miss(&home, 3);
    assert!(receiver.ledger().is_empty());

    let nobody = home.run(["retry", "--failed", "--since", "1h"]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.err.contains("--yes"), "{}", nobody.err);
    assert_eq!(home.run(["retry", "--failed"]).code, 2, "--since is needed");
    let counted = home.json(["retry", "--failed", "Payroll", "--since", "1h", "--dry-run", "--json"]);
    assert_eq!(
        counted,
        json!({"deliveries": 3, "failed": 0, "missed": 3, "skipped": 0, "waiting": 0, "complete": true})
    );
    assert!(receiver.ledger().is_empty(), "it was only counted");

    let ended = home.json(["retry", "--failed", "--since", "1h", "--yes", "--json"]);
    assert_eq!((&ended["status"], &ended["made"], &ended["succeeded"]), (&json!("finished"), &json!(3), &json!(3)));
    assert_eq!(receiver.ledger().len(), 3);
    let shown = home.json(["show", ended["id"].as_str().unwrap(), "--json"]);
    assert_eq!(shown, ended);
    let again = home.json(["retry", "--failed", "--since", "1h", "--json"]);
    assert_eq!((&again["status"], &again["made"]), (&json!("finished"), &json!(0)), "nothing is repeated, or asked");

    miss(&home, 2);
    code.store(500, Ordering::SeqCst);
    let seen =
        Terminal::of(&home).start(&["retry", "--failed", "Payroll", "--since", "1h"]).answered("2 deliveries", "y\r");
    assert_eq!(seen.code, 10, "{}", seen.screen);
    assert!(seen.screen.contains("2 deliveries, none of them made before"), "{}", seen.screen);
    miss(&home, 1);
    let declined = Terminal::of(&home).start(&["retry", "--failed", "--since", "1h"]).answered("1 delivery", "n\r");
    assert_eq!(declined.code, 1, "{}", declined.screen);
}

#[test]
fn some_that_fail_are_eleven() {
    let home = Home::new();
    let receiver = Receiver::answering(|before, _| status(if before == 0 { 500 } else { 204 }));
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "*"]);
    miss(&home, 4);
    let ended = home.run(["retry", "--failed", "--since", "1h", "--yes", "--rate", "100/s"]);
    assert_eq!(ended.code, 11, "{}", ended.err);
    assert!(ended.err.contains("3 succeeded and 1 failed"), "{}", ended.err);
    assert!(ended.out.starts_with("rc_"), "a script gets the id: {}", ended.out);
}

#[test]
fn a_service_recovers_in_the_background_and_through_a_crash() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let database = sqlite(home.path().join("served/hooks.db"));
    let served = Served::on_database(&home, &database);
    let ask = |served: &Served, arguments: &[&str]| served.client(&home).args(arguments).said();
    for arguments in [
        &["add", &receiver.url(), "--name", "Payroll", "--events", "*"][..],
        &["disable", "Payroll"],
        &["send", "user.inserted", "--count", "6"],
        &["enable", "Payroll"],
    ] {
        let said = ask(&served, arguments);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let slow = ["retry", "--failed", "--since", "1h", "--rate", "4/s", "--yes", "--wait", "--timeout", "300ms"];
    let slow = ask(&served, &slow);
    assert_eq!(slow.code, 8, "{}", slow.err);
    let id = slow.out.trim().to_owned();
    assert!(id.starts_with("rc_"), "{}", slow.out);
    served.killed();

    let served = Served::on_database(&home, &database);
    let ended = crate::common::until("the recovery to end", || {
        let shown: Value = serde_json::from_str(&ask(&served, &["show", &id, "--json"]).out).unwrap();
        (shown["status"] == "finished").then_some(shown)
    });
    assert_eq!((&ended["made"], &ended["succeeded"], &ended["pending"]), (&json!(6), &json!(6), &json!(0)));
    let ids: std::collections::BTreeSet<String> = receiver.ledger().iter().map(|received| received.id()).collect();
    assert_eq!(ids.len(), 6);
}
