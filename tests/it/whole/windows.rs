//! Tests that every verb refuses a window of time that must be empty.

use crate::common::{Home, Run, receiver::Receiver, service::Served};
use serde_json::json;

const VERBS: [&[&str]; 6] =
    [&["stats"], &["stats", "--by", "day"], &["attempts"], &["events"], &["audit"], &["retry", "--failed", "--yes"]];

#[test]
fn no_verb_takes_a_window_that_holds_nothing() {
    // The verb refuses without a service, because there is none to ask.
    let home = Home::new();
    for verb in VERBS {
        for (window, why) in [
            (&["--since", "2130-01-01"][..], "in the future"),
            (&["--since", "0d"], "is empty"),
            (&["--since", "0s", "--until", "2130-01-01"], "is empty"),
            (&["--since", "3h", "--until", "3h"], "is empty"),
            (&["--since", "1h", "--until", "2h"], "before it begins"),
            (&["--since", "2026-11-08", "--until", "2026-11-01"], "before it begins"),
        ] {
            let service = ["--service", "http://127.0.0.1:1", "--retries", "0"];
            let said = home.program().args(service).args(verb).args(window).said();
            said.exits(2).tells(why).tells("hint: ");
            assert_eq!(said.out, "", "{said}");
            let said = home.program().args(service).args(verb).args(window).arg("-o").arg("json").said();
            said.exits(2).fails_as_json("usage");
        }
    }
    assert!(!home.database().exists());
}

#[test]
fn windows_with_an_inside_are_looked_at() {
    let receiver = Receiver::accepting();
    let home = Home::new();
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "*"]);
    home.ok(["send", "user.inserted"]);
    for (window, lines) in [
        (&["--since", "1h"][..], 1),
        (&["--since", "1h", "--until", "2130-01-01"], 1),
        (&["--since", "30d", "--until", "29d"], 0),
        (&["--until", "10m"], 0),
    ] {
        for verb in [&["attempts"][..], &["events"], &["stats"]] {
            let said = home.program().args(verb).args(window).said();
            assert_eq!(said.exits(0).out.lines().count(), lines, "{said}");
        }
    }
}

#[test]
fn error_rates_that_are_gone_are_no_empty_window() {
    let home = Home::new();
    for window in [&["--until", "2000-01-01"][..], &["--since", "1999-01-01", "--until", "2000-01-01"]] {
        for by in [&[][..], &["--by", "day"], &["--by", "hour", "--time", "local"]] {
            let said = home.program().arg("stats").args(window).args(by).said();
            assert_eq!(said.exits(2).tells("the window is empty").out, "", "{said}");
        }
        home.program().arg("stats").args(window).args(["-o", "json"]).said().exits(2).fails_as_json("usage");
    }
    // A window that began long ago is read as far as data is kept.
    home.run(["stats", "--since", "2000-01-01"]).exits(0);
}

#[test]
fn the_service_refuses_them_too() {
    let home = Home::new();
    let served = Served::on_database(&home, "sqlite::memory:");
    let api = crate::common::api::Api::of(&served);
    for path in ["attempts", "events", "audit", "stats"] {
        let query = "since=2026-11-08T00:00:00Z&until=2026-11-08T00:00:00Z";
        let refused = api.get(&format!("/v1/{path}?{query}")).of_status(400).json();
        assert_eq!(refused["errors"], json!([{"field": "until", "message": "must be after since"}]), "{path}");
    }
    let ahead = "since=2130-01-01T00:00:00Z";
    let refused = api.get(&format!("/v1/stats?{ahead}")).of_status(400).json();
    assert_eq!(refused["errors"][0]["field"], "since");
    // A caller that polls a list may have a fast clock; the list is then empty.
    assert_eq!(api.get(&format!("/v1/events?{ahead}")).of_status(200).json()["data"], json!([]));
}
