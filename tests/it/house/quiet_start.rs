//! Tests that a start opens only what the verb needs: `--version` and `--help` open no user files, no certificates and
//! no socket; a plain HTTP service needs no certificates either.

use std::process::{Command, Stdio};

use tempfile::TempDir as Home;

use crate::common::skip;

/// The program's system calls for files and sockets. None without strace or without permission to trace.
fn traced(home: &Home, arguments: &[&str], variables: &[(&str, &str)]) -> Option<String> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = Command::new("strace");
    command.args(["-f", "-e", "trace=%file,%network", "-o"]).arg(log.path()).arg(env!("CARGO_BIN_EXE_tm-hooks"));
    command.args(arguments).env_clear().env("HOME", home.path()).current_dir("/").stdin(Stdio::null());
    command.env("PATH", std::env::var("PATH").unwrap());
    command.envs(variables.iter().copied());
    if skip::without(&["strace"], "what the program opens is not looked at") {
        return None;
    }
    let ran = command.output().ok().filter(|output| output.status.success() || output.stdout.is_empty());
    let trace = std::fs::read_to_string(log.path()).unwrap();
    let traced = ran.filter(|_| trace.contains("execve("));
    if traced.is_none() {
        skip::forbidden("strace may not trace here, so what the program opens is not looked at");
    }
    traced.map(|_| trace)
}

fn opens_certificates(trace: &str) -> Option<&str> {
    trace.lines().skip(1).find(|line| ["/ssl", "cert", "/pki"].iter().any(|part| line.contains(part)))
}

#[test]
fn version_and_help_open_nothing_of_the_users() {
    let home = Home::new().unwrap();
    let (config, data) = (home.path().join("config"), home.path().join("data"));
    let variables = [
        ("XDG_CONFIG_HOME", config.to_str().unwrap()),
        ("XDG_DATA_HOME", data.to_str().unwrap()),
        ("TM_HOOKS_URL", "https://hooks.example.com"),
        ("TM_HOOKS_TOKEN_FILE", data.to_str().unwrap()),
    ];
    for arguments in [&["--version"][..], &["--help"], &["list", "--help"], &["help"], &["help", "list"]] {
        let Some(trace) = traced(&home, arguments, &variables) else { return };
        let own = home.path().to_str().unwrap();
        // Some commands of `help` read their settings like every command; the two flags read nothing.
        if arguments[0].starts_with("--") || arguments.last() == Some(&"--help") {
            assert!(!trace.lines().skip(1).any(|line| line.contains(own)), "{arguments:?}\n{trace}");
        }
        assert_eq!(opens_certificates(&trace), None, "{arguments:?}");
        assert!(!trace.contains("socket(") && !trace.contains("connect("), "{arguments:?}\n{trace}");
    }
}

#[test]
fn plain_http_reads_no_certificates() {
    let home = Home::new().unwrap();
    // Nothing listens there, but the program would read what it needs before it connects.
    let variables = [("TM_HOOKS_URL", "http://127.0.0.1:9"), ("TM_HOOKS_TOKEN", "invented")];
    let Some(trace) = traced(&home, &["list", "--retries", "0"], &variables) else { return };
    assert!(trace.contains("connect("), "{trace}");
    assert_eq!(opens_certificates(&trace), None);
}
