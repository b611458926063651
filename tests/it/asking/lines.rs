//! Tests that a question takes one line: not a key, nothing typed before it was shown, and nothing that follows.

use std::fs;

use rstest::rstest;

use crate::common::terminal::Terminal;

use super::{names, with_a_webhook};

#[test]
fn a_key_is_no_answer() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).start(&["delete", "Payroll"]);
    session.wait_for("[y/N]").types("y").wait_for("[y/N] y").types("\u{7f}n").wait_for("[y/N] n");
    session.types("\r");
    let seen = session.ended();
    seen.exits(1).leaves_no_trace();
    assert!(seen.screen.ends_with("\nNothing was done.") && !seen.screen.contains("error"), "{seen}");
    assert_eq!(names(&home), "Payroll\n");
}

#[rstest]
#[case("\r")]
#[case("no\r")]
#[case("\u{1b}")]
#[case("\u{4}")]
#[case("y\u{1b}")]
#[case("y\u{15}\r")]
fn no_answer_is_a_no(#[case] keys: &str) {
    let home = with_a_webhook();
    let seen = Terminal::of(&home).start(&["delete", "Payroll"]).answered("[y/N]", keys);
    seen.exits(1).leaves_no_trace();
    assert!(seen.screen.ends_with("\nNothing was done."), "{seen}");
    assert_eq!(names(&home), "Payroll\n");
}

#[rstest]
#[case("y\r")]
#[case("YES\r")]
#[case("nope\u{17}yes\n")]
#[case("\u{1b}[200~yes\n\u{1b}[201~\r")]
fn yes_is_a_line(#[case] keys: &str) {
    let home = with_a_webhook();
    let seen = Terminal::of(&home).start(&["delete", "Payroll"]).answered("[y/N]", keys);
    seen.exits(0).leaves_no_trace();
    assert_eq!(names(&home), "");
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() {
    let home = with_a_webhook();
    // The program starts only after all of that was typed.
    let mut session = Terminal::of(&home).shell("read begin && exec tm-hooks delete Payroll");
    session.types("\ry\ry\r");
    session.wait_for("[y/N]").types("n\r");
    session.ended().exits(1).leaves_no_trace();
    assert_eq!(names(&home), "Payroll\n");
}

#[test]
fn what_was_pasted_is_no_answer_until_enter_is_pressed() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).start(&["delete", "Payroll"]);
    session.wait_for("[y/N]").types("\u{1b}[200~y\ny\n\u{1b}[201~").wait_for("[y/N] y y").types("\r");
    session.wait_for("Answer y or n.").types("n\r");
    session.ended().exits(1).leaves_no_trace();
    assert_eq!(names(&home), "Payroll\n");
}

#[test]
fn what_is_neither_yes_nor_no_is_asked_again() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).start(&["delete", "Payroll"]);
    session.wait_for("[y/N]").types("yess\r").wait_for("Answer y or n.");
    session.wait_until("the question again", |screen| screen.ends_with("[y/N]")).types("yes\r");
    session.ended().exits(0);
    assert_eq!(names(&home), "");
}

#[test]
fn a_question_is_seen_where_messages_are_not() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).shell("tm-hooks delete Payroll 2>said");
    session.wait_for("Delete Payroll").wait_for("[y/N]").types("y\r");
    session.ended().exits(0).leaves_no_trace();
    let said = fs::read_to_string(home.path().join("said")).unwrap();
    assert!(said.contains("Deleted Payroll") && !said.contains("[y/N]") && !said.contains('\u{1b}'), "{said}");
    let nobody =
        Terminal::of(&home).shell("tm-hooks delete Payroll >said </dev/null || tm-hooks add 2>&1 | cat").ended();
    assert!(!nobody.screen.contains("[y/N]") && nobody.screen.contains("--events"), "{nobody}");
}

#[test]
fn where_there_is_no_terminal_to_be_seen_on_the_flag_is_named() {
    let home = with_a_webhook();
    // A new session has no terminal, although its standard input is one.
    let line = "setsid -w tm-hooks delete Payroll 2>said; echo \"exit $?\"; cat said";
    let seen = Terminal::of(&home).shell(line).ended();
    assert!(seen.screen.contains("exit 2") && seen.screen.contains("--yes"), "{seen}");
    assert_eq!(names(&home), "Payroll\n");
}
