//! What `send` and `test` make agrees with itself, and what `send --from` sends, skips and says.

use std::{collections::BTreeSet, fs, io::Write};

use serde_json::{Value, json};

use crate::common::{
    Home, Run,
    receiver::{Receiver, status},
    run::signal,
};

const TYPES: [&str; 3] = ["attendance.inserted", "attendance.updated", "attendance.deleted"];

/// A home with a webhook for everything, and its receiver.
fn world() -> (Home, Receiver) {
    let (home, receiver) = (Home::at("2026-11-25T16:55:00Z"), Receiver::accepting());
    home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "*"]);
    (home, receiver)
}

/// The data of what is received for this command.
#[track_caller]
fn received(arguments: &[&str]) -> Vec<Value> {
    let (home, receiver) = world();
    home.program().args(arguments).said().exits(0);
    receiver.ledger().iter().map(|request| request.json()["data"].clone()).collect()
}

/// What is wrong in the data of a clocking, by rules of this test's own.
fn wrong(data: &Value) -> Option<String> {
    let text = |name: &str| data[name].as_str().unwrap_or_default();
    let (logged, rounded) = (text("timeLogged"), text("timeLoggedRounded"));
    let action = match (text("clockingType"), data["clockingActionTypeId"].as_i64()) {
        ("In", Some(1 | 2)) | ("Out", Some(0 | 3)) => Some("the action"),
        _ => None,
    };
    let names = format!("{} {}", text("userFirstName"), text("userLastName"));
    let day = logged.get(..10).unwrap_or_default().replace('-', "_");
    let sequence = format!("Sequences_{}_{}_{day}", text("clientId"), text("userId"));
    let checks = [
        (action.is_some(), "the action"),
        (names.trim() != text("userFullName"), "the full name"),
        (logged.get(..16) != rounded.get(..16) || !rounded.ends_with(":00"), "the rounded time"),
        (text("clockingSequenceId") != sequence, "the sequence"),
        (!text("clockingPairId").starts_with(&format!("Pairs_{sequence}_")), "the pair"),
        (data["departmentId"].is_null() != data["departmentName"].is_null(), "the department"),
        (data["projectId"].is_null() != data["projectName"].is_null(), "the project"),
    ];
    checks.into_iter().find(|(wrong, _)| *wrong).map(|(_, what)| format!("{what} in {data}"))
}

