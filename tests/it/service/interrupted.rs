//! Tests a command that ends before the receiver has answered: its attempt counts in the history, and no other process
//! repeats a test.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::common::{Home, receiver::Receiver};
use serde_json::json;

/// A receiver that accepts connections and never answers. It counts them; its thread ends with the test's process.
fn silent() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counting = count.clone();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for connection in listener.incoming() {
            counting.fetch_add(1, Ordering::SeqCst);
            open.push(connection);
        }
    });
    (url, count)
}

#[test]
fn what_timed_out_is_a_failed_try_and_a_test_is_not_repeated() {
    let (home, (url, requests), working) = (Home::new(), silent(), Receiver::accepting());
    home.ok(["add", &url, "--name", "Silent", "--events", "user.inserted"]);
    home.ok(["add", &working.url(), "--name", "Working", "--events", "user.deleted"]);

    assert_eq!(home.run(["test", "Silent", "--timeout", "1s"]).code, 8);
    assert_eq!(home.run(["send", "user.inserted", "--timeout", "1s"]).code, 8);
    assert_eq!(requests.load(Ordering::SeqCst), 2);

    home.ok(["send", "user.deleted"]);
    assert_eq!(requests.load(Ordering::SeqCst), 2, "something was sent again at once");
    let attempts = home.json(["attempts", "Silent", "--json=kind,number,status,error"]);
    let failed = |kind: &str| json!({"kind": kind, "number": 1, "status": "failed", "error": "interrupted"});
    assert_eq!(attempts, json!([failed("event"), failed("test")]));
}

#[test]
fn an_endless_filter_is_ended_by_an_interrupt() {
    let home = Home::new();
    let mut program = home.program();
    program.args(["list", "--jq", "\"begun\", (def forever: forever; forever)"]).stdout(Stdio::piped());
    let mut child = program.spawn().unwrap();
    let mut line = String::new();
    // The reader stays to the end, because leaving would end the filter without an interrupt.
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "begun\n");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_password_in_a_database_url_is_not_repeated() {
    let home = Home::new();
    let said = home.run(["serve", "--database", "postgres://mara:an-invented-word@127.0.0.1/hooks"]);
    assert_eq!((said.code, said.err.contains("an-invented-word")), (2, false), "{}", said.err);
}
