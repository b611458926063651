//! Tests `show --curl`: real shells run its output, and the receiver gets exactly the same request again.

use std::process::Command;

use axum::http::HeaderMap;
use rstest::rstest;

use crate::common::{
    Home, Run,
    receiver::{Received, Receiver},
    skip,
    terminal::Terminal,
};

/// Event data with characters that shells, printf and curl interpret.
const COMMENT: &str =
    "@O'Hara said: \"100 %s\\n\" in C:\\\\tm\\'$HOME'`id`!! & {a,b}[1-3] – 東京 👩‍💻\u{202e}\u{85}\u{7f}\\";

/// A home with a webhook that has its own header and a secret parameter in its URL.
fn home_with(receiver: &Receiver) -> Home {
    let home = Home::new();
    let url = format!("{}/a[1-2]b?token=geheim&x={{1,2}}", receiver.url());
    home.ok(["add", &url, "--name", "Payroll", "--events", "*", "--header", "X-Api-Key: geheim-4711"]);
    home
}

/// Sends an event with this comment; returns the attempt's id and the request.
fn sent(home: &Home, receiver: &Receiver, comment: &str) -> (String, Received) {
    let data = serde_json::json!({ "comment": comment }).to_string();
    home.run_with_input(["send", "attendance.inserted", "--data", "-"], &data).exits(0);
    let attempt = home.ok(["attempts", "--limit", "1", "-o", "id"]).trim().to_owned();
    (attempt, receiver.ledger().pop().unwrap())
}

/// Runs a command in a shell that sees only the machine's programs; returns its result.
#[track_caller]
fn run(shell: &str, command: &str, home: &Home, receiver: &Receiver) -> Received {
    let before = receiver.ledger().len();
    let mut shell = Command::new(shell);
    shell.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home.path());
    let said = shell.current_dir(home.path()).said_with_input(command.as_bytes());
    assert!(said.exits(0).out.starts_with("HTTP/1.1 204 "), "the answer is shown, with its status");
    let mut came = receiver.ledger().split_off(before);
    assert_eq!(came.len(), 1, "one request came");
    came.remove(0)
}

fn without_key(mut headers: HeaderMap) -> HeaderMap {
    headers.remove("x-api-key").unwrap();
    headers
}

#[rstest]
#[case::of_nasty_letters(COMMENT)]
#[case::of_a_word_too_long_for_a_program(&"ä'\\\\".repeat(20_000))]
#[case::of_plain_letters("plain 'words' and \\\\ backslashes\\")]
fn every_shell_repeats_the_request_to_the_byte(
    #[case] comment: &str,
    #[values("sh", "dash", "bash", "zsh", "fish")] shell: &str,
) {
    if skip::without(&["curl", shell], "nothing is repeated by it") {
        return;
    }
    let receiver = Receiver::accepting();
    let home = home_with(&receiver);
    let (attempt, first) = sent(&home, &receiver, comment);
    let said = home.run(["show", &attempt, "--curl"]);
    said.exits(0).tells("note: put in the value of X-Api-Key");
    let again = run(shell, &said.out, &home, &receiver);
    assert!(again.body == first.body, "the same body");
    assert_eq!(without_key(again.headers), without_key(first.headers));
    assert_eq!((again.path, again.query), (first.path, first.query));
}

#[test]
fn a_terminal_gets_neither_what_is_secret_nor_what_moves_its_cursor() {
    let receiver = Receiver::accepting();
    let home = home_with(&receiver);
    let (attempt, _) = sent(&home, &receiver, COMMENT);
    let seen = Terminal::of(&home).env("NO_COLOR", "1").run(&["show", &attempt, "--curl"]);
    seen.exits(0);
    assert!(seen.screen.contains("?token=••••&x=") && seen.screen.contains("--reveal shows it"), "{seen}");
    assert!(!seen.raw.contains(['\u{202e}', '\u{85}', '\u{7f}', '\u{1b}']), "{seen}");
    let piped = home.run(["show", &attempt, "--curl"]);
    assert!(!piped.out.contains("geheim-4711") && piped.out.contains("X-Api-Key: ••••"), "{piped}");
    assert!(piped.out.contains("?token=geheim&"), "what is written elsewhere can be run: {piped}");
}

#[test]
fn what_has_no_request_or_no_place_for_a_command_is_refused() {
    let receiver = Receiver::accepting();
    let home = home_with(&receiver);
    let (attempt, _) = sent(&home, &receiver, "x");
    let event = home.ok(["events", "--limit", "1", "-o", "id"]).trim().to_owned();
    home.run(["show", &event, "--curl"]).exits(2).tells("tm-hooks attempts");
    home.run(["show", "Payroll", "--curl"]).exits(2).tells("tm-hooks attempts wh_");
    for other in [["--json", "-q"], ["-o", "csv"], ["--columns", "id"], ["--jq", ".id"], ["--whole", "-q"]] {
        home.run(["show", &attempt, "--curl", other[0], other[1]]).exits(2);
    }
    let both = home.ok(["show", &attempt, &attempt, "--curl"]);
    assert_eq!(both.matches("curl -ig").count(), 2);
}
