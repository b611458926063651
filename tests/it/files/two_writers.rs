//! Tests two programs that write at once: both changes are kept, and what a killed program was about to write is in
//! nobody's way.

use std::{fs, path::Path, process::Command};

use super::{TOKEN, all_at_once, config, credentials, login, names, services, text};
use crate::common::{Home, Run, run::signal, until};

fn program(home: &Home, arguments: &[&str]) -> Command {
    let mut program = home.program();
    program.args(arguments);
    program
}

#[test]
fn settings_that_are_set_at_once_are_all_kept() {
    let values = [
        ("output", "json"),
        ("retries", "5"),
        ("request-timeout", "9s"),
        ("proxy", "http://p.example"),
        ("ca-cert", "c"),
    ];
    for _ in 0..5 {
        let home = Home::new();
        all_at_once(values.map(|(name, value)| program(&home, &["config", "set", name, value])));
        let written = text(&config(&home));
        for (name, _) in values {
            assert!(written.contains(&format!("{name} = ")), "{name} is missing in\n{written}");
        }
        assert_eq!(names(config(&home).parent().unwrap()), ["config.toml"]);
    }
}

#[test]
fn profiles_that_are_added_at_once_are_all_kept() {
    let home = Home::new();
    let add = |number| program(&home, &["profile", "add", &format!("p{number}"), "https://hooks.example.com"]);
    all_at_once((0..20).map(add));
    assert_eq!(home.json(["profile", "list", "-o", "json"])["data"].as_array().unwrap().len(), 21);
}

#[test]
fn profiles_that_are_removed_while_others_come_are_gone() {
    let home = Home::new();
    all_at_once((0..6).map(|number| program(&home, &["profile", "add", &format!("old{number}"), "https://h.example"])));
    let remove = |number| program(&home, &["profile", "remove", &format!("old{number}")]);
    let add = |number| program(&home, &["profile", "add", &format!("new{number}"), "https://h.example"]);
    all_at_once((0..6).flat_map(|number| [remove(number), add(number)]));
    let listed = home.ok(["profile", "list", "-o", "id"]);
    assert_eq!(listed, "local\nnew0\nnew1\nnew2\nnew3\nnew4\nnew5\n");
}

#[test]
fn logins_at_once_are_all_kept_and_logout_reaches_every_token() {
    let (home, services) = (Home::new(), services());
    let url = |number: usize| format!("{}/s{number}", services.url());
    all_at_once((0..12).map(|number| login(&home, &url(number), &["--profile", &format!("p{number}")])));
    for number in 0..12 {
        let me = home.json(["whoami", "--check", "-o", "json", "-p", &format!("p{number}")]);
        assert_eq!(me["service"], url(number), "{me}");
    }
    assert_eq!(
        text(&config(&home)).matches("\nprofile = ").count()
            + usize::from(text(&config(&home)).starts_with("profile = ")),
        1
    );
    home.ok(["logout", "--all"]);
    assert!(!text(&credentials(&home)).contains(TOKEN));
    assert!(!text(&config(&home)).contains("token"));
}

#[test]
fn only_one_of_several_first_logins_becomes_the_default() {
    let (home, services) = (Home::new(), services());
    let logins = (0..6).map(|number| {
        login(&home, &format!("{}/s{number}", services.url()), &["--profile", &format!("p{number}"), "-o", "table"])
    });
    let started: Vec<_> = logins.into_iter().map(|mut program| program.started()).collect();
    let said: Vec<_> = started.into_iter().map(|program| program.said()).collect();
    let told = said.iter().filter(|said| said.exits(0).err.contains("which is used from now on")).count();
    assert_eq!(told, 1, "{}", text(&config(&home)));
}

#[test]
fn logging_in_and_out_at_once_leaves_no_token_that_nobody_knows() {
    let (home, services) = (Home::new(), services());
    let url = services.url();
    login(&home, &url, &["--profile", "p"]).said().exits(0);
    for _ in 0..5 {
        let logins = (0..4).map(|_| login(&home, &url, &["--profile", "p"]));
        let logouts = (0..4).map(|_| program(&home, &["logout", "-p", "p"]));
        all_at_once(logins.zip(logouts).flat_map(|(login, logout)| [login, logout]));
        let (noted, kept) = (text(&config(&home)).contains("token = "), text(&credentials(&home)).contains(TOKEN));
        assert_eq!(noted, kept, "{}", text(&config(&home)));
    }
}

