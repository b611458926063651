//! Tests what people ask a company for: everything that is held about a person, and everything that is held at all.
//! The answer is whole, or says how far it goes.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, PipeReader, Read, pipe},
    process::{Child, Stdio},
};

use rustix::pipe::fcntl_setpipe_size;
use serde_json::{Value, json};

use crate::common::{
    Home, Run, Said,
    ledger::Delivering,
    receiver::Receiver,
    run::signal,
    service::{Served, sqlite},
};

/// More than one page of the API has.
const MANY: usize = 300;

fn send(world: &Delivering, event_type: &str, data: &Value) -> String {
    let event = json!({"type": event_type, "data": data});
    world.api().post("/v1/events", event).of_status(202).json()["id"].as_str().unwrap().to_owned()
}

/// A service that has taken in this many events, one of them of a webhook's.
fn with_many() -> Delivering {
    let world = Delivering::to(Receiver::accepting());
    world.ok(&["send", "user.updated", "--count", &MANY.to_string(), "-o", "id"]);
    world
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["id"].as_str().unwrap()).collect()
}

#[test]
fn an_export_has_every_event_whole_and_can_be_sent_again() {
    let world = with_many();
    world.ok(&["add", &world.receiver.url(), "--name", "Payroll", "--events", "door.opened", "--unknown-type"]);
    let opened = send(&world, "door.opened", &json!({"door": 7, "open": null}));
    let said = world.run(&["events", "--export"]);
    said.exits(0).tells("Looked at 301 events from 20");
    let events = lines(&said.out);
    assert_eq!(events.len(), MANY + 1);
    assert_eq!(ids(&events).into_iter().collect::<BTreeSet<_>>().len(), MANY + 1);
    let fields = ["acceptedAt", "data", "deliveries", "id", "occurredAt", "sequence", "source", "type"];
    for event in &events {
        let mut names: Vec<&str> = event.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, fields);
    }
    assert!(events.is_sorted_by(|one, other| one["sequence"].as_u64() > other["sequence"].as_u64()));
    assert_eq!((events[0]["id"].as_str(), events[0]["deliveries"].as_array().unwrap().len()), (Some(&opened[..]), 1));
    for id in [events[0]["id"].as_str().unwrap(), events[MANY]["id"].as_str().unwrap()] {
        let shown = world.json(&["show", id]);
        let exported = events.iter().find(|event| event["id"] == id).unwrap();
        assert_eq!(exported["data"], shown["data"]);
    }
    let typed = world.run(&["events", "--export", "--type", "door.opened", "-o", "ndjson"]);
    assert_eq!(ids(&lines(&typed.ok())), [&opened[..]]);
    assert_eq!(world.ok(&["events", "--export", "--limit", "7"]).lines().count(), 7);
    assert_eq!(world.ok(&["events", "--export", "--until", "2020-01-01"]), "");

    let other = Delivering::to(Receiver::accepting());
    let mut sending = other.served.client(&other.home);
    sending.args(["send", "--from", "-", "-o", "id", "--unknown-type"]).said_with_input(said.out.as_bytes()).exits(0);
    let again = lines(&other.ok(&["events", "--export"]));
    assert_eq!(ids(&again).into_iter().collect::<BTreeSet<_>>(), ids(&events).into_iter().collect());
    assert!(
        again.iter().all(|event| events.iter().any(|was| was["id"] == event["id"] && was["data"] == event["data"]))
    );
}

#[test]
fn other_outputs_are_refused_and_the_usual_one_does_not_count() {
    let home = Home::new();
    for flags in ["-o json", "-o table", "-o csv", "--json", "--json=id", "--jq .id", "--columns id"] {
        let said = home.program().args(["events", "--export"]).args(flags.split(' ')).said();
        assert_eq!(said.code, 2, "{flags}");
        assert!(said.out.is_empty() && said.err.contains("NDJSON"), "{flags}: {}", said.err);
    }
    home.ok(["send", "user.updated"]);
    for usual in ["json", "csv", "id"] {
        let said = home.program().args(["events", "--export"]).env("TM_HOOKS_OUTPUT", usual).said();
        assert_eq!(lines(&said.ok()).len(), 1, "{usual}");
    }
}

