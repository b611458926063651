//! Tests the forms of `add` and `edit`: every question, errors shown at their answer, and the ways out.

use rstest::rstest;
use tm_hooks::domain::event::EventType;

use crate::common::{
    Home,
    service::{Served, TOKEN},
    terminal::{Session, Terminal},
};

use super::{names, with_a_webhook};

/// The questions of a whole form in order.
const QUESTIONS: [&str; 5] = ["? URL", "? Name", "? Events", "? Version", "? Status"];

/// The number of types that the menu offers.
fn known() -> usize {
    EventType::subscribable().count()
}

/// The place of a type in the menu, from 1.
fn place_of(event_type: EventType) -> usize {
    EventType::subscribable().take_while(|other| *other != event_type).count() + 1
}

/// What the menu says when its mark is at this place: `1 of 6`.
fn place(at: usize) -> String {
    format!("{at} of {}", known())
}

/// What the menu says below: `0 picked, 1 of 6`.
fn picked(number: usize, at: usize) -> String {
    format!("{number} picked, {}", place(at))
}

/// A form of `add` at this question.
fn at(home: &Home, question: &str) -> Session {
    let mut session = Terminal::of(home).start(&["add"]);
    for (asked, keys) in QUESTIONS.into_iter().zip(["http://127.0.0.1:9/x\r", "Kantine\r", " \r", "\r", "\r"]) {
        session.asks(asked);
        if asked == question {
            break;
        }
        session.types(keys);
    }
    session
}

#[rstest]
fn every_answer_is_echoed(#[values(40, 80, 120)] columns: u16, #[values("", "1")] no_color: &str) {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).columns(columns).env("NO_COLOR", no_color).start(&["add"]);
    session.asks("? URL").types("\u{1b}[200~ http://127.0.0.1:9/kantine\n\u{1b}[201~\r");
    session.wait_for("✓ URL      http://127.0.0.1:9/kantine\n").wait_for("enter takes 127.0.0.1").types("Kantine\r");
    session.wait_for("✓ Name     Kantine\n").wait_for("  ❯ [ ] attendance.inserted").wait_for(&picked(0, 1));
    assert!(!session.screen().contains("[x]"), "nothing is picked beforehand");
    session.types("\u{1b}[B \u{1b}[B").wait_for(&picked(1, 3));
    let seen = session.screen();
    assert!(seen.contains("    [x] attendance.updated") && seen.contains("  ❯ [ ] attendance.deleted"), "{seen}");
    session.types("/user \r").wait_for(&picked(2, place_of(EventType::USER_INSERTED))).types("\r");
    session.wait_for("✓ Events   attendance.updated, user.in").wait_for("  ❯ not pinned").types("\u{1b}[B\r");
    session.wait_for("✓ Version  v1\n").wait_for("  ❯ enabled").types("dis\r").wait_for("✓ Status   disabled\n");
    let seen = session.ended();
    seen.exits(0).leaves_no_trace();
    assert_eq!(seen.raw.contains("\u{1b}[1m") || seen.has_color(), no_color.is_empty());
    let added = home.json(["show", "Kantine", "--json"]);
    let expected = ("http://127.0.0.1:9/kantine".into(), "v1".into(), false.into());
    assert_eq!((&added["url"], &added["pinnedVersion"], &added["enabled"]), (&expected.0, &expected.1, &expected.2));
    assert_eq!(added["events"], serde_json::json!(["attendance.updated", "user.inserted"]));
    for label in QUESTIONS {
        assert!(!seen.screen.contains(label), "a question is left: {seen}");
    }
}

#[test]
fn a_mistake_is_said_below_its_field_and_mended_there() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).columns(60).start(&["add"]);
    for (url, why) in [
        ("", "it is needed"),
        ("nonsense", "it is not a URL"),
        ("https://user@erp.example.com", "a user or a password"),
        ("http://erp.example.com", "plain HTTP is not allowed"),
        ("https://10.0.0.1/x", "10.0.0.1"),
        ("https://erp.example.com/?token=••••", "stands for what is not shown"),
    ] {
        session.wait_for("? URL").types(&format!("\u{15}{url}\r")).wait_for("  ✗ it").wait_for(why);
        session.wait_until("the mistake below its field", |screen| {
            let below = screen.split_once("\n  ❯").and_then(|(_, below)| below.split_once("\n  ✗ it"));
            below.is_some_and(|(_, below)| below.contains("\n  then: Name, Events"))
        });
        session.types("x").wait_until("the mistake to go", |screen| !screen.contains('✗')).types("\u{7f}");
    }
    session.types("\u{15}http://127.0.0.1:9/x\r").wait_for("✓ URL").wait_for("? Name");
    for (name, why) in [
        ("Payroll", "has this name already"),
        ("wh_abc", "must not begin with wh_"),
        (&"ä".repeat(101), "more than 100"),
    ] {
        session.types(&format!("\u{15}{name}\r")).wait_for("  ✗").wait_for(why);
        session.types("x").wait_until("the mistake to go", |screen| !screen.contains('✗')).types("\u{7f}");
    }
    session.types("\u{15}Kantine\r").wait_for("? Events").types("\r").wait_for("  ✗ pick at least one").types("a");
    session
        .wait_until("the mistake to go", |screen| !screen.contains('✗'))
        .types("\r")
        .wait_for(&format!("✓ Events   all {}", known()));
    session.types("\r").wait_for("✓ Version  not pinned").types("\r");
    let seen = session.ended();
    seen.exits(0).leaves_no_trace();
    assert_eq!(home.json(["show", "Kantine", "--json"])["events"], serde_json::json!(["*"]));
}

