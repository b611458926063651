//! The terminal, or its replacement: its streams and their properties.

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Read, Write},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    captured::Captured,
    descriptor::Descriptor,
    environment::Environment,
    flags::{OutputFlags, Terminals},
    look,
    out::{Out, OutputError},
    sanitise::{sanitise, sanitise_lines},
    signals,
    signs::Signs,
    spinner::Spinner,
    tone::Tone,
    unsaid::Unsaid,
    wrap::wrap,
};

type Stream<T> = Mutex<Box<T>>;

/// The terminal, or its replacement: its streams and their properties.
pub struct Term {
    input: Stream<dyn Read + Send>,
    out: Stream<Out>,
    pub(super) err: Stream<dyn Write + Send>,
    /// Completed work that was not reported, as messages were silenced.
    unsaid: Mutex<Box<Unsaid>>,
    pub(super) terminals: Terminals,
    pub(super) width: usize,
    out_color: bool,
    pub(super) err_color: bool,
    pub(super) signs: Signs,
    pub(super) dumb: bool,
    pub(super) may_ask: bool,
    pub(super) talks: bool,
    pub(super) warns: bool,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
}

impl Term {
    /// Opens the process's own streams.
    pub fn from_process(environment: &Environment) -> Self {
        let terminals = Terminals {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
        };
        let reported = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let mut term = Term::over(
            (Box::new(io::stdin()), Out::new(Descriptor::Stdout), Box::new(Descriptor::Stderr)),
            terminals,
            look::width(reported, environment),
        );
        term.configure(OutputFlags::default(), environment);
        term
    }

    fn over(
        (input, out, err): (Box<dyn Read + Send>, Out, Box<dyn Write + Send>),
        terminals: Terminals,
        width: usize,
    ) -> Self {
        Term {
            input: Mutex::new(input),
            out: Mutex::new(Box::new(out)),
            err: Mutex::new(err),
            unsaid: Mutex::default(),
            terminals,
            width,
            out_color: false,
            err_color: false,
            signs: Signs::default(),
            dumb: false,
            may_ask: false,
            talks: true,
            warns: true,
            quiet: false,
            verbose: false,
        }
    }

    /// Makes a terminal in memory for tests; the second value reads what was written.
    pub fn captured(input: &str, terminals: Terminals, width: usize) -> (Self, Captured) {
        let captured = Captured::default();
        let input = io::Cursor::new(input.as_bytes().to_vec());
        let (out, err) = (Out::new(captured.out.clone()), Box::new(captured.err.clone()));
        (Term::over((Box::new(input), out, err), terminals, width), captured)
    }

    /// Applies flags and environment.
    pub fn configure(&mut self, flags: OutputFlags, environment: &Environment) {
        let OutputFlags { color, signs, quiet, no_input, verbose, machine } = flags;
        self.out_color = look::wants_color(color, self.terminals.stdout, environment);
        self.err_color = look::wants_color(color, self.terminals.stderr, environment);
        self.signs = Signs::of(signs, environment);
        self.dumb = look::is_dumb(environment);
        let forbidden = no_input || environment.is_on("TM_HOOKS_NO_INPUT") || environment.is_on("CI");
        self.may_ask = self.terminals.stdin && self.terminals.stdout && !forbidden;
        self.warns = !machine || self.terminals.stderr;
        self.talks = self.warns && !quiet;
        self.quiet = quiet;
        self.verbose = verbose;
    }

    /// Returns which streams are terminals.
    pub fn terminals(&self) -> Terminals {
        self.terminals
    }

    /// Returns the columns of stdout's terminal.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether stdout gets colour.
    pub fn has_color(&self) -> bool {
        self.out_color
    }

    /// Returns the signs that the terminal can show.
    pub fn signs(&self) -> Signs {
        self.signs
    }

    /// Whether a person can be asked.
    pub fn may_ask(&self) -> bool {
        self.may_ask
    }