/// Deliveries of 500 events at a time are waited for.
#[test]
fn more_events_than_are_waited_for_at_a_time_are_all_delivered() {
    let (home, receiver) = world();
    let lines: Vec<_> = (0..501).map(|_| r#"{"type":"user.inserted","data":{"userFirstName":"Ada"}}"#).collect();
    let sent = home.run_with_input(["send", "--from", "-", "--timeout", "30s"], &lines.join("\n"));
    sent.exits(0);
    assert_eq!(receiver.ledger().len(), 501);
}

#[test]
fn what_follows_from_a_field_that_is_set_follows() {
    for set in [
        "clockingType=Out",
        "clockingActionTypeId=2",
        "userFirstName=Mara",
        "userFullName=Mara Beispiel",
        "timeLogged=2026-11-20T06:07:08",
        "timeLoggedRounded=2026-11-20T06:07:00",
        "userId=64c0a7f2-91d8-4b3e-a5f6-2e8d70b19c45",
        "departmentName=null",
        "projectId=null",
    ] {
        let (name, value) = set.split_once('=').unwrap();
        for event_type in TYPES {
            let data = received(&["send", event_type, "--set", set]).remove(0);
            assert_eq!(wrong(&data), None, "{event_type} {set}");
            assert_eq!(data[name], serde_json::from_str(value).unwrap_or_else(|_| json!(value)), "{set}");
        }
        let data = received(&["test", "ERP", "--set", set]).remove(0);
        assert_eq!(wrong(&data), None, "test {set}");
    }
}

#[test]
fn what_was_set_and_still_contradicts_is_warned_of() {
    let (home, receiver) = world();
    let both = ["--set", "clockingType=Out", "--set", "clockingActionTypeId=0"];
    let warned = "warning: data.clockingType: is Out, but clockingActionTypeId 0 is an In";
    home.program().args(["send", "attendance.inserted"]).args(both).said().exits(0).tells(warned);
    home.program().args(["test", "ERP"]).args(both).said().exits(0).tells(warned);
    let sent = receiver.ledger()[0].json();
    assert_eq!((&sent["data"]["clockingType"], &sent["data"]["clockingActionTypeId"]), (&json!("Out"), &json!(0)));
    let quiet = home.run(["send", "attendance.inserted", "--set", "clockingType=Out"]);
    assert!(!quiet.exits(0).err.contains("warning"));
}

#[test]
fn each_event_has_its_own_time_hash_and_pair() {
    let all = received(&["send", "attendance.inserted", "--count", "3"]);
    for name in ["timeLogged", "timeInserted", "recordHash", "clockingPairId"] {
        assert_eq!(all.iter().map(|data| data[name].to_string()).collect::<BTreeSet<_>>().len(), 3, "{name}");
    }
    assert!(all.iter().all(|data| wrong(data).is_none()));
    assert!(all.iter().all(|data| data["timeLogged"].as_str().unwrap().starts_with("2026-11-25T17:5")));
    let then = received(&["send", "attendance.inserted", "--occurred-at", "2026-10-25T02:10:31+01:00"]).remove(0);
    assert_eq!((&then["timeLogged"], &then["payPeriodName"]), (&json!("2026-10-25T02:10:31"), &json!("43")));
}

/// The clock has gone on meanwhile, and it is the same event.
#[test]
fn an_id_of_the_callers_is_sent_again_and_is_one_event() {
    let (home, receiver) = world();
    let send = ["send", "attendance.inserted", "--id", "tm_0199c1d2e3f4758697a8b9cadbecfd0e"];
    home.ok(send);
    home.set_clock("2026-11-25T18:00:00Z");
    home.ok(send);
    assert_eq!(receiver.ledger().len(), 1);
    home.program().args(send).args(["--set", "comment=other"]).said().exits(6);
}

#[test]
fn hard_cases_are_listed_and_sent() {
    let (home, receiver) = world();
    let names = home.ok(["send", "--example", "-o", "id"]);
    assert!(names.lines().count() > 8 && receiver.ledger().is_empty());
    home.run(["send", "--example", "overnite-out"])
        .exits(2)
        .tells("did you mean \"overnight-out\"")
        .tells("break-start");
    home.run(["send", "user.updated", "--example", "break-start"]).exits(2).tells("is attendance.inserted");
    for name in names.lines() {
        home.ok(["send", "--example", name]);
    }
    let bodies: Vec<Value> = receiver.ledger().iter().map(|request| request.json()).collect();
    let updates: Vec<&Value> = bodies.iter().filter(|body| body["event"] == "attendance.updated").collect();
    assert_eq!((updates.len(), &updates[0]["data"]), (2, &updates[1]["data"]));
    assert_ne!(updates[0]["id"], updates[1]["id"]);
    assert!(bodies.iter().any(|body| body["data"]["userEmployeeNumber"] == "erika.example@example.com"));
}

#[test]
fn a_minimal_test_is_no_clocking() {
    let data = received(&["test", "ERP", "--minimal"]).remove(0);
    assert!(data.as_object().unwrap().values().all(Value::is_null), "{data}");
    let some = received(&["test", "ERP", "--minimal", "--set", "comment=only this"]).remove(0);
    assert_eq!((&some["comment"], &some["clockingType"]), (&json!("only this"), &Value::Null));
}

#[test]
fn the_events_of_a_list_are_taken_with_its_blanks() {
    let (home, _receiver) = world();
    home.ok(["edit", "ERP", "--events", "attendance.inserted, user.deleted"]);
    let events = || home.json(["list", "-o", "json"])["data"][0]["events"].clone();
    assert_eq!(events(), json!(["attendance.inserted", "user.deleted"]));
    home.ok(["edit", "ERP", "--events", "+user.updated, -user.deleted"]);
    assert_eq!(events(), json!(["attendance.inserted", "user.updated"]));
    home.ok(["add", "http://127.0.0.1:9/x", "--name", "Second", "--events", "user.*, attendance.*"]);
    home.run(["edit", "ERP", "--events", "user.updated attendance.inserted"]).exits(2);
}

fn line(number: usize) -> String {
    let id = format!("tm_{number:032x}");
    json!({"type": "user.updated", "data": {"userId": null}, "id": id, "occurredAt": "2026-11-23T08:57:43Z"})
        .to_string()
}

#[test]
fn a_file_of_events_is_sent_and_can_be_sent_again() {
    let (home, receiver) = world();
    // As an editor on Windows writes it: a byte order mark, CRLF, blank lines, none at the end; and a line separator in a text.
    let text =
        format!("\u{feff}{}\r\n\r\n{}\r\n{}", line(1), line(2), line(3).replace("null", "null,\"a\":\"x\u{2028}y\""));
    fs::write(home.path().join("day.ndjson"), text).unwrap();
    let sent = home.run(["send", "--from", "day.ndjson"]);
    sent.exits(0).tells("Sent 3 events, to be delivered 3 times");
    assert_eq!(sent.out.lines().count(), 3);
    home.run_with_input(["send", "--from", "-"], &format!("{}\n{}\n", line(2), line(4))).exits(0);
    assert_eq!(receiver.ledger().len(), 4, "three were there, one was new");
    let other = line(1).replace("null", "\"64c0a7f2-91d8-4b3e-a5f6-2e8d70b19c45\"");
    home.run_with_input(["send", "--from", "-"], &other).exits(6).tells("line 1");
}

#[test]
fn deliveries_as_they_were_logged_are_sent() {
    let (home, receiver) = world();
    let logged = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/deliveries.ndjson"));
    let sent = home.run_with_input(["send", "--from", "-", "--unknown-type"], logged);
    sent.exits(0);
    let ids: BTreeSet<String> = receiver.ledger().iter().map(|request| request.id()).collect();
    assert!(ids.len() > 90 && ids.len() == receiver.ledger().len(), "each is delivered once");
}

#[test]
fn a_line_that_is_wrong_is_named_and_the_others_are_sent() {
    let (home, receiver) = world();
    let bad = [
        line(1),
        "{\"type\":".to_owned(),
        r#"{"type":"user.updated","data":{"userId":7}}"#.to_owned(),
        r#"{"type":"user.updated","data":{},"ocurredAt":1}"#.to_owned(),
        line(2),
    ];
    let sent = home.run_with_input(["send", "--from", "-"], &bad.join("\n"));
    sent.exits(11).tells("line 2 ends within an event").tells("line 3, data.userId: expected");
    sent.tells("line 4, ocurredAt: is no field of an event").tells("3 of 5 events could not be sent");
    assert_eq!((receiver.ledger().len(), sent.out.lines().count()), (2, 2));
    let all_bad = home.run_with_input(["send", "--from", "-", "-o", "json"], "{}\n[]");
    all_bad.exits(7);
    let errors: Value = all_bad.err.lines().find_map(|line| serde_json::from_str(line).ok()).unwrap();
    assert_eq!(errors["error"]["fields"][0]["field"], "line 1, type");
    home.run(["send", "--from", "nowhere.ndjson"]).exits(2).tells("could not read nowhere.ndjson");
    home.run(["send", "--from", "day.ndjson", "--set", "a=b"]).exits(2);
    fs::write(home.path().join("wide"), b"\xff\xfe{\0}\0\n\0").unwrap();
    home.run(["send", "--from", "wide"]).exits(2).tells("UTF-16");
    assert_eq!(home.run_with_input(["send", "--from", "-", "-o", "json"], "").json()["data"], json!([]));
}

#[test]
fn a_failed_delivery_decides_on_the_exit_code() {
    let home = Home::new();
    let receiver = Receiver::answering(|number, _| status(if number == 0 { 503 } else { 204 }));
    home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "*"]);
    home.run_with_input(["send", "--from", "-"], &format!("{}\n{}\n", line(1), line(2))).exits(11);
}

/// It waits for the next line, and says how to go on.
#[test]
fn an_interrupted_file_says_where_it_stopped() {
    let (home, _receiver) = world();
    let mut program = home.program();
    program.args(["send", "--from", "-"]).stdin(std::process::Stdio::piped());
    let mut running = program.started();
    let mut input = running.child.stdin.take().unwrap();
    write!(input, "{}\n{}\n", line(1), line(2)).unwrap();
    crate::common::until("both are taken in", || {
        let events = home.json(["events", "-o", "json"]);
        (events["data"].as_array()?.len() == 2).then_some(())
    });
    signal(running.child.id(), "INT");
    let said = running.said_in_time();
    drop(input);
    said.exits(130).tells("stopped before line 3 (2 sent)").tells("… | tail -n +3 | tm-hooks send --from -");
    assert_eq!(said.out.lines().count(), 2);
}
