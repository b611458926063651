//! The messages to people and programs on stderr.

use std::io::Write;

use super::{
    sanitise::sanitise_lines,
    signs::{Sign, Signs},
    terminal::{Term, locked},
    tone::Tone,
    wrap::wrap,
};

impl Term {
    /// Reports a success.
    pub fn success(&self, text: &str) {
        if self.talks {
            self.say_with_sign(Sign::Done, text);
        } else {
            self.done(text);
        }
    }

    /// Reports a failure that is not an error of this program. `--quiet` does not silence it.
    pub fn failure(&self, text: &str) {
        if self.warns {
            self.say_with_sign(Sign::Failed, text);
        }
    }

    /// Reports something that is neither a success nor a failure but needs attention.
    pub fn look(&self, text: &str) {
        if self.talks {
            self.say_with_sign(Sign::Look, text);
        }
    }

    /// Prints a note.
    pub fn note(&self, text: &str) {
        if self.talks {
            self.say("", Tone::Plain, text);
        }
    }

    /// Prints, also to programs, that stdout does not hold everything, as they cannot see it there.
    pub fn notice(&self, text: &str) {
        if !self.quiet {
            self.say("", Tone::Plain, text);
        }
    }

    /// Prints a note for a person at a terminal only.
    pub fn terminal_note(&self, text: &str) {
        if self.shows_terminal_notes() {
            self.note(text);
        }
    }

    /// Whether notes for a person at a terminal are printed.
    pub fn shows_terminal_notes(&self) -> bool {
        self.talks && self.terminals.stdout && self.terminals.stderr
    }

    /// Prints a faint note for a person at a terminal, which most people do not need.
    pub fn small_print(&self, text: &str) {
        if self.talks && self.terminals.stdout && self.terminals.stderr {
            let line = wrap(&sanitise_lines(text), self.width);
            self.to_stderr(&format!("{}\n", Tone::Receding.paint(&line, self.err_color)));
        }
    }

    /// Prints a warning.
    pub fn warning(&self, text: &str) {
        if self.warns {
            self.say("warning:", Tone::Subject, &self.in_plain_words(text));
        }
    }

    /// Prints a warning that nobody may miss, because the data does not show it: like [`Term::warning`], and for
    /// programs as one JSON object, `{"warning": {"code", "message"}}`.
    pub fn alert(&self, code: &str, text: &str) {
        if self.warns {
            self.warning(text);
        } else {
            self.to_stderr(&format!("{}\n", serde_json::json!({ "warning": { "code": code, "message": text } })));
        }
    }

    /// Writes an error's first line, and further ones unchanged. Only `error.rs` calls it.
    pub(crate) fn error(&self, first: &str, further: &str) {
        self.say("error:", Tone::Trouble, &self.in_plain_words(first));
        if !further.is_empty() {
            self.say("", Tone::Plain, further);
        }
    }

    /// Writes a message for programs to stderr, unchanged. Only `error.rs` calls it.
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

    /// Writes a message after its mark, which has a sign's colour.
    fn say(&self, mark: &str, tone: Tone, text: &str) {
        let begin = if mark.is_empty() { String::new() } else { format!("{mark} ") };
        let text = match self.terminals.stderr {
            true => self.signs.in_letters(wrap(&format!("{begin}{}", sanitise_lines(text)), self.width)),
            false => begin + text,
        };
        let mark_painted = tone.paint_sign(mark, self.err_color);
        self.to_stderr(&format!("{mark_painted}{}\n", &text[mark.len()..]));
    }

    /// Writes to stderr. A message that cannot be written is lost, as nobody else can be told.
    fn to_stderr(&self, text: &str) {
        let mut err = locked(&self.err);
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Captured, ColorChoice, OutputFlags, Terminals};

    const ALL: Terminals = Terminals { stdin: true, stdout: true, stderr: true };

    fn configured(terminals: Terminals, flags: OutputFlags, variables: &[(&str, &str)]) -> (Term, Captured) {
        let (mut term, captured) = Term::captured("", terminals, 80);
        term.configure(flags, &variables.iter().copied().collect());
        (term, captured)
    }

    #[test]
    fn quiet_keeps_warnings_and_machines_get_silence() {
        let (quiet, captured) =
            configured(ALL, OutputFlags { quiet: true, ..OutputFlags::default() }, &[("NO_COLOR", "1")]);
        quiet.success("done");
        quiet.warning("odd");
        assert_eq!(captured.err(), "warning: odd\n");
        let (machine, captured) =
            configured(Terminals::default(), OutputFlags { machine: true, ..OutputFlags::default() }, &[]);
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
            let (terminal, captured) =
                configured(ALL, OutputFlags::default(), &[("NO_COLOR", "1"), ("LC_ALL", locale)]);
            terminal.success(text);
            assert_eq!(captured.err(), format!("{sign} Added red\n  next\n"));
        }
        let (pipe, captured) = configured(Terminals::default(), OutputFlags::default(), &[]);
        pipe.success(text);
        assert_eq!(captured.err(), format!("✓ {text}\n"));
    }

    #[test]
    fn messages_are_wrapped_and_their_marks_painted_on_terminals_only() {
        let flags = OutputFlags { color: ColorChoice::Always, ..OutputFlags::default() };
        let text = "a sentence that is somewhat longer than the eighty columns that this terminal has";
        let (terminal, captured) = configured(ALL, flags, &[]);
        terminal.error(text, "");
        let first = "a sentence that is somewhat longer than the eighty columns that this";
        assert_eq!(captured.err(), format!("\u{1b}[1;31merror:\u{1b}[0m {first}\n       terminal has\n"));
        let (pipe, captured) = configured(Terminals::default(), OutputFlags::default(), &[]);
        pipe.error(text, "");
        assert_eq!(captured.err(), format!("error: {text}\n"));
    }
}
