//! Tests the owners of files: what root creates or replaces in somebody's folder belongs to that person, so that one
//! `sudo` locks nobody out; if somebody is locked out, the message says why and what to do.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    SOMEBODY, TOKEN, as_somebody, config, credentials, give, login, mode, run_as_somebody, services,
    skipped_without_root, text,
};
use crate::common::{
    Home, Run,
    receiver::Receiver,
    service::{Served, sqlite},
    until,
};

fn owner(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().uid()
}

/// The files in this folder that do not belong to its owner.
fn of_others(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(of_others(&path));
        }
        if owner(&path) != owner(folder) {
            found.push(path);
        }
    }
    found
}

/// Gives one file or folder to root.
pub(super) fn take(path: &Path) {
    chown(path, Some(0), Some(0)).unwrap();
}

/// A home of a user who is not root.
fn somebodys_home() -> Home {
    let home = Home::new();
    give(home.path(), SOMEBODY);
    home
}

#[test]
fn what_root_makes_in_a_home_is_its_owners() {
    if skipped_without_root() {
        return;
    }
    let (home, services, receiver) = (somebodys_home(), services(), Receiver::accepting());
    login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
    fs::remove_file(home.path().join("token")).unwrap();
    home.ok(["-p", "local", "add", &receiver.url(), "--name", "Payroll", "--events", "*"]);
    home.ok(["-p", "local", "send", "user.inserted"]);
    assert_eq!(of_others(home.path()), Vec::<PathBuf>::new());

    run_as_somebody(&home, &["whoami", "--check"]).exits(0);
    run_as_somebody(&home, &["config", "set", "retries", "4"]).exits(0);
    for arguments in [&["list"][..], &["send", "user.deleted"], &["test", "Payroll"], &["doctor"]] {
        as_somebody(&home).args(["-p", "local"]).args(arguments).said().exits(0);
    }
    assert_eq!(receiver.ledger().len(), 3);
    run_as_somebody(&home, &["logout"]).exits(0);
}

#[test]
fn what_root_replaces_stays_its_owners() {
    if skipped_without_root() {
        return;
    }
    let (home, services) = (somebodys_home(), services());
    run_as_somebody(&home, &["config", "set", "retries", "4"]).exits(0);
    fs::write(home.path().join("token"), TOKEN).unwrap();
    give(&home.path().join("token"), SOMEBODY);
    login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
    login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
    home.ok(["config", "set", "retries", "5"]);
    assert_eq!(of_others(home.path()), Vec::<PathBuf>::new());
    // Files that belong to root by accident are corrected, too.
    take(&config(&home));
    home.ok(["config", "set", "retries", "6"]);
    run_as_somebody(&home, &["config", "get", "retries"]).exits(0);
}

#[test]
fn a_file_of_somebody_in_a_folder_of_root_stays_theirs() {
    if skipped_without_root() {
        return;
    }
    let home = Home::new();
    mode(home.path(), 0o755);
    home.ok(["config", "set", "retries", "4"]);
    mode(&home.path().join(".config"), 0o755);
    mode(config(&home).parent().unwrap(), 0o755);
    give(&config(&home), SOMEBODY);
    home.ok(["config", "set", "retries", "5"]);
    run_as_somebody(&home, &["config", "get", "retries"]).exits(0);
}

#[test]
fn a_service_that_root_starts_leaves_its_files_to_the_folders_owner() {
    if skipped_without_root() {
        return;
    }
    let (home, receiver) = (somebodys_home(), Receiver::accepting());
    let served = Served::on_database(&home, &sqlite(home.path().join("served/hooks.db")));
    served.client(&home).args(["add", &receiver.url(), "--name", "P", "--events", "*"]).said().exits(0);
    served.client(&home).args(["send", "user.inserted", "--wait"]).said().exits(0);
    assert_eq!(of_others(home.path()), Vec::<PathBuf>::new());
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "{log}");
    let database = sqlite(home.path().join("served/hooks.db"));
    let again = ["--database", &database, "--allow-http", "--allow-cidr", "127.0.0.0/8"];
    let again = Served::start(as_somebody(&home), &again);
    again.client(&home).args(["send", "user.inserted", "--wait"]).said().exits(0);
    assert_eq!(again.stopped().0, Some(0));
}

#[test]
fn the_token_that_a_service_of_roots_makes_is_its_owners() {
    if skipped_without_root() {
        return;
    }
    let home = somebodys_home();
    let mut served = home.program().args(["serve", "--listen", "127.0.0.1:0"]).started();
    let token = home.database().with_file_name("admin-token");
    until("the token to be made", || text(&token).ends_with('\n').then_some(()));
    until("the database to be made", || home.database().exists().then_some(()));
    let _ = served.child.kill();
    let _ = served.child.wait();
    assert_eq!(of_others(home.path()), Vec::<PathBuf>::new());
}

