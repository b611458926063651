//! What comes in goes out: the same bytes as `v1`, once, whatever else comes under the same id.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::outside::{Outside, event, path, text};
use crate::common::receiver::{Received, Receiver};

/// Invented deliveries, one body on each line.
const DELIVERIES: &str = include_str!("../../fixtures/deliveries.ndjson");

/// The bodies that came, by id.
fn bodies(ledger: &[Received]) -> BTreeMap<String, Vec<Vec<u8>>> {
    let mut bodies = BTreeMap::<String, Vec<Vec<u8>>>::new();
    for came in ledger {
        bodies.entry(came.id()).or_default().push(came.body.to_vec());
    }
    bodies
}

#[test]
fn every_delivery_goes_out_as_it_came_in() {
    let (outside, all, attendance) = (Outside::new(), Receiver::accepting(), Receiver::accepting());
    outside.api.add("all", &all.url(), "*");
    outside.api.add("attendance", &attendance.url(), "attendance.*");
    let source = outside.source("TimeMoto", "timemoto");
    let mut sent = BTreeMap::new();
    for line in DELIVERIES.lines() {
        let answered = outside.deliver(&source, line.as_bytes()).of_status(200).json();
        let came: Value = serde_json::from_str(line).unwrap();
        let (id, name) = (text(&came["id"]), text(&came["event"]));
        // Some are there twice, as senders repeat themselves.
        let expected = if sent.contains_key(id) { "repeated" } else { "accepted" };
        assert_eq!(answered["outcome"], if name == "test" { "test" } else { expected }, "{line}");
        if name != "test" {
            sent.insert(id.to_owned(), (name.to_owned(), line.as_bytes().to_vec()));
        }
    }
    let types: Vec<&str> = sent.values().map(|(name, _)| name.as_str()).collect();
    assert!(types.contains(&"planning.inserted") && types.contains(&"absence.approved"), "unknown ones too");
    let wanted = |wants: fn(&str) -> bool| -> BTreeMap<String, Vec<Vec<u8>>> {
        sent.iter()
            .filter(|(_, (name, _))| wants(name))
            .map(|(id, (_, body))| (id.clone(), vec![body.clone()]))
            .collect()
    };
    let wanted_by_both = wanted(|name| name.starts_with("attendance."));
    outside.delivered(sent.len() + wanted_by_both.len());
    assert_eq!(bodies(&all.ledger()), wanted(|_| true));
    assert_eq!(bodies(&attendance.ledger()), wanted_by_both);
    let shown = outside.now(&source);
    assert_eq!((&shown["refused24h"], &shown["isSilent"]), (&json!(0), &json!(false)));
    let event = outside.api.get(&format!("/v1/events/{}", sent.keys().next().unwrap())).of_status(200).json();
    assert_eq!(event["source"], "TimeMoto");
    outside.ends();
}

#[test]
fn bytes_that_no_library_would_write_stay_as_they_are() {
    let (outside, receiver) = (Outside::new(), Receiver::accepting());
    outside.api.add("all", &receiver.url(), "*");
    let source = outside.source("TimeMoto", "timemoto");
    let odd: Vec<Vec<u8>> = [
        "\u{feff}{\"id\":\"a\",\"event\":\"x.y\",\"data\":{\"n\":1}}\r\n",
        "\n\t {\"event\" : \"x.y\" , \"id\" : \"b\" , \"data\" : { \"n\" : 1.0e+2, \"n2\":-0.0, \"big\":12345678901234567890.10 } }\n\n",
        "{\"id\":\"c\",\"event\":\"x.y\",\"data\":{\"a\":\"\\u00e4\\/\\ud83d\\ude00\",\"a\":\"twice\"}}",
        "{\"id\":\"d\",\"event\":\"x.y\",\"data\":null,\"more\":[1,{\"id\":\"within\"}]}",
        "{\"id\":\"e\",\"event\":\"x.y\"}",
        "{\"data\":{\"zeros\":\"\\u0000\u{2028}\u{202e}\"},\"event\":\"x.y\",\"id\":\"f\"}",
    ]
    .map(|body| body.as_bytes().to_vec())
    .into();
    for body in &odd {
        outside.deliver(&source, body).of_status(200);
    }
    let ledger = receiver.wait("all", |ledger| ledger.len() >= odd.len());
    let mut came: Vec<Vec<u8>> = ledger.iter().map(|came| came.body.to_vec()).collect();
    came.sort();
    let mut expected = odd;
    expected.sort();
    assert_eq!(came, expected);
}

