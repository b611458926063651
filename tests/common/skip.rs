//! Tests that this machine cannot run say so, plainly, past the test harness, which keeps to itself what tests print.

use std::{
    io::Write,
    process::{Command, Stdio},
};

/// Whether one of these programs is missing, which is then said. In CI nothing that can be installed may be missing:
/// there it is a failure.
#[track_caller]
pub fn without(programs: &[&str], what: &str) -> bool {
    let Some(missing) = programs.iter().find(|program| !is_here(program)) else { return false };
    installable(&format!("{missing} is missing, so {what}"));
    true
}

/// Says that what Debian, PyPI or npm offers is not here. In CI that is a failure.
#[track_caller]
pub fn installable(why: &str) {
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "in CI nothing is skipped that can be installed: {why}"
    );
    said(why);
}

/// Says that this machine does not let a test do what it is about: it needs root, a kernel that makes cores, a mount.
pub fn forbidden(why: &str) {
    said(why);
}

fn said(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

fn is_here(program: &str) -> bool {
    let mut look = Command::new("sh");
    look.args(["-c", "command -v \"$0\"", program]).stdin(Stdio::null()).output().unwrap().status.success()
}
