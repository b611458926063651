//! Tests that no typed word is ignored silently: it works, it is refused, or there is a warning.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::common::{
    Home, Run,
    api::Api,
    receiver::{Receiver, answer},
    service::{Served, sqlite},
    terminal::Terminal,
};

#[test]
fn a_field_that_no_receiver_knows_is_named_with_the_nearest() {
    let home = Home::new();
    let send = |arguments: &[&str]| home.program().args(["send", "attendance.inserted"]).args(arguments).said();
    let slip =
        "data.clockingtype: is no field of attendance.inserted, and is sent as it is; did you mean clockingType?";
    for arguments in [["--set", "clockingtype=Out"], ["--data", r#"{"clockingtype":"Out"}"#]] {
        send(&arguments).exits(0).tells(&format!("warning: {slip}"));
    }
    let known = send(&["--set", "clockingType=Out"]);
    assert!(!known.exits(0).err.contains("warning"), "{}", known.err);
    let accepted = send(&["--set", "clockingtype=Out", "-o", "json"]).json();
    assert_eq!(accepted["warnings"][0]["field"], "data.clockingtype", "{accepted}");
}

#[test]
fn a_whole_event_is_not_taken_for_its_data() {
    let home = Home::new();
    let sent = home.json(["send", "user.updated", "-o", "json"]);
    let whole = home.json(["show", sent["id"].as_str().unwrap(), "-o", "json"]).to_string();
    let refused = home.run_with_input(["send", "user.updated", "--data", "-"], &whole);
    refused.exits(2).tells("--data is a whole event, not the data of one").tells("jq .data");
    assert_eq!(refused.out, "");
    let data: Value = serde_json::from_str::<Value>(&whole).unwrap()["data"].clone();
    home.run_with_input(["send", "user.updated", "--data", "-"], &data.to_string()).exits(0);
    let body = json!({"type": "user.updated", "data": serde_json::from_str::<Value>(&whole).unwrap()}).to_string();
    let refused = home.run_with_input(["api", "POST", "/v1/events", "--input", "-"], &body);
    refused.exits(7).tells("data: is a whole event");
}

#[test]
fn the_services_answer_names_unknown_fields() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("served.db")));
    let api = Api::of(&served);
    let of = |data: Value| api.post("/v1/events", json!({"type": "user.updated", "data": data})).of_status(202).json();
    let accepted = of(json!({"emailAdress": "kim@example.com", "userId": null}));
    assert_eq!(accepted["warnings"].as_array().map(Vec::len), Some(1), "{accepted}");
    assert!(accepted["warnings"][0]["message"].as_str().unwrap().contains("did you mean emailAddress?"), "{accepted}");
    assert_eq!(of(json!({"userId": null})).get("warnings"), None);
}

#[test]
fn a_person_sees_how_far_many_deliveries_are() {
    let (home, came) = (Home::new(), AtomicUsize::new(0));
    let receiver = Receiver::holding(move |_| came.fetch_add(1, Ordering::SeqCst) > 0);
    home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "*"]);
    let mut session = Terminal::of(&home).start(&["send", "user.inserted", "--count", "3", "--wait"]);
    session.wait_for("1 of 3 delivered");
    receiver.release();
    let seen = session.ended();
    seen.exits(0);
    assert!(seen.screen.contains("✓ 3 of 3 delivered"), "{}", seen.screen);
}

#[test]
fn a_flag_works_or_is_refused() {
    let home = Home::new();
    let about_data: &[&[&str]] =
        &[&["-o", "csv"], &["--jq", "."], &["--columns", "id"], &["--time", "utc"], &["--table-header", "never"]];
    let about_service: &[&[&str]] = &[&["-p", "local"], &["--service", "http://127.0.0.1:1"]];
    let about_way: &[&[&str]] = &[
        &["--request-timeout", "5s"],
        &["--retries", "1"],
        &["--proxy", "http://127.0.0.1:1"],
        &["--ca-cert", "/dev/null"],
    ];
    for verb in [&["serve"][..], &["demo"], &["completions", "bash"], &["man"], &["help"]] {
        for flags in about_data.iter().chain(about_service).chain(about_way) {
            let said = home.program().args(*flags).args(verb).said();
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{said}");
            said.tells("has no use for --");
        }
    }
    for flags in about_way {
        let said = home.program().arg("list").args(*flags).said();
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said}");
        said.tells("the service is the one inside this program");
    }
    for output in ["csv", "tsv", "json", "ndjson", "id"] {
        home.program().args(["list", "--time", "local", "-o", output]).said().exits(2).tells("--time has no use here");
    }
    home.run(["list", "--time", "local", "--quiet", "--color", "never"]).exits(0);
    for output in [&["--json"][..], &["--json=name"], &["--jq", "."], &["-o", "json"], &["-o", "ndjson"], &["-o", "id"]]
    {
        for verb in [&["list"][..], &["attempts"], &["config", "list"], &["stats"]] {
            let said = home.program().args(verb).args(["--columns", "name"]).args(output).said();
            assert_eq!(said.exits(2).tells("--columns has no use here").out, "", "{said}");
        }
    }
}

