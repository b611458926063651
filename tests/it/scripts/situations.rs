//! Tests every command in six situations: on a terminal, in a pipe, without input, before `head -1`, with `NO_COLOR`,
//! and as JSON with nothing to show.

use std::{fs, process::Stdio};

use crate::common::{Home, Run, receiver::Receiver, streams, terminal::Terminal};
use serde_json::Value;

/// A command with its exit codes: with a webhook `Payroll` and a history, and with nothing at all.
struct Case {
    arguments: &'static [&'static str],
    code: i32,
    empty: i32,
}

const fn case(arguments: &'static [&'static str], code: i32, empty: i32) -> Case {
    Case { arguments, code, empty }
}

const CASES: &[Case] = &[
    case(&["list"], 0, 0),
    case(&["show", "Payroll"], 0, 3),
    case(&["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"], 0, 0),
    case(&["add", "https://erp.example.com/hooks", "--name", "Payroll", "--events", "*"], 6, 0),
    case(&["edit", "Payroll", "--name", "Wages"], 0, 3),
    case(&["enable", "Payroll"], 0, 3),
    case(&["disable", "Payroll"], 0, 3),
    case(&["disable", "--all", "--yes"], 0, 0),
    case(&["pin", "Payroll", "v2"], 0, 3),
    case(&["unpin", "Payroll"], 0, 3),
    case(&["versions"], 0, 0),
    case(&["versions", "default", "v2"], 0, 0),
    case(&["delete", "Payroll", "--yes"], 0, 3),
    case(&["delete", "Payroll", "--yes", "--if-exists"], 0, 0),
    case(&["test", "Payroll"], 0, 3),
    case(&["attempts"], 0, 0),
    case(&["attempts", "Payroll", "--status", "failed"], 0, 3),
    case(&["stats"], 0, 0),
    case(&["stats", "--by", "event"], 0, 0),
    case(&["stats", "--fail-over", "5%"], 0, 0),
    case(&["events"], 0, 0),
    case(&["types"], 0, 0),
    case(&["send", "attendance.inserted"], 0, 0),
    case(&["secret", "show", "Payroll"], 0, 3),
    case(&["secret", "rotate", "Payroll", "--yes"], 0, 3),
    case(&["secret", "revoke", "Payroll", "--yes"], 3, 3),
    case(&["list", "--jq", ".data | length"], 0, 0),
    case(&["list", "--jq", ".data["], 2, 2),
    case(&["list", "--jq", "-1"], 0, 0),
    case(&["list", "--jq", "\"x\" * 1e9"], 1, 1),
    case(&["api", "GET", "/v1/webhooks"], 0, 0),
    case(&["api", "GET", "/v1/webhooks", "--paginate"], 0, 0),
    case(&["api", "GET", "/v1/webhooks/wh_0000000000"], 3, 3),
    case(&["api", "GET", "https://elsewhere.example/v1/webhooks"], 2, 2),
    case(&["whoami"], 0, 0),
    case(&["whoami", "--check"], 0, 0),
    case(&["logout"], 0, 0),
    case(&["login", "https://hooks.example.com", "--no-input"], 2, 2),
    case(&["profile", "list"], 0, 0),
    case(&["profile", "add", "staging", "https://staging.example.com"], 0, 0),
    case(&["profile", "use", "nowhere"], 3, 3),
    case(&["config", "list"], 0, 0),
    case(&["config", "get", "output"], 0, 0),
    case(&["config", "set", "retries", "5"], 0, 0),
    case(&["doctor"], 0, 0),
    case(&["completions", "bash"], 0, 0),
    case(&["man"], 0, 0),
    case(&["help"], 0, 0),
    case(&["help", "exit-codes"], 0, 0),
    case(&["help", "scripting"], 0, 0),
    case(&["--version"], 0, 0),
    case(&["lsit"], 2, 2),
    case(&["list", "--output", "xml"], 2, 2),
];

/// A receiver and a home with a history, which is copied for each run.
struct Model {
    home: Home,
    _receiver: Receiver,
}

impl Model {
    fn new() -> Self {
        let (home, receiver) = (Home::new(), Receiver::accepting());
        home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "attendance.*"]);
        home.ok(["send", "attendance.inserted"]);
        Model { home, _receiver: receiver }
    }
}

#[test]
fn in_a_pipe_and_without_input() {
    let model = Model::new();
    for Case { arguments, code, .. } in CASES {
        let piped = model.home.copy().program().args(*arguments).stdin(Stdio::piped()).said();
        let null = model.home.copy().program().args(*arguments).stdin(Stdio::null()).said();
        for said in [piped, null] {
            assert_eq!(said.code, *code, "{arguments:?}\n{}{}", said.out, said.err);
            assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{arguments:?} is coloured");
            assert!(said.code == 0 || said.out.is_empty(), "{arguments:?} failed and wrote {}", said.out);
        }
    }
}

