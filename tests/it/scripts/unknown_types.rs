//! Tests unknown event types: they are refused if they may be a slip, and carried like others if they are meant.

use serde_json::json;

use crate::common::{Home, Run, receiver::Receiver};

#[test]
fn a_type_that_nobody_knows_is_meant_or_was_seen() {
    let home = Home::new();
    let receiver = Receiver::accepting();
    let url = receiver.url();
    let add = |events: &str, more: &[&str]| {
        let mut program = home.program();
        program.args(["add", &url, "--name", "ERP", "--events", events]).args(more);
        program.said()
    };
    add("planing.*,attendance.*", &[]).exits(2).tells("\"planing.*\" is no event type that is known or was seen");
    add("attendance", &[]).exits(2).tells("did you mean \"attendance.*\"");
    add("plan ning", &["--unknown-type"]).exits(2).tells("is not an event filter");
    add("planning.*", &["--unknown-type"]).exits(0);

    let data = r#"{"week":48,"isDeleted":"no","hash":123456789012345678901.50}"#;
    let send = ["send", "planning.published", "--data", data];
    home.run(send).exits(2).tells("--unknown-type takes it all the same");
    assert!(receiver.ledger().is_empty());
    let mut program = home.program();
    program.args(send).arg("--unknown-type").said().exits(0);
    let received = receiver.wait("the event", |ledger| ledger.len() == 1);
    let body = String::from_utf8(received[0].body.to_vec()).unwrap();
    assert_eq!(received[0].json()["event"], "planning.published");
    assert!(body.ends_with(&format!("\"data\":{data}}}")), "{body}");

    // The type is known from now on, so no command needs the flag.
    home.ok(send);
    home.ok(["edit", "ERP", "--events", "+planning.published,-planning.*"]);
    home.ok(["edit", "ERP", "--events", "planning.*"]);
    assert_eq!(
        home.json(["list", "--event", "planning.published", "-o", "json"])["data"][0]["events"],
        json!(["planning.*"])
    );
    for list in [["attempts", "--event"], ["events", "--type"]] {
        let [verb, flag] = list;
        let found = home.json([verb, flag, "planning.published", "-o", "json"]);
        assert_eq!(found["data"].as_array().map(Vec::len), Some(2), "{found}");
        home.run([verb, flag, "planning.publish"]).exits(2).tells("is no event type that is known or was seen");
        home.ok([verb, flag, "planning.publish", "--unknown-type"]);
    }
    let types = home.json(["types", "-o", "json"]);
    assert_eq!(types["data"].as_array().unwrap().last().unwrap()["type"], "planning.published");
    assert!(home.ok(["stats", "--by", "event"]).contains("planning.published"));
    home.run(["send", "tmhooks.webhook.disabled", "--unknown-type", "--data", "{}"])
        .exits(7)
        .tells("the service's own");
    home.run(["types", "planning.publish"]).exits(2).tells("is no event type");
}
