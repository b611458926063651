//! The only place that writes: data to stdout, all else to stderr. It knows the width, the colour, whether somebody is
//! there to be asked, and what must not reach a terminal.

mod environment;
#[cfg(feature = "service")]
pub mod logs;
mod look;
mod prompt;
mod sanitise;
mod secret;
mod spinner;
mod tone;

use std::{
    borrow::Cow,
    io::{self, BufWriter, IsTerminal, Read, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use environment::Environment;
pub use look::{ColorChoice, DEFAULT_WIDTH};
pub use prompt::{Choice, PromptError};
pub use sanitise::{is_dangerous, sanitise, sanitise_lines};
pub use spinner::Spinner;
pub use tone::Tone;

/// Which of the three standard streams are terminals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Somebody may type.
    pub stdin: bool,
    /// Somebody reads the data.
    pub stdout: bool,
    /// Somebody reads the messages.
    pub stderr: bool,
}

/// What flags say about the terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manners {
    /// `--color`.
    pub color: ColorChoice,
    /// `--quiet`: no messages but warnings and errors.
    pub quiet: bool,
    /// `--no-input`: ask nothing.
    pub no_input: bool,
    /// Output is for programs: stderr then carries an error and nothing else, unless it is a terminal.
    pub machine: bool,
}

/// A write to stdout that failed.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Whoever read it has gone, as `head` does: no failure, but nothing more can be said.
    #[error("the reader closed the pipe")]
    Closed,
    /// It could not be written, because a disk is full for example.
    #[error("could not write to standard output")]
    Failed(#[source] io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => OutputError::Closed,
            _ => OutputError::Failed(error),
        }
    }
}

type Stream<T> = Mutex<Box<T>>;

/// The terminal, or what stands in for it.
pub struct Term {
    input: Stream<dyn Read + Send>,
    out: Stream<dyn Write + Send>,
    err: Stream<dyn Write + Send>,
    terminals: Terminals,
    width: usize,
    out_color: bool,
    err_color: bool,
    dumb: bool,
    may_ask: bool,
    talks: bool,
    warns: bool,
    quiet: bool,
}

impl Term {
    /// The process's own streams.
    pub fn from_process(environment: &Environment) -> Self {
        let terminals = Terminals {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
        };
        let reported = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let mut term = Term::over(
            (Box::new(io::stdin()), Box::new(BufWriter::new(io::stdout())), Box::new(io::stderr())),
            terminals,
            look::width(reported, environment),
        );
        term.configure(Manners::default(), environment);
        term
    }

    fn over(
        (input, out, err): (Box<dyn Read + Send>, Box<dyn Write + Send>, Box<dyn Write + Send>),
        terminals: Terminals,
        width: usize,
    ) -> Self {
        Term {
            input: Mutex::new(input),
            out: Mutex::new(out),
            err: Mutex::new(err),
            terminals,
            width,
            out_color: false,
            err_color: false,
            dumb: false,
            may_ask: false,
            talks: true,
            warns: true,
            quiet: false,
        }
    }

    /// A terminal that writes into memory, for tests: what was written is read from the second value.
    pub fn captured(input: &str, terminals: Terminals, width: usize) -> (Self, Captured) {
        let captured = Captured::default();
        let input = io::Cursor::new(input.as_bytes().to_vec());
        let streams: (Box<dyn Read + Send>, Box<dyn Write + Send>, Box<dyn Write + Send>) =
            (Box::new(input), Box::new(captured.out.clone()), Box::new(captured.err.clone()));
        (Term::over(streams, terminals, width), captured)
    }

    /// Takes over what flags and environment say.
    pub fn configure(&mut self, manners: Manners, environment: &Environment) {
        let Manners { color, quiet, no_input, machine } = manners;
        self.out_color = look::wants_color(color, self.terminals.stdout, environment);
        self.err_color = look::wants_color(color, self.terminals.stderr, environment);
        self.dumb = environment.get("TERM") == Some("dumb");
        let forbidden = no_input || environment.is_on("TM_HOOKS_NO_INPUT") || environment.is_on("CI");
        self.may_ask = self.terminals.stdin && self.terminals.stdout && !forbidden;
        self.warns = !machine || self.terminals.stderr;
        self.talks = self.warns && !quiet;
        self.quiet = quiet;
    }

    /// Which streams are terminals.
    pub fn terminals(&self) -> Terminals {
        self.terminals
    }

    /// How many columns stdout's terminal has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether stdout gets colour.
    pub fn has_color(&self) -> bool {
        self.out_color
    }

    /// Whether there is somebody to ask.
    pub fn may_ask(&self) -> bool {
        self.may_ask
    }