#[test]
fn on_a_terminal_with_and_without_color() {
    let model = Model::new();
    let mut colored = 0;
    for Case { arguments, code, .. } in CASES {
        let seen = Terminal::of(&model.home.copy()).run(arguments);
        assert_eq!(seen.code, *code, "{arguments:?}\n{}", seen.screen);
        colored += usize::from(seen.has_color());
        let plain = Terminal::of(&model.home.copy()).env("NO_COLOR", "1").run(arguments);
        assert_eq!(plain.code, *code, "{arguments:?}\n{}", plain.screen);
        assert!(!plain.has_color(), "{arguments:?} with NO_COLOR\n{}", plain.screen);
    }
    assert!(colored > 0, "nothing was coloured on a terminal");
}

/// Checks a reader that leaves before the program writes, so that even a small first write fails.
#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let model = Model::new();
    for Case { arguments, code, .. } in CASES {
        let (read, unread) = (model.home.copy(), model.home.copy());
        let with_reader = read.program().args(*arguments).said();
        let without = unread.program().args(*arguments).stdout(streams::unread()).stderr(Stdio::piped()).said();
        assert_eq!((with_reader.code, without.code), (*code, *code), "{arguments:?}\n{}", without.err);
        assert_eq!(
            masked(&with_reader.err),
            masked(&without.err),
            "{arguments:?} says something else without a reader"
        );
        assert_eq!(changed(&read), changed(&unread), "{arguments:?} does something else without a reader");
    }
}

/// The text without ids, times and durations.
fn masked(text: &str) -> String {
    // One id in fifty has no digit.
    let is_new = |word: &str| word.contains(|c: char| c.is_ascii_digit()) || word.contains("wh_");
    let mask = |word: &str| if is_new(word) { "#".to_owned() } else { word.to_owned() };
    text.split_inclusive(char::is_whitespace).map(mask).collect()
}

/// The changes in a home, at the service and in the settings.
fn changed(home: &Home) -> (String, Option<String>) {
    let settings = fs::read_to_string(home.path().join(".config/tm-hooks/config.toml")).ok();
    (home.ok(["audit", "--all", "--json=action"]), settings)
}

#[test]
fn as_json_with_nothing_to_show() {
    for Case { arguments, empty, .. } in CASES {
        if arguments.contains(&"--output") {
            continue;
        }
        let home = Home::new();
        let said = home.program().args(*arguments).args(["-o", "json"]).said();
        assert_eq!(said.code, *empty, "{arguments:?}\n{}{}", said.out, said.err);
        let documents = ["completions", "man", "help", "--version"];
        if !documents.contains(&arguments[0]) {
            let parses = said.out.is_empty() || serde_json::from_str::<Value>(&said.out).is_ok();
            assert!(parses, "{arguments:?} wrote {}", said.out);
        }
        if said.code != 0 {
            let error = said.err.lines().find_map(|line| serde_json::from_str::<Value>(line).ok());
            let error = error.unwrap_or_else(|| panic!("{arguments:?}: no JSON error in {}", said.err));
            assert!(error["error"]["code"].is_string() && error["error"]["message"].is_string(), "{error}");
        }
    }
}

#[test]
fn help_needs_no_home_and_no_readable_configuration() {
    let home = Home::new();
    let configuration = home.path().join(".config/tm-hooks");
    fs::create_dir_all(&configuration).unwrap();
    fs::write(configuration.join("config.toml"), "this is [[[ not TOML").unwrap();
    for arguments in [&["--help"][..], &["list", "--help"], &["help", "add"], &["--version"]] {
        let homeless = home.program().args(arguments).env_remove("HOME").said();
        let broken = home.program().args(arguments).said();
        for said in [homeless, broken] {
            assert_eq!(said.code, 0, "{arguments:?}\n{}", said.err);
            assert!(!said.out.is_empty());
        }
    }
    assert!(!home.database().exists(), "help made a database");
}

#[test]
fn what_the_data_does_not_tell_is_told_to_programs_too() {
    let home = Home::new();
    let add = |url: &str| home.run(["add", url, "--name", "ERP", "--events", "*", "--if-not-exists", "-o", "json"]);
    assert_eq!(add("http://127.0.0.1:9/a").json()["name"], "ERP");
    let again = add("http://127.0.0.1:9/b");
    assert_eq!(again.json()["url"], "http://127.0.0.1:9/a");
    let told: Value = serde_json::from_str(&again.err).unwrap();
    assert_eq!(told["warning"]["code"], "other_url", "{told}");
}
