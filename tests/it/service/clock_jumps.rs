//! Tests a temporarily wrong clock: nothing is lost, and nothing is held for longer than a rule allows.

use serde_json::{Value, json};

use crate::common::{
    Home,
    api::Api,
    receiver::{Receiver, status},
    service::{Served, sqlite},
    until,
};

const RIGHT: &str = "2026-11-25T10:00:00Z";
const AHEAD: &str = "2027-11-25T10:00:00Z";

fn serve(home: &Home) -> Served {
    Served::on_database(home, &sqlite(home.path().join("served/hooks.db")))
}

/// Waits for the number with this name in the database.
fn noted(home: &Home, name: &str) -> i64 {
    let connection = rusqlite::Connection::open(home.path().join("served/hooks.db")).unwrap();
    let read = || connection.query_row("SELECT value FROM sequences WHERE name = ?1", [name], |row| row.get(0)).ok();
    until(name, read)
}

fn micros(rfc3339: &str) -> i64 {
    rfc3339.parse::<tm_hooks::domain::time::Timestamp>().unwrap().as_micros()
}

fn count(api: &Api, list: &str) -> usize {
    api.get(&format!("/v1/{list}?limit=250")).of_status(200).json()["data"].as_array().unwrap().len()
}

#[test]
fn a_service_that_begins_with_the_clock_two_months_ahead_keeps_everything() {
    let (home, receiver) = (Home::at(RIGHT), Receiver::accepting());
    let served = serve(&home);
    let api = Api::of(&served);
    api.add("on", &receiver.url(), "*");
    let new = json!({"name": "off", "url": format!("{}/off", receiver.url()), "events": ["*"], "enabled": false});
    api.post("/v1/webhooks", new).of_status(201);
    let event = api.send("user.inserted");
    receiver.wait("its delivery", |ledger| ledger.len() == 1);
    until("it to be recorded", || (api.attempts("status=succeeded").len() == 1).then_some(()));
    served.stopped();

    home.set_clock("2027-01-24T10:00:00Z");
    let served = serve(&home);
    assert_eq!(noted(&home, "doubted now"), micros("2027-01-24T10:00:00Z"));
    assert_eq!(noted(&home, "believed now"), micros(RIGHT));
    let (code, log) = served.stopped();
    assert!(code == Some(0) && log.contains("ahead of the time that has passed"), "{log}");

    home.set_clock("2026-11-25T10:02:00Z");
    let served = serve(&home);
    let api = Api::of(&served);
    assert_eq!((count(&api, "events"), count(&api, "attempts")), (1, 1));
    let again: Value = json!({"id": event, "type": "user.inserted", "data": {"userFullName": "Mara Beispiel"}});
    api.post("/v1/events", again);
    let off = api.get("/v1/webhooks?limit=250").json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|webhook| webhook["name"] == "off")
        .map(|webhook| webhook["id"].as_str().unwrap().to_owned())
        .unwrap();
    served.client(&home).args(["enable", &off]).output().unwrap();
    let mut retry = served.client(&home);
    assert!(retry.args(["retry", &off, "--failed", "--since", "1d", "--yes"]).output().unwrap().status.success());
    let ledger = receiver.wait("what was missed", |ledger| ledger.iter().any(|it| it.path == "/hooks/off"));
    assert_eq!(ledger.iter().filter(|it| it.path == "/hooks").count(), 1, "the same id was delivered again");
    assert!(ledger.iter().all(|it| it.id() == event));
}

/// Checks that what a clock a year ahead held is delivered soon after it is right, by this process or the next.
fn is_released(restarted: bool) {
    let asks = |before: usize, _: &crate::common::receiver::Received| match before {
        0 => {
            axum::http::Response::builder().status(429).header("retry-after", "1800").body(Default::default()).unwrap()
        }
        _ => status(204),
    };
    let (home, receiver) = (Home::at(AHEAD), Receiver::answering(asks));
    let mut served = serve(&home);
    let mut api = Api::of(&served);
    let webhook = api.add("on", &receiver.url(), "*");
    api.send("user.inserted");
    receiver.wait("the first try", |ledger| ledger.len() == 1);
    let held = |api: &Api| api.get(&format!("/v1/webhooks/{webhook}")).of_status(200).json()["heldUntil"].clone();
    until("it to be held", || (!held(&api).is_null()).then_some(()));
    api.send("user.updated");
    if restarted {
        served.stopped();
        home.set_clock(RIGHT);
        served = serve(&home);
        api = Api::of(&served);
    } else {
        home.set_clock(RIGHT);
    }
    until("the hold to be brought back", || (held(&api) == "2026-11-25T10:30:00.000Z").then_some(()));
    assert_eq!(receiver.ledger().len(), 1);
    home.set_clock("2026-11-25T10:30:01Z");
    receiver.wait("both", |ledger| ledger.len() == 3);
    until("both to be recorded", || (api.attempts("status=succeeded").len() == 2).then_some(()));
    assert_eq!(served.stopped().0, Some(0));
}

#[test]
fn a_hold_that_a_wrong_clock_has_set_ends_in_time() {
    is_released(false);
}

#[test]
fn a_hold_that_a_wrong_clock_has_set_ends_in_time_after_a_restart() {
    is_released(true);
}
