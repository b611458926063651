//! Runs programs and checks their output.

use std::{
    fmt,
    io::Write,
    process::{Child, Command, Output, Stdio},
    time::Instant,
};

use super::trace;

/// The output of a finished program. It is printed if an assertion fails while it exists.
#[must_use = "a run whose result nobody looks at proves nothing"]
#[derive(Debug)]
pub struct Said {
    /// The command line.
    pub command: String,
    /// Its exit code, or 128 plus the signal that ended it, as in a shell.
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The output of `command`; it is kept for the search for secrets, unless the command asked for one.
    pub fn of(command: String, output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let said = Said { command, code: code(output.status), out: text(output.stdout), err: text(output.stderr) };
        if !said.command.contains("--reveal") {
            [&said.out, &said.err].into_iter().filter(|text| !text.is_empty()).for_each(|text| trace::said(text));
        }
        said
    }

    /// Expects this exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "the exit code of {}", self.command);
        self
    }

    /// Expects exit code 0; returns standard output.
    #[track_caller]
    pub fn ok(mut self) -> String {
        self.exits(0);
        std::mem::take(&mut self.out)
    }

    /// Expects exit code 0, and standard output to be JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        self.exits(0);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in the output of {}", self.command))
    }

    /// Expects `text` on standard error.
    #[track_caller]
    pub fn tells(&self, text: &str) -> &Self {
        assert!(self.err.contains(text), "{} does not tell {text:?}", self.command);
        self
    }

    /// Expects standard error to be JSON with an error of this code, and standard output to be empty.
    #[track_caller]
    pub fn fails_as_json(&self, code: &str) -> serde_json::Value {
        let errors: Vec<serde_json::Value> =
            self.err.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        assert_eq!((self.out.as_str(), errors.len()), ("", 1), "{} has one error as JSON", self.command);
        assert_eq!(errors[0]["error"]["code"], code, "{}", self.command);
        errors[0].clone()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Said { command, code, out, err } = self;
        write!(f, "$ {command}\n(exit code {code})\n--- stdout\n{out}\n--- stderr\n{err}\n---")
    }
}

impl Drop for Said {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "{self}");
        }
    }
}

/// The exit code as in a shell.
pub fn code(status: std::process::ExitStatus) -> i32 {
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    status.code().unwrap_or_else(|| 128 + signal.unwrap_or_default())
}

/// Runs a command to its end.
pub trait Run {
    /// Runs it without input, unless it was given some.
    fn said(&mut self) -> Said;
    /// Runs it with `input` on its standard input.
    fn said_with_input(&mut self, input: &[u8]) -> Said;
    /// Starts it with captured output; [`Started::said`] waits for its end.
    fn started(&mut self) -> Started;
}

/// A running program with captured output.
pub struct Started {
    command: String,
    pub child: Child,
}

impl Started {
    /// Waits for its end.
    pub fn said(self) -> Said {
        Said::of(self.command, self.child.wait_with_output().unwrap())
    }

    /// Waits for its end. A program that does not end is killed, and fails the test. Its output must fit into a pipe.
    #[track_caller]
    pub fn said_in_time(mut self) -> Said {
        let deadline = Instant::now() + super::PATIENCE;
        while self.child.try_wait().unwrap().is_none() {
            if Instant::now() > deadline {
                let _ = self.child.kill();
                panic!("it went on: {}", self.said());
            }
            std::thread::park_timeout(super::LOOK_AGAIN);
        }
        self.said()
    }
}

impl Run for Command {
    fn said(&mut self) -> Said {
        Said::of(line(self), self.output().unwrap())
    }

    fn said_with_input(&mut self, input: &[u8]) -> Said {
        let mut started = self.stdin(Stdio::piped()).started();
        // A program that does not read its input may have ended.
        let _ = started.child.stdin.take().unwrap().write_all(input);
        started.said()
    }

    fn started(&mut self) -> Started {
        let child = self.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Started { command: line(self), child }
    }
}

/// The command as it would be typed.
fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

/// A word as it would be typed.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=./:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

/// Sends a process a signal: `TERM`, `STOP`, `CONT`.
pub fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().unwrap().success());
}