#[test]
fn reading_a_database_that_may_not_be_written_is_never_worth_another_try() {
    if skipped_without_root() {
        return;
    }
    let receiver = Receiver::accepting();
    for arguments in [&["list"][..], &["attempts"], &["stats"], &["events"], &["list", "-o", "json"]] {
        let home = in_use(&receiver);
        mode(&home.database(), 0o400);
        let said = run_as_somebody(&home, arguments);
        assert!([0, 1].contains(&said.code), "{said}");
        assert!(said.code == 0 || said.err.contains("chmod u+rw"), "{said}");
    }
}

#[test]
fn after_reading_a_database_that_may_not_be_written_one_command_puts_all_right() {
    if skipped_without_root() {
        return;
    }
    let home = in_use(&Receiver::accepting());
    mode(&home.database(), 0o400);
    run_as_somebody(&home, &["list"]).exits(0);
    let add = ["add", "http://127.0.0.1:9/other", "--name", "Q", "--events", "*"];
    let failed = run_as_somebody(&home, &add);
    failed.exits(1).tells("mode 0400");
    let doctor = run_as_somebody(&home, &["doctor", "-o", "json"]);
    let checks: serde_json::Value = serde_json::from_str(&doctor.exits(10).out).unwrap();
    let mut steps = checks["data"].as_array().unwrap().iter().filter_map(|check| check["nextStep"].as_str());
    let step = steps.find(|step| step.starts_with("chmod")).unwrap();
    failed.tells(step);
    assert!(Command::new("sh").args(["-c", step]).status().unwrap().success());
    run_as_somebody(&home, &add).exits(0);
    run_as_somebody(&home, &["doctor"]).exits(0);
}

/// Such a home with a webhook in `local` whose receiver answers.
fn in_use(receiver: &Receiver) -> Home {
    let home = somebodys_home();
    run_as_somebody(&home, &["add", &receiver.url(), "--name", "P", "--events", "*"]).exits(0);
    run_as_somebody(&home, &["send", "user.inserted"]).exits(0);
    home
}

#[test]
fn who_is_locked_out_is_told_why_and_what_to_do() {
    if skipped_without_root() {
        return;
    }
    let receiver = Receiver::accepting();
    let (instances, database, folder) = ("hooks.db.instances", "hooks.db", "");
    for (what, arguments) in [
        (instances, &["send", "user.inserted"][..]),
        (instances, &["test", "P"]),
        (instances, &["test", "P", "-o", "json"]),
        (database, &["send", "user.inserted"]),
        (database, &["list"]),
        (folder, &["send", "user.inserted"]),
        (folder, &["list", "-o", "json"]),
    ] {
        let home = in_use(&receiver);
        let data = home.database().parent().unwrap().to_owned();
        let path = if what.is_empty() { data } else { data.join(what) };
        give(&path, 0);
        mode(&path, if path.is_dir() { 0o700 } else { 0o600 });
        let said = run_as_somebody(&home, arguments);
        said.exits(1).tells("belongs to root").tells("sudo chown -R").tells(path.to_str().unwrap());
        assert!(!said.err.contains("trying again"), "{said}");
    }
}

#[test]
fn a_service_that_could_not_deliver_does_not_start() {
    if skipped_without_root() {
        return;
    }
    let home = in_use(&Receiver::accepting());
    give(&home.database().with_file_name("hooks.db.instances"), 0);
    let mut served = as_somebody(&home).args(["serve", "--listen", "127.0.0.1:0"]).started();
    until("it to give up", || served.child.try_wait().unwrap());
    served.said().exits(1).tells("hooks.db.instances belongs to root").tells("sudo chown -R");
}

#[test]
fn a_file_that_its_owner_may_not_write_is_named_with_its_mode() {
    if skipped_without_root() {
        return;
    }
    let receiver = Receiver::accepting();
    for (name, bits) in [("hooks.db", 0o400), ("hooks.db.instances", 0o500), ("", 0o000)] {
        let home = in_use(&receiver);
        let data = home.database().parent().unwrap().to_owned();
        let path = if name.is_empty() { data } else { data.join(name) };
        mode(&path, bits);
        let said = run_as_somebody(&home, &["send", "user.inserted"]);
        said.exits(1).tells("mode").tells("chmod u+rw").tells(path.to_str().unwrap());
        assert!(!said.err.contains("trying again"), "{said}");
        mode(&path, 0o700);
    }
}

#[test]
fn a_token_file_of_somebody_else_is_named_with_what_to_do() {
    if skipped_without_root() {
        return;
    }
    let (home, services) = (somebodys_home(), services());
    login(&home, &services.url(), &["--profile", "p"]).said().exits(0);
    take(&credentials(&home));
    let said = run_as_somebody(&home, &["list"]);
    said.exits(2).tells("credentials.toml belongs to root").tells("sudo chown");
    let said = run_as_somebody(&home, &["logout"]);
    said.exits(2).tells("belongs to root");
    assert!(text(&credentials(&home)).contains(TOKEN));
    let doctor = run_as_somebody(&home, &["doctor", "-o", "json"]);
    doctor.exits(10);
    assert!(doctor.out.contains("sudo chown"), "{}", doctor.out);
}
