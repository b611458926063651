//! What the end-to-end tests share: the real binary in a home of its own, a real service, a real receiver.

#![allow(dead_code, clippy::unwrap_used)]

pub mod api;
pub mod receiver;
pub mod service;
pub mod terminal;
pub mod trace;
pub mod wire;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// How long a condition is waited for before a test fails: long enough for a busy machine.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// How long before a condition is looked at again, where nothing tells of a change.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(5);

/// A home folder of its own: nothing of the machine's user reaches the program, and nothing is left behind.
pub struct Home {
    folder: TempDir,
}

/// What a finished command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Self {
        Home { folder: TempDir::new().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The core files in this folder, in which programs crash unless the system puts those elsewhere.
    pub fn cores(&self) -> Vec<PathBuf> {
        let paths = std::fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().path());
        let is_core = |path: &Path| {
            let name = path.file_name().unwrap().to_string_lossy();
            path.is_file() && (name.starts_with("core") || name.ends_with(".core"))
        };
        paths.filter(|path| is_core(path)).collect()
    }

    /// The file of the profile `local`.
    pub fn database(&self) -> PathBuf {
        self.path().join(".local/share/tm-hooks/hooks.db")
    }

    /// The program, with nothing of the outside but this home.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tm-hooks"));
        command
            .env_clear()
            .env("HOME", self.path())
            .env("COLUMNS", "100")
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program without a terminal and without input.
    pub fn run<const N: usize>(&self, arguments: [&str; N]) -> Said {
        said_by(arguments.iter().copied(), self.program().args(arguments).output().unwrap())
    }

    /// Runs the program and expects exit code 0; gives its standard output.
    pub fn ok<const N: usize>(&self, arguments: [&str; N]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}\n{}{}", said.out, said.err);
        said.out
    }

    /// Runs the program and parses its standard output as JSON.
    pub fn json<const N: usize>(&self, arguments: [&str; N]) -> serde_json::Value {
        let out = self.ok(arguments);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{out}"))
    }

    /// Runs the program with `input` on its standard input.
    pub fn run_with_input<const N: usize>(&self, arguments: [&str; N], input: &str) -> Said {
        let mut child = self
            .program()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read its input may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        said_by(arguments.iter().copied(), child.wait_with_output().unwrap())
    }
}

impl Drop for Home {
    /// Whatever a test is about: no program of ours leaves a core, and nobody could see it afterwards.
    fn drop(&mut self) {
        let cores = self.cores();
        assert!(std::thread::panicking() || cores.is_empty(), "a program left {cores:?}");
    }
}

/// What a command with these arguments said; kept to be searched for secrets, unless they ask for one.
fn said_by<'a>(arguments: impl Iterator<Item = &'a str>, output: Output) -> Said {
    let said = said(output);
    trace::said_by(arguments, [&said.out, &said.err]);
    said
}

pub fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Waits until `condition` gives something, by looking again and again; fails the test when it never does.
pub fn until<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(std::time::Instant::now() < deadline, "waited in vain for {what}");
        std::thread::park_timeout(LOOK_AGAIN);
    }
}
