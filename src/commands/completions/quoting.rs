//! Parses words of a shell while they are typed, and writes words so that the shell reads them back.

/// The open quote at the end of a part of a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// No quote is open.
    None,
    /// `'`
    Single,
    /// `"`
    Double,
    /// `$'`
    Ansi,
}

/// A word of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The typed text.
    pub raw: String,
    /// The meaning, as far as it is known without the shell: variables stay unchanged.
    pub text: String,
    /// The open quote at its end.
    pub open: Quote,
}

impl Word {
    fn new() -> Self {
        Word { raw: String::new(), text: String::new(), open: Quote::None }
    }

    /// Parses `raw` as one word, which may hold spaces.
    pub(super) fn read(raw: &str) -> Self {
        let mut word = Word::new();
        let mut rest = raw.chars().peekable();
        while rest.peek().is_some() {
            word.take(&mut rest);
        }
        word
    }

    /// Parses the next character, and what belongs to it. A backslash at the end has no meaning yet.
    fn take(&mut self, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
        let Some(character) = rest.next() else { return };
        self.raw.push(character);
        match (self.open, character) {
            (Quote::None, '\'') => self.open = Quote::Single,
            (Quote::None, '"') => self.open = Quote::Double,
            (Quote::None, '$') if rest.peek() == Some(&'\'') => {
                self.raw.extend(rest.next());
                self.open = Quote::Ansi;
            }
            (Quote::Single | Quote::Ansi, '\'') | (Quote::Double, '"') => self.open = Quote::None,
            (Quote::None | Quote::Ansi, '\\') => {
                let meant = rest.next();
                self.raw.extend(meant);
                self.text.extend(meant);
            }
            (Quote::Double, '\\') => {
                let meant = rest.next_if(|next| "$`\"\\".contains(*next));
                self.raw.extend(meant);
                self.text.push(meant.unwrap_or('\\'));
            }
            _ => self.text.push(character),
        }
    }
}

/// Splits a line into words as Bash does. The last one is being typed: it is empty after a space.
pub(super) fn words(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::new();
    let mut rest = line.chars().peekable();
    while let Some(next) = rest.peek() {
        if word.open == Quote::None && matches!(next, ' ' | '\t' | '\n') {
            rest.next();
            if !word.raw.is_empty() {
                words.push(std::mem::replace(&mut word, Word::new()));
            }
        } else {
            word.take(&mut rest);
        }
    }
    words.push(word);
    words
}

/// Quotes `text` for Bash, within the open quote.
pub(super) fn for_bash(text: &str, open: Quote) -> String {
    let mut written = String::with_capacity(text.len());
    for (at, character) in text.chars().enumerate() {
        match open {
            Quote::None if is_special(character) || (at == 0 && matches!(character, '~' | '#')) => {
                written.extend(['\\', character]);
            }
            Quote::Double if "$`\"\\".contains(character) => written.extend(['\\', character]),
            // In double quotes, a backslash prevents history expansion but remains in the word, so the quote is closed.
            Quote::Double if character == '!' => written.push_str("\"\\!\""),
            Quote::Single if character == '\'' => written.push_str("'\\''"),
            Quote::Ansi if "'\\".contains(character) => written.extend(['\\', character]),
            _ => written.push(character),
        }
    }
    written
}

/// Like [`for_bash`] for the only candidate: it also closes the quote, as Readline removes one at the end.
pub(super) fn last_for_bash(text: &str, open: Quote) -> String {
    let mut written = for_bash(text, open);
    let closing = match open {
        Quote::None => return written,
        Quote::Double => '"',
        Quote::Single | Quote::Ansi => '\'',
    };
    if written.ends_with(closing) {
        written.push(closing);
    }
    written
}

/// Whether a character is special to Bash outside quotes. Readline takes what follows `@` as a host.
fn is_special(character: char) -> bool {
    " \t'\"\\`$&|;<>()*?[]{}!@".contains(character) || (!character.is_ascii() && character.is_whitespace())
}

/// Quotes `text` for PowerShell, where a comma makes a list and `@` a splat.
pub(super) fn for_powershell(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=+\\".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    // PowerShell also accepts typographic quotes.
    let quoted = text.chars().flat_map(|c| {
        let twice = matches!(c, '\'' | '\u{2018}'..='\u{201b}').then_some(c);
        twice.into_iter().chain([c])
    });
    format!("'{}'", quoted.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        words(line).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn lines_are_read_as_far_as_they_go() {
        assert_eq!(texts("tm-hooks show Pay"), ["tm-hooks", "show", "Pay"]);
        assert_eq!(texts("tm-hooks  show "), ["tm-hooks", "show", ""]);
        assert_eq!(texts(r"x Payroll\ EU 'it'\''s' "), ["x", "Payroll EU", "it's", ""]);
        assert_eq!(texts(r#"x "a \"b\" \$c \d" e"#), ["x", r#"a "b" $c \d"#, "e"]);
        assert_eq!(texts("x 'Payroll E"), ["x", "Payroll E"]);
        assert_eq!(texts(r"x Pay\"), ["x", "Pay"]);
        assert_eq!(texts(r"x --json=na --events *,-y"), ["x", "--json=na", "--events", "*,-y"]);
        assert_eq!(texts(r"x $'a\'b c"), ["x", "a'b c"]);
        let last = words(r#"x Pay"roll E"#).pop();
        assert_eq!(
            last,
            Some(Word { raw: r#"Pay"roll E"#.to_owned(), text: "Payroll E".to_owned(), open: Quote::Double })
        );
    }

    #[test]
    fn what_is_written_is_read_back_as_one_word() {
        let names =
            ["Payroll EU", "it's", "say \"hi\"", "$HOME `id` $(id)", "a\\b", "Löhne 東京", "*", "~x", "#1", "wow!"];
        for name in names.into_iter().chain(["a@b", "x&&y;z", "a|b>c<d", "(a)[b]{c}", "a\u{a0}b", "-", "'", "\"", "\\"])
        {
            for (open, start) in [
                (Quote::None, ""),
                (Quote::Single, "'"),
                (Quote::Double, "\""),
                (Quote::Ansi, "$'"),
                (Quote::Double, "P\""),
            ] {
                let line = format!("x {start}{}", for_bash(name, open));
                let read = words(&line);
                assert_eq!(read.len(), 2, "{line}");
                assert_eq!(read[1].text, format!("{}{name}", start.trim_matches(['"', '\'', '$'])), "{line}");
                assert_eq!(read[1].open, open, "{line}");
            }
        }
    }

    #[test]
    fn powershell_gets_quotes_where_it_needs_them() {
        assert_eq!(for_powershell("attendance.inserted"), "attendance.inserted");
        assert_eq!(for_powershell("--json=id,name"), "'--json=id,name'");
        assert_eq!(for_powershell("it's $x `y"), "'it''s $x `y'");
        assert_eq!(for_powershell("it\u{2019}s"), "'it\u{2019}\u{2019}s'");
        assert_eq!(for_powershell("attendance.*"), "'attendance.*'");
    }
}
