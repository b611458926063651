//! Tests that `doctor` tries what `send` needs in the same way, and leaves nothing behind.

use std::fs;

use serde_json::Value;

use super::{Mounted, SOMEBODY, as_somebody, config, give, mode, names, owners::take, skipped_without_root};
use crate::common::{Home, Run, Said, receiver::Receiver, write_lock::WriteLock};

/// The message and the next step of the only failed check.
#[track_caller]
fn failure(said: &Said) -> (String, String) {
    said.exits(10);
    let listed: Value = serde_json::from_str(&said.out).unwrap();
    let failed: Vec<&Value> =
        listed["data"].as_array().unwrap().iter().filter(|it| it["status"] == "failure").collect();
    assert_eq!(failed.len(), 1, "{}", said.out);
    let text = |name: &str| failed[0][name].as_str().unwrap_or_default().to_owned();
    (text("message"), text("nextStep"))
}

fn well(said: &Said) {
    said.exits(0);
    assert!(!said.out.contains("failure") && !said.out.contains("warning"), "{}", said.out);
}

/// A home with a database from which events were delivered.
fn delivered_from() -> Home {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    home.ok(["add", &receiver.url(), "--name", "P", "--events", "*"]);
    home.ok(["send", "user.inserted"]);
    home
}

/// Such a home of a user who is not root.
fn in_use() -> Home {
    let home = delivered_from();
    give(home.path(), SOMEBODY);
    home
}

fn doctor(home: &Home) -> Said {
    as_somebody(home).args(["doctor", "-o", "json"]).said()
}

#[test]
fn it_leaves_nothing_behind() {
    let home = Home::new();
    well(&home.run(["doctor", "-o", "json"]));
    assert_eq!(names(home.path()), Vec::<String>::new());
    home.ok(["list"]);
    let data = home.database().parent().unwrap().to_owned();
    let before = names(&data);
    well(&home.run(["doctor", "-o", "json"]));
    assert_eq!(names(&data), before);
}

#[test]
fn a_database_that_another_program_writes_to_is_well() {
    let home = Home::new();
    home.ok(["list"]);
    let _held = WriteLock::of(&home.database());
    let began = std::time::Instant::now();
    well(&home.run(["doctor", "-o", "json"]));
    // A normal write would wait for 10 s.
    assert!(began.elapsed() < std::time::Duration::from_secs(9), "it waited for the lock");
}

#[test]
fn what_belongs_to_root_is_named_with_chown() {
    if skipped_without_root() {
        return;
    }
    for what in ["hooks.db.instances", "hooks.db", ""] {
        let home = in_use();
        well(&doctor(&home));
        let data = home.database().parent().unwrap().to_owned();
        let path = if what.is_empty() { data.clone() } else { data.join(what) };
        give(&path, 0);
        mode(&path, if path.is_dir() { 0o700 } else { 0o600 });
        let (message, next_step) = failure(&doctor(&home));
        assert!(message.contains("belongs to root") && message.contains(path.to_str().unwrap()), "{message}");
        assert_eq!(next_step, format!("sudo chown -R {SOMEBODY} {}", data.display()), "{what}");
        let done = std::process::Command::new("sh").args(["-c", next_step.trim_start_matches("sudo ")]).status();
        assert!(done.unwrap().success());
        well(&doctor(&home));
    }
}

#[test]
fn a_lock_that_nobody_can_look_at_is_named() {
    if skipped_without_root() {
        return;
    }
    let home = in_use();
    let lock = home.database().with_file_name("hooks.db.instances").join("0123456789abcdef0123456789abcdef.lock");
    fs::write(&lock, "").unwrap();
    mode(&lock, 0o600);
    let (message, next_step) = failure(&doctor(&home));
    assert!(message.contains("belongs to root") && message.contains(lock.to_str().unwrap()), "{message}");
    assert!(next_step.starts_with("sudo chown -R"), "{next_step}");
}

#[test]
fn modes_that_are_in_the_way_are_named() {
    if skipped_without_root() {
        return;
    }
    for (what, bits) in
        [("hooks.db", 0o400), ("hooks.db", 0o000), ("hooks.db.instances", 0o500), ("", 0o500), ("", 0o000)]
    {
        let home = in_use();
        let data = home.database().parent().unwrap().to_owned();
        let path = if what.is_empty() { data } else { data.join(what) };
        mode(&path, bits);
        let (message, next_step) = failure(&doctor(&home));
        assert!(message.contains(path.to_str().unwrap()) && message.contains(&format!("{bits:04o}")), "{message}");
        assert!(next_step.starts_with("chmod u+rw") && next_step.contains(path.to_str().unwrap()), "{next_step}");
        mode(&path, 0o700);
    }
}