#[test]
fn a_person_is_found_by_what_stands_for_them() {
    let world = Delivering::to(Receiver::accepting());
    let id = "7d3f9b52-41c8-4e06-9a7b-2f5c81d0e634";
    let li = send(&world, "user.updated", &json!({"userFullName": "李 小明", "userCardNumber": "0012345"}));
    let soren = send(&world, "attendance.inserted", &json!({"userFirstName": "Søren", "userLastName": "Ø"}));
    let zoe = send(&world, "badge.lost", &json!({"userFullName": "Zoe\u{301} Strauß", "userEmployeeNumber": 4711}));
    let inci = send(&world, "user.deleted", &json!({"userFullName": "İnci", "userEmployeeNumber": "inci@example.com"}));
    let keys = json!({"clockingSequenceId": format!("Sequences_{}_{id}_2026_11_23", id.replace('7', "8"))});
    let keyed = send(&world, "attendance.deleted", &keys);
    send(&world, "user.updated", &json!({"userFullName": "Somebody else", "userCardNumber": "12345"}));
    for (person, found) in [
        ("李 小明", &li),
        ("0012345", &li),
        ("SØREN Ø", &soren),
        ("zoé strauss", &zoe),
        ("4711", &zoe),
        ("INCI", &inci),
        ("Inci@Example.com", &inci),
        (&id.to_uppercase(), &keyed),
    ] {
        let said = world.run(&["events", "--user", person, "--all", "-o", "json"]);
        let page = said.json();
        assert_eq!(
            (ids(page["data"].as_array().unwrap()), &page["next"]),
            (vec![&found[..]], &Value::Null),
            "{person}"
        );
        assert!(page["data"][0]["data"].is_object() && page["data"][0]["deliveries"].is_array(), "{person}");
        assert_eq!((&page["lookedAt"]["events"], &page["lookedAt"]["withoutData"]), (&json!(6), &json!(0)), "{person}");
        said.tells("Looked at 6 events from 20");
    }
    for nobody in ["Jose", "12", "ø", "%", "' OR 1=1 --", "Somebody"] {
        let said = world.run(&["events", "--user", nobody]);
        said.tells("No event that was looked at is about this person").tells("Looked at 6 events");
        assert_eq!(said.ok(), "", "{nobody}");
    }
    let blank = world.run(&["events", "--user", " "]);
    assert_eq!(blank.code, 7);
    blank.tells("user");
    let (_, log) = world.served.stopped();
    for name in ["Strau", "strau", "0012345", "Example", "%E6%9D%8E", "user="] {
        assert!(!log.contains(name), "{name} is in the log: {log}");
    }
}

#[test]
fn a_search_that_ends_at_its_limit_goes_on_at_its_cursor() {
    let world = with_many();
    let name = lines(&world.ok(&["events", "--export", "--limit", "1"]))[0]["data"].clone();
    let name = name["userFullName"].as_str().unwrap().to_owned();
    let first = world.run(&["events", "--user", &name, "--limit", "260", "-o", "id"]);
    first.tells("Older events were not looked at").tells("Looked at 260 events");
    let cursor = cursor_in(&first);
    let rest = world.run(&["events", "--user", &name, "--all", "--cursor", &cursor, "-o", "id"]);
    rest.tells("Looked at 40 events");
    assert!(!rest.err.contains("--cursor"), "{rest}");
    let all = world.ok(&["events", "--all", "-o", "id"]);
    assert_eq!(format!("{}{}", first.ok(), rest.ok()), all);
    // A list goes on as well.
    let document = world.json(&["events", "--limit", "290"]);
    let next = document["next"].as_str().unwrap();
    assert_eq!(world.ok(&["events", "--all", "--cursor", next, "-o", "id"]).lines().count(), 10);
}

fn cursor_in(said: &Said) -> String {
    let (_, rest) = said.err.split_once("--cursor ").unwrap_or_else(|| panic!("no cursor: {said}"));
    rest.split([' ', '\n']).next().unwrap().to_owned()
}

fn ended(child: Child) -> Said {
    Said::of("tm-hooks events --export".to_owned(), child.wait_with_output().unwrap())
}

/// An export whose reader has read one line: its first page does not fit into the pipe, and it has asked for no other.
fn export_at_its_first_page(world: &Delivering) -> (Child, BufReader<PipeReader>, String) {
    let (reader, writer) = pipe().unwrap();
    fcntl_setpipe_size(&writer, 4096).unwrap();
    let mut program = world.served.client(&world.home);
    program.args(["events", "--export", "--retries", "0"]).stdout(writer).stderr(Stdio::piped());
    let child = program.spawn().unwrap();
    // Only the child holds the pipe's end.
    drop(program);
    let mut reader = BufReader::with_capacity(1, reader);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    (child, reader, line)
}

#[test]
fn an_export_that_fails_or_is_interrupted_goes_on_where_it_ended() {
    for (interrupts, code) in [(true, 130), (false, 9)] {
        let world = with_many();
        let (child, mut reader, mut written) = export_at_its_first_page(&world);
        let Delivering { home, served, receiver } = world;
        let served = if interrupts {
            signal(child.id(), "INT");
            served
        } else {
            served.killed();
            Served::on_database(&home, &sqlite(home.path().join("served/hooks.db")))
        };
        reader.read_to_string(&mut written).unwrap();
        let said = ended(child);
        assert_eq!(said.code, code, "{said}");
        assert_eq!(written.lines().count(), 250, "the first page is there, whole");
        said.tells("Looked at 250 events").tells("older events were not looked at");
        let world = Delivering { home, served, receiver };
        let rest = world.ok(&["events", "--export", "--cursor", &cursor_in(&said)]);
        let (first, rest) = (lines(&written), lines(&rest));
        let all = world.ok(&["events", "--all", "-o", "id"]);
        assert_eq!([ids(&first), ids(&rest)].concat(), all.lines().collect::<Vec<_>>());
    }
}

#[test]
fn a_reader_who_leaves_an_export_ends_it_quietly() {
    let world = with_many();
    let (child, reader, line) = export_at_its_first_page(&world);
    drop(reader);
    let said = ended(child);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(line.starts_with("{\"id\":\"tm_") && line.ends_with("}\n"), "{line}");
}
