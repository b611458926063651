//! The line that tells whose data these are, when the service runs inside the program.

use std::fs;

use super::lived_in;
use crate::common::{Home, terminal::Terminal};

/// Whether a command tells it on a terminal.
#[track_caller]
fn is_told(home: &Home, arguments: &[&str]) -> bool {
    let seen = Terminal::of(home).run(arguments);
    seen.exits(0);
    seen.screen.contains("local: the service inside this program, with its data in ")
}

#[test]
fn it_is_told_once_a_day_and_whenever_something_is_written() {
    let home = lived_in();
    assert!(is_told(&home, &["list"]));
    assert!(!is_told(&home, &["list"]) && !is_told(&home, &["show", "Canteen"]), "it was told just now");
    assert!(is_told(&home, &["enable", "Canteen"]) && is_told(&home, &["disable", "Canteen"]), "that writes");
    home.set_clock("2026-11-26T16:54:59Z");
    assert!(!is_told(&home, &["attempts"]), "less than a day has passed");
    home.set_clock("2026-11-26T16:55:00Z");
    assert!(is_told(&home, &["attempts"]) && !is_told(&home, &["events"]));
    home.set_clock("2026-11-20T08:00:00Z");
    assert!(is_told(&home, &["list"]) && !is_told(&home, &["list"]), "the clock was put back");
}

/// What tells nobody keeps nothing; and where nothing can be kept it is told each time, and that is all.
#[test]
fn who_is_not_told_is_told_later() {
    let home = lived_in();
    home.ok(["list"]);
    assert!(!is_told(&home, &["list", "--quiet"]));
    assert!(is_told(&home, &["list"]), "neither a pipe nor who wants quiet has seen it");
    let file = home.path().join(".local/share/tm-hooks/local-named");
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(is_told(&home, &["list"]) && is_told(&home, &["list"]));
}
