//! Tests that bounded sets are listed whole for programs, and that a person's table and every history say what they
//! leave out.

use crate::common::{
    Said,
    ledger::Delivering,
    receiver::{Receiver, status},
    service::TOKEN,
    terminal::{Seen, Terminal},
    until,
};
use serde_json::{Value, json};

const WEBHOOKS: usize = 299;
/// The failing webhooks, which are the oldest, so that a list with the newest first has them on its last page.
const FAILING: [&str; 4] = ["Bridge", "Canteen", "Door", "Elevator"];
const EVENTS: usize = 60;
const TOKENS: usize = 52;

/// A service with [`WEBHOOKS`], of which four fail, [`EVENTS`] that another webhook got, too, and [`TOKENS`].
fn large() -> Delivering {
    let receiver = Receiver::answering(|_, received| status(if received.path.contains("down") { 500 } else { 204 }));
    let world = Delivering::to(receiver);
    let (api, url) = (world.api(), world.receiver.url());
    for name in FAILING {
        api.add(name, &format!("{url}/down"), "user.deleted");
    }
    api.add("Payroll", &url, "user.inserted");
    for number in FAILING.len() + 1..WEBHOOKS {
        api.add(&format!("Shop {number}"), &url, "attendance.updated");
    }
    api.send("user.deleted");
    (1..EVENTS).for_each(|_| drop(api.send("user.inserted")));
    for number in 0..TOKENS {
        let new = json!({"name": format!("till {number}"), "scopes": ["webhooks:read"]});
        let _ = api.post("/v1/tokens", new).of_status(201);
    }
    until("each event to be tried", || (api.attempts("").len() == EVENTS - 1 + FAILING.len()).then_some(()));
    world
}

fn on_a_terminal(world: &Delivering, arguments: &[&str]) -> Seen {
    let terminal = Terminal::of(&world.home).rows(400).env("NO_COLOR", "1");
    terminal.env("TM_HOOKS_URL", &world.served.url).env("TM_HOOKS_TOKEN", TOKEN).run(arguments)
}

/// Expects exit code 0 and nothing on standard error; returns standard output.
#[track_caller]
fn silent(said: &Said) -> &str {
    said.exits(0);
    assert_eq!(said.err, "", "{}", said.command);
    &said.out
}

