//! Tests that no event is lost that a sender was told is taken: `serve` is killed at random moments while a program that
//! plays TimeMoto Cloud delivers to it, in a scheme that is hidden from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    io::Write,
    path::Path,
    process::Command,
};

use serde_json::{Value, json};

use super::outside::{SECRET, serve, text};
use crate::common::{
    Home, Run,
    api::Api,
    receiver::{Received, Receiver},
    skip, trace, until,
};

/// The simultaneous connections of the sender.
const CONNECTIONS: &str = "8";

/// The number of events, and how often the service is killed: more with `CRASH_ROUNDS=20`.
fn extent() -> (usize, usize) {
    match std::env::var("CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()) {
        Some(rounds @ 20..) => (10_000, rounds),
        _ => (300, 3),
    }
}

fn random() -> usize {
    RandomState::new().build_hasher().finish() as usize
}

fn lines(ledger: &Path) -> usize {
    fs::read(ledger).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count()
}

/// The bodies of the events that were answered 200 and that a webhook wants, by their ids.
fn answered(ledger: &Path, wants: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let ledger = fs::read_to_string(ledger).unwrap();
    let events = ledger.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events
        .filter(|event| event["event"] != "test" && wants(text(&event["event"])))
        .map(|event| (text(&event["id"]).to_owned(), text(&event["body"]).to_owned()))
        .collect()
}

/// Waits until each of these events has come to a receiver, and expects nothing else there, in these bytes if they are
/// those of the sender.
fn has_all(receiver: &Receiver, wanted: &BTreeMap<String, String>, are_bytes_the_same: bool) -> usize {
    let ids = |ledger: &[Received]| -> BTreeSet<String> { ledger.iter().map(Received::id).collect() };
    let ledger = receiver.wait("every event that was answered 200", |ledger| {
        ledger.len() >= wanted.len() && {
            let came = ids(ledger);
            wanted.keys().all(|id| came.contains(id))
        }
    });
    assert_eq!(ids(&ledger), wanted.keys().cloned().collect(), "nothing else comes");
    for came in ledger.iter().filter(|_| are_bytes_the_same) {
        assert_eq!(came.body, wanted[&came.id()]);
    }
    ledger.len() - wanted.len()
}

#[test]
fn every_event_that_was_answered_200_arrives_whatever_is_killed() {
    if skip::without(&["python3"], "nobody plays TimeMoto Cloud") {
        return;
    }
    let (events, kills) = extent();
    let home = Home::new();
    let mut served = serve(&home, "127.0.0.1:0", &[]);
    let senders = served.senders();
    let api = Api::of(&served);
    let source = json!({"name": "Cloud", "secret": trace::secret(SECRET), "scheme": "learn"});
    let source = api.post("/v1/sources", source).of_status(201).json();
    let [all, attendance, second] = [(); 3].map(|()| Receiver::accepting());
    api.add("all", &all.url(), "*");
    api.add("attendance", &attendance.url(), "attendance.*");
    let pinned = json!({"name": "second", "url": second.url(), "events": ["*"], "pinnedVersion": "v2"});
    api.post("/v1/webhooks", pinned).of_status(201);

    let (secret, ledger) = (home.path().join("secret"), home.path().join("ledger"));
    fs::write(&secret, SECRET).unwrap();
    let seed = random() % 1_000_000;
    let url = format!("http://{senders}{}", text(&source["url"]));
    let mut cloud = Command::new("python3")
        .arg("-B")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/timemoto_cloud.py"))
        .args([&seed.to_string(), &events.to_string(), CONNECTIONS, &url])
        .args([&secret, &ledger])
        .started();
    for kill in 0..kills {
        // The first one may come before the scheme is known, each at another moment.
        let part = events / (kills + 1);
        let mark = kill * part + random() % part;
        until("events to be taken", || (lines(&ledger) >= mark).then_some(()));
        served.killed();
        served = serve(&home, &senders.to_string(), &[]);
    }
    until("the sender to end", || cloud.child.try_wait().unwrap());
    let said = cloud.said();
    let answers = said.json();
    assert_eq!(answers["200"], events, "seed {seed}: {answers}");
    assert!(answers["none"].as_u64() > Some(0), "it was killed while nothing was sent: {answers}");

    let wants_all = answered(&ledger, |_| true);
    assert!(wants_all.len() > events / 2, "seed {seed}");
    let again = has_all(&all, &wants_all, true) + has_all(&second, &wants_all, false);
    let again = again + has_all(&attendance, &answered(&ledger, |name| name.starts_with("attendance.")), true);
    let api = Api::of(&served);
    until("nothing to be pending", || (api.pending() == 0).then_some(()));
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "seed {seed}, {again} deliveries came twice: {log}");
    if kills > 3 {
        let figures = format!("{events} events, {kills} kills, answers {answers}, {again} came twice, seed {seed}");
        let _ = writeln!(std::io::stderr(), "{figures}");
    }
}
