//! Tests the program's answers to completion scripts: silent, quick, and without leaving anything behind.

use std::{
    fs,
    os::unix::net::UnixListener,
    path::Path,
    time::{Duration, Instant},
};

use super::{asked, asked_with, values, with_webhooks};
use crate::common::{
    Home, Run,
    service::{Served, TOKEN},
    wire::{Step, Wire, json},
    write_lock::WriteLock,
};

/// Far longer than the program takes, and far shorter than a request to a service that hangs.
const SOON: Duration = Duration::from_secs(5);

/// All files below a folder with their contents.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.path().is_dir() {
            true => found.extend(files(&entry.path())),
            false => found.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap())),
        }
        found.push((entry.path().display().to_string(), Vec::new()));
    }
    found.sort();
    found
}

#[test]
fn a_fresh_home_stays_fresh() {
    let home = Home::new();
    assert!(values(asked(&home, &["show", ""])).iter().all(|value| value.starts_with("--")), "there is nothing else");
    assert_eq!(values(asked(&home, &["-p", ""])), ["local"]);
    assert_eq!(values(asked(&home, &["token", "revoke", "x"])), [""; 0]);
    assert_eq!(files(home.path()), []);
}

#[test]
fn the_database_is_only_read_whoever_writes_to_it() {
    let home = with_webhooks(&["Payroll", "Chat bot"]);
    let before = files(home.path());
    assert_eq!(values(asked(&home, &["show", ""])), ["Chat bot", "Payroll"]);
    assert_eq!(values(asked(&home, &["enable", "Chat bot", "Pay"])), ["Payroll"]);
    assert!(files(home.path()) == before);
    let _held = WriteLock::of(&home.database());
    assert_eq!(values(asked(&home, &["delete", "P"])), ["Payroll"]);
}

#[test]
fn what_a_running_service_has_not_yet_folded_into_its_file_is_seen() {
    let home = Home::new();
    let served = Served::start(home.program(), &[]);
    let added = served.client(&home).args(["add", "http://127.0.0.1:9/hooks", "--name", "New", "--events", "*"]).said();
    added.exits(0);
    assert!(fs::metadata(home.database().with_extension("db-wal")).unwrap().len() > 0, "there is a log to be read");
    assert_eq!(values(asked(&home, &["show", "N"])), ["New"]);
}

#[test]
fn a_service_elsewhere_is_asked() {
    let home = Home::new();
    let served = Served::on_database(&home, "sqlite::memory:");
    for name in ["Payroll", "Chat bot"] {
        let add = ["add", "http://127.0.0.1:9/hooks", "--events", "*", "--name", name];
        served.client(&home).args(add).said().exits(0);
    }
    served.client(&home).args(["token", "create", "--name", "ci", "--scope", "admin"]).said().exits(0);
    let there = [("TM_HOOKS_URL", served.url.as_str()), ("TM_HOOKS_TOKEN", TOKEN)];
    assert_eq!(values(asked_with(&home, &["show", ""], &there)), ["Chat bot", "Payroll"]);
    assert_eq!(values(asked_with(&home, &["show", "pay"], &there)), ["Payroll"]);
    let ids = values(asked_with(&home, &["show", "wh_"], &there));
    assert_eq!(ids.len(), 2);
    assert_eq!(values(asked_with(&home, &["show", &ids[0][..8]], &there)), [ids[0].clone()]);
    assert_eq!(values(asked_with(&home, &["token", "revoke", ""], &there)), ["ci"]);
    // All flags of the line count, including those after the cursor.
    let flags = ["show", "C", "--service", &served.url];
    let mut program = home.program();
    program.env("TM_HOOKS_COMPLETE", "zsh").env("TM_HOOKS_TOKEN", TOKEN);
    assert_eq!(values(program.args(["--", "2", "tm-hooks"]).args(flags).said()), ["Chat bot"]);
    assert_eq!(files(home.path()), []);
}