    /// Colours `text` for stdout.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        tone.paint(text, self.out_color)
    }

    /// Wraps prose for a terminal on stdout; elsewhere it stays unchanged.
    pub fn wrapped<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.terminals.stdout { Cow::Owned(wrap(text, self.width)) } else { Cow::Borrowed(text) }
    }

    /// Sanitises foreign text to one line for a terminal on stdout; elsewhere it stays unchanged.
    pub fn shown<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.terminals.stdout { sanitise(text) } else { Cow::Borrowed(text) }
    }

    /// Like [`Term::shown`], for text of several lines.
    pub fn shown_lines<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.terminals.stdout { sanitise_lines(text) } else { Cow::Borrowed(text) }
    }

    /// Writes data to stdout unchanged. It never fails: after a write error, output is discarded and the work
    /// continues. [`Term::loss`] returns the error.
    pub fn write(&self, data: &str) {
        locked(&self.out).write(data.as_bytes());
    }

    /// Writes a line of data to stdout like [`Term::write`].
    pub fn line(&self, data: &str) {
        let mut out = locked(&self.out);
        out.write(data.as_bytes());
        out.write(b"\n");
    }

    /// Flushes stdout.
    pub fn flush(&self) {
        locked(&self.out).flush();
    }

    /// Whether anybody may read further output, for work that only serves its reader.
    pub fn is_read(&self) -> bool {
        locked(&self.out).is_read()
    }

    /// Checks whether a write would succeed now, as far as can be known: before something is created that is shown only
    /// once.
    ///
    /// # Errors
    /// Fails if stdout is closed, full or not open for writing, or its reader is gone.
    pub fn check_output(&self) -> Result<(), OutputError> {
        locked(&self.out).check()
    }

    /// Flushes stdout and returns, only once, why output was lost.
    ///
    /// # Errors
    /// Fails if output was lost.
    pub fn loss(&self) -> Result<(), OutputError> {
        locked(&self.out).take_loss()
    }

    /// Records completed work in case the output that reports it is lost: see [`Term::unsaid`].
    pub fn done(&self, text: &str) {
        locked(&self.unsaid).add(text);
    }

    /// Returns, only once, the completed work that was not reported.
    pub fn unsaid(&self) -> Option<String> {
        std::mem::take(&mut **locked(&self.unsaid)).in_words()
    }

    /// Reads stdin up to `limit` bytes and one more, which shows the caller that there is more.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn read_input(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        signals::while_reading(|| locked(&self.input).as_mut().take(limit + 1).read_to_end(&mut bytes))?;
        Ok(bytes)
    }

    /// Reads from stdin, which nobody else can read meanwhile.
    pub fn with_input<T>(&self, read: impl FnOnce(&mut dyn Read) -> T) -> T {
        read(locked(&self.input).as_mut())
    }

    /// Shows a spinner on a terminal until the value is dropped.
    pub fn spinner(&self, text: &str) -> Spinner {
        Spinner::start(self.talks && self.terminals.stderr && !self.dumb, &sanitise(text))
    }
}

/// Locks a mutex, even if a thread has panicked while it held it.
pub(super) fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Terminals = Terminals { stdin: true, stdout: true, stderr: true };

    #[test]
    fn asks_only_when_somebody_is_there() {
        let may = |terminals, flags, variables: &[(&str, &str)]| {
            let (mut term, _) = Term::captured("", terminals, 80);
            term.configure(flags, &variables.iter().copied().collect());
            term.may_ask()
        };
        assert!(may(ALL, OutputFlags::default(), &[]));
        assert!(!may(Terminals { stdin: false, ..ALL }, OutputFlags::default(), &[]));
        assert!(!may(Terminals { stdout: false, ..ALL }, OutputFlags::default(), &[]));
        assert!(!may(ALL, OutputFlags { no_input: true, ..OutputFlags::default() }, &[]));
        assert!(!may(ALL, OutputFlags::default(), &[("CI", "true")]));
        assert!(!may(ALL, OutputFlags::default(), &[("TM_HOOKS_NO_INPUT", "1")]));
    }
}