#[test]
fn a_list_of_names_lacks_none() {
    let home = Home::new();
    for names in ["", "name,", ",name", "name,,url", "name, ,url"] {
        home.run(["list", &format!("--json={names}")]).exits(2).tells("--json lacks the name of a field");
        home.run(["list", "-o", "csv", "--columns", names]).exits(2).tells("--columns lacks the name of a column");
    }
    home.run(["list", "--json"]).exits(0);
    assert_eq!(home.ok(["list", "--json=name, url"]), home.ok(["list", "--json=name,url"]));
    assert_eq!(home.ok(["list", "-o", "csv", "--columns", "name, url"]), "name,url\r\n");
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"]);
    home.run(["secret", "show", "ERP", "--json=webhookId,sceret"]).exits(2).tells("unknown field");
    let masked = home.json(["secret", "show", "ERP", "--json=secret"]);
    assert_eq!(masked.as_object().map(|fields| fields.len()), Some(1), "{masked}");
}

#[test]
fn a_header_s_new_value_is_a_change_and_its_old_one_is_none() {
    let home = Home::new();
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*", "--header", "X-A: 1"]);
    let edit = |header: &str| home.run(["edit", "ERP", "--header", header]);
    for (header, changed) in [("X-A: 2", true), ("X-A: 2", false), ("X-B: 2", true), ("X-A: 1", true)] {
        let said = edit(header);
        assert_eq!(said.exits(0).err.contains("Changed ERP") && said.err.contains("headers"), changed, "{said}");
        assert_eq!(said.err.contains("Nothing was changed"), !changed, "{said}");
    }
    assert!(home.run(["edit", "ERP", "--remove-header", "X-A"]).exits(0).err.contains("headers"));
    assert!(!home.run(["edit", "ERP", "--name", "ERP 2"]).exits(0).err.contains("headers"));
}

#[test]
fn a_name_that_stands_twice_in_data_is_refused_at_every_depth() {
    let home = Home::new();
    for (data, path) in [
        (r#"{"userFullName":"a","userFullName":"b"}"#, "userFullName"),
        (r#"{"shift":{"name":"a","n\u0061me":"b"}}"#, "shift.name"),
        (r#"{"more":[{"a":1},{"b":{"c":1,"c":1}}]}"#, "more.1.b.c"),
    ] {
        let said = home.run(["send", "attendance.inserted", "--data", data]);
        assert_eq!(said.exits(2).tells(&format!("--data has {path} more than once")).out, "", "{said}");
        home.run_with_input(["send", "attendance.inserted", "--data", "-"], data).exits(2).tells(path);
        home.run(["test", "Nobody", "--data", data]).exits(2).tells(path);
        let body = format!(r#"{{"type":"attendance.inserted","data":{data}}}"#);
        let said = home.run_with_input(["api", "POST", "/v1/events", "--input", "-"], &body);
        said.exits(7).tells(&format!("data.{path}: is there more than once"));
    }
    assert_eq!(home.ok(["events", "-o", "id"]), "");
}

#[test]
fn the_last_of_a_repeated_flag_rules() {
    let home = Home::new();
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*", "--yes", "--yes"]);
    assert_eq!(home.ok(["list", "-o", "json", "-o", "csv", "--columns", "name"]), "name\r\nERP\r\n");
    assert_eq!(home.json(["-o", "csv", "list", "-o", "json"])["data"][0]["name"], "ERP");
    assert_eq!(home.ok(["--jq", ".", "list", "--jq", ".data[].name"]), "ERP\n");
}

#[test]
fn clustered_short_flags_choose_the_output_of_errors_too() {
    let home = Home::new();
    for arguments in [&["-qo", "json", "nope"][..], &["-vo", "json", "--bad"], &["-o", "csv", "-qojson", "nope"]] {
        let said = home.program().args(arguments).said();
        assert_eq!(said.exits(2).fails_as_json("usage")["error"]["retryable"], false);
    }
    assert!(home.run(["-o", "json", "-qo", "csv", "nope"]).exits(2).err.starts_with("error: "));
}

#[test]
fn waiting_for_many_ends_with_numbers() {
    let home = Home::new();
    let (well, ill) = (Receiver::answering(|_, _| answer(204, "")), Receiver::answering(|_, _| answer(500, "")));
    for (name, receiver) in [("Well", &well), ("Ill", &ill)] {
        home.ok(["add", &receiver.url(), "--name", name, "--events", "*"]);
    }
    let few = home.run(["send", "user.updated", "--wait"]);
    few.exits(11).tells("1 of 2 delivered, 1 failed at the first try");
    home.ok(["disable", "Ill"]);
    home.run(["send", "user.updated", "--count", "30", "--wait"]).exits(0).tells("30 of 30 delivered");
}