#[test]
fn whoever_does_not_answer_in_time_is_left_out() {
    let home = Home::new();
    let silent = Wire::script(vec![Step::Head, Step::UntilClosed]);
    let drips = Wire::script(vec![
        Step::Head,
        Step::Bytes(b"HTTP/1.1 200 X\r\ncontent-length: 9999\r\n\r\n{".to_vec()),
        Step::UntilClosed,
    ]);
    for service in [silent, drips] {
        let there = [("TM_HOOKS_URL", service.url()), ("TM_HOOKS_TOKEN", "invented".to_owned())];
        let there = there.each_ref().map(|(name, value)| (*name, value.as_str()));
        let began = Instant::now();
        assert_eq!(values(asked_with(&home, &["pin", "Payroll", ""], &there)), ["v1", "v2"]);
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        assert_eq!(service.requests(), 1);
    }
}

#[test]
fn nothing_is_said_of_a_failure() {
    let home = Home::new();
    let refused = Wire::saying(json(401, "{}"));
    let page = Wire::saying(json(200, "<html>"));
    for url in [refused.url(), page.url(), "http://127.0.0.1:1".to_owned(), "no url".to_owned()] {
        let there = [("TM_HOOKS_URL", url.as_str()), ("TM_HOOKS_TOKEN", "invented")];
        assert_eq!(values(asked_with(&home, &["show", "P"], &there)), [""; 0], "{url}");
    }
    let odd = [
        ("TM_HOOKS_OUTPUT", "yaml"),
        ("TM_HOOKS_PROFILE", "absent"),
        ("TM_HOOKS_TOKEN_FILE", "absent"),
        ("ALL_PROXY", "gopher://x"),
        ("TM_HOOKS_COMPLETE", "tcsh"),
        ("HOME", ""),
    ];
    for variable in odd {
        assert_eq!(values(asked_with(&home, &["show", "P"], &[variable])), [""; 0], "{variable:?}");
    }
    let folder = home.path().join(".config/tm-hooks");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), "this is [[[ not TOML").unwrap();
    assert_eq!(values(asked(&home, &["show", "P"])), [""; 0]);
    assert_eq!(values(asked(&home, &["stats", "--by", "w"])), ["webhook"]);
}

#[test]
fn a_name_that_would_harm_a_shell_or_a_terminal_is_left_out_and_its_id_offered() {
    let home = Home::new();
    let known = with_webhooks(&["known"]).json(["list", "--json"])["data"][0].clone();
    let webhook = |number: usize, name: &str| {
        let mut webhook = known.clone();
        webhook["id"] = format!("wh_000000000{number}").into();
        webhook["name"] = name.into();
        webhook["url"] = "https://a.example/?key=hidden".into();
        webhook
    };
    let names = ["a\nb", "a\tb", "a\u{1b}[31mb", "a\u{202e}b", "a\u{200b}b", "good"];
    let data: Vec<_> = names.iter().enumerate().map(|(number, name)| webhook(number, name)).collect();
    let service = Wire::saying(json(200, &serde_json::json!({"data": data, "next": null}).to_string()));
    let there = [("TM_HOOKS_URL", service.url()), ("TM_HOOKS_TOKEN", "invented".to_owned())];
    let there = there.each_ref().map(|(name, value)| (*name, value.as_str()));
    let said = asked_with(&home, &["show", ""], &there);
    assert!(!said.out.contains("hidden"), "of a URL only what is no secret is shown");
    let expected: Vec<String> =
        (0..5).map(|number| format!("wh_000000000{number}")).chain(["good".to_owned()]).collect();
    assert_eq!(values(said), expected);
}

