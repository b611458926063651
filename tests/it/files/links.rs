//! Tests the configuration and the tokens as links: their targets are changed, and they stay links.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use super::{TOKEN, all_at_once, config, credentials, login, names, services, text};
use crate::common::{Home, Run};

/// Makes a link in place of a configuration file; returns its target.
fn linked(home: &Home, place: &Path) -> PathBuf {
    let target = home.path().join("dotfiles/tm").join(place.file_name().unwrap());
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    symlink(&target, place).unwrap();
    target
}

#[test]
fn a_link_to_a_file_that_is_not_there_yet_is_followed() {
    let (home, services) = (Home::new(), services());
    let (settings, tokens) = (linked(&home, &config(&home)), linked(&home, &credentials(&home)));
    home.ok(["config", "set", "retries", "4"]);
    login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
    assert!(config(&home).is_symlink() && credentials(&home).is_symlink(), "a link was replaced");
    assert!(text(&settings).contains("retries = 4") && text(&tokens).contains(TOKEN));
    home.ok(["whoami", "--check"]);
}

#[test]
fn logging_out_takes_the_token_from_where_a_link_leads() {
    let services = services();
    let logouts: [&[&str]; 4] = [
        &["logout"],
        &["logout", "--all"],
        &["profile", "remove", "p"],
        &["profile", "add", "p", "https://elsewhere.example"],
    ];
    for arguments in logouts {
        let home = Home::new();
        let tokens = linked(&home, &credentials(&home));
        login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
        assert!(text(&tokens).contains(TOKEN));
        home.program().args(arguments).said().exits(0);
        assert!(!text(&tokens).contains(TOKEN), "{arguments:?} left the token behind");
        assert!(credentials(&home).is_symlink(), "{arguments:?}");
        login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
        assert!(text(&tokens).contains(TOKEN), "{arguments:?}");
    }
}

#[test]
fn logging_out_takes_the_token_from_every_name_of_the_file() {
    let services = services();
    let logouts: [&[&str]; 4] = [
        &["logout"],
        &["logout", "--all"],
        &["profile", "remove", "p"],
        &["profile", "add", "p", "https://elsewhere.example"],
    ];
    for arguments in logouts {
        let home = Home::new();
        let other = home.path().join("hard");
        login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
        fs::hard_link(credentials(&home), &other).unwrap();
        assert!(text(&other).contains(TOKEN));
        home.program().args(arguments).said().exits(0);
        assert!(!text(&other).contains(TOKEN), "{arguments:?} left the token behind");
    }
}

#[test]
fn of_two_tokens_in_a_file_of_two_names_one_stays() {
    let (home, services) = (Home::new(), services());
    let other = home.path().join("hard");
    for name in ["a", "b"] {
        login(&home, &format!("{}/{name}", services.url()), &["--profile", name]).said().exits(0);
    }
    fs::hard_link(credentials(&home), &other).unwrap();
    home.ok(["logout", "-p", "a"]);
    assert_eq!(text(&other), text(&credentials(&home)));
    assert_eq!(text(&other).matches(TOKEN).count(), 1, "{}", text(&other));
}

#[test]
fn of_two_tokens_behind_a_link_one_stays() {
    let (home, services) = (Home::new(), services());
    let tokens = linked(&home, &credentials(&home));
    for name in ["a", "b"] {
        login(&home, &format!("{}/{name}", services.url()), &["--profile", name]).said().exits(0);
    }
    home.ok(["logout", "-p", "a"]);
    assert_eq!(text(&tokens).matches(TOKEN).count(), 1);
    assert!(credentials(&home).is_symlink());
    home.ok(["whoami", "--check", "-p", "b"]);
}

#[test]
fn links_to_links_and_linked_folders_are_followed() {
    let home = Home::new();
    let (real, middle) = (home.path().join("real"), home.path().join("middle"));
    fs::create_dir_all(home.path().join(".config")).unwrap();
    fs::create_dir(&real).unwrap();
    // The target is relative to the link's folder.
    symlink("real", &middle).unwrap();
    symlink(&middle, home.path().join(".config/tm-hooks")).unwrap();
    symlink("second.toml", real.join("config.toml")).unwrap();
    symlink("third.toml", real.join("second.toml")).unwrap();
    home.ok(["config", "set", "retries", "6"]);
    home.ok(["config", "set", "output", "csv"]);
    assert_eq!(text(&real.join("third.toml")), "retries = 6\noutput = \"csv\"\n");
    assert_eq!(names(&real), ["config.toml", "second.toml", "third.toml"]);
}

#[test]
fn a_link_that_leads_to_itself_is_named() {
    let home = Home::new();
    fs::create_dir_all(config(&home).parent().unwrap()).unwrap();
    symlink("config.toml", config(&home)).unwrap();
    let said = home.run(["config", "set", "retries", "4"]);
    said.exits(2).tells("config.toml");
}

#[test]
fn two_ways_to_one_file_are_one_file() {
    let (one, other) = (Home::new(), Home::new());
    one.ok(["config", "set", "retries", "1"]);
    fs::create_dir_all(config(&other).parent().unwrap()).unwrap();
    symlink(config(&one), config(&other)).unwrap();
    for _ in 0..5 {
        all_at_once((0..8).map(|number| {
            let home = if number % 2 == 0 { &one } else { &other };
            let mut program = home.program();
            program.args(["profile", "add", &format!("p{number}"), "https://h.example"]);
            program
        }));
        let written = text(&config(&one));
        assert_eq!(written.matches("[profiles.p").count(), 8, "{written}");
        all_at_once((0..8).map(|number| {
            let mut program = one.program();
            program.args(["profile", "remove", &format!("p{number}")]);
            program
        }));
    }
    assert!(config(&other).is_symlink());
}
