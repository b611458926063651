//! Tests the program under a real shell: text typed after an answer is the shell's, and Ctrl-Z gives it the terminal
//! for a while.

use std::fs;

use rstest::rstest;

use crate::common::{
    Home,
    service::{Served, TOKEN},
    terminal::{Session, Terminal},
    until,
};

use super::{names, with_a_webhook};

fn shell(home: &Home, name: &str) -> Session {
    let arguments: &[&str] = match name {
        "bash" => &["--norc", "--noprofile", "-i"],
        "zsh" => &["-f", "-i"],
        _ => &["-i"],
    };
    let terminal = Terminal::of(home).finding_programs().env("PS1", "ready> ").env("PROMPT", "ready> ");
    let mut session = terminal.start_program(name, arguments);
    session.wait_for("ready>");
    session
}

#[rstest]
fn nothing_of_an_answer_is_left_for_the_shell_and_all_that_follows_is(#[values("sh", "bash")] name: &str) {
    let home = with_a_webhook();
    let mut session = shell(&home, name);
    session.types("tm-hooks delete Payroll\r").wait_for("[y/N]").types("yes\recho \"exit $?\"\r");
    session.wait_for("Deleted Payroll").wait_for("exit 0");
    session.types("tm-hooks add\r").wait_for("? URL").types("\u{3}");
    session.wait_until("the shell", |screen| screen.ends_with("ready>"));
    session.types("echo \"now $?\"\r").wait_for("now 130").types("exit\r");
    let seen = session.ended();
    assert!(!seen.screen.contains("not found"), "{seen}");
    assert_eq!(names(&home), "");
}

#[test]
fn nothing_of_a_secret_is_left_for_the_shell() {
    let home = Home::new();
    let mut session = shell(&home, "sh");
    session.types("tm-hooks login http://127.0.0.1:9 --insecure-storage\r").wait_for("not shown");
    session.types("two words\rmore-of-the-secret\rstill-more").wait_for("error:");
    session.types("echo \"exit $?\"\r").wait_for("exit 2").types("exit\r");
    let seen = session.ended();
    seen.leaves_no_trace();
    assert!(!seen.raw.contains("more"), "{seen}");
}

#[rstest]
fn ctrl_z_gives_the_terminal_back_until_the_program_goes_on(#[values("sh", "bash", "zsh")] name: &str) {
    let (home, place) = (Home::new(), Home::new());
    let served = Served::on_database(&place, "sqlite::memory:");
    let mut session = shell(&home, name);
    let (first, second) = TOKEN.split_at(9);
    session.types(&format!("tm-hooks login {} --insecure-storage\r", served.url)).wait_for("not shown").types(first);
    session.types("\u{1a}").stopped();
    // Other shells restore the terminal themselves when a program stops; this one shows what the program did.
    assert!(name != "sh" || session.is_as_found());
    session.types("stty -a | grep -ow -- '-\\?echo'\r").wait_for("\necho\n");
    let questions = |screen: &str| screen.matches("not shown").count();
    session
        .types("fg\r")
        .wait_until("the question again", |screen| questions(screen) == 2 && !screen.ends_with("ready>"));
    until("the terminal to be taken again", || (!session.is_as_found()).then_some(()));
    session.types(second).types("\r").wait_for("Logged in").types("exit\r");
    let seen = session.ended();
    assert!(!seen.raw.contains(first) && !seen.raw.contains(second), "the token was shown");
    home.ok(["list"]);
}

#[test]
fn ctrl_z_keeps_what_was_typed() {
    let home = with_a_webhook();
    let mut session = shell(&home, "sh");
    session.types("tm-hooks delete Payroll\r").wait_for("[y/N]").types("ye").wait_for("[y/N] ye").types("\u{1a}");
    session.stopped().types("fg\r");
    session.wait_until("the question again", |screen| screen.ends_with("[y/N] ye")).types("s\r").wait_for("Deleted");
    session.types("exit\r");
    session.ended().leaves_no_trace();
    assert_eq!(names(&home), "");
}

#[rstest]
fn who_asks_in_the_background_waits_for_the_front_and_can_be_ended(#[values("sh", "bash")] name: &str) {
    let home = with_a_webhook();
    let mut session = shell(&home, name);
    session.types("tm-hooks delete Payroll &\r").types("echo \"process=$!.\"\r");
    let process = |screen: &str| {
        let number = screen.rsplit_once("process=")?.1.split_once('.')?.0.parse::<u32>();
        number.ok()
    };
    session.wait_until("the process", |screen| process(screen).is_some());
    let stat = format!("/proc/{}/stat", process(&session.screen()).unwrap());
    let state =
        || fs::read_to_string(&stat).map_or('-', |stat| stat.rsplit_once(") ").unwrap().1.chars().next().unwrap());
    let is_stopped = || state() == 'T';
    until("the system to stop it", || is_stopped().then_some(()));
    // The shell checks its jobs before each line, and may notice a moment after the test does.
    let mut lines = 0;
    until("the shell to tell of it", || {
        lines += 1;
        session.types(&format!("echo line{lines}.\r"));
        session.wait_until("the next line", |screen| screen.contains(&format!("\nline{lines}.")));
        session.screen().contains("Stopped").then_some(())
    });
    assert!(!session.screen().contains("[y/N]"));

    session.types("fg\r").wait_for("[y/N]").types("y").wait_for("[y/N] y").types("\u{1a}");
    session.wait_until("the shell", |screen| screen.matches("Stopped").count() == 2 && screen.ends_with("ready>"));
    session.types("bg\r").types("echo over\r").wait_until("the shell", |screen| screen.contains("over\nready>"));
    until("it to be stopped again", || is_stopped().then_some(()));
    session.types("kill %1; kill -CONT %1\r");
    until("it to end", || matches!(state(), '-' | 'Z').then_some(()));
    assert_eq!(names(&home), "Payroll\n");
}
