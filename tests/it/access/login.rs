//! Tests logging in to a real service: tokens in a file, profiles, protection, the configuration file, `doctor`.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use crate::common::{
    Home, Run, Said,
    service::{Served, TOKEN},
    terminal::Terminal,
    wire::{Wire, json},
};
use serde_json::Value;

/// A service, and a home whose profile `staging` is logged in to it with a token in a file.
struct LoggedIn {
    home: Home,
    served: Served,
    _place: Home,
}

impl LoggedIn {
    fn new() -> Self {
        let (home, place) = (Home::new(), Home::new());
        let served = Served::on_database(&place, "sqlite::memory:");
        let said = log_in(&home, &served.url, TOKEN, &["--profile", "staging"]);
        assert_eq!(said.code, 0, "{}", said.err);
        LoggedIn { home, served, _place: place }
    }
}

fn log_in(home: &Home, url: &str, token: &str, more: &[&str]) -> Said {
    let mut program = home.program();
    program.args(["login", url, "--token-stdin", "--insecure-storage"]).args(more);
    program.said_with_input(format!("{token}\n").as_bytes())
}

fn config(home: &Home) -> PathBuf {
    home.path().join(".config/tm-hooks/config.toml")
}

fn credentials(home: &Home) -> PathBuf {
    home.path().join(".config/tm-hooks/credentials.toml")
}

#[test]
fn login_use_and_logout() {
    let LoggedIn { home, served, .. } = LoggedIn::new();
    let me = home.json(["whoami", "--check", "-o", "json"]);
    assert_eq!((&me["profile"], &me["valid"]), (&Value::from("staging"), &Value::from(true)), "{me}");
    assert_eq!(me["service"], format!("{}/", served.url));
    assert_eq!(me["tokenSource"], credentials(&home).display().to_string());
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(credentials(&home)), mode(config(&home))), (0o600, 0o600));
    assert!(!fs::read_to_string(config(&home)).unwrap().contains(TOKEN), "the token is in the configuration");
    home.ok(["list"]);
    let out = home.run(["logout"]);
    assert!(out.code == 0 && out.err.contains("The token is gone"), "{}", out.err);
    assert!(!credentials(&home).exists());
    assert_eq!(home.run(["list"]).code, 4);
    let nobody = home.run(["whoami", "--check"]);
    assert_eq!(nobody.code, 4);
    assert!(nobody.err.contains("not logged in") && nobody.err.contains("tm-hooks login --profile staging"));
    assert_eq!(home.run(["whoami"]).code, 0);
    assert_eq!(home.run(["logout"]).code, 0, "nothing to remove is no failure");
}

#[test]
fn a_token_is_checked_before_it_is_kept() {
    let (home, place) = (Home::new(), Home::new());
    let served = Served::on_database(&place, "sqlite::memory:");
    let wrong = log_in(&home, &served.url, "an-invented-token-that-is-wrong", &[]);
    assert_eq!(wrong.code, 4, "{}", wrong.err);
    assert!(wrong.err.contains("does not accept the token") && !wrong.err.contains("that-is-wrong"), "{}", wrong.err);
    let other = Wire::saying(json(200, "{\"hello\": 1}"));
    assert_eq!(log_in(&home, &other.url(), TOKEN, &[]).code, 6);
    assert!(!config(&home).exists() && !credentials(&home).exists());
    assert_eq!(log_in(&home, &served.url, "two words", &[]).code, 2);
    assert_eq!(log_in(&home, &served.url, TOKEN, &["--profile", "local"]).code, 2);
    let asked = home.run(["login", &served.url]);
    assert!(asked.code == 2 && asked.err.contains("--token-stdin or --token-file"), "{}", asked.err);
    let set = home.program().args(["login", &served.url, "--token-stdin"]).env("TM_HOOKS_TOKEN", TOKEN).said();
    assert!(set.code == 2 && set.err.contains("TM_HOOKS_TOKEN is set") && !set.err.contains(TOKEN), "{}", set.err);
}

#[test]
fn the_token_is_typed_and_not_shown() {
    let (home, place) = (Home::new(), Home::new());
    let served = Served::on_database(&place, "sqlite::memory:");
    let login = Terminal::of(&home).start(&["login", &served.url, "--insecure-storage"]);
    let typed = login.answered("not shown", &format!("{TOKEN}\r"));
    typed.exits(0);
    assert!(!typed.raw.contains(TOKEN), "the token was shown");
    home.ok(["list"]);
}

