//! `verify` by the real program: its inputs, its codes, its exit codes.

use std::fs;

use serde_json::json;

use super::{altered, fixtures, home_with, text};
use crate::common::{Home, Run, Said, receiver::Receiver};

fn verify(home: &Home, more: &[&str]) -> Said {
    home.program().args(["verify", "--secret-file", "secret"]).args(more).said()
}

#[test]
fn requests_of_a_file_are_judged_one_by_one() {
    let fixture = &fixtures()[0];
    let requests = fixture["requests"].as_array().unwrap();
    let [first, second] = [&requests[0], &requests[1]];
    let home = home_with(text(&fixture["secret"]), &[first.clone(), second.clone(), first.clone(), altered(second)]);
    let said = verify(&home, &["--delivery", "requests", "-o", "ndjson", "--jq", "[.code, .seen] | @tsv"]);
    said.exits(11);
    assert_eq!(said.out, "genuine\tfalse\ngenuine\tfalse\ngenuine\ttrue\nwrong_secret\tfalse\n");
    let one = home_with(text(&fixture["secret"]), &[altered(first)]);
    let said = verify(&one, &["--delivery", "requests", "-o", "json"]);
    let told: serde_json::Value = serde_json::from_str(&said.exits(10).out).unwrap();
    assert_eq!((&told["genuine"], &told["code"]), (&json!(false), &json!("wrong_secret")));
    assert_eq!(told["scheme"], "hmac-sha256 key=secret message=raw encoding=hex");
}

#[test]
fn a_rounded_number_is_shown_with_the_one_that_was_signed() {
    let fixture = &fixtures()[0];
    let request = &fixture["requests"][0];
    let body = text(&request["body"]).replace("3458764513820540987", "3458764513820541000");
    let rounded = json!({ "headers": request["headers"], "body": body });
    let home = home_with(text(&fixture["secret"]), &[rounded]);
    let said = verify(&home, &["--delivery", "requests"]);
    said.exits(10).tells("3458764513820540987 instead of 3458764513820541000").tells("body_changed");
}

#[test]
fn a_secret_before_is_still_good_and_an_empty_one_is_refused() {
    let fixture = &fixtures()[0];
    let home = home_with("tmkey_new", &fixture["requests"].as_array().unwrap()[..1]);
    fs::write(home.path().join("old"), text(&fixture["secret"])).unwrap();
    let given = ["--secret-file", "old", "--delivery", "requests", "--jq", ".code"];
    assert_eq!(verify(&home, &given).ok(), "previous_secret\n");
    fs::write(home.path().join("old"), "\n").unwrap();
    verify(&home, &given).exits(2).tells("holds no secret: it is empty");
}

/// What the service has sent is genuine by its own secrets, in both ways, and tells no secret.
#[test]
fn an_attempt_is_verified_with_the_secrets_of_its_webhook() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "*"]);
    home.ok(["send", "attendance.inserted"]);
    let attempt = home.ok(["attempts", "--limit", "1", "-o", "id"]);
    for scheme in ["timemoto", "standard", "both"] {
        let said = home.run(["verify", "--delivery", attempt.trim(), "--scheme", scheme, "--jq", ".code"]);
        assert_eq!(said.ok(), "genuine\n", "{scheme}");
    }
    home.ok(["secret", "rotate", "ERP", "--overlap", "24h"]);
    let said = home.run(["verify", "--delivery", attempt.trim(), "--jq", ".code"]);
    assert_eq!(said.ok(), "previous_secret\n");
    home.run(["verify", "--delivery", "at_06f8k2v0c1q4jt3xw9b7n5m8ed"]).exits(3);
}
