//! Tests tokens in a keyring that no longer exists, as when a home is used in a container: they are reported, and what
//! refers to them stays.

use std::fs;

use super::{TOKEN, config, credentials, login, services, text};
use crate::common::{Home, Run};

/// A home where each of these profiles has a service, and its token in the keyring.
fn in_keyring(url: &str, profiles: &[&str]) -> Home {
    let home = Home::new();
    let profile = |name: &&str| format!("[profiles.{name}]\nurl = \"{url}/{name}\"\ntoken = \"keyring\"\n\n");
    fs::create_dir_all(config(&home).parent().unwrap()).unwrap();
    fs::write(config(&home), profiles.iter().map(profile).collect::<String>()).unwrap();
    home
}

#[test]
fn logging_out_of_all_goes_on_after_a_keyring_that_is_not_there() {
    let services = services();
    let mixed = || {
        let home = in_keyring(&services.url(), &["a", "m", "z"]);
        for name in ["b", "y"] {
            login(&home, &format!("{}/{name}", services.url()), &["--profile", name]).said().exits(0);
        }
        home
    };
    for output in ["table", "json"] {
        let home = mixed();
        let said = home.run(["logout", "--all", "-o", output]);
        said.exits(11);
        assert!(!text(&credentials(&home)).contains(TOKEN), "it stopped at the first that failed: {said}");
        for left in ["a", "m", "z"] {
            said.tells(&format!("{}/{left}", services.url()));
        }
        said.tells("3 of 5").tells("keyring");
        assert_eq!(
            text(&config(&home)).matches("token = \"keyring\"").count(),
            3,
            "it is not known any more where they are"
        );
        assert_eq!(text(&config(&home)).matches("token = ").count(), 3);
        if output == "json" {
            let error = said.fails_as_json("some_failed");
            assert_eq!(error["error"]["fields"].as_array().unwrap().len(), 3, "{error}");
        }
    }
}

#[test]
fn when_none_could_be_removed_the_code_is_that_of_each() {
    let services = services();
    let home = in_keyring(&services.url(), &["a", "m"]);
    let said = home.run(["logout", "--all", "-o", "json"]);
    said.exits(4).fails_as_json("keyring_unavailable");
    let said = home.run(["logout", "-p", "a", "-o", "json"]);
    said.exits(4).fails_as_json("keyring_unavailable");
    assert_eq!(text(&config(&home)).matches("token = \"keyring\"").count(), 2);
}

#[test]
fn a_profile_whose_token_cannot_be_removed_stays() {
    let services = services();
    let ways: [&[&str]; 3] = [
        &["profile", "remove", "a"],
        &["profile", "add", "a", "https://elsewhere.example"],
        &["config", "set", "profiles.a.url", "https://elsewhere.example"],
    ];
    for arguments in ways {
        let home = in_keyring(&services.url(), &["a"]);
        let before = text(&config(&home));
        let said = home.program().args(arguments).said();
        said.exits(4).tells("keyring").tells("profile a stays as it is");
        assert_eq!(text(&config(&home)), before, "{arguments:?}");
        let said = home.program().args(arguments).args(["-o", "json"]).said();
        said.exits(4).fails_as_json("keyring_unavailable");
        assert_eq!(text(&config(&home)), before, "{arguments:?}");
        // A person who knows that the keyring is gone can say so.
        home.run(["config", "set", "profiles.a.token", "--unset"]).exits(0).tells("still in the keyring");
        home.program().args(arguments).said().exits(0);
    }
}

#[test]
fn logging_in_elsewhere_without_the_keyring_changes_nothing() {
    let services = services();
    let home = in_keyring(&services.url(), &["a"]);
    let before = text(&config(&home));
    let said = login(&home, &format!("{}/new", services.url()), &["--profile", "a"]).said();
    said.exits(4).tells("profile a stays as it is").tells("--profile");
    assert_eq!(text(&config(&home)), before);
    assert!(!text(&credentials(&home)).contains(TOKEN), "the new token was left behind");
}

#[test]
fn logging_in_again_without_the_keyring_works_and_tells_of_the_old_token() {
    let services = services();
    for output in ["table", "json"] {
        let home = in_keyring(&services.url(), &["a"]);
        let said = login(&home, &format!("{}/a", services.url()), &["--profile", "a", "-o", output]).said();
        said.exits(11).tells("token").tells("still in the keyring");
        assert!(said.out.contains("invented"), "who was logged in is not given: {said}");
        home.ok(["whoami", "--check", "-p", "a"]);
        if output == "json" {
            assert!(said.err.contains(r#""code":"token_left_behind""#), "{said}");
        }
    }
}
