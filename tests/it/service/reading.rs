//! Tests another program that writes to the database: readers do not wait, and writers say that they wait.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::common::{Home, Run, ledger::Delivering, receiver::Receiver, write_lock::WriteLock};

/// A write waits for ten seconds; a command that ends within half of that did not wait, even on a busy machine.
const NOT_WAITED: Duration = Duration::from_secs(5);

/// A database whose service crashed during a request, and the event.
fn crashed() -> (Delivering, String) {
    let service = Delivering::to(Receiver::holding(|_| true));
    let api = service.api();
    api.add("Payroll", &service.receiver.url(), "*");
    let event = api.send("user.inserted");
    service.receiver.wait("the request", |ledger| ledger.len() == 1);
    assert_eq!(api.attempts("status=pending").len(), 1);
    service.served.signal("KILL");
    (service, event)
}

#[test]
fn a_verb_that_reads_takes_no_write_lock() {
    let (service, event) = crashed();
    let lock = WriteLock::of(&service.home.path().join("served/hooks.db"));
    let run = |arguments: &[&str]| {
        let mut program = service.home.program();
        program.env("TM_HOOKS_DATA_DIR", service.home.path().join("served")).args(arguments);
        let began = Instant::now();
        let said = program.said();
        assert!(began.elapsed() < NOT_WAITED, "{arguments:?} waited");
        said
    };
    let verbs: [&[&str]; 12] = [
        &["list"],
        &["show", "Payroll"],
        &["attempts"],
        &["attempts", "Payroll"],
        &["events"],
        &["show", &event],
        &["stats"],
        &["audit"],
        &["types"],
        &["versions"],
        &["config", "list"],
        &["doctor"],
    ];
    for verb in verbs {
        run(verb).exits(0);
    }
    // The delivery in flight at the crash waits, although no process could write that.
    assert_eq!(run(&["attempts", "--status", "pending", "-o", "json"]).json()["data"], serde_json::json!([]));
    assert_eq!(run(&["show", "Payroll", "-o", "json"]).json()["pendingDeliveries"], 1);
    let delivery = &run(&["show", &event, "-o", "json"]).json()["deliveries"][0];
    assert_eq!((&delivery["inFlight"], delivery["nextAttemptAt"].is_string()), (&serde_json::json!(false), true));
    drop(lock);
}

/// Runs a program while the database is locked until it says that it waits; returns that message and the output after
/// it.
fn waiting(mut program: Command, database: &Path) -> (String, Vec<String>) {
    let lock = WriteLock::of(database);
    let mut started = program.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(started.stderr.take().unwrap()).lines().map(Result::unwrap);
    let first = said.next().unwrap();
    drop(lock);
    let rest = said.collect();
    assert!(started.wait().unwrap().success(), "{first} {rest:?}");
    (first, rest)
}

#[test]
fn a_write_that_waits_says_so_once() {
    let (service, _) = crashed();
    let mut program = service.home.program();
    program.env("TM_HOOKS_DATA_DIR", service.home.path().join("served")).args(["disable", "Payroll"]);
    let (first, rest) = waiting(program, &service.home.path().join("served/hooks.db"));
    assert_eq!(first, "waiting for another program that is writing to the database");
    assert!(!rest.iter().any(|line| line.contains("waiting for")), "{rest:?}");
}

#[test]
fn who_cannot_open_the_database_yet_says_so() {
    let home = Home::new();
    let database = home.database();
    fs::create_dir_all(database.parent().unwrap()).unwrap();
    let mut list = home.program();
    list.arg("list");
    let (first, rest) = waiting(list, &database);
    assert!(first.starts_with("opening the database: another program may be writing to it"), "{first}");
    assert!(!rest.iter().any(|line| line.contains("opening")), "{rest:?}");
}