#[rstest]
fn each_question_can_be_left(
    #[values("? URL", "? Name", "? Events", "? Version", "? Status")] question: &str,
    #[values(("\u{1b}", 1), ("\u{4}", 1), ("\u{3}", 130))] (keys, code): (&str, i32),
) {
    let home = with_a_webhook();
    let mut session = at(&home, question);
    session.types(keys);
    let seen = session.ended();
    seen.exits(code).leaves_no_trace();
    assert!(code == 130 || seen.screen.ends_with(&format!("{question}\nNothing was done.")), "{seen}");
    // Ctrl-C is a signal, so the question stays on the screen down to the cursor.
    assert!(code == 130 || !seen.screen.contains("then:") && !seen.screen.contains("esc leaves"), "{seen}");
    assert_eq!(names(&home), "Payroll\n");
}

#[test]
fn what_only_the_service_could_refuse_is_asked_for_again_too() {
    let (home, place) = (Home::new(), Home::new());
    let served = Served::on_database(&place, "sqlite::memory:");
    let terminal = Terminal::of(&home).env("TM_HOOKS_URL", &served.url).env("TM_HOOKS_TOKEN", TOKEN);
    let mut session = terminal.start(&["add"]);
    session.asks("? URL").types("https://10.0.0.1/x\r").wait_for("? Name").types("Kantine\r");
    session.wait_for("? Events").types("a\r").wait_for("? Version").types("\r").wait_for("? Status").types("\r");
    session.wait_until("the question again", |screen| screen.ends_with("then: Name, Events, Version, Status"));
    session.wait_for("  ❯ https://10.0.0.1/x").wait_for("  ✗ it");
    session.types("\u{15}https://erp.example.com/x\r");
    let seen = session.ended();
    seen.exits(0).leaves_no_trace();
    assert!(seen.screen.contains("✓ URL      https://erp.example.com/x\n✓ Added Kantine"), "{seen}");
}

#[test]
fn a_service_that_cannot_be_reached_holds_nobody_up() {
    let home = Home::new();
    let terminal = Terminal::of(&home).env("TM_HOOKS_URL", "http://127.0.0.1:9").env("TM_HOOKS_TOKEN", TOKEN);
    let mut session = terminal.start(&["add"]);
    session.asks("? URL").types("https://erp.example.com/x\r").wait_for("? Name").types("\r").wait_for("? Events");
    assert!(!session.screen().contains("trying again"), "{}", session.screen());
    session.types("\u{1b}");
    session.ended().exits(1).leaves_no_trace();
}

#[test]
fn what_is_typed_ahead_answers_the_questions_to_come() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).start(&["add"]);
    session.asks("? URL").types("http://127.0.0.1:9/x\rKantine\ra\r\u{1b}[B\r\r");
    let seen = session.ended();
    seen.exits(0).leaves_no_trace();
    let answers = format!("✓ Name     Kantine\n✓ Events   all {}\n✓ Version  v1\n✓ Status   enabled\n", known());
    assert!(seen.screen.contains(&answers), "{seen}");
}

#[rstest]
fn a_resize_leaves_nothing_behind(#[values((70, 50), (130, 40), (45, 30))] (columns, rows): (u16, u16)) {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).columns(100).start(&["add", "http://127.0.0.1:9/x", "--name", "Kantine"]);
    session.asks("? Events").wait_for(&place(1));
    session.resize(columns, rows);
    let end = usize::from(columns.min(100));
    session.wait_until("the menu to fit", |screen| {
        screen.lines().last().is_some_and(|line| line.ends_with(&place(1)) && line.chars().count() == end)
    });
    session.types("\u{1b}[B \u{1b}[B").wait_for(&picked(1, 3));
    let screen = session.screen();
    for once in ["? Events", "esc leaves", "attendance.inserted", "❯", "user.deleted", "picked, "] {
        assert_eq!(screen.matches(once).count(), 1, "{once}:\n{screen}");
    }
    session.types("\r");
    let seen = session.ended();
    seen.exits(0).leaves_no_trace();
    assert_eq!(seen.screen.matches("Events").count(), 1, "{seen}");
}

#[test]
fn a_small_terminal_scrolls_the_menu() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).rows(6).start(&["add", "http://127.0.0.1:9/x", "--name", "Kantine"]);
    session.asks("? Events").wait_for(&place(1));
    assert!(!session.screen().contains("user.deleted"));
    session.types("\u{1b}[F").wait_for("❯ [ ] user.deleted").wait_for(&place(known())).types(" ");
    session.types("\u{1b}[H").wait_for("❯ [ ] attendance.inserted").wait_for("? Events").types("\r");
    session.ended().exits(0).leaves_no_trace();
    assert_eq!(home.json(["show", "Kantine", "--json"])["events"], serde_json::json!(["user.deleted"]));
}