#[test]
fn settings_that_can_be_changed_in_one_way_can_be_changed() {
    if skipped_without_root() {
        return;
    }
    let folder_of = |home: &Home| config(home).parent().unwrap().to_owned();
    for (folder, file, can_be) in [(0o500, 0o600, true), (0o700, 0o400, true), (0o500, 0o400, false)] {
        let home = in_use();
        as_somebody(&home).args(["config", "set", "retries", "4"]).said().exits(0);
        mode(&config(&home), file);
        mode(&folder_of(&home), folder);
        let said = doctor(&home);
        assert_eq!(!said.out.contains("settings cannot be changed"), can_be, "{folder:o} {file:o}: {}", said.out);
        let changed = as_somebody(&home).args(["config", "set", "retries", "9"]).said();
        assert_eq!(changed.code == 0, can_be, "{folder:o} {file:o}: {changed}");
        mode(&folder_of(&home), 0o700);
    }
}

#[test]
fn a_file_system_that_can_only_be_read_is_named() {
    let home = delivered_from();
    let data = home.database().parent().unwrap().to_owned();
    let Some(_mounted) = Mounted::read_only(&data) else { return };
    let (message, next_step) = failure(&home.run(["doctor", "-o", "json"]));
    assert!(
        message.contains("read-only file system") && next_step.contains("TM_HOOKS_DATA_DIR"),
        "{message} {next_step}"
    );
    let said = home.run(["send", "user.inserted"]);
    said.exits(1).tells("read-only file system").tells("TM_HOOKS_DATA_DIR");
}

#[test]
fn a_file_system_that_can_only_be_read_and_has_no_database_yet_is_named() {
    let home = Home::new();
    let data = home.path().join("mounted");
    fs::create_dir(&data).unwrap();
    let Some(_mounted) = Mounted::with(&["-t", "tmpfs", "-o", "ro", "tmpfs"], &data) else { return };
    for folder in [data.clone(), data.join("below")] {
        let run = |arguments: &[&str]| home.program().args(arguments).env("TM_HOOKS_DATA_DIR", &folder).said();
        let (message, _) = failure(&run(&["doctor", "-o", "json"]));
        assert!(message.contains("read-only file system"), "{message}");
        run(&["send", "user.inserted"]).exits(1).tells("read-only file system");
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let home = Home::new();
    fs::write(home.path().join("file"), "").unwrap();
    for folder in [home.path().join("file/below"), "/proc/tm-hooks".into()] {
        let run = |arguments: &[&str]| home.program().args(arguments).env("TM_HOOKS_DATA_DIR", &folder).said();
        let (message, next_step) = failure(&run(&["doctor", "-o", "json"]));
        assert!(message.contains(folder.parent().unwrap().to_str().unwrap()), "{message}");
        assert!(next_step.contains("TM_HOOKS_DATA_DIR"), "{next_step}");
        run(&["list"]).exits(1).tells("TM_HOOKS_DATA_DIR");
    }
    if skipped_without_root() {
        return;
    }
    // No user may take over a folder of the system.
    give(home.path(), SOMEBODY);
    let said = as_somebody(&home).args(["doctor", "-o", "json"]).env("TM_HOOKS_DATA_DIR", "/usr/tm-hooks").said();
    let (message, next_step) = failure(&said);
    assert!(message.contains("/usr belongs to root") && !next_step.contains("chown -R"), "{message} {next_step}");
}

#[test]
fn settings_that_cannot_be_changed_are_warned_of() {
    if skipped_without_root() {
        return;
    }
    let home = in_use();
    as_somebody(&home).args(["config", "set", "retries", "4"]).said().exits(0);
    for path in [config(&home).parent().unwrap(), &config(&home)] {
        take(path);
        mode(path, 0o755);
    }
    let said = doctor(&home);
    said.exits(0);
    assert!(said.out.contains("belongs to root") && said.out.contains("sudo chown -R"), "{}", said.out);
}
