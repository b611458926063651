//! Reports tests that this machine cannot run. The report bypasses the test harness, which hides what tests print.

use std::{
    io::Write,
    process::{Command, Stdio},
};

/// Whether one of these programs is missing, which is reported. In CI it is a failure, because everything installable
/// must be there.
#[track_caller]
pub fn without(programs: &[&str], what: &str) -> bool {
    let Some(missing) = programs.iter().find(|program| !is_here(program)) else { return false };
    installable(&format!("{missing} is missing, so {what}"));
    true
}

/// Reports that something from Debian, PyPI or npm is missing. In CI that is a failure.
#[track_caller]
pub fn installable(why: &str) {
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "in CI nothing is skipped that can be installed: {why}"
    );
    said(why);
}

/// Reports that this machine does not allow what a test needs: root, a kernel that writes cores, a mount.
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