#[test]
fn a_protected_profile_asks_before_a_change() {
    let LoggedIn { home, served, .. } = LoggedIn::new();
    home.ok(["config", "set", "profiles.staging.protected", "true"]);
    let add = ["add", "http://127.0.0.1:9/hooks", "--name", "ERP", "--events", "*"];
    let refused = home.run(add);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("staging") && refused.err.contains(&served.url) && refused.err.contains("--yes"));
    let by_url = home.program().args(add).args(["--service", &served.url]).output().unwrap();
    assert_eq!(by_url.status.code(), Some(2), "another name for the service went around its protection");
    let no = Terminal::of(&home).start(&add).answered("is protected", "n\r");
    assert_eq!(no.code, 1, "{}", no.screen);
    assert!(no.screen.contains("staging is protected") && no.screen.contains(&served.url), "{}", no.screen);
    assert_eq!(home.ok(["list", "-o", "id"]), "");
    let yes = Terminal::of(&home).start(&add).answered("is protected", "y\r");
    assert_eq!(yes.code, 0, "{}", yes.screen);
    home.ok(["disable", "ERP", "--yes"]);
    assert_eq!(home.json(["list", "-o", "json"])["data"][0]["enabled"], false);
}

#[test]
fn a_protected_profile_does_not_ask_before_a_dry_run() {
    let LoggedIn { home, served, .. } = LoggedIn::new();
    home.ok(["add", "http://127.0.0.1:9/hooks", "--name", "ERP", "--events", "*"]);
    home.ok(["disable", "ERP"]);
    home.ok(["send", "user.inserted"]);
    home.ok(["enable", "ERP"]);
    home.ok(["config", "set", "profiles.staging.protected", "true"]);
    let counted = home.json(["retry", "--failed", "--since", "1h", "--dry-run", "-o", "json"]);
    assert_eq!(counted["deliveries"], 1, "{counted}");
    let seen = Terminal::of(&home).run(&["retry", "--failed", "--since", "1h", "--dry-run"]);
    assert!(seen.code == 0 && !seen.screen.contains("is protected"), "{}", seen.screen);
    let without = home.run(["retry", "--failed", "--since", "1h", "--no-input"]);
    assert!(without.code == 2 && without.err.contains("is protected"), "{}", without.err);
    assert!(without.err.contains(&served.url), "{}", without.err);
}

#[test]
fn profiles_come_and_go() {
    let home = Home::new();
    let first = home.json(["profile", "list", "-o", "json"]);
    assert_eq!((&first["data"][0]["name"], &first["data"][0]["inUse"]), (&"local".into(), &true.into()));
    home.ok(["profile", "add", "production", "https://hooks.example.com", "--protected", "--use"]);
    home.ok(["profile", "add", "staging", "https://staging.example.com/"]);
    let listed = home.json(["profile", "list", "-o", "json"]);
    let names: Vec<&str> = listed["data"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["local", "production", "staging"]);
    assert_eq!((&listed["data"][1]["inUse"], &listed["data"][1]["protected"]), (&true.into(), &true.into()));
    let used = home.json(["config", "list", "-o", "json"]);
    let row = used["data"].as_array().unwrap().iter().find(|row| row["name"] == "service").unwrap();
    assert_eq!(row["value"], "https://hooks.example.com/");
    assert!(row["source"].as_str().unwrap().contains("config.toml:"), "{row}");
    home.ok(["profile", "use", "local"]);
    home.ok(["list"]);
    for (arguments, code) in [
        (["profile", "use", "nowhere"], 3),
        (["profile", "remove", "nowhere"], 3),
        (["profile", "remove", "local"], 2),
        (["-p", "nowhere", "list"], 2),
    ] {
        assert_eq!(home.run(arguments).code, code, "{arguments:?}");
    }
    home.ok(["profile", "use", "production"]);
    home.ok(["profile", "remove", "production"]);
    home.ok(["list"]);
}

