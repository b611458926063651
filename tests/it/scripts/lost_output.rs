//! Tests lost output: its reader goes away, its disk is full, or it was closed from the start. The work is still done,
//! and its exit code stays.

use std::{
    io::{BufRead, BufReader, Read, pipe},
    process::{Command, Stdio},
};

use crate::common::{
    Home, Run,
    ledger::Delivering,
    receiver::{Receiver, status},
    service::TOKEN,
    streams::{full, redirected, unread},
    until,
};
use rustix::{
    fs::{OFlags, fcntl_getfl, fcntl_setfl},
    io::ioctl_fionread,
    pipe::fcntl_setpipe_size,
};

/// A home with two webhooks: one has a good receiver and wants `attendance.*`, one has a failing receiver and wants
/// `user.*`; both want `*.inserted`.
fn one_good_one_bad() -> (Home, Receiver) {
    let receiver = Receiver::answering(|_, received| status(if received.path == "/bad" { 500 } else { 204 }));
    let home = Home::new();
    let bad = receiver.url().replace("/hooks", "/bad");
    home.ok(["add", &receiver.url(), "--name", "Good", "--events", "attendance.*,user.inserted"]);
    home.ok(["add", &bad, "--name", "Bad", "--events", "user.*"]);
    (home, receiver)
}

/// Commands whose exit code is a verdict, with the verdict.
const VERDICTS: [(&[&str], i32); 10] = [
    (&["test", "Good"], 0),
    (&["test", "Bad"], 10),
    (&["test", "Good", "Bad"], 11),
    (&["send", "attendance.inserted"], 0),
    (&["send", "user.deleted", "--wait"], 10),
    (&["send", "user.inserted"], 11),
    (&["stats", "--fail-over", "1%"], 10),
    (&["doctor", "--profile", "nowhere"], 10),
    (&["enable", "Good", "Nobody"], 3),
    (&["list"], 0),
];

/// Runs a command with lost standard output, and checks its exit code; returns its messages.
#[track_caller]
fn lost(mut command: Command, arguments: &[&str], code: i32, how: &str) -> String {
    let mut said = command.stderr(Stdio::piped()).said();
    assert_eq!(said.code, code, "{arguments:?} with {how}\n{}", said.err);
    assert!(!said.err.contains("panicked") && !said.err.contains("roken pipe"), "{arguments:?}: {}", said.err);
    std::mem::take(&mut said.err)
}

#[test]
fn a_verdict_stays_and_what_is_lost_is_told() {
    let (home, _receiver) = one_good_one_bad();
    home.run(["send", "user.deleted"]).exits(10);
    let attempt = home.json(["attempts", "-o", "json"])["data"][0]["id"].as_str().unwrap().to_owned();
    let retry: &[&str] = &["retry", &attempt, "--wait"];
    let verdicts = VERDICTS.into_iter().chain([(retry, 10)]);
    for ((arguments, code), output) in verdicts.zip(["table", "json", "ndjson", "csv", "id"].into_iter().cycle()) {
        let arguments = [arguments, &["-o", output]].concat();
        let mut command = home.program();
        command.args(&arguments).stdout(unread());
        lost(command, &arguments, code, "a reader that is gone");
        // There is a message only if there was something to write.
        let writes = code != 3;
        let own = if code == 0 { 1 } else { code };
        let mut command = home.program();
        command.args(&arguments).stdout(full());
        let told = lost(command, &arguments, own, "a full disk");
        // Programs get the system's own message.
        let full_disk = if output.ends_with("json") { "No space left on device" } else { "the disk is full" };
        assert_eq!(told.contains(&format!("could not write to standard output: {full_disk}")), writes, "{told}");
        let told = lost(redirected(&home, ">&-", &arguments), &arguments, own, "a closed stdout");
        assert_eq!(told.contains("could not write to standard output: it is closed"), writes, "{told}");
        let told = lost(redirected(&home, "1</dev/null", &arguments), &arguments, own, "a stdout to read from");
        assert_eq!(told.contains("could not write to standard output"), writes, "{told}");
    }
}