#[test]
fn webhooks_and_tokens_are_listed_whole_unless_a_person_reads_a_table() {
    let world = large();
    assert_eq!(silent(&world.run(&["list"])).lines().count(), WEBHOOKS);
    for (output, more) in [("ndjson", 0), ("csv", 1), ("tsv", 1), ("id", 0), ("table", 0)] {
        let said = world.run(&["list", "-o", output]);
        assert_eq!(silent(&said).lines().count(), WEBHOOKS + more, "{output}");
        assert_eq!(silent(&world.run(&["token", "list", "-o", output])).lines().count(), TOKENS + more, "{output}");
    }
    let whole = world.json(&["list"]);
    assert_eq!((whole["data"].as_array().unwrap().len(), &whole["next"]), (WEBHOOKS, &Value::Null));
    let failing = world.run(&["list", "--jq", r#".data[] | select(.status == "failing") | .name"#]);
    assert_eq!(silent(&failing), "Elevator\nDoor\nCanteen\nBridge\n");
    let names = world.run(&["list", "--json=name", "--jq", "length"]);
    assert_eq!(silent(&names), format!("{WEBHOOKS}\n"));
    let sorted = world.ok(&["list", "--sort", "name", "-o", "csv", "--columns", "name"]);
    assert!(sorted.starts_with("name\r\nBridge\r\n") && sorted.ends_with("Shop 99\r\n"), "{sorted}");

    let some = world.run(&["list", "--limit", "7", "-o", "json"]);
    assert_eq!(some.json()["data"].as_array().unwrap().len(), 7);
    assert!(some.json()["next"].is_string(), "{some}");
    some.tells("7 webhooks shown, and there are more: --all");

    let seen = on_a_terminal(&world, &["list"]);
    seen.exits(0);
    let rows: Vec<&str> = seen.screen.lines().filter(|line| line.contains("  wh_")).collect();
    assert_eq!(rows.iter().filter(|row| row.contains("Shop")).count(), 50 - FAILING.len() - 1, "{seen}");
    let first = rows.iter().take(FAILING.len()).map(|row| row.split_whitespace().nth(1).unwrap());
    assert_eq!(first.collect::<Vec<_>>(), FAILING, "trouble comes first, wherever the service has it: {seen}");
    assert!(seen.screen.contains("50 of 299 webhooks: 4 in trouble."), "{seen}");
    assert!(seen.screen.contains("--all"), "{seen}");
    let seven = on_a_terminal(&world, &["list", "--limit", "7", "--search", "shop 1"]);
    let matching = (5..WEBHOOKS).filter(|number| number.to_string().starts_with('1')).count();
    assert!(seven.screen.contains(&format!("7 of {matching} webhooks.")), "{seven}");
    let all = on_a_terminal(&world, &["list", "--all"]);
    assert!(all.screen.contains("\n299 webhooks: 4 in trouble."), "{all}");
    assert!(on_a_terminal(&world, &["token", "list"]).screen.contains("50 of 52 tokens"));
    // Formats for programs are complete on a terminal, too.
    let ids = on_a_terminal(&world, &["list", "-o", "id"]);
    assert_eq!(ids.screen.lines().filter(|line| line.starts_with("wh_")).count(), WEBHOOKS);
    assert!(on_a_terminal(&world, &["list", "--jq", ".data | length"]).screen.starts_with("299\n"));

    histories_say_that_there_is_more(&world);
    what_means_a_webhook_looks_at_all_of_them(&world);
}

fn histories_say_that_there_is_more(world: &Delivering) {
    for (verb, noun) in [("attempts", "attempts"), ("events", "events"), ("audit", "entries")] {
        let note = format!("50 {noun} shown, and there may be more: --limit N or --all");
        for output in ["table", "json", "ndjson", "csv", "tsv", "id"] {
            world.run(&[verb, "-o", output]).exits(0).tells(&note);
        }
        world.run(&[verb, "--jq", ".data | length"]).exits(0).tells(&note);
        let page = world.json(&[verb]);
        assert_eq!(page["data"].as_array().unwrap().len(), 50);
        assert!(page["next"].is_string(), "{verb}");
        let whole = world.run(&[verb, "--all", "-o", "json"]);
        assert!(whole.err.is_empty() && whole.json()["next"].is_null(), "{whole}");
        assert!(on_a_terminal(world, &[verb]).screen.ends_with("shows them"), "{verb}");
        assert_eq!(world.run(&[verb, "-q"]).err, "");
    }
    let pages = world.json(&["api", "GET", "/v1/events", "--paginate"]);
    assert_eq!(pages["data"].as_array().unwrap().len(), EVENTS);
    world.run(&["api", "GET", "/v1/events", "--jq", ".data | length"]).exits(0).tells("--paginate");
    assert_eq!(world.run(&["api", "GET", "/v1/me"]).err, "");
    // This list has a single page and takes no limit.
    assert_eq!(world.ok(&["api", "GET", "/v1/versions", "--paginate", "--jq", ".data | length"]), "2\n");
    assert_eq!(world.run(&["attempts", "--status", "failed"]).err, "", "these are all");
}

fn what_means_a_webhook_looks_at_all_of_them(world: &Delivering) {
    world.run(&["show", "Elevatr"]).exits(3).tells("did you mean \"Elevator\"?");
    let begun = world.ok(&["list", "--jq", ".data[-1].id"]);
    assert_eq!(world.json(&["show", begun.trim()])["name"], FAILING[0]);
    assert_eq!(world.json(&["disable", "--all"])["data"].as_array().unwrap().len(), WEBHOOKS);
}