#[test]
fn settings_are_kept_with_their_comments_and_their_sources() {
    let home = Home::new();
    home.ok(["config", "set", "retries", "5"]);
    let path = home.ok(["config", "path"]);
    let path = PathBuf::from(path.trim());
    assert_eq!(path, config(&home));
    fs::write(&path, format!("# mine\n{}output = \"json\" # for scripts\n", fs::read_to_string(&path).unwrap()))
        .unwrap();
    home.ok(["config", "set", "retries", "6"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\nretries = 6\noutput = \"json\" # for scripts\n");
    assert_eq!(home.json(["list"])["data"], Value::Array(Vec::new()), "the file's output is not heeded");
    assert_eq!(home.ok(["list", "-o", "table"]), "");
    let sources = home.program().args(["config", "list", "-o", "tsv", "--retries", "7"]).said().ok();
    assert!(sources.contains("retries\t7\t--retries") && sources.contains("output\ttsv\t--output"), "{sources}");
    assert!(home.ok(["config", "get", "retries", "-o", "table"]).starts_with('6'));
    let bad = home.run(["config", "set", "retries", "many"]);
    assert!(bad.code == 2 && bad.err.contains("0 to 20"), "{}", bad.err);
    home.ok(["config", "set", "output", "--unset"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\nretries = 6\n");
}

#[test]
fn a_broken_file_is_said_with_its_place_and_stops_only_what_needs_it() {
    let home = Home::new();
    fs::create_dir_all(config(&home).parent().unwrap()).unwrap();
    fs::write(config(&home), "output = \"json\"\nretries = many\n").unwrap();
    for arguments in [&["list"][..], &["config", "list"], &["profile", "list"], &["config", "set", "retries", "1"]] {
        let said = home.program().args(arguments).said();
        assert_eq!(said.code, 2, "{arguments:?}");
        assert!(said.err.contains("config.toml:2:") && said.err.contains("hint: "), "{arguments:?}: {}", said.err);
    }
    for arguments in [&["--help"][..], &["--version"], &["config", "path"], &["completions", "bash"], &["help", "list"]]
    {
        assert_eq!(home.program().args(arguments).output().unwrap().status.code(), Some(0), "{arguments:?}");
    }
    let doctor = home.run(["doctor"]);
    assert!(doctor.code == 10 && doctor.out.contains("config.toml:2:"), "{}{}", doctor.out, doctor.err);
}

fn verdicts(said: &Said) -> Vec<(String, String)> {
    let listed: Value = serde_json::from_str(&said.out).unwrap();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    listed["data"].as_array().unwrap().iter().map(|row| (text(row, "check"), text(row, "status"))).collect()
}

fn has(said: &Said, check: &str, status: &str) {
    assert!(verdicts(said).contains(&(check.to_owned(), status.to_owned())), "{check} {status}: {}", said.out);
}

#[test]
fn doctor_looks_at_every_step_of_the_way() {
    let LoggedIn { home, served, .. } = LoggedIn::new();
    let well = home.run(["doctor", "-o", "json"]);
    assert_eq!(well.code, 0, "{}", well.out);
    for check in ["config file", "profile", "settings", "token", "connection", "tls", "service", "clock", "scopes"] {
        has(&well, check, "ok");
    }
    drop(served);
    let gone = home.run(["doctor", "-o", "json", "--retries", "0"]);
    assert_eq!(gone.code, 10);
    has(&gone, "connection", "failure");
    let nowhere = home.run(["doctor", "-o", "json", "--service", "https://hooks.invalid"]);
    assert_eq!(nowhere.code, 10);
    has(&nowhere, "dns", "failure");
    has(&nowhere, "token", "failure");
    let local = home.run(["doctor", "-o", "json", "-p", "local"]);
    assert_eq!(local.code, 0, "{}", local.out);
    has(&local, "database", "ok");
    assert!(!home.database().exists(), "doctor made a database");
    home.ok(["-p", "local", "list"]);
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(home.database(), open).unwrap();
    let read_by_all = home.run(["doctor", "-o", "json", "-p", "local"]);
    assert_eq!(read_by_all.code, 10);
    has(&read_by_all, "database", "failure");
}

#[test]
fn doctor_warns_of_secrets_that_others_may_read() {
    let LoggedIn { home, served: _served, .. } = LoggedIn::new();
    has(&home.run(["doctor", "-o", "json"]), "credentials", "ok");
    let everyone = fs::Permissions::from_mode(0o644);
    let named = ["token", "key"].map(|name| home.path().join(name));
    for path in &named {
        fs::write(path, TOKEN).unwrap();
    }
    for path in named.iter().chain([&credentials(&home)]) {
        fs::set_permissions(path, everyone.clone()).unwrap();
    }
    let [token, key] = &named;
    let mut doctor = home.program();
    doctor.args(["doctor", "-o", "json"]).env("TM_HOOKS_TOKEN_FILE", token).env("TM_HOOKS_SECRET_KEY_FILE", key);
    let open = doctor.said();
    assert_eq!(open.code, 0, "a warning is no failure: {}", open.out);
    for (check, path) in [("token file", token), ("key file", key), ("credentials", &credentials(&home))] {
        has(&open, check, "warning");
        assert!(open.out.contains(&format!("chmod 600 {}", path.display())), "{check}: {}", open.out);
    }
}

#[test]
fn doctor_sees_a_clock_that_is_wrong_and_a_service_that_is_none_of_ours() {
    let about = r#"{"info": {"title": "tm-hooks", "version": "0.1.0"}}"#;
    let yesterday = Wire::saying(crate::common::wire::http(
        200,
        "content-type: application/json\r\ndate: Sun, 22 Nov 2020 12:00:00 GMT\r\n",
        about,
    ));
    let home = Home::new();
    let said = home.run(["doctor", "-o", "json", "--service", &yesterday.url()]);
    has(&said, "clock", "failure");
    assert!(said.out.contains("NTP"), "{}", said.out);
    let other = Wire::saying(json(200, r#"{"info": {"title": "Pet store", "version": "3"}}"#));
    let said = home.run(["doctor", "-o", "json", "--service", &other.url()]);
    has(&said, "service", "failure");
    assert!(said.out.contains("Pet store"), "{}", said.out);
}
