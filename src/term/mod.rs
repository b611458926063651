//! The only place that writes: data to stdout, all else to stderr. It knows the width, the colour, whether somebody is
//! there to be asked, and what must not reach a terminal; and it leaves the terminal as it was found, however the program
//! ends.

mod cut;
mod descriptor;
#[cfg_attr(not(unix), path = "elsewhere/desk.rs")]
mod desk;
mod environment;
#[cfg(unix)]
mod held;
mod inherited;
#[cfg(feature = "service")]
pub mod logs;
mod look;
mod out;
mod plain;
mod prompt;
mod sanitise;
#[cfg_attr(not(unix), path = "elsewhere/signals.rs")]
pub mod signals;
mod signs;
mod spinner;
mod tone;
mod unsaid;
mod wrap;

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Read, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use cut::cut;
pub use environment::Environment;
pub use look::{ColorChoice, DEFAULT_WIDTH};
pub use out::OutputError;
pub use prompt::{Choice, Field, Form, PromptError, Text};
pub use sanitise::{is_dangerous, sanitise, sanitise_lines};
pub use signs::{Sign, SignChoice, Signs};
pub use spinner::Spinner;
pub use tone::{Tone, for_help};
pub use wrap::{hang, wrap};

use descriptor::Descriptor;
use out::{Out, Sink};
use unsaid::Unsaid;

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
    /// The setting `signs`.
    pub signs: SignChoice,
    /// `--quiet`: no messages but warnings and errors.
    pub quiet: bool,
    /// `--no-input`: ask nothing.
    pub no_input: bool,
    /// `--verbose`: failures in the words of the libraries that they come from.
    pub verbose: bool,
    /// Output is for programs: stderr then carries an error and nothing else, unless it is a terminal.
    pub machine: bool,
}

type Stream<T> = Mutex<Box<T>>;

