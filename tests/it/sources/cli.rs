//! The command line of sources: from the address for TimeMoto's form to the events that came in.

use std::fs;

use serde_json::{Value, json};

use crate::common::{
    Home, Run, Said,
    sender::Sender,
    service::{Served, TOKEN, sqlite},
    terminal::Terminal,
    until,
};

const SECRET: &str = "an-invented-secret-of-a-sender";

/// An event as TimeMoto sends it.
fn event(number: u32) -> Value {
    json!({
        "id": format!("tm_{number:032x}"), "event": "user.deleted", "sequence": number, "dispatchedAt": 1_792_842_644,
        "data": { "userId": "00000000-0000-4000-8000-000000000001" }
    })
}

/// A home with a source that has its secret, and its service.
fn connected(name: &str) -> (Home, Served, Sender) {
    let home = Home::new();
    fs::write(home.path().join("secret"), format!("{SECRET}\n")).unwrap();
    let served = Served::start(home.program(), &[]);
    let source = home.json(["source", "add", name, "--secret-file", "secret", "-o", "json"]);
    let sender = Sender::to(&served, source["url"].as_str().unwrap(), SECRET);
    (home, served, sender)
}

fn received(home: &Home, name: &str) -> Vec<String> {
    let listed = home.json(["source", "received", name, "-o", "json"]);
    listed["data"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_source_is_connected_used_switched_off_and_deleted() {
    let (home, _served, sender) = connected("Door system");
    let soon = ["source", "wait", "Door system", "--timeout", "100ms"];
    home.run(soon).exits(8).tells("nothing came at all; its URL and state: tm-hooks source show 'Door system'");
    assert_eq!(sender.posts(&[("Timemoto-Signature", "00")], &event(1).to_string()), 401);
    home.run(soon).exits(8).tells("tm-hooks source received 'Door system' --refused");
    assert_eq!(sender.sends(&event(1)), 200);
    home.run(soon).exits(0).tells("It is kept until a second, different one confirms");
    assert_eq!(home.json(["source", "show", "Door system", "-o", "json"])["kept"], 1);
    assert_eq!(sender.sends(&event(3)), 200);
    home.run(soon).exits(0).tells("Door system has received genuine requests already");
    assert!(received(&home, "Door system").ends_with(&["kept".to_owned(), "refused".to_owned()]));
    let shown = home.json(["source", "show", "Door system", "-o", "json"]);
    assert_eq!((&shown["state"], &shown["kept"]), (&json!("ready"), &json!(0)));
    assert_eq!(shown["sequences"], json!({ "first": 1, "last": 3, "missing": 1 }));
    home.run(["source", "disable", "Door system"]).exits(0).tells("answers 404");
    // The service reads what other programs have changed within a moment.
    let answers = |status| until("an answer", || (sender.sends(&event(4)) == status).then_some(()));
    answers(404);
    home.ok(["source", "enable", "--all"]);
    answers(200);
    home.run(["source", "delete", "Door system"]).exits(2).tells("--yes");
    home.run(["source", "delete", "Door system", "--yes"]).exits(0).tells("Deleted Door system");
    answers(404);
    home.run(["source", "show", "Door system"]).exits(3).tells("there is none yet");
    let events = home.ok(["events"]);
    assert_eq!(events.lines().filter(|line| line.ends_with("\tDoor system")).count(), 3, "{events}");
}

#[test]
fn what_was_refused_is_what_verify_reads() {
    let (home, _served, _) = connected("TimeMoto");
    let url = home.ok(["source", "list", "--json=url", "--jq", ".[].url"]);
    let other = Sender::to(&_served, url.trim().trim_matches('"'), "another secret than the source has");
    assert_eq!(other.sends(&event(1)), 401);
    fs::write(home.path().join("other"), "another secret than the source has").unwrap();
    let refused = home.ok(["source", "received", "TimeMoto", "--refused", "-o", "ndjson"]);
    let verify = |file: &str| home.run_with_input(["verify", "--secret-file", file, "--delivery", "-"], &refused);
    verify("other").exits(0);
    verify("secret").exits(10);
}

/// Waits in a program of its own until a request comes.
#[test]
fn a_wait_ends_with_the_first_genuine_request_and_tells_what_is_refused_meanwhile() {
    let (home, _served, sender) = connected("TimeMoto");
    let mut terminal = Terminal::of(&home).start(&["source", "wait", "TimeMoto", "--timeout", "60s"]);
    terminal.wait_for("Waiting for the first genuine request");
    assert_eq!(sender.posts(&[("Timemoto-Signature", "00")], &event(1).to_string()), 401);
    terminal.wait_for("Refused with 401: no scheme explains the signature");
    assert_eq!(sender.sends(&event(1)), 200);
    let seen = terminal.ended();
    seen.exits(0);
    assert!(seen.screen.contains("TimeMoto has received its first genuine request: user.deleted"), "{}", seen.screen);
}

#[test]
fn a_wait_is_interrupted_by_ctrl_c() {
    let (home, _served, _) = connected("TimeMoto");
    let mut terminal = Terminal::of(&home).start(&["source", "wait", "TimeMoto"]);
    terminal.wait_for("Waiting for the first genuine request").types("\u{3}");
    terminal.ended().exits(130);
}

#[test]
fn a_secret_is_typed_hidden_and_never_shown() {
    let home = Home::new();
    let mut terminal = Terminal::of(&home).start(&["source", "add", "TimeMoto"]);
    terminal.asks("empty as long as there is none").types("\r");
    let seen = terminal.ended();
    seen.exits(0);
    assert!(seen.screen.contains("tm-hooks source secret set TimeMoto"), "{}", seen.screen);
    let mut terminal = Terminal::of(&home).start(&["source", "secret", "set", "TimeMoto"]);
    terminal.asks("Secret of TimeMoto").types("short\r");
    terminal.wait_for("at least 8 characters");
    terminal.asks("Secret of TimeMoto").types(&format!("  {SECRET}\r"));
    let seen = terminal.ended();
    seen.exits(0);
    assert!(seen.screen.contains("Set the secret of TimeMoto") && !seen.raw.contains(SECRET), "{}", seen.screen);
    let shown = home.ok(["source", "show", "TimeMoto", "-o", "json"]);
    assert!(shown.contains("\"hasSecret\":true") && !shown.contains(SECRET));
}

#[test]
fn a_pasted_secret_may_end_its_line_in_any_way_but_is_one_line() {
    let home = Home::new();
    home.ok(["source", "add", "TimeMoto"]);
    let set = |input: &str| home.run_with_input(["source", "secret", "set", "TimeMoto", "--secret-file", "-"], input);
    for ending in ["", "\n", "\r\n", " \n\n"] {
        set(&format!("\u{feff}{SECRET}{ending}")).exits(0);
    }
    for (wrong, why) in [("", "at least 8"), ("a first line\nanother", "one line"), ("1234567\n", "at least 8")] {
        let said = set(wrong);
        said.exits(2).tells(why);
        assert!(!said.err.contains("another"), "{}", said.err);
    }
    home.run(["source", "secret", "set", "TimeMoto"]).exits(2).tells("--secret-file");
}

/// The address is a path as long as the service does not know where it is reached.
#[test]
fn the_address_is_told_as_whole_as_it_is_known() {
    let home = Home::new();
    let said = home.run(["source", "add", "Here"]);
    said.exits(0).tells("Its URL:\n     /in/src_").tells("tm-hooks serve").tells("--public-url");
    let database = sqlite(home.path().join("service.db"));
    let remote = |served: &Served, name: &str| -> Said {
        home.program().args(["--service", &served.url, "source", "add", name]).env("TM_HOOKS_TOKEN", TOKEN).said()
    };
    let served = Served::start(home.program(), &["--database", &database]);
    remote(&served, "There")
        .exits(0)
        .tells(&format!("Its URL:\n     {}/in/src_", served.url.trim_end_matches('/')))
        .tells("--public-url");
    drop(served);
    let public = ["--database", &database, "--public-url", "https://hooks.example.com/tm/"];
    let served = Served::start(home.program(), &public);
    let said = remote(&served, "Public");
    said.exits(0).tells("Its URL:\n     https://hooks.example.com/tm/in/src_");
    assert!(!said.err.contains("--public-url"), "{}", said.err);
}

#[test]
fn a_source_is_named_by_its_name_its_id_or_a_beginning_of_it() {
    let home = Home::new();
    let id = home.ok(["source", "add", "Café"]).trim().to_owned();
    home.ok(["source", "add", "--", "-x"]);
    for text in ["Café", "Cafe\u{301}", &id, &id[..8]] {
        assert_eq!(home.json(["source", "show", text, "-o", "json"])["id"], id.as_str(), "{text}");
    }
    home.run(["source", "show", "Cafè"]).exits(3).tells("did you mean \"Café\"?");
    home.run(["source", "show", &id[..7]]).exits(3).tells("at least 4 letters");
    home.run(["source", "show", "src_0000000000"]).exits(3).tells("there is no source");
    home.run(["source", "add", "a,b"]).exits(7).tells("comma");
    home.run(["source", "add", "Café"]).exits(6).tells(&format!("tm-hooks source show {id}"));
    assert_eq!(home.run(["source", "add", "Café", "--if-not-exists"]).ok().trim(), id);
}

#[test]
fn expectations_are_set_changed_and_cleared() {
    let home = Home::new();
    home.run(["source", "add", "A", "--expect-days", "mon-fri"]).exits(2).tells("--expect-within 24h");
    home.ok([
        "source",
        "add",
        "A",
        "--expect-within",
        "24h",
        "--expect-days",
        "mon-fri",
        "--time-zone",
        "Europe/Berlin",
    ]);
    let fields =
        || home.json(["source", "show", "A", "--json=expectWithinSeconds,expectDays,timeZone,redeliverChanged"]);
    let whole = json!({ "expectWithinSeconds": 86_400, "expectDays": "mon-fri", "timeZone": "Europe/Berlin", "redeliverChanged": false });
    assert_eq!(fields(), whole);
    home.run(["source", "edit", "A"]).exits(2).tells("nothing to change was named");
    home.run(["source", "edit", "A", "--expect-within", "24h"]).exits(0).tells("Nothing was changed");
    home.run(["source", "edit", "A", "--expect-within", "30s"]).exits(7).tells("60");
    home.run(["source", "edit", "A", "--no-expect", "--redeliver-changed"]).exits(0).tells("expected within");
    assert_eq!(
        fields(),
        json!({ "expectWithinSeconds": null, "expectDays": null, "timeZone": null, "redeliverChanged": true })
    );
    home.run(["source", "edit", "A", "--time-zone", "UTC"]).exits(2).tells("--expect-within 24h");
    home.run(["source", "edit", "A", "--no-expect", "--expect-within", "1h"]).exits(2);
    home.run(["source", "edit", "A", "--scheme", "none"]).exits(0).tells("whoever knows its URL can send events");
}

#[test]
fn a_webhook_hears_the_sources_that_it_names_and_events_tell_theirs() {
    let (home, served, sender) = connected("TimeMoto");
    let url = home.json(["source", "add", "Branch", "--secret-file", "secret", "--scheme", "timemoto", "-o", "json"]);
    let branch = Sender::to(&served, url["url"].as_str().unwrap(), SECRET);
    home.ok(["source", "edit", "TimeMoto", "--scheme", "timemoto"]);
    let add = |name, sources| {
        home.run([
            "add",
            "https://erp.example.com/in",
            "--name",
            name,
            "--events",
            "*",
            "--sources",
            sources,
            "--disabled",
        ])
    };
    add("ERP", "Timemoto").exits(3).tells("did you mean \"TimeMoto\"?");
    add("ERP", "TimeMoto, Branch").exits(0);
    let sources = || home.json(["show", "ERP", "-o", "json"])["sources"].clone();
    assert_eq!(sources(), json!(["TimeMoto", "Branch"]));
    home.run(["edit", "ERP", "--sources", "Branch"]).exits(0).tells("sources");
    assert_eq!(sources(), json!(["Branch"]));
    home.ok(["edit", "ERP", "--all-sources"]);
    assert_eq!(sources(), Value::Null);
    assert_eq!([sender.sends(&event(7)), branch.sends(&event(7)), branch.sends(&event(8))], [200; 3]);
    let id = format!("tm_{:032x}", 7);
    for verb in ["show", "retry"] {
        home.run([verb, &id]).exits(2).tells("name its source: --source Branch, or --source TimeMoto");
        home.run([verb, &id, "--source", "TimeMoto"]).exits(0);
        home.run([verb, &id, "--source", "Brench"]).exits(3).tells("did you mean \"Branch\"?");
    }
    assert_eq!(home.json(["show", &id, "--source", "Branch", "-o", "json"])["source"], "Branch");
    home.run(["show", "ERP", "--source", "Branch"]).exits(3);
    home.run(["retry", "at_01h455vb4pex5vsknk084sn02q", "--source", "Branch"])
        .exits(2)
        .tells("only an event has a source");
    let data = home.json(["events", "--json=id,source,data"]);
    assert!(data.as_array().unwrap().iter().all(|event| event["data"].is_object()), "{data}");
}