#[test]
fn the_keyring_is_never_asked() {
    let home = Home::new();
    let bus = home.path().join("bus");
    let listener = UnixListener::bind(&bus).unwrap();
    listener.set_nonblocking(true).unwrap();
    let service = Wire::saying(json(401, "{}"));
    let folder = home.path().join(".config/tm-hooks");
    fs::create_dir_all(&folder).unwrap();
    let config = format!("profile = \"a\"\n[profiles.a]\nurl = \"{}\"\ntoken = \"keyring\"\n", service.url());
    fs::write(folder.join("config.toml"), config).unwrap();
    let address = format!("unix:path={}", bus.display());
    assert_eq!(values(asked_with(&home, &["show", "P"], &[("DBUS_SESSION_BUS_ADDRESS", &address)])), [""; 0]);
    assert!(listener.accept().is_err(), "somebody asked the keyring");
    assert_eq!(service.requests(), 0, "without a token there is nothing to ask");
}

#[test]
fn variables_alone_make_no_completion() {
    let home = Home::new();
    for (name, value) in [("COMPLETE", "bash"), ("TM_HOOKS_COMPLETE", "bash"), ("_CLAP_COMPLETE_INDEX", "1")] {
        let said = home.program().args(["versions", "-o", "id"]).env(name, value).said();
        assert_eq!(said.ok(), "v1\nv2\n", "{name}");
    }
}

#[test]
fn the_fields_that_are_offered_are_those_that_there_are() {
    let home = with_webhooks(&["Payroll"]);
    let verbs = [
        "list",
        "attempts",
        "events",
        "stats",
        "stats --by code",
        "types",
        "versions",
        "versions default",
        "audit",
        "token list",
        "profile list",
        "config list",
        "whoami",
        "doctor",
        "test Payroll",
        "show Payroll",
        "send user.deleted",
        "retry --failed --since 1h --dry-run",
    ];
    for verb in verbs {
        let words: Vec<&str> = verb.split(' ').collect();
        let offered = values(asked(&home, &[words.as_slice(), &["--json="]].concat()));
        let offered: Vec<&str> = offered.iter().map(|value| value.strip_prefix("--json=").unwrap()).collect();
        let said = home.program().args(&words).arg("--json=nothing").said();
        said.exits(2).tells(&format!("the fields are {}", offered.join(",")));
        let offered = values(asked(&home, &[words.as_slice(), &["--columns", ""]].concat()));
        let said = home.program().args(&words).args(["--columns", "nothing"]).said();
        said.exits(2).tells(&format!("the columns are {}", offered.join(",")));
    }
}

#[test]
fn profiles_services_settings_and_ids_are_known() {
    let home = with_webhooks(&["Payroll"]);
    home.ok(["profile", "add", "production", "https://hooks.example.com"]);
    home.run(["test", "Payroll"]).exits(10);
    assert_eq!(values(asked(&home, &["profile", "use", ""])), ["production", "local"]);
    assert_eq!(values(asked(&home, &["list", "--service=h"])), ["--service=https://hooks.example.com/"]);
    assert_eq!(values(asked(&home, &["config", "set", "profiles.production.o"])), ["profiles.production.output"]);
    assert_eq!(values(asked(&home, &["config", "set", "profiles.production.protected", "t"])), ["true"]);
    assert_eq!(values(asked(&home, &["config", "get", "data"])), ["data-dir"]);
    let attempts = values(asked(&home, &["show", "at_"]));
    assert_eq!((attempts.len(), &attempts), (1, &values(asked(&home, &["retry", ""]))));
    for begins in ["dl_", "tm_"] {
        assert_eq!(values(asked(&home, &["show", begins])).len(), 1, "{begins}");
    }
    home.run(["send", "user.deleted", "--id", r#"a/b'"#]).exits(10);
    assert_eq!(values(asked(&home, &["show", "a/"])), [r#"a/b'"#]);
    assert_eq!(values(asked(&home, &["retry", "a"])).len(), 3, "an event and two attempts");
}

#[test]
fn a_reader_that_is_gone_is_no_failure() {
    let home = Home::new();
    let mut program = std::process::Command::new("sh");
    let line = format!("TM_HOOKS_COMPLETE=zsh {} -- 1 tm-hooks '' >&-", env!("CARGO_BIN_EXE_tm-hooks"));
    let said = program.args(["-c", &line]).current_dir(home.path()).said();
    assert_eq!((said.code, said.err.as_str()), (0, ""));
}
