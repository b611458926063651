//! Tests signals during a question and while the program waits: the terminal is restored, and the program ends by the
//! signal or with 130.

use std::{fs, io::Read};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rstest::rstest;

use crate::common::{
    Home,
    terminal::{Seen, Session, Terminal},
    until,
    wire::{Step, Wire},
    write_lock::WriteLock,
};

use super::{names, with_a_webhook};

/// The kinds of questions: a command, and the text on the screen when it asks.
const SECRET: (&[&str], &str) = (&["login", "http://127.0.0.1:9", "--insecure-storage"], "not shown");
const TEXT: (&[&str], &str) = (&["add"], "? URL");
const YES: (&[&str], &str) = (&["delete", "Payroll"], "Delete Payroll");
const MENU: (&[&str], &str) = (&["add", "http://127.0.0.1:9/other"], "user.deleted");
const ONE: (&[&str], &str) = (&["add"], "not pinned");

fn asked(home: &Home, (arguments, question): (&[&str], &str)) -> Session {
    let mut session = Terminal::of(home).start(arguments);
    if question == ONE.1 {
        session.wait_for(TEXT.1).types("http://127.0.0.1:9/other\r").wait_for("Name").types("\r");
        session.wait_for("user.deleted").types("a\r");
    }
    session.asks(question);
    session
}

fn ended_by(seen: &Seen, name: &str) {
    let word = match name {
        "INT" => {
            seen.exits(130);
            return;
        }
        "TERM" => "Terminated",
        "HUP" => "Hangup",
        _ => "Quit",
    };
    assert!(seen.signal.as_deref().is_some_and(|signal| signal.starts_with(word)), "{seen}");
}

#[rstest]
fn a_question_that_is_cut_short_leaves_no_trace(
    #[values(SECRET, TEXT, YES, MENU, ONE)] question: (&[&str], &str),
    #[values("INT", "TERM", "HUP", "QUIT")] name: &str,
) {
    let home = with_a_webhook();
    let session = asked(&home, question);
    session.signal(name);
    let seen = session.ended();
    seen.leaves_no_trace();
    ended_by(&seen, name);
    assert_eq!(names(&home), "Payroll\n");
}

#[rstest]
fn every_signal_that_ends_a_program_leaves_no_trace(
    #[values(
        "USR1", "USR2", "ALRM", "VTALRM", "PROF", "XCPU", "XFSZ", "ABRT", "BUS", "TRAP", "SYS", "STKFLT", "IO", "PWR",
        "34", "64"
    )]
    name: &str,
) {
    let home = with_a_webhook();
    let question = match name {
        "USR1" => MENU,
        "USR2" => YES,
        _ => SECRET,
    };
    let session = asked(&home, question);
    session.signal(name);
    let seen = session.ended();
    seen.leaves_no_trace();
    assert!(seen.signal.is_some() || seen.code > 128, "{seen}");
    assert_eq!(names(&home), "Payroll\n");
}

#[rstest]
#[case("\u{3}", "INT")]
#[case("\u{1c}", "QUIT")]
fn a_key_that_is_a_signal_leaves_no_trace(
    #[values(SECRET, TEXT, YES)] question: (&[&str], &str),
    #[case] key: &str,
    #[case] name: &str,
) {
    let home = with_a_webhook();
    let mut session = asked(&home, question);
    session.types("half").types(key);
    let seen = session.ended();
    seen.leaves_no_trace();
    ended_by(&seen, name);
}

#[test]
fn ctrl_c_leaves_a_menu() {
    let home = with_a_webhook();
    let mut session = asked(&home, MENU);
    session.types("\u{3}");
    session.ended().exits(130).leaves_no_trace();
}

#[test]
fn a_signal_that_is_ignored_stays_so() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).shell("trap '' TERM HUP; exec tm-hooks delete Payroll");
    session.wait_for("[y/N]");
    session.signal("TERM");
    session.signal("HUP");
    session.types("y\r");
    session.ended().exits(0).leaves_no_trace();
    assert_eq!(names(&home), "");
}

/// A receiver that accepts a request and does not answer.
fn silent() -> Wire {
    Wire::script(vec![Step::Head, Step::UntilClosed])
}