#[test]
fn whatever_is_written_at_once_is_kept() {
    let (home, services) = (Home::new(), services());
    program(&home, &["profile", "add", "gone", "https://gone.example"]).said().exits(0);
    let mut programs = vec![
        program(&home, &["profile", "remove", "gone"]),
        program(&home, &["config", "set", "retries", "7"]),
        program(&home, &["config", "set", "profiles.set.url", "https://set.example"]),
        program(&home, &["profile", "use", "gone"]),
    ];
    for number in 0..4 {
        programs.push(program(&home, &["profile", "add", &format!("a{number}"), "https://a.example"]));
        programs.push(login(&home, &format!("{}/{number}", services.url()), &["--profile", &format!("l{number}")]));
    }
    let started: Vec<_> = programs.iter_mut().map(Run::started).collect();
    for (number, said) in started.into_iter().map(|program| program.said()).enumerate() {
        // It depends on the order whether the profile still existed when it was used.
        assert!(said.code == 0 || number == 3 && said.code == 3, "{said}");
    }
    let written = text(&config(&home));
    let there = ["retries = 7", "profiles.set]", "profiles.a0]", "profiles.a3]", "profiles.l0]", "profiles.l3]"];
    assert!(there.iter().all(|part| written.contains(part)) && !written.contains("gone"), "{written}");
    assert_eq!(text(&credentials(&home)).matches(TOKEN).count(), 4);
}

#[test]
fn a_writer_that_is_killed_stands_in_nobodys_way() {
    let home = Home::new();
    home.ok(["config", "set", "retries", "1"]);
    for number in 0..30 {
        let mut killed = program(&home, &["profile", "add", &format!("p{number}"), "https://h.example"]).started();
        // Each is killed slightly later than the last one, until one completes.
        std::thread::park_timeout(std::time::Duration::from_micros(700 * number));
        signal(killed.child.id(), "KILL");
        let _ = killed.child.wait();
    }
    home.ok(["config", "set", "retries", "2"]);
    assert!(text(&config(&home)).starts_with("retries = 2\n"));
    home.ok(["profile", "list"]);
    assert_eq!(names(config(&home).parent().unwrap()), ["config.toml"], "something was left behind");
}

/// Holds the lock beside a file, like another process of the program.
fn hold(path: &Path) -> fs::File {
    let mut name = path.file_name().unwrap().to_owned();
    name.push(".lock");
    let file = fs::File::create(path.with_file_name(name)).unwrap();
    file.lock().unwrap();
    file
}

#[test]
fn one_that_has_to_wait_goes_on_when_it_may_and_does_not_wait_for_ever() {
    let home = Home::new();
    home.ok(["config", "set", "retries", "1"]);
    let other = hold(&config(&home));
    let mut waiting = program(&home, &["config", "set", "retries", "2"]).started();
    let said = program(&home, &["config", "set", "output", "csv", "-o", "json"]).said();
    said.exits(9);
    let error = said.fails_as_json("file_in_use");
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains("config.toml") && error["error"]["hint"].as_str().unwrap().contains("again"), "{error}");
    assert_eq!(error["error"]["retryable"], true);
    let waited = until("the other to give up, too", || waiting.child.try_wait().unwrap());
    assert_eq!(waited.code(), Some(9));
    assert_eq!(text(&config(&home)), "retries = 1\n");

    let mut waiting = program(&home, &["config", "set", "retries", "3"]).started();
    until("it to look at the lock", || has_paused_often(waiting.child.id()).then_some(()));
    assert!(waiting.child.try_wait().unwrap().is_none(), "it did not wait");
    drop(other);
    waiting.said().exits(0);
    assert_eq!(text(&config(&home)), "retries = 3\n");
}

/// Whether a process has paused many times, as one that waits for a lock does. Its other work takes fewer pauses.
fn has_paused_often(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let pauses = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    pauses.is_some_and(|pauses| pauses.trim().parse::<u32>().unwrap() > 25)
}
