//! Tests events whose id is not our own: any printable ASCII, also what is special to shells, URLs and JSON.

use serde_json::json;

use crate::common::{
    Home, Run,
    receiver::Receiver,
    service::{Served, TOKEN, sqlite},
    trace,
};

const ODD: &str = r#"a/b?c#d%25"\'"#;

/// Sends an event with an odd id, looks at it, and retries it, with these variables set.
fn send_show_and_retry(home: &Home, variables: &[(&str, &str)]) {
    let receiver = Receiver::accepting();
    let run = |arguments: &[&str]| {
        let mut program = home.program();
        program.envs(variables.iter().copied()).args(arguments).said()
    };
    run(&["add", &receiver.url(), "--name", "ERP", "--events", "*"]).exits(0);
    let send = ["send", "user.deleted", "--id", ODD, "--wait", "-o", "id"];
    assert_eq!(run(&send).exits(0).out, format!("{ODD}\n"));
    assert_eq!(run(&send).exits(0).out, format!("{ODD}\n"), "the same event again");
    let shown = run(&["show", ODD, "-o", "json"]);
    assert_eq!((&shown.exits(0).json()["id"], &shown.json()["deliveries"][0]["eventId"]), (&json!(ODD), &json!(ODD)));
    run(&["retry", ODD, "--wait"]).exits(0);

    let requests = receiver.ledger();
    assert_eq!(requests.len(), 2, "one event, tried again");
    for request in requests {
        assert_eq!((request.id().as_str(), request.header("webhook-id").as_str()), (ODD, ODD));
    }
    let attempts = run(&["attempts", "-o", "json"]).exits(0).json();
    for attempt in attempts["data"].as_array().unwrap() {
        assert_eq!(attempt["eventId"], ODD);
        for scheme in ["timemoto", "standard"] {
            let verify = ["verify", "--delivery", attempt["id"].as_str().unwrap(), "--scheme", scheme, "--jq", ".code"];
            assert_eq!(run(&verify).exits(0).out.trim(), "genuine");
        }
    }
    for (arguments, kept) in [
        (["events", "-o", "csv"], r#""a/b?c#d%25""\'""#),
        (["events", "-o", "tsv"], r#"a/b?c#d%25"\\'"#),
        (["events", "-o", "ndjson"], r#""a/b?c#d%25\"\\'""#),
    ] {
        run(&arguments).exits(0);
        assert!(run(&arguments).out.contains(kept), "{arguments:?}: {}", run(&arguments).out);
    }
}

#[test]
fn an_event_with_any_id_is_sent_shown_and_retried() {
    send_show_and_retry(&Home::new(), &[]);
}

#[test]
fn a_service_far_away_takes_and_finds_any_id() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("served.db")));
    send_show_and_retry(&home, &[("TM_HOOKS_URL", &served.url), ("TM_HOOKS_TOKEN", trace::secret(TOKEN))]);
}

#[test]
fn a_name_comes_before_an_event_and_what_is_neither_is_told_as_before() {
    let home = Home::new();
    let receiver = Receiver::accepting();
    home.ok(["add", &receiver.url(), "--name", "ERP", "--events", "*"]);
    for id in ["ERP", "order-7", "tm_1"] {
        home.ok(["send", "user.deleted", "--id", id]);
    }
    assert_eq!(home.json(["show", "ERP", "-o", "json"])["name"], "ERP");
    assert_eq!(home.json(["show", "order-7", "-o", "json"])["type"], "user.deleted");
    assert_eq!(home.json(["show", "tm_1", "-o", "json"])["type"], "user.deleted");
    home.run(["show", "ERB"]).exits(3).tells("there is no webhook \"ERB\"").tells("did you mean \"ERP\"?");
    for verb in ["show", "retry"] {
        for cut in ["tm_0199c1d2", "at_01h455", "dl_01h455"] {
            home.run([verb, cut]).exits(3).tells("typed whole");
        }
        let own = "tm_0199c1d2e3f4758697a8b9cadbecfd0e";
        home.run([verb, own]).exits(3).tells("tm-hooks events");
    }
    home.run(["retry", "order-8"]).exits(3).tells("retry --failed WEBHOOK");
    home.run(["retry", "wh_7c1zr8t0wb"]).exits(2).tells("retry --failed WEBHOOK");
    home.run(["send", "user.deleted", "--id", "a b"]).exits(2).tells("1 to 128 printable ASCII characters");
}
