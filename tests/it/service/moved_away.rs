//! Tests database files that are removed or replaced while a service runs: it accepts nothing that the next service
//! would not find.

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::json;

use crate::common::{
    api::{Answered, Api},
    ledger::Delivering,
    receiver::Receiver,
    service::{Served, sqlite},
    until,
};

fn folder(service: &Delivering) -> PathBuf {
    service.home.path().join("served")
}

fn send(api: &Api) -> Answered {
    api.post("/v1/events", json!({"type": "user.inserted", "data": {"userFullName": "Mara Beispiel"}}))
}

fn says_it_is_gone(api: &Api) {
    for path in ["/v1/events", "/v1/webhooks"] {
        let body = match path {
            "/v1/events" => json!({"type": "user.inserted", "data": {"userFullName": "Mara Beispiel"}}),
            _ => json!({"name": "Late", "url": "http://127.0.0.1:9/", "events": ["*"]}),
        };
        let refused = api.post(path, body).of_status(503).json();
        assert_eq!(refused["code"], "unavailable");
        assert!(refused["detail"].as_str().unwrap().contains("removed, replaced or cut"), "{refused}");
    }
    let unready = api.get("/readyz").of_status(503).json();
    assert!(unready["errors"].as_array().unwrap().iter().any(|it| it["field"] == "database"), "{unready}");
    assert!(unready["detail"].as_str().unwrap().contains("its file was removed, replaced or cut"), "{unready}");
}

/// A service that has accepted an event, and the accepted ids.
fn accepted() -> (Delivering, BTreeSet<String>) {
    let service = Delivering::to(Receiver::accepting());
    let api = service.api();
    api.add("Payroll", &service.receiver.url(), "*");
    let accepted = BTreeSet::from([api.send("user.inserted")]);
    until("it to be recorded", || (api.attempts("status=succeeded").len() == 1).then_some(()));
    (service, accepted)
}

/// Removes or replaces a file of the database, checks that nothing is accepted, and restores the file.
fn nothing_is_accepted_meanwhile(name: &str, replaced: bool) {
    let (service, mut accepted) = accepted();
    let api = service.api();
    let (file, elsewhere) = (folder(&service).join(name), service.home.path().join("elsewhere"));
    fs::rename(&file, &elsewhere).unwrap();
    if replaced {
        fs::copy(&elsewhere, &file).unwrap();
    }
    says_it_is_gone(&api);
    // A move within a disk keeps the file's identity.
    fs::rename(&elsewhere, &file).unwrap();
    until("it to be ready", || (api.get("/readyz").status == 200).then_some(()));
    accepted.insert(send(&api).of_status(202).json()["id"].as_str().unwrap().to_owned());
    service.receiver.wait("both", |ledger| ledger.len() == 2);
    until("both to be recorded", || (api.attempts("status=succeeded").len() == 2).then_some(()));
    let Delivering { home, served, receiver } = service;
    assert_eq!(served.stopped().0, Some(0));
    let served = Served::on_database(&home, &sqlite(home.path().join("served/hooks.db")));
    let api = Api::of(&served);
    for event in &accepted {
        api.get(&format!("/v1/events/{event}")).of_status(200);
    }
    assert_eq!(receiver.ledger().len(), 2);
}

#[test]
fn a_database_that_is_moved_away_stops_acceptance_until_it_is_back() {
    nothing_is_accepted_meanwhile("hooks.db", false);
}

#[test]
fn a_database_that_is_replaced_stops_acceptance() {
    nothing_is_accepted_meanwhile("hooks.db", true);
}

#[test]
fn a_log_that_is_moved_away_stops_acceptance_until_it_is_back() {
    nothing_is_accepted_meanwhile("hooks.db-wal", false);
}

#[test]
fn shared_memory_that_is_moved_away_stops_acceptance_until_it_is_back() {
    nothing_is_accepted_meanwhile("hooks.db-shm", false);
}

#[test]
fn a_service_whose_database_is_deleted_accepts_nothing_and_ends_when_asked() {
    let (service, _) = accepted();
    fs::remove_dir_all(folder(&service)).unwrap();
    says_it_is_gone(&service.api());
    let (code, log) = service.served.stopped();
    assert!(code.is_some(), "{log}");
}
