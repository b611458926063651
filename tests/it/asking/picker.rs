//! Tests that a person picks a webhook if a verb needs one and none is named; a script gets the usual error.

use rstest::rstest;

use crate::common::{
    Home,
    receiver::{Receiver, status},
    run::Said,
    terminal::Terminal,
};

use super::names;

/// A home with three webhooks, one of them disabled.
fn with_three() -> Home {
    let home = Home::new();
    for name in ["Payroll", "東京オフィス勤怠連携", "Kantine"] {
        home.ok(["add", "http://127.0.0.1:9/hooks", "--name", name, "--events", "*"]);
    }
    home.ok(["disable", "Kantine"]);
    home
}

#[rstest]
#[case::show(&["show"], "pay\r", "Payroll", 0)]
#[case::edit(&["edit", "--name", "Wages"], "pay\r", "Changed Wages", 0)]
#[case::enable(&["enable"], "\r", "Enabled Kantine", 0)]
#[case::disable(&["disable"], "東\r", "Disabled 東京オフィス勤怠連携", 0)]
#[case::delete(&["delete", "--yes"], "\u{1b}[B\r", "Deleted Payroll", 0)]
#[case::unpin(&["unpin"], "\r", "Unpinned Kantine", 0)]
#[case::pin(&["pin", "v2"], "pay\r", "Pinned Payroll", 0)]
#[case::test(&["test"], "pay\r", "Payroll", 10)]
#[case::secret(&["secret", "show"], "pay\r", "••••", 0)]
#[case::revoke(&["secret", "revoke"], "pay\r", "Only the new secret of Payroll", 0)]
fn a_person_picks(#[case] arguments: &[&str], #[case] keys: &str, #[case] done: &str, #[case] code: i32) {
    let home = with_three();
    let mut session = Terminal::of(&home).start(arguments);
    session.asks("? Webhook").types(keys);
    let seen = session.ended();
    seen.exits(code).leaves_no_trace();
    assert!(seen.screen.contains("✓ Webhook  ") && seen.screen.contains(done), "{seen}");
}

#[test]
fn a_pin_asks_for_its_version_too() {
    let home = with_three();
    let mut session = Terminal::of(&home).start(&["pin"]);
    session.asks("? Webhook").types("pay\r").wait_for("? Version").types("\r");
    session.ended().exits(0).leaves_no_trace();
    assert_eq!(home.json(["show", "Payroll", "--json"])["pinnedVersion"], "v1");
}

#[rstest]
fn the_list_is_searched_and_fits(#[values(40, 80, 120)] columns: u16) {
    let home = with_three();
    let long = "Zeiterfassung Schichtübergabe Werk Nord und Süd, zweiter Stock";
    home.ok(["add", "http://127.0.0.1:9/a/rather/long/path/to/receive/hooks/at", "--name", long, "--events", "*"]);
    let mut session = Terminal::of(&home).columns(columns).rows(20).start(&["show"]);
    session.asks("? Webhook").wait_for("1 of 4");
    let screen = session.screen();
    assert_eq!(screen.matches(" wh_").count(), 4, "ids are not cut:\n{screen}");
    assert!(screen.contains("…   wh_"), "{screen}");
    session.types("schicht").wait_for("/schicht").wait_for("1 of 1").types("xyz").wait_for("nothing is found");
    session.types("\r").types("\u{15}disabled").wait_for("1 of 1").wait_for("❯ Kantine").types("\u{1b}");
    let seen = session.ended();
    seen.exits(1).leaves_no_trace();
    assert!(seen.screen.ends_with("? Webhook\nNothing was done."), "{seen}");
}

#[rstest]
#[case("show")]
#[case("edit")]
#[case("enable")]
#[case("delete")]
#[case("test")]
#[case("pin")]
#[case("secret show")]
fn a_script_gets_the_error(#[case] verb: &str) {
    let home = with_three();
    let words: Vec<&str> = verb.split(' ').collect();
    let piped = Said::of(verb.to_owned(), home.program().args(&words).output().unwrap());
    piped.exits(2);
    assert!(piped.err.contains("missing") && piped.err.contains("usage: tm-hooks"), "{piped}");
    let silent = Terminal::of(&home).run(&[words.as_slice(), &["--no-input"]].concat());
    silent.exits(2);
    assert!(silent.screen.contains("missing"), "{silent}");
    assert_eq!(names(&home).lines().count(), 3);
}

/// Checks that failed deliveries are offered once each, and successful ones not at all.
#[test]
fn a_person_picks_what_is_tried_again() {
    let receiver = Receiver::answering(|before, received| match received.path.as_str() {
        "/bot" => status(401),
        // The receiver fails once.
        _ => status(if before == 0 { 500 } else { 204 }),
    });
    let home = Home::new();
    let add = |path: &str, name: &str, events: &str| {
        home.ok(["add", &format!("http://{}/{path}", receiver.address()), "--name", name, "--events", events]);
    };
    add("payroll", "Payroll", "user.inserted");
    home.run(["send", "user.inserted"]).exits(10);
    home.ok(["retry", home.ok(["attempts", "--limit", "1", "-o", "id"]).trim()]);
    add("bot", "Chat bot", "user.deleted");
    home.run(["send", "user.deleted"]).exits(10);
    home.run(["test", "Chat bot"]).exits(10);
    let mut session = Terminal::of(&home).start(&["retry"]);
    session.asks("? Attempt").wait_for("Chat bot").wait_for("1 of 1");
    session.types("user.deleted").wait_for("/user.deleted").wait_for("1 of 1").types("\r");
    let seen = session.ended();
    seen.exits(10).leaves_no_trace();
    assert!(seen.screen.contains("✓ Attempt  Chat bot  at_") && seen.screen.contains("again, try 2 ("), "{seen}");
    home.run(["retry"]).exits(2).tells("missing");
    let seen = Terminal::of(&Home::new()).run(&["retry"]);
    seen.exits(3);
    assert!(seen.screen.contains("there is nothing to try again"), "{seen}");
}

#[test]
fn where_there_is_no_webhook_the_next_step_is_told() {
    let home = Home::new();
    let seen = Terminal::of(&home).run(&["show"]);
    seen.exits(3);
    assert!(seen.screen.contains("there is no webhook yet") && seen.screen.contains("tm-hooks add"), "{seen}");
}

#[test]
fn a_terminal_of_text_alone_gets_a_list_with_numbers() {
    let home = with_three();
    let mut session = Terminal::of(&home).env("TERM", "dumb").start(&["unpin"]);
    session.wait_for("   2  Payroll").wait_for("? Number:").types("2\r").wait_for("Unpinned Payroll");
    let seen = session.ended();
    seen.exits(0).leaves_no_trace();
    assert!(!seen.raw.contains('\u{1b}'), "{:?}", seen.raw);
}
