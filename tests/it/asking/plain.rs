//! Tests `TERM=dumb` and a missing `TERM`: no menu, no escape sequences, and the terminal itself edits the line.

use rstest::rstest;

use crate::common::{
    Home,
    service::{Served, TOKEN},
    terminal::{Seen, Terminal},
};

use super::{names, with_a_webhook};

fn has_no_escapes(seen: &Seen) {
    assert!(!seen.raw.contains('\u{1b}'), "{:?}", seen.raw);
    seen.leaves_no_trace();
}

#[rstest]
fn a_form_is_asked_in_plain_lines(#[values("dumb", "")] name: &str) {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).env("TERM", name).env("NO_COLOR", "1").start(&["add"]);
    session.wait_for("? URL:").types("nonsense\r").wait_for("is not a URL");
    session.wait_until("the question again", |screen| screen.ends_with("? URL:")).types("http://127.0.0.1:9/y\r");
    session.wait_for("Name [127.0.0.1]:").types("Kantine\r");
    session.wait_for("   6  user.deleted").wait_for("Number:").types("\r").wait_for("nothing is chosen");
    session.wait_until("the question again", |screen| screen.ends_with("Number:")).types("7\r");
    session.wait_for("is no number from 1 to 6");
    session.wait_until("the question again", |screen| screen.ends_with("Number:")).types("2, 4-5\r");
    session.wait_for("   2  v1").wait_until("the next question", |screen| screen.ends_with("Number [1]:"));
    session.types("\r").wait_for("   2  disabled");
    session.wait_until("the last question", |screen| screen.ends_with("Number [1]:")).types("2\r");
    let seen = session.ended();
    seen.exits(0);
    has_no_escapes(&seen);
    let added = home.json(["show", "Kantine", "--json"]);
    assert_eq!(added["events"], serde_json::json!(["attendance.updated", "user.inserted", "user.updated"]));
    assert_eq!((&added["pinnedVersion"], &added["enabled"]), (&serde_json::Value::Null, &false.into()));
}

#[rstest]
#[case("y\r", 0)]
#[case("\r", 1)]
#[case("\u{4}", 1)]
#[case("\u{1b}\r", 1)]
#[case("\u{3}", 130)]
fn yes_is_a_line_there_too(#[case] keys: &str, #[case] code: i32) {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).env("TERM", "dumb").start(&["delete", "Payroll"]);
    session.wait_for("[y/N]").types(keys);
    let seen = session.ended();
    seen.exits(code);
    has_no_escapes(&seen);
    assert_eq!(names(&home), if code == 0 { "" } else { "Payroll\n" });
}

#[test]
fn a_token_is_not_shown_there_either() {
    let (home, place) = (Home::new(), Home::new());
    let served = Served::on_database(&place, "sqlite::memory:");
    let login = Terminal::of(&home).env("TERM", "dumb").start(&["login", &served.url, "--insecure-storage"]);
    let seen = login.answered("not shown", &format!("\u{1b}[200~{TOKEN}\u{1b}[201~\r"));
    seen.exits(0);
    has_no_escapes(&seen);
    assert!(!seen.raw.contains(TOKEN), "the token was shown");
}
