//! Tests deliveries like TimeMoto's own, with the variations of real ones: their content is not changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::common::{Home, Run, api::Api, ledger::Delivering, receiver::Receiver, until};

/// Invented deliveries, one body on each line.
const DELIVERIES: &str = include_str!("../../fixtures/deliveries.ndjson");

#[test]
fn all_are_taken_and_passed_on_with_the_same_characters() {
    let delivering = Delivering::to(Receiver::accepting());
    let api: Api = delivering.api();
    api.add("all", &delivering.receiver.url(), "*");
    let mut sent = BTreeMap::new();
    for line in DELIVERIES.lines() {
        let came: Value = serde_json::from_str(line).unwrap();
        let event = json!({"type": came["event"], "id": came["id"], "data": came["data"]});
        let answered = api.post("/v1/events", event);
        assert_eq!((answered.status, answered.json().get("warnings")), (202, None), "{}", answered.body);
        sent.insert(came["id"].as_str().unwrap().to_owned(), came["data"].clone());
    }
    assert!(
        DELIVERIES.contains("\"planning.inserted\"") && DELIVERIES.contains("\"absence.approved\""),
        "unknown ones too"
    );
    until("all to be delivered", || (api.attempts("status=succeeded").len() >= sent.len()).then_some(()));
    let ledger = delivering.receiver.ledger();
    assert_eq!(ledger.len(), sent.len(), "each event came once");
    for came in ledger {
        let data = &sent[&came.id()];
        for (name, value) in data.as_object().unwrap() {
            assert_eq!(&came.json()["data"][name], value, "{name}");
        }
    }
}

#[test]
fn a_long_token_reaches_the_receiver() {
    let delivering = Delivering::to(Receiver::accepting());
    let bearer = format!("Bearer {}", "t".repeat(8 * 1024 - "Bearer ".len()));
    std::fs::write(delivering.home.path().join("header"), format!("Authorization: {bearer}\n")).unwrap();
    let header = format!("@{}", delivering.home.path().join("header").display());
    delivering.ok(&["add", &delivering.receiver.url(), "--name", "all", "--events", "*", "--header", &header]);
    delivering.ok(&["test", "all"]);
    assert_eq!(delivering.receiver.ledger()[0].header("authorization"), bearer);
}

#[test]
fn what_is_unlike_the_wire_is_a_warning_for_every_way_in() {
    let delivering = Delivering::to(Receiver::accepting());
    let added = delivering.json(&["add", &delivering.receiver.url(), "--name", "all", "--events", "*"]);
    let odd = r#"{"timeInserted":"2026-11-23T07:57:44+00:00","timeLogged":"2026-11-23T08:57","timeZone":"europe/london","departmentId":""}"#;
    let warned = |said: &crate::common::Said| {
        said.tells("warning: data.timeLogged: is sent as it is, but receivers expect a local time without offset");
        assert_eq!(said.err.matches("warning: data.").count(), 3, "{}", said.err);
    };
    warned(delivering.run(&["send", "attendance.inserted", "--data", odd, "--wait"]).exits(0));
    warned(delivering.run(&["test", "all", "--event", "attendance.inserted", "--data", odd]).exits(0));
    let local = Home::new();
    warned(local.program().args(["send", "attendance.inserted", "--data", odd]).said().exits(0));
    assert_eq!(added["name"], "all");
    for came in delivering.receiver.ledger() {
        let (data, given) = (&came.json()["data"], serde_json::from_str::<Value>(odd).unwrap());
        for (name, value) in given.as_object().unwrap() {
            assert_eq!(&data[name], value, "{name}");
        }
    }
    assert_eq!(delivering.receiver.ledger().len(), 2);
}