    /// `text` in a tone, for stdout.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        tone.paint(text, self.out_color)
    }

    /// Somebody else's text as stdout may show it: one clean line on a terminal, as it came elsewhere.
    pub fn shown<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.terminals.stdout { sanitise(text) } else { Cow::Borrowed(text) }
    }

    /// As [`Term::shown`], for text of several lines.
    pub fn shown_lines<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.terminals.stdout { sanitise_lines(text) } else { Cow::Borrowed(text) }
    }

    /// Writes data to stdout, as it is.
    ///
    /// # Errors
    /// When it cannot be written, or nobody reads it any more.
    pub fn write(&self, data: &str) -> Result<(), OutputError> {
        Ok(lock(&self.out).write_all(data.as_bytes())?)
    }

    /// Writes a line of data to stdout.
    ///
    /// # Errors
    /// As [`Term::write`].
    pub fn line(&self, data: &str) -> Result<(), OutputError> {
        let mut out = lock(&self.out);
        out.write_all(data.as_bytes())?;
        Ok(out.write_all(b"\n")?)
    }

    /// Hands everything written so far to whoever reads it.
    ///
    /// # Errors
    /// As [`Term::write`].
    pub fn flush(&self) -> Result<(), OutputError> {
        Ok(lock(&self.out).flush()?)
    }

    /// Says that something was done.
    pub fn success(&self, text: &str) {
        if self.talks {
            self.say(&format!("{} ", Tone::Good.paint("✓", self.err_color)), text);
        }
    }

    /// Says that something has failed which is no error of this program. Quiet does not silence it.
    pub fn failure(&self, text: &str) {
        if self.warns {
            self.say(&format!("{} ", Tone::Bad.paint("✗", self.err_color)), text);
        }
    }

    /// Says something worth knowing.
    pub fn note(&self, text: &str) {
        if self.talks {
            self.say("", text);
        }
    }

    /// Says that what went to stdout is not all there is: to programs too, which cannot see it there.
    pub fn notice(&self, text: &str) {
        if !self.quiet {
            self.say("", text);
        }
    }

    /// Says something that only a person at a terminal wants to know.
    pub fn aside(&self, text: &str) {
        if self.terminals.stdout && self.terminals.stderr {
            self.note(text);
        }
    }

    /// Says something that may surprise.
    pub fn warning(&self, text: &str) {
        if self.warns {
            self.say(&format!("{} ", Tone::Warning.paint("warning:", self.err_color)), text);
        }
    }

    /// Writes an error's first line, and further ones as they are. Only `error.rs` calls it.
    pub(crate) fn error(&self, first: &str, further: &str) {
        self.say(&format!("{} ", Tone::Bad.paint("error:", self.err_color)), first);
        if !further.is_empty() {
            self.say("", further);
        }
    }

    /// Writes a message for programs to stderr, as it is. Only `error.rs` calls it.
    pub(crate) fn machine_error(&self, text: &str) {
        self.to_stderr(&format!("{text}\n"));
    }

    /// Makes a hidden cursor visible again, as a prompt leaves it when it is interrupted, and ends its line.
    pub fn restore_cursor(&self) {
        if self.terminals.stderr && !self.dumb {
            self.to_stderr("\u{1b}[?25h\n");
        }
    }

    fn say(&self, mark: &str, text: &str) {
        let text = if self.terminals.stderr { sanitise_lines(text) } else { Cow::Borrowed(text) };
        self.to_stderr(&format!("{mark}{text}\n"));
    }

    /// A message that cannot be written is lost: there is nobody left to tell.
    fn to_stderr(&self, text: &str) {
        let mut err = lock(&self.err);
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// All of stdin, up to `limit` bytes and one more, by which a caller sees that there is more.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_input(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        lock(&self.input).as_mut().take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Shows that something is going on until the value is dropped; on a terminal only.
    pub fn spinner(&self, text: &str) -> Spinner {
        Spinner::start(self.talks && self.terminals.stderr && !self.dumb, &sanitise(text))
    }
}

fn lock<T: ?Sized>(stream: &Mutex<Box<T>>) -> MutexGuard<'_, Box<T>> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a [`Term::captured`] wrote.
#[derive(Debug, Clone, Default)]
pub struct Captured {
    out: Buffer,
    err: Buffer,
}

impl Captured {
    /// What went to stdout so far.
    pub fn out(&self) -> String {
        self.out.text()
    }

    /// What went to stderr so far.
    pub fn err(&self) -> String {
        self.err.text()
    }
}

#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Terminals = Terminals { stdin: true, stdout: true, stderr: true };

    fn configured(terminals: Terminals, manners: Manners, variables: &[(&str, &str)]) -> (Term, Captured) {
        let (mut term, captured) = Term::captured("", terminals, 80);
        term.configure(manners, &variables.iter().copied().collect());
        (term, captured)
    }

    #[test]
    fn asks_only_when_somebody_is_there() {
        let may = |terminals, manners, variables: &[_]| configured(terminals, manners, variables).0.may_ask();
        assert!(may(ALL, Manners::default(), &[]));
        assert!(!may(Terminals { stdin: false, ..ALL }, Manners::default(), &[]));
        assert!(!may(Terminals { stdout: false, ..ALL }, Manners::default(), &[]));
        assert!(!may(ALL, Manners { no_input: true, ..Manners::default() }, &[]));
        assert!(!may(ALL, Manners::default(), &[("CI", "true")]));
        assert!(!may(ALL, Manners::default(), &[("TM_HOOKS_NO_INPUT", "1")]));
    }

    #[test]
    fn quiet_keeps_warnings_and_machines_get_silence() {
        let (quiet, captured) = configured(ALL, Manners { quiet: true, ..Manners::default() }, &[("NO_COLOR", "1")]);
        quiet.success("done");
        quiet.warning("odd");
        assert_eq!(captured.err(), "warning: odd\n");
        let (machine, captured) =
            configured(Terminals::default(), Manners { machine: true, ..Manners::default() }, &[]);
        machine.success("done");
        machine.warning("odd");
        assert_eq!(captured.err(), "");
    }

    #[test]
    fn messages_are_cleaned_for_terminals_only() {
        let text = "Added \u{1b}[31mred\n  next";
        let (terminal, captured) = configured(ALL, Manners::default(), &[("NO_COLOR", "1")]);
        terminal.success(text);
        assert_eq!(captured.err(), "✓ Added red\n  next\n");
        let (pipe, captured) = configured(Terminals::default(), Manners::default(), &[]);
        pipe.success(text);
        assert_eq!(captured.err(), format!("✓ {text}\n"));
    }

    #[test]
    fn a_closed_pipe_is_told_from_a_failure() {
        let closed = OutputError::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(matches!(closed, OutputError::Closed));
        assert!(matches!(OutputError::from(io::Error::other("disk full")), OutputError::Failed(_)));
    }
}