#[test]
fn a_recovery_keeps_its_verdict() {
    let (home, receiver) = one_good_one_bad();
    for stdout in [unread(), full()] {
        home.ok(["disable", "Bad"]);
        home.ok(["send", "user.deleted"]);
        home.ok(["enable", "Bad"]);
        let mut command = home.program();
        command.args(["retry", "--failed", "Bad", "--since", "1d", "--yes", "-o", "json"]).stdout(stdout);
        lost(command, &["retry", "--failed"], 10, "nobody who reads");
    }
    assert_eq!(receiver.ledger().len(), 2);
}

#[test]
fn still_pending_stays_too() {
    let receiver = Receiver::holding(|_| true);
    let service = Delivering::to(receiver);
    service.ok(&["add", &service.receiver.url(), "--name", "Slow", "--events", "*"]);
    for stdout in [unread(), full()] {
        let mut command = service.served.client(&service.home);
        command.args(["send", "user.deleted", "--wait", "--timeout", "100ms"]).stdout(stdout);
        lost(command, &["send"], 8, "a receiver that does not answer");
    }
    service.receiver.release();
}

#[test]
fn a_reader_who_leaves_after_a_line_ends_no_work() {
    let (home, receiver) = one_good_one_bad();
    let (reader, writer) = pipe().unwrap();
    // The pipe is smaller than the output, so the program is still writing when its reader leaves.
    fcntl_setpipe_size(&writer, 4096).unwrap();
    let sending = ["send", "attendance.inserted", "--count", "300", "-o", "ndjson"];
    let mut child = home.program().args(sending).stdout(writer).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(1, reader).read_line(&mut line).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(line.starts_with("{\"id\":\"tm_"), "{line}");
    assert_eq!(receiver.ledger().len(), 300);
}

#[test]
fn what_fails_in_showing_ends_no_work_either() {
    let (home, receiver) = one_good_one_bad();
    let said = home.run(["send", "attendance.inserted", "--count", "3", "-o", "ndjson", "--jq", ".id.nothing"]);
    said.exits(1).tells("--jq: cannot index");
    assert_eq!(receiver.ledger().len(), 3);
    home.run(["test", "Bad", "--jq", ".id.nothing"]).exits(10).tells("--jq: cannot index");
    // Errors that are known before are reported before.
    for arguments in [
        &["add", "https://erp.example.com/hooks", "--events", "*"][..],
        &["edit", "Good", "--name", "Other"],
        &["disable", "--all"],
        &["pin", "Good", "v2"],
        &["delete", "Good", "--yes"],
        &["versions", "default", "v2"],
        &["profile", "add", "staging", "https://staging.example.com"],
        &["secret", "revoke", "Good"],
    ] {
        home.program().args(arguments).arg("--json=nonsense").said().exits(2).tells("unknown field");
    }
    assert_eq!(home.json(["audit", "-o", "json"])["data"].as_array().unwrap().len(), 2, "the two webhooks were added");
    assert_eq!(home.ok(["profile", "list", "-o", "id"]), "local\n");
}

#[test]
fn an_endless_filter_ends_with_its_reader() {
    let home = Home::new();
    let mut command = home.program();
    command.args(["list", "--jq", "repeat(1)"]).stdout(unread());
    lost(command, &["list"], 0, "a reader that is gone");
}

#[test]
fn who_reads_json_learns_what_was_done_though_it_is_lost() {
    let home = Home::new();
    let add = ["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*", "-o", "json"];
    let said = home.program().args(add).stdout(full()).said();
    let error = said.exits(1).fails_as_json("output_lost");
    let hint = error["error"]["hint"].as_str().unwrap();
    let id = home.json(["show", "ERP", "-o", "json"])["id"].as_str().unwrap().to_owned();
    assert!(hint.contains(&format!("it was done all the same: Added ERP ({id})")), "{hint}");
    let said = home.program().args(["api", "DELETE", &format!("/v1/webhooks/{id}"), "-i"]).stdout(full()).said();
    said.exits(1).tells(&format!("it was done all the same: DELETE /v1/webhooks/{id} answered 204"));
}