#[test]
fn two_sources_may_use_the_same_ids() {
    let (outside, receiver) = (Outside::new(), Receiver::accepting());
    outside.api.add("all", &receiver.url(), "*");
    let [one, other] = ["One", "Other"].map(|name| outside.source(name, "timemoto"));
    for number in 1..=3 {
        let body = event(number, "attendance.inserted");
        for source in [&one, &other] {
            assert_eq!(outside.deliver(source, &body).of_status(200).json()["outcome"], "accepted");
        }
        assert_eq!(outside.deliver(&one, &body).of_status(200).json()["outcome"], "repeated");
    }
    outside.delivered(6);
    let ledger = bodies(&receiver.ledger());
    assert_eq!(ledger.values().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2]);
    let path = format!("/v1/events/tm_{:032x}", 1);
    assert_eq!(outside.api.get(&path).of_status(409).json()["code"], "ambiguous_id");
    for name in ["One", "Other"] {
        let event = outside.api.get(&format!("{path}?source={name}")).of_status(200).json();
        assert_eq!(event["source"], name);
    }
}

#[test]
fn changed_content_is_delivered_where_that_is_wanted() {
    let (outside, receiver) = (Outside::new(), Receiver::accepting());
    outside.api.add("all", &receiver.url(), "*");
    let with = |name: &str, redeliver: bool| {
        let new = json!({"name": name, "secret": super::outside::SECRET, "scheme": "timemoto", "redeliverChanged": redeliver});
        outside.add(new)
    };
    let [once, again] = [with("Once", false), with("Again", true)];
    let body = |id: &str, note: &str| format!(r#"{{"id":"{id}","event":"user.updated","data":{{"note":"{note}"}}}}"#);
    for (source, id) in [(&once, "once"), (&again, "again")] {
        for (note, outcome) in
            [("a", "accepted"), ("b", "changed"), ("b", "repeated"), ("a", "repeated"), ("c", "changed")]
        {
            let answered = outside.deliver(source, body(id, note).as_bytes()).of_status(200).json();
            assert_eq!(answered["outcome"], outcome, "{id} {note}");
        }
    }
    outside.delivered(4);
    let mut came = bodies(&receiver.ledger());
    came.values_mut().for_each(|bodies| bodies.sort());
    let of = |id: &str, notes: &[&str]| notes.iter().map(|note| body(id, note).into_bytes()).collect::<Vec<_>>();
    assert_eq!(came["once"], of("once", &["a"]));
    assert_eq!(came["again"], of("again", &["a", "b", "c"]));
    let noted = outside.received(&once, "outcome=changed", 2);
    assert_eq!(noted[0]["request"]["body"], body("once", "c"), "the other content is kept for a person to see");
}

#[test]
fn a_disabled_source_is_not_there_and_a_deleted_one_leaves_its_events() {
    let (outside, receiver) = (Outside::new(), Receiver::accepting());
    outside.api.add("all", &receiver.url(), "*");
    let source = outside.source("Gone", "timemoto");
    let api = format!("/v1/sources/{}", text(&source["id"]));
    outside.deliver(&source, &event(1, "user.inserted")).of_status(200);
    let unknown = super::outside::post(outside.senders, "/in/src_0000000000", &[], b"{}").of_status(404).json();
    for enabled in [false, true] {
        outside.api.ask("PATCH", &api, Some(&json!({"enabled": enabled}))).of_status(200);
        let answered = outside.deliver(&source, &event(2, "user.inserted"));
        if enabled {
            assert_eq!(answered.of_status(200).json()["outcome"], "accepted");
        } else {
            let problem = answered.of_status(404).json();
            assert_eq!((&problem["code"], &problem["title"]), (&unknown["code"], &unknown["title"]));
        }
    }
    outside.delivered(2);
    outside.api.ask("DELETE", &api, None).of_status(204);
    outside.deliver(&source, &event(3, "user.inserted")).of_status(404);
    for number in [1, 2] {
        let event = outside.api.get(&format!("/v1/events/tm_{number:032x}")).of_status(200).json();
        assert_eq!((&event["source"], event["data"]["recordHash"].as_u64()), (&json!("Gone"), Some(number)));
    }
    // A new one of the same name knows nothing of what the other had.
    let source = outside.source("Gone", "timemoto");
    assert_ne!(path(&source), api.replace("/v1/sources", "/in"));
    assert_eq!(outside.deliver(&source, &event(1, "user.inserted")).of_status(200).json()["outcome"], "accepted");
    outside.delivered(3);
    assert_eq!(receiver.ledger().len(), 3);
}