/// A terminal where a test of a webhook waits for its receiver.
fn testing(home: &Home, receiver: &Wire) -> Session {
    home.ok(["add", &receiver.url(), "--name", "Silent", "--events", "*"]);
    let mut session = Terminal::of(home).start(&["test", "Silent"]);
    until("the request", || (receiver.requests() > 0).then_some(()));
    session.wait_for("Waiting for Silent");
    session
}

#[rstest]
fn what_turns_while_one_waits_is_taken_away(#[values("INT", "TERM", "HUP", "QUIT")] name: &str) {
    let (home, receiver) = (Home::new(), silent());
    let session = testing(&home, &receiver);
    session.signal(name);
    let seen = session.ended();
    seen.leaves_no_trace();
    ended_by(&seen, name);
    assert!(!seen.screen.contains("Waiting"), "{seen}");
    let attempts = home.json(["attempts", "Silent", "--json=status,error"]);
    assert_eq!(attempts[0]["error"], "interrupted", "what was under way was put in order");
}

#[test]
fn a_second_signal_ends_a_clean_up_at_once() {
    let (home, receiver) = (Home::new(), silent());
    let session = testing(&home, &receiver);
    // The program cannot clean up the database while another one writes.
    let lock = WriteLock::of(&home.database());
    let process = session.process().to_string();
    let line = format!("kill -INT {process}; kill -TERM {process}");
    assert!(std::process::Command::new("sh").args(["-c", &line]).status().unwrap().success());
    let seen = session.ended();
    ended_by(&seen, "TERM");
    drop(lock);
}

#[test]
fn ctrl_c_ends_what_waits_for_a_line() {
    let home = with_a_webhook();
    let mut session = Terminal::of(&home).start(&["send", "user.inserted", "--data", "-"]);
    let threads = format!("/proc/{}/task", session.process());
    until("the program to listen", || {
        let mut threads = fs::read_dir(&threads).unwrap().map(|thread| thread.unwrap().path().join("comm"));
        threads.any(|name| fs::read_to_string(name).is_ok_and(|name| name == "signals\n")).then_some(())
    });
    session.types("\u{3}");
    session.ended().exits(130).leaves_no_trace();
}

/// Starts a shell's line on a terminal, waits until `question` is shown, and takes the terminal away.
fn deserted(home: &Home, line: &str, question: &str) -> (u32, String) {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(["-c", line]);
    command.env_clear();
    command.cwd(home.path());
    home.environment().into_iter().for_each(|(name, value)| command.env(name, value));
    command.env("PROGRAM", env!("CARGO_BIN_EXE_tm-hooks"));
    command.env("TERM", "xterm");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let (mut reader, sought) = (pair.master.try_clone_reader().unwrap(), question.to_owned());
    let asked = std::thread::spawn(move || {
        let (mut written, mut part) = (Vec::new(), [0; 1024]);
        while !String::from_utf8_lossy(&written).contains(&sought) {
            let count = reader.read(&mut part).unwrap();
            written.extend_from_slice(&part[..count]);
        }
    });
    until("the question", || asked.is_finished().then_some(()));
    asked.join().unwrap();
    drop(pair.master);
    let status = until("the program to end with its terminal", || child.try_wait().unwrap());
    (status.exit_code(), status.signal().unwrap_or_default().to_owned())
}

#[rstest]
#[case("login http://127.0.0.1:9", "not shown")]
#[case("delete Payroll", "[y/N]")]
#[case("add", "? URL")]
#[case("add http://127.0.0.1:9/x", "user.deleted")]
fn who_loses_the_terminal_ends(#[case] verb: &str, #[case] question: &str) {
    let home = with_a_webhook();
    // The program notices it by a signal or by the end of its input, whichever comes first.
    let (code, signal) = deserted(&home, &format!("exec $PROGRAM {verb}"), question);
    assert!(signal == "Hangup" || code == 1, "{code} {signal:?}");
    let (code, signal) = deserted(&home, &format!("trap '' HUP; exec $PROGRAM {verb}"), question);
    assert_eq!((code, signal.as_str()), (1, ""), "with SIGHUP ignored");
}