/// The terminal, or what stands in for it.
pub struct Term {
    input: Stream<dyn Read + Send>,
    out: Stream<Out>,
    err: Stream<dyn Write + Send>,
    /// What was done and could not be said, as nobody wanted to hear of it.
    unsaid: Mutex<Box<Unsaid>>,
    terminals: Terminals,
    width: usize,
    out_color: bool,
    err_color: bool,
    signs: Signs,
    dumb: bool,
    may_ask: bool,
    talks: bool,
    warns: bool,
    quiet: bool,
    verbose: bool,
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
            (Box::new(io::stdin()), Out::new(Descriptor::Stdout), Box::new(Descriptor::Stderr)),
            terminals,
            look::width(reported, environment),
        );
        term.configure(Manners::default(), environment);
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

    /// A terminal that writes into memory, for tests: what was written is read from the second value.
    pub fn captured(input: &str, terminals: Terminals, width: usize) -> (Self, Captured) {
        let captured = Captured::default();
        let input = io::Cursor::new(input.as_bytes().to_vec());
        let (out, err) = (Out::new(captured.out.clone()), Box::new(captured.err.clone()));
        (Term::over((Box::new(input), out, err), terminals, width), captured)
    }

    /// Takes over what flags and environment say.
    pub fn configure(&mut self, manners: Manners, environment: &Environment) {
        let Manners { color, signs, quiet, no_input, verbose, machine } = manners;
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

    /// The signs that the terminal can show.
    pub fn signs(&self) -> Signs {
        self.signs
    }

    /// Whether there is somebody to ask.
    pub fn may_ask(&self) -> bool {
        self.may_ask
    }

    /// `text` in a tone, for stdout.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        tone.paint(text, self.out_color)
    }

    /// Prose as stdout may show it: broken between words where a terminal would break it anywhere, as it is elsewhere.
    pub fn wrapped<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.terminals.stdout { Cow::Owned(wrap(text, self.width)) } else { Cow::Borrowed(text) }
    }

    /// Somebody else's text as stdout may show it: one clean line on a terminal, as it came elsewhere.
    pub fn shown<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.terminals.stdout { sanitise(text) } else { Cow::Borrowed(text) }
    }

    /// As [`Term::shown`], for text of several lines.
    pub fn shown_lines<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.terminals.stdout { sanitise_lines(text) } else { Cow::Borrowed(text) }
    }

    /// Writes data to stdout, as it is. It never fails: output that cannot be written ends, and the work goes on. What
    /// was lost is told by [`Term::loss`].
    pub fn write(&self, data: &str) {
        locked(&self.out).write(data.as_bytes());
    }

    /// Writes a line of data to stdout, as [`Term::write`] does.
    pub fn line(&self, data: &str) {
        let mut out = locked(&self.out);
        out.write(data.as_bytes());
        out.write(b"\n");
    }

    /// Hands everything written so far to whoever reads it.
    pub fn flush(&self) {
        locked(&self.out).flush();
    }

    /// Whether anybody may read what is still to come: asked by what goes on for its reader's sake alone.
    pub fn is_read(&self) -> bool {
        locked(&self.out).is_read()
    }

    /// Whether what is written now would arrive, as far as can be told: asked before something is made that is shown
    /// once.
    ///
    /// # Errors
    /// When stdout is closed, full or not open for writing, or its reader has gone.
    pub fn check_output(&self) -> Result<(), OutputError> {
        locked(&self.out).check()
    }

    /// Hands everything written so far to whoever reads it, and tells why something did not arrive; once.
    ///
    /// # Errors
    /// When something that was written is lost.
    pub fn loss(&self) -> Result<(), OutputError> {
        locked(&self.out).take_loss()
    }

    /// Keeps what was done for the case that the output which says so is lost: [`Term::unsaid`].
    pub fn done(&self, text: &str) {
        locked(&self.unsaid).add(text);
    }

    /// What was done and not said, in words; told once.
    pub fn unsaid(&self) -> Option<String> {
        std::mem::take(&mut **locked(&self.unsaid)).in_words()
    }

    /// Says that something was done.
    pub fn success(&self, text: &str) {
        if self.talks {
            self.say_with_sign(Sign::Done, text);
        } else {
            self.done(text);
        }
    }

    /// Says that something has failed which is no error of this program. Quiet does not silence it.
    pub fn failure(&self, text: &str) {
        if self.warns {
            self.say_with_sign(Sign::Failed, text);
        }
    }

    /// Says something that is neither done nor failed, and worth a look.
    pub fn look(&self, text: &str) {
        if self.talks {
            self.say_with_sign(Sign::Look, text);
        }
    }

    /// Says something worth knowing.
    pub fn note(&self, text: &str) {
        if self.talks {
            self.say("", Tone::Plain, text);
        }
    }

    /// Says that what went to stdout is not all there is: to programs too, which cannot see it there.
    pub fn notice(&self, text: &str) {
        if !self.quiet {
            self.say("", Tone::Plain, text);
        }
    }

    /// Says something that only a person at a terminal wants to know.
    pub fn aside(&self, text: &str) {
        if self.says_asides() {
            self.note(text);
        }
    }

    /// Whether a person at a terminal is told what nobody else wants to know.
    pub fn says_asides(&self) -> bool {
        self.talks && self.terminals.stdout && self.terminals.stderr
    }

    /// Says what only a person at a terminal may want to know, and most do not: in a faint line.
    pub fn small_print(&self, text: &str) {
        if self.talks && self.terminals.stdout && self.terminals.stderr {
            let line = wrap(&sanitise_lines(text), self.width);
            self.to_stderr(&format!("{}\n", Tone::Receding.paint(&line, self.err_color)));
        }
    }

    /// Says something that may surprise.
    pub fn warning(&self, text: &str) {
        if self.warns {
            self.say("warning:", Tone::Subject, &self.in_plain_words(text));
        }
    }

    /// Says something that nobody may miss, because the data does not tell it: as [`Term::warning`], and where output is
    /// for programs as one JSON object, `{"warning": {"code", "message"}}`.
    pub fn alert(&self, code: &str, text: &str) {
        if self.warns {
            self.warning(text);
        } else {
            self.to_stderr(&format!("{}\n", serde_json::json!({ "warning": { "code": code, "message": text } })));
        }
    }

    /// Writes an error's first line, and further ones as they are. Only `error.rs` calls it.
    pub(crate) fn error(&self, first: &str, further: &str) {
        self.say("error:", Tone::Trouble, &self.in_plain_words(first));
        if !further.is_empty() {
            self.say("", Tone::Plain, further);
        }
    }

    /// Writes a message for programs to stderr, as it is. Only `error.rs` calls it.
    pub(crate) fn machine_error(&self, text: &str) {
        self.to_stderr(&format!("{text}\n"));
    }

    /// Ends the line on which a terminal has shown `^C`.
    pub fn end_line(&self) {
        if self.terminals.stderr {
            self.to_stderr("\n");
        }
    }

    fn say_with_sign(&self, sign: Sign, text: &str) {
        // A pipe gets the same bytes in every locale.
        let signs = if self.terminals.stderr { self.signs } else { Signs::Utf8 };
        self.say(signs.of_sign(sign), sign.tone(), text);
    }

    /// Writes a message behind its mark. A mark is found first: it has a sign's colour.
    fn say(&self, mark: &str, tone: Tone, text: &str) {
        let begin = if mark.is_empty() { String::new() } else { format!("{mark} ") };
        let text = match self.terminals.stderr {
            true => self.signs.in_letters(wrap(&format!("{begin}{}", sanitise_lines(text)), self.width)),
            false => begin + text,
        };
        let mark_painted = tone.paint_sign(mark, self.err_color);
        self.to_stderr(&format!("{mark_painted}{}\n", &text[mark.len()..]));
    }

    /// A message that cannot be written is lost: there is nobody left to tell.
    fn to_stderr(&self, text: &str) {
        let mut err = locked(&self.err);
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// All of stdin, up to `limit` bytes and one more, by which a caller sees that there is more.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_input(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        signals::while_reading(|| locked(&self.input).as_mut().take(limit + 1).read_to_end(&mut bytes))?;
        Ok(bytes)
    }

    /// Shows that something is going on until the value is dropped; on a terminal only.
    pub fn spinner(&self, text: &str) -> Spinner {
        Spinner::start(self.talks && self.terminals.stderr && !self.dumb, &sanitise(text))
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
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

impl Sink for Buffer {}

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
        machine.alert("odd", "very \"odd\"");
        assert_eq!(captured.err(), "{\"warning\":{\"code\":\"odd\",\"message\":\"very \\\"odd\\\"\"}}\n");
    }

    #[test]
    fn messages_are_cleaned_for_terminals_only() {
        let text = "Added \u{1b}[31mred\n  next";
        for (locale, sign) in [("C.UTF-8", "✓"), ("C", "+")] {
            let (terminal, captured) = configured(ALL, Manners::default(), &[("NO_COLOR", "1"), ("LC_ALL", locale)]);
            terminal.success(text);
            assert_eq!(captured.err(), format!("{sign} Added red\n  next\n"));
        }
        let (pipe, captured) = configured(Terminals::default(), Manners::default(), &[]);
        pipe.success(text);
        assert_eq!(captured.err(), format!("✓ {text}\n"));
    }

    #[test]
    fn messages_are_wrapped_and_their_marks_painted_on_terminals_only() {
        let manners = Manners { color: ColorChoice::Always, ..Manners::default() };
        let text = "a sentence that is somewhat longer than the eighty columns that this terminal has";
        let (terminal, captured) = configured(ALL, manners, &[]);
        terminal.error(text, "");
        let first = "a sentence that is somewhat longer than the eighty columns that this";
        assert_eq!(captured.err(), format!("\u{1b}[1;31merror:\u{1b}[0m {first}\n       terminal has\n"));
        let (pipe, captured) = configured(Terminals::default(), Manners::default(), &[]);
        pipe.error(text, "");
        assert_eq!(captured.err(), format!("error: {text}\n"));
    }
}
