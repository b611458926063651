//! Words of commands that a person can paste into a shell.

/// Writes `text` as one word: as it is, if no shell reads it in another way, or else in quotes.
pub(super) fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.@".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { quoted(text) }
}

/// Quotes `text` as one word of a shell. A backslash before another one or a quote is put outside the quotes: within
/// them, sh and fish differ.
pub(super) fn quoted(text: &str) -> String {
    let mut word = "'".to_owned();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (character, rest.peek()) {
            ('\'', _) => word += r"'\''",
            ('\\', None | Some('\\' | '\'')) => word += r"'\\'",
            _ => word.push(character),
        }
    }
    word + "'"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_quotes_gets_them() {
        assert_eq!([word("TimeMoto"), word("Büro-2"), word("東京")], ["TimeMoto", "Büro-2", "東京"]);
        assert_eq!([word(""), word("a b"), word("$a"), word("~")], ["''", "'a b'", "'$a'", "'~'"]);
        assert_eq!(word("Acme's door"), r"'Acme'\''s door'");
    }

    #[test]
    fn a_word_is_one_to_every_shell() {
        for (text, word) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("O'Hara", r"'O'\''Hara'"),
            (r"C:\tm", r"'C:\tm'"),
            (r"a\\b", r"'a'\\'\b'"),
            (r"\'", r"''\\''\'''"),
            (r"end\", r"'end'\\''"),
        ] {
            assert_eq!(quoted(text), word, "{text}");
        }
    }
}
