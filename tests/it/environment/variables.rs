//! Tests variables that are unreadable or have an unusable value: commands that need them fail, and others warn.

use std::{ffi::OsString, fs, os::unix::ffi::OsStringExt};

use serde_json::Value;

use crate::common::{Home, Run, Said, secured::Secured};

fn with(home: &Home, variables: &[(&str, &str)], arguments: &[&str]) -> Said {
    home.program().args(arguments).envs(variables.iter().copied()).said()
}

#[test]
fn a_variable_of_ours_that_is_not_utf8_is_an_error() {
    let home = Home::new();
    let bad = || OsString::from_vec(b"t\xf6ken".to_vec());
    for variable in [
        "TM_HOOKS_TOKEN",
        "TM_HOOKS_URL",
        "TM_HOOKS_OUTPUT",
        "TM_HOOKS_PROFILE",
        "TM_HOOKS_NO_INPUT",
        "TM_HOOKS_DATA_DIR",
        "TM_HOOKS_ADMIN_TOKEN",
    ] {
        let run = |arguments: &[&str]| home.program().args(arguments).env(variable, bad()).said();
        let words = format!("{variable} is not UTF-8");
        run(&["list"]).exits(2).tells(&words);
        run(&["serve", "--listen", "0"]).exits(2).tells(&words);
        run(&["config", "list"]).exits(2).tells(&words);
        run(&["help", "environment"]).exits(0);
        run(&["completions", "zsh"]).exits(0);
        let doctor = run(&["doctor", "-o", "json"]);
        doctor.exits(10);
        assert!(doctor.out.contains(&words), "{}", doctor.out);
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "something was made");
}

#[test]
fn an_output_that_cannot_be_used_stops_those_who_print_data() {
    let home = Home::new();
    let yaml = [("TM_HOOKS_OUTPUT", "yaml")];
    for arguments in [
        &["help", "output"][..],
        &["completions", "bash"],
        &["man"],
        &["config", "path"],
        &["config", "set", "retries", "5"],
        &["logout"],
    ] {
        with(&home, &yaml, arguments).exits(0);
    }
    with(&home, &yaml, &["list"]).exits(2).tells("TM_HOOKS_OUTPUT cannot be \"yaml\"");
    with(&home, &yaml, &["list", "-o", "json"]).exits(0);
    let doctor = with(&home, &yaml, &["doctor"]);
    doctor.exits(10);
    assert!(doctor.out.contains("TM_HOOKS_OUTPUT cannot be"), "{}", doctor.out);
}

#[test]
fn a_name_that_is_nearly_one_of_ours_is_told() {
    let home = Home::new();
    let [meant, other] = ["TM_HOOKS_PROFIL", "TM_HOOKS_TEAM_CALENDAR"];
    let said = with(&home, &[(meant, "x"), (other, "x")], &["list"]);
    said.exits(0).tells("warning: TM_HOOKS_PROFIL is no variable of tm-hooks; did you mean TM_HOOKS_PROFILE?");
    assert!(!said.err.contains(other), "{}", said.err);
}

#[test]
fn a_tilde_is_the_home_folder_wherever_a_path_is_named() {
    let home = Home::new();
    with(&home, &[("TM_HOOKS_DATA_DIR", "~/data")], &["list"]).exits(0);
    assert!(home.path().join("data/hooks.db").exists());
    with(&home, &[("TM_HOOKS_CONFIG_DIR", "~/settings")], &["config", "set", "retries", "5"]).exits(0);
    assert!(home.path().join("settings/config.toml").exists());
    with(&home, &[("TM_HOOKS_DATA_DIR", "~mara/data")], &["list"]).exits(2).tells("TM_HOOKS_DATA_DIR cannot be");
    fs::write(home.path().join("data.json"), "{}").unwrap();
    home.ok(["send", "user.deleted", "--data", "@~/data.json"]);
    fs::write(home.path().join("token"), "an-invented-token-of-some-length").unwrap();
    let elsewhere = ["--service", "http://hooks.invalid", "--retries", "0", "list"];
    with(&home, &[("TM_HOOKS_TOKEN_FILE", "~/token")], &elsewhere).exits(2).tells("plain HTTP");
    let missing = with(&home, &[], &["serve", "--listen", "0", "--admin-token-file=~/nowhere"]);
    missing.exits(2).tells(&format!("{}/nowhere", home.path().display()));
    let made: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!made.iter().any(|name| name.to_string_lossy().starts_with('~')), "{made:?}");
}

