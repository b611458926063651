//! Tests that nothing accepted is lost: `serve` is killed at random moments while events are sent and delivered.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::common::{
    Home,
    receiver::{Received, Receiver},
    service::{Served, TOKEN, sqlite},
    until,
};
use serde_json::{Value, json};

/// The number of events.
const EVENTS: usize = 2_000;
/// The number of simultaneous requests of the sender.
const SENDERS: usize = 8;

/// How often the service is killed: fewer times in an ordinary run than with `CRASH_ROUNDS=20`.
fn rounds() -> usize {
    std::env::var("CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5)
}

/// The service's current URL, for senders that follow its restarts.
type Place = Arc<Mutex<String>>;

/// Sends events until all are sent; collects the ids that were answered with 202.
async fn send(place: Place, next: Arc<AtomicUsize>, accepted: Arc<Mutex<BTreeSet<String>>>, give_up: Arc<AtomicBool>) {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap();
    while next.fetch_add(1, Ordering::SeqCst) < EVENTS {
        let body = json!({"type": "attendance.inserted", "data": {"clockingType": "In"}}).to_string();
        loop {
            let url = format!("{}/v1/events", place.lock().unwrap());
            let sent = client
                .post(url)
                .bearer_auth(TOKEN)
                .header("content-type", "application/json")
                .body(body.clone())
                .send()
                .await;
            let answered = match sent {
                Ok(answer) if answer.status() == 202 => answer.bytes().await.ok(),
                _ => None,
            };
            if let Some(answer) = answered {
                let answer: Value = serde_json::from_slice(&answer).unwrap();
                accepted.lock().unwrap().insert(answer["id"].as_str().unwrap().to_owned());
                break;
            }
            assert!(!give_up.load(Ordering::SeqCst), "the service never came back");
            tokio::task::yield_now().await;
        }
    }
}

#[test]
fn every_event_that_was_answered_202_arrives_whatever_is_killed() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let database = sqlite(home.path().join("crash/hooks.db"));
    let mut served = Served::on_database(&home, &database);
    let added = served
        .client(&home)
        .args(["add", &receiver.url(), "--name", "Ledger", "--events", "attendance.*"])
        .output()
        .unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));

    let place: Place = Arc::new(Mutex::new(served.url.clone()));
    let (next, accepted, give_up) = (Arc::<AtomicUsize>::default(), Arc::default(), Arc::<AtomicBool>::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| runtime.spawn(send(place.clone(), next.clone(), Arc::clone(&accepted), give_up.clone())))
        .collect();

    let rounds = rounds();
    for round in 1..=rounds {
        // Each round has another moment: in a commit, an answer or an attempt.
        let mark = EVENTS * round / (rounds + 1);
        until("events to be accepted", || (accepted.lock().unwrap().len() >= mark).then_some(()));
        served.killed();
        served = Served::on_database(&home, &database);
        *place.lock().unwrap() = served.url.clone();
    }
    for sender in senders {
        runtime.block_on(sender).unwrap();
    }
    give_up.store(true, Ordering::SeqCst);

    let accepted: BTreeSet<String> = accepted.lock().unwrap().clone();
    assert!(accepted.len() >= EVENTS, "only {} were accepted", accepted.len());
    receiver.wait("every accepted event to arrive", |ledger| {
        ledger.len() >= accepted.len() && accepted.is_subset(&ledger.iter().map(Received::id).collect())
    });
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "{log}");
}