#[test]
fn messages_that_are_lost_change_nothing() {
    let (home, _receiver) = one_good_one_bad();
    for (arguments, code) in VERDICTS {
        let read = home.program().args(arguments).said();
        for how in ["2>&-", "2>/dev/full", "2</dev/null"] {
            let said = redirected(&home, how, arguments).said();
            assert_eq!((read.code, said.code), (code, code), "{arguments:?} {how}");
            assert_eq!(said.out.is_empty(), read.out.is_empty(), "{arguments:?} {how}");
        }
        let mut unheard = home.program();
        let unheard = unheard.args(arguments).stderr(unread()).stdout(Stdio::piped()).output().unwrap();
        assert_eq!(unheard.status.code(), Some(code), "{arguments:?}");
    }
}

/// Checks a non-blocking pipe, as other programs may leave it, with a slow reader.
#[test]
fn a_pipe_that_does_not_block_is_waited_for() {
    let (mut reader, writer) = pipe().unwrap();
    fcntl_setfl(&writer, fcntl_getfl(&writer).unwrap() | OFlags::NONBLOCK).unwrap();
    let home = Home::new();
    let mut child = home.program().args(["api", "GET", "/openapi.json"]).stdout(writer).spawn().unwrap();
    // The pipe is full, or the program has ended.
    until("the pipe to fill", || {
        let full = ioctl_fionread(&reader).unwrap() >= 65_536;
        (full || child.try_wait().unwrap().is_some()).then_some(())
    });
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(text.len() > 100_000 && text.ends_with("}\n"), "only {} bytes came", text.len());
}

#[test]
fn a_service_outlives_whoever_reads_what_it_says() {
    let receiver = Receiver::accepting();
    let home = Home::new();
    let mut program = home.program();
    let mut child = program
        .args(["serve", "--listen", "127.0.0.1:0", "--allow-http", "--database", "sqlite::memory:"])
        .args(["--allow-cidr", "127.0.0.0/8"])
        .envs([("TM_HOOKS_ADMIN_TOKEN", TOKEN), ("RUST_LOG", "trace")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    drop(child.stderr.take());
    let client = |arguments: &[&str]| {
        let mut client = home.program();
        client.envs([("TM_HOOKS_URL", url.trim()), ("TM_HOOKS_TOKEN", TOKEN)]).args(arguments).said().ok()
    };
    client(&["add", &receiver.url(), "--name", "Good", "--events", "*"]);
    client(&["send", "user.deleted", "--count", "20", "--wait"]);
    assert_eq!(receiver.ledger().len(), 20);
    crate::common::run::signal(child.id(), "TERM");
    assert_eq!(until("the service to end", || child.try_wait().unwrap()).code(), Some(0));
}

#[test]
fn a_service_starts_though_its_address_cannot_be_written() {
    let receiver = Receiver::accepting();
    for how in [">&-", ">/dev/full", ">&- 2>&-"] {
        let home = Home::new();
        home.ok(["add", &receiver.url(), "--name", "Good", "--events", "*"]);
        let before = receiver.ledger().len();
        home.ok(["api", "POST", "/v1/events", "-f", "type=user.deleted", "-f", "data:={}"]);
        let serving = redirected(&home, how, &["serve", "--listen", "127.0.0.1:0"]).started();
        receiver.wait("what waited to be delivered", |ledger| ledger.len() > before);
        crate::common::run::signal(serving.child.id(), "TERM");
        let said = serving.said();
        said.exits(0);
        assert_eq!(said.err.contains("the address could not be written"), !how.contains('2'), "{}", said.err);
    }
}