#[test]
fn a_path_that_is_set_starts_where_one_stands() {
    let home = Home::new();
    let made =
        Secured::with(rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap(), r#"{"data":[],"next":null}"#);
    let folder = home.path().join("certs");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("own.pem"), &made.certificate).unwrap();
    let set = |value: &str| {
        home.program().current_dir(&folder).args(["config", "set", "ca-cert", value]).said().exits(0).to_string()
    };
    let list = || with(&home, &[], &["--service", &made.url("localhost"), "list"]);
    for value in ["own.pem", "./own.pem", "~/certs/own.pem", folder.join("own.pem").to_str().unwrap()] {
        set(value);
        list().exits(0);
    }
    set("elsewhere.pem");
    list().exits(2).tells(folder.join("elsewhere.pem").to_str().unwrap());
}

/// The creation time that `list --time local` shows, and its warnings.
#[cfg(debug_assertions)]
fn local_time(home: &Home, variables: &[(&str, &str)]) -> (String, String) {
    let said = with(home, variables, &["list", "--columns", "createdAt", "--time", "local"]);
    said.exits(0);
    (said.out.trim().to_owned(), said.err.clone())
}

#[cfg(debug_assertions)]
#[test]
fn the_zone_is_a_name_a_rule_or_a_file_or_there_is_a_word() {
    let home = Home::at("2026-07-01T12:00:00Z");
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"]);
    for (zone, expected) in [
        ("Europe/Berlin", "2026-07-01 14:00:00 CEST"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01 14:00:00 CEST"),
        (":America/New_York", "2026-07-01 08:00:00 EDT"),
        ("<+0330>-3:30", "2026-07-01 15:30:00 +0330"),
        ("", "2026-07-01 12:00:00 UTC"),
    ] {
        let (time, words) = local_time(&home, &[("TZ", zone)]);
        assert_eq!((time.as_str(), words.as_str()), (expected, ""), "{zone}");
    }
    let tokyo = "/usr/share/zoneinfo/Asia/Tokyo";
    if fs::exists(tokyo).unwrap() {
        for zone in [tokyo.to_owned(), format!(":{tokyo}")] {
            assert_eq!(local_time(&home, &[("TZ", &zone)]), ("2026-07-01 21:00:00 JST".to_owned(), String::new()));
        }
    }
    for zone in ["Mars/Olympus", ":/etc/hostname", "/nonexistent", "CET-99"] {
        let (time, words) = local_time(&home, &[("TZ", zone)]);
        assert_eq!(time, "2026-07-01 12:00:00 UTC", "{zone}");
        assert!(words.contains(&format!("warning: TZ is \"{zone}\"")) && words.contains("times are in UTC"), "{words}");
    }
    let said = with(&home, &[("TZ", "Mars/Olympus")], &["list", "-o", "json"]);
    assert_eq!(said.err, "", "a zone that nobody needs");
    let _: Value = said.json();
}

#[test]
fn a_date_to_retry_after_is_waited_for() {
    use crate::common::wire::{Wire, http, json};
    let now = "Mon, 23 Nov 2026 17:40:00 GMT";
    let busy = |asked: &str| http(503, &format!("date: {now}\r\nretry-after: {asked}\r\n"), "");
    let (soon, late) = (busy("Mon, 23 Nov 2026 17:40:01 GMT"), busy("Mon, 23 Nov 2026 18:40:00 GMT"));
    let wire = Wire::new(move |mut stream, _, before| {
        let answer = if before == 0 { soon.clone() } else { json(200, r#"{"data": [], "next": null}"#) };
        let _ = std::io::Write::write_all(&mut stream, answer.as_bytes());
    });
    let home = Home::new();
    let begun = std::time::Instant::now();
    home.run(["--service", &wire.url(), "list"]).exits(0).tells("trying again in 1 s");
    assert!(begun.elapsed() >= std::time::Duration::from_secs(1), "{:?}", begun.elapsed());
    let wire = Wire::saying(late);
    home.run(["--service", &wire.url(), "list"]).exits(9).tells("3600 s");
    assert_eq!(wire.requests(), 1, "an hour is not waited for");
}
