//! Tests that a crash leaves no core file, whatever the caller has allowed, because its memory contains tokens and
//! secrets.

use std::{
    fs,
    net::TcpListener,
    os::unix::process::ExitStatusExt,
    process::{Command, ExitStatus, Stdio},
};

use crate::common::{
    Home,
    run::signal,
    service::{Served, TOKEN},
    skip, until,
};

/// Runs a program in this home with cores allowed as large as the system permits.
fn with_cores_allowed(home: &Home, program: &str) -> Command {
    let mut shell = Command::new("bash");
    shell
        .args(["-c", "ulimit -c unlimited 2>/dev/null || ulimit -S -c hard; exec \"$0\" \"$@\"", program])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", std::env::var("PATH").unwrap())
        .current_dir(home.path())
        .stdin(Stdio::null());
    shell
}

/// Checks that a process may leave no core and cannot allow itself one. Where nobody may have cores, the limit is 0.
#[track_caller]
fn may_leave_none(process: u32) {
    let limits = fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    let [soft, hard] = [0, 1].map(|at| line.split_whitespace().nth(at).unwrap());
    assert!(soft == hard && ["0", "1"].contains(&soft), "it may leave {soft} bytes, at most {hard}");
}

#[track_caller]
fn left_no_core(ended: ExitStatus, by: i32, home: &Home) {
    assert_eq!(ended.signal(), Some(by));
    assert!(!ended.core_dumped());
    assert!(home.cores().is_empty());
}

/// Checks that this machine writes cores of other programs, or reports that it does not.
fn others_leave_cores() {
    let home = Home::new();
    let mut child = with_cores_allowed(&home, "sleep").arg("600").spawn().unwrap();
    let name = format!("/proc/{}/comm", child.id());
    until("the shell to be replaced", || (fs::read_to_string(&name).unwrap() == "sleep\n").then_some(()));
    signal(child.id(), "ABRT");
    if !child.wait().unwrap().core_dumped() {
        let why = "this machine makes no cores at all, so only the limits of our own processes were looked at";
        skip::forbidden(why);
    }
    home.cores().into_iter().for_each(|core| fs::remove_file(core).unwrap());
}

#[test]
fn a_service_that_crashes_leaves_no_core() {
    others_leave_cores();
    let home = Home::new();
    let program = with_cores_allowed(&home, env!("CARGO_BIN_EXE_tm-hooks"));
    let served = Served::start(program, &["--database", "sqlite::memory:"]);
    may_leave_none(served.id());
    served.signal("ABRT");
    left_no_core(served.crashed(), 6, &home);
}

#[test]
fn a_command_that_crashes_while_it_waits_leaves_no_core() {
    others_leave_cores();
    let home = Home::new();
    // The listener accepts the connection and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = with_cores_allowed(&home, env!("CARGO_BIN_EXE_tm-hooks"))
        .arg("list")
        .env("TM_HOOKS_URL", format!("http://{}", listener.local_addr().unwrap()))
        .env("TM_HOOKS_TOKEN", TOKEN)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _connection = listener.accept().unwrap();
    may_leave_none(child.id());
    signal(child.id(), "QUIT");
    left_no_core(child.wait().unwrap(), 3, &home);
}
