//! Tests the configuration in containers: a mounted file, a read-only folder.

use std::{fs, path::Path};

use super::{
    Mounted, SOMEBODY, TOKEN, all_at_once, config, credentials, give, login, mode, names, run_as_somebody, services,
    skipped_without_root, text,
};
use crate::common::{Home, Run};

/// Mounts a file with this text at a place, whose folder is created.
fn mounted(home: &Home, place: &Path, text: &str) -> Option<(Mounted, std::path::PathBuf)> {
    let outside = home.path().join("outside").join(place.file_name().unwrap());
    fs::create_dir_all(outside.parent().unwrap()).unwrap();
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(&outside, text).unwrap();
    fs::write(place, "").unwrap();
    Some((Mounted::bind(&outside, place)?, outside))
}

#[test]
fn a_mounted_file_is_written_where_it_is() {
    let (home, services) = (Home::new(), services());
    let before = "# mine\nretries = 3 # a longer comment than what comes in its place\n";
    let Some((_settings, settings)) = mounted(&home, &config(&home), before) else { return };
    let Some((_tokens, tokens)) = mounted(&home, &credentials(&home), "") else { return };
    home.ok(["config", "set", "retries", "4"]);
    assert_eq!(text(&settings), before.replace("= 3", "= 4"));
    login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
    assert!(text(&tokens).contains(TOKEN) && text(&settings).contains("[profiles.p]"));
    home.ok(["whoami", "--check"]);
    home.ok(["config", "set", "retries", "--unset"]);
    home.ok(["logout"]);
    assert!(!text(&tokens).contains(TOKEN), "the token is still there");
    home.ok(["profile", "remove", "p"]);
    let left = text(&settings);
    assert!(left.len() < before.len() && !left.contains("retries") && !left.ends_with("\n\n"), "{left:?}");
    assert_eq!(names(config(&home).parent().unwrap()), ["config.toml", "credentials.toml"]);
}

#[test]
fn two_who_write_a_mounted_file_at_once_are_both_heeded() {
    let home = Home::new();
    let Some((_settings, settings)) = mounted(&home, &config(&home), "") else { return };
    all_at_once((0..12).map(|number| {
        let mut program = home.program();
        program.args(["profile", "add", &format!("p{number}"), "https://h.example"]);
        program
    }));
    assert_eq!(text(&settings).matches("[profiles.p").count(), 12);
}

#[test]
fn a_mounted_file_in_a_folder_that_can_only_be_read_is_written_all_the_same() {
    let home = Home::new();
    let folder = config(&home).parent().unwrap().to_owned();
    fs::create_dir_all(&folder).unwrap();
    fs::write(config(&home), "").unwrap();
    let outside = home.path().join("outside.toml");
    fs::write(&outside, "").unwrap();
    let Some(_folder) = Mounted::read_only(&folder) else { return };
    let Some(_file) = Mounted::bind(&outside, &config(&home)) else { return };
    all_at_once((0..8).map(|number| {
        let mut program = home.program();
        program.args(["profile", "add", &format!("p{number}"), "https://h.example"]);
        program
    }));
    assert_eq!(text(&outside).matches("[profiles.p").count(), 8);
}

#[test]
fn a_folder_that_can_only_be_read_is_read_and_named_when_it_should_be_written() {
    let (home, services) = (Home::new(), services());
    home.ok(["profile", "add", "p", &services.url()]);
    let before = text(&config(&home));
    let Some(_folder) = Mounted::read_only(config(&home).parent().unwrap()) else { return };
    home.ok(["profile", "list"]);
    let said = home.run(["config", "set", "retries", "4"]);
    said.exits(2).tells("config.toml").tells("read-only file system").tells("TM_HOOKS_CONFIG_DIR");
    let said = login(&home, &services.url(), &["--profile", "p"]).said();
    said.exits(2).tells("read-only file system");
    assert_eq!(text(&config(&home)), before);
    // Nothing must be written, so the command succeeds.
    home.ok(["logout", "-p", "p"]);
}

#[test]
fn a_login_that_cannot_be_noted_keeps_no_token() {
    let (home, services) = (Home::new(), services());
    home.ok(["config", "set", "retries", "3"]);
    let before = text(&config(&home));
    let outside = home.path().join("outside.toml");
    fs::write(&outside, &before).unwrap();
    // The tokens are writable, and the settings are not.
    let Some(_file) = Mounted::read_only_file(&outside, &config(&home)) else { return };
    login(&home, &services.url(), &["--profile", "p"]).said().exits(2).tells("config.toml");
    assert!(!text(&credentials(&home)).contains(TOKEN), "a token that nobody knows of was left");
    assert_eq!(text(&config(&home)), before);
}

#[test]
fn a_login_whose_token_cannot_be_kept_notes_nothing() {
    let (home, services) = (Home::new(), services());
    home.ok(["config", "set", "retries", "3"]);
    let before = text(&config(&home));
    let outside = home.path().join("outside.toml");
    fs::write(&outside, "").unwrap();
    fs::write(credentials(&home), "").unwrap();
    let Some(_file) = Mounted::read_only_file(&outside, &credentials(&home)) else { return };
    login(&home, &services.url(), &["--profile", "p"]).said().exits(2).tells("credentials.toml");
    assert_eq!(text(&config(&home)), before, "a profile was noted whose token is not kept");
}

#[test]
fn a_folder_of_somebody_else_is_named_with_what_to_do() {
    if skipped_without_root() {
        return;
    }
    let home = Home::new();
    home.ok(["config", "set", "retries", "3"]);
    give(home.path(), SOMEBODY);
    let folder = config(&home).parent().unwrap().to_owned();
    give(&folder, 0);
    mode(&folder, 0o755);
    mode(&config(&home), 0o644);
    run_as_somebody(&home, &["config", "get", "retries"]).exits(0);
    let said = run_as_somebody(&home, &["config", "set", "retries", "4"]);
    said.exits(2).tells("belongs to root").tells(&format!("sudo chown -R {SOMEBODY} {}", folder.display()));
    mode(&config(&home), 0o600);
    let said = run_as_somebody(&home, &["config", "get", "retries"]);
    said.exits(2).tells("belongs to root").tells("sudo chown -R");
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let home = Home::new();
    let disk = home.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let Some(_disk) = Mounted::with(&["-t", "tmpfs", "-o", "size=8k", "tmpfs"], &disk) else { return };
    // The comment makes the new file one page longer than the old one.
    let before = format!("retries = 3\n#{}\n", "x".repeat(4070));
    fs::write(disk.join("config.toml"), &before).unwrap();
    fs::write(disk.join("ballast"), "x".repeat(4096)).unwrap();
    let run = |folder: &Path| {
        let mut program = home.program();
        program.args(["config", "set", "request-timeout", "1234567890s"]).env("TM_HOOKS_CONFIG_DIR", folder);
        program.said()
    };
    run(&disk).exits(2).tells("config.toml");
    assert_eq!(text(&disk.join("config.toml")), before);
    assert_eq!(names(&disk), ["ballast", "config.toml"]);
    let folder = home.path().join("folder");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("config.toml"), "").unwrap();
    let Some(_file) = Mounted::bind(&disk.join("config.toml"), &folder.join("config.toml")) else { return };
    run(&folder).exits(2).tells("config.toml");
    assert_eq!(text(&disk.join("config.toml")), before, "what was there is lost");
}