#[test]
fn signs_are_plain_where_letters_are() {
    let home = with_a_webhook();
    let terminal = Terminal::of(&home).env("LC_ALL", "C").env("NO_COLOR", "1");
    let mut session = terminal.start(&["add", "http://127.0.0.1:9/x", "--name", "Kantine"]);
    session
        .asks("? Events")
        .wait_for("  > [ ] attendance.inserted")
        .types("\r")
        .wait_for("  x pick at least")
        .types(" \r");
    session.wait_for("+ Events  attendance.inserted");
    session.ended().exits(0).leaves_no_trace();
}

#[test]
fn wide_letters_and_emoji_are_edited_as_they_are_seen() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).columns(40).start(&["add"]);
    session.asks("? URL").types("http://127.0.0.1:9/x\r").wait_for("? Name");
    session
        .types("東京 🇩🇪🏢x\u{1b}[D\u{1b}[D\u{7f}\u{1b}[H\u{1b}[C\u{1b}[3~\u{1b}[F\u{7f}!\r")
        .wait_for("✓ Name     東 🏢!");
    session.wait_for("? Events").types("a\r").wait_for("? Version").types("\r").wait_for("? Status").types("\r");
    session.ended().exits(0).leaves_no_trace();
    assert!(names(&home).contains("東 🏢!"));
}

#[test]
fn edit_is_the_same_form_filled_in_and_sends_what_was_changed() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).start(&["edit", "Payroll"]);
    session.asks("? URL").wait_for("  ❯ http://127.0.0.1:9/hooks").types("2\r").wait_for("? Name");
    session
        .wait_for("  ❯ Payroll")
        .types("\r")
        .wait_for("6 picked")
        .types(" \r")
        .wait_for("  ❯ not pinned")
        .types("\r");
    session.wait_for("  ❯ enabled").types("\u{1b}[B\r");
    let seen = session.ended();
    seen.exits(0).leaves_no_trace();
    assert!(seen.screen.contains("✓ Changed Payroll (wh_") && seen.screen.ends_with(": URL, events, status"), "{seen}");
    let changed = home.json(["show", "Payroll", "--json"]);
    assert_eq!((&changed["url"], &changed["enabled"]), (&"http://127.0.0.1:9/hooks2".into(), &false.into()));
    assert_eq!(changed["events"].as_array().unwrap().len(), 5);
}

#[test]
fn who_changes_nothing_is_told_so() {
    let home = Home::new();
    home.ok([
        "add",
        "http://127.0.0.1:9/hooks?token=abc",
        "--name",
        "Payroll",
        "--events",
        "attendance.*",
        "--pin",
        "v2",
    ]);
    let before = home.json(["show", "Payroll", "--json"]);
    let mut session = Terminal::of(&home).start(&["edit", "Payroll"]);
    session.asks("? URL").wait_for("?token=••••").types("\r").wait_for("? Name").types("\r").wait_for("3 picked");
    session.types("\r").wait_for("  ❯ v2").types("\r").wait_for("? Status").types("\r");
    let seen = session.ended();
    seen.exits(0).leaves_no_trace();
    assert!(seen.screen.contains("\nNothing was changed: Payroll (wh_") && !seen.raw.contains("token=abc"), "{seen}");
    assert_eq!(home.json(["show", "Payroll", "--json"]), before);
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_lost() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).start(&["edit", "Payroll"]);
    session.asks("? URL").types("2\r").wait_for("? Name");
    home.ok(["disable", "Payroll"]);
    session
        .types("\r")
        .wait_for("? Events")
        .types("\r")
        .wait_for("? Version")
        .types("\r")
        .wait_for("? Status")
        .types("\r");
    session.ended().exits(6).leaves_no_trace();
    assert_eq!(home.json(["show", "Payroll", "--json"])["url"], "http://127.0.0.1:9/hooks");
}

#[test]
fn ctrl_z_keeps_the_form_and_draws_nothing_over_the_shell() {
    let home = with_a_webhook();
    let terminal = Terminal::of(&home).finding_programs().env("PS1", "ready> ");
    let mut session = terminal.start_program("sh", &["-i"]);
    session.wait_for("ready>").types("tm-hooks add http://127.0.0.1:9/x --name Kantine\r").wait_for(&picked(0, 1));
    session.types("\u{1b}[B ").wait_for(&picked(1, 2)).types("\u{1a}").stopped().types("echo a; fg\r");
    session.wait_until("the form again", |screen| screen.ends_with(&picked(1, 2)));
    let screen = session.screen();
    assert!(screen.contains("Stopped") && screen.contains("\na\n"), "{screen}");
    session.types("\u{1b}[B \r").wait_for("✓ Events  attendance.updated, attendance.deleted\n").wait_for("Added");
    session.types("exit\r");
    session.ended().leaves_no_trace();
}
