//! Tests that a profile that moves to another service keeps nothing that belonged to the former one.

use super::{TOKEN, config, credentials, login, services, text};
use crate::common::{Home, Run, Said};

const OF_THE_SERVICE: [&str; 3] = ["allow-http = ", "proxy = ", "ca-cert = "];

/// A home with a logged-in profile `p` that has everything belonging to a service and the person's own settings.
fn home_of(url: &str) -> Home {
    let home = Home::new();
    login(&home, url, &["--profile", "p"]).said().exits(0);
    for (key, value) in [("allow-http", "true"), ("proxy", "http://p.example:1"), ("ca-cert", "own.pem")] {
        home.ok(["config", "set", &format!("profiles.p.{key}"), value]);
    }
    for (key, value) in [("protected", "true"), ("output", "csv"), ("retries", "7")] {
        home.ok(["config", "set", &format!("profiles.p.{key}"), value]);
    }
    home
}

#[track_caller]
fn names_what_went(said: &Said) {
    said.exits(0);
    for what in ["allow-http", "proxy", "ca-cert", "token"] {
        assert!(said.err.contains(what), "{what} is not named");
    }
}

#[test]
fn however_it_moves_it_loses_what_belonged_to_the_service_before() {
    let services = services();
    let ways: [&[&str]; 4] = [
        &["profile", "add", "p", "http://elsewhere.example"],
        &["profile", "add", "p", "http://elsewhere.example", "-o", "json"],
        &["config", "set", "profiles.p.url", "http://elsewhere.example"],
        &["config", "set", "profiles.p.url", "http://elsewhere.example", "-o", "json"],
    ];
    for arguments in ways {
        let home = home_of(&services.url());
        names_what_went(&home.program().args(arguments).said());
        let written = text(&config(&home));
        for key in OF_THE_SERVICE {
            assert!(!written.contains(key), "{arguments:?}: {written}");
        }
        assert!(
            !written.contains("token = ") && !text(&credentials(&home)).contains(TOKEN),
            "{arguments:?}: {written}"
        );
        assert!(
            ["protected = true", "output = \"csv\"", "retries = 7"].iter().all(|own| written.contains(own)),
            "{written}"
        );
        assert!(written.contains("http://elsewhere.example"), "{written}");
    }
}

#[test]
fn logging_in_elsewhere_moves_it_too() {
    let services = services();
    let home = home_of(&format!("{}/one", services.url()));
    home.ok(["config", "set", "profiles.p.proxy", "--unset"]);
    home.ok(["config", "set", "profiles.p.ca-cert", "--unset"]);
    let said = login(&home, &format!("{}/two", services.url()), &["--profile", "p", "-o", "json"]).said();
    said.exits(0).tells("allow-http").tells("token");
    let written = text(&config(&home));
    assert!(
        !written.contains("allow-http") && written.contains("token = \"file\"") && written.contains("/two"),
        "{written}"
    );
    assert_eq!(text(&credentials(&home)).matches(TOKEN).count(), 1, "the token for the service before is still there");
}

#[test]
fn the_same_service_again_is_no_move() {
    let services = services();
    let home = home_of(&services.url());
    let before = text(&config(&home));
    let said = home.run(["profile", "add", "p", &format!("{}/", services.url())]);
    said.exits(0);
    assert!(!said.err.contains("allow-http"), "{said}");
    assert_eq!(text(&config(&home)).matches(" = ").count(), before.matches(" = ").count());
    assert!(text(&credentials(&home)).contains(TOKEN));
}

#[test]
fn a_service_that_another_profile_has_too_keeps_its_token() {
    let services = services();
    for leave in [&["profile", "remove", "b"][..], &["profile", "add", "b", "https://elsewhere.example"]] {
        let home = Home::new();
        for name in ["a", "b"] {
            login(&home, &services.url(), &["--profile", name]).said().exits(0);
        }
        home.program().args(leave).said().exits(0);
        home.ok(["whoami", "--check", "-p", "a"]);
        home.ok(["logout", "-p", "a"]);
        assert!(!text(&credentials(&home)).contains(TOKEN), "{leave:?}: a token that nobody knows of");
    }
}

#[test]
fn a_token_that_no_profile_knows_of_is_reached_by_logging_out_of_all() {
    let services = services();
    let home = home_of(&services.url());
    // An earlier version or a person with an editor may leave this.
    std::fs::write(config(&home), "").unwrap();
    let said = home.run(["logout", "--all"]);
    said.exits(0).tells(&services.url());
    assert!(!text(&credentials(&home)).contains(TOKEN));
}
