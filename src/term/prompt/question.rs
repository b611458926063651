//! Writes questions and parses their answers.

use crate::term::{Tone, sanitise, sanitise_lines, wrap};

use super::picture::Label;

/// A question for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The lines above it.
    above: String,
    /// Its first characters.
    mark: &'static str,
    /// Its text.
    text: String,
    /// The possible answers, or the default.
    hint: String,
    /// The text between it and the answer.
    end: &'static str,
}

impl Question {
    /// Makes a question for a text; `default` is the value of an empty answer.
    pub fn for_text(text: &str, default: Option<&str>) -> Self {
        let hint = default.map(|default| format!(" [{}]", sanitise(default))).unwrap_or_default();
        Question { hint, end: ": ", ..Self::of(text) }
    }

    /// Makes a question for yes or no, with no as the default. If it is wider than the terminal, only its last line is
    /// redrawn; the others are above it.
    pub fn for_yes(text: &str, columns: usize) -> Self {
        const HINT: &str = " [y/N]";
        // The last word stays together with this.
        const END: &str = "\u{a0}[y/N]\u{a0}y";
        let Question { mut above, text, .. } = Self::of(text);
        let whole = wrap(&format!("? {text}{END}"), columns);
        let asked = whole.strip_suffix(END).and_then(|asked| asked.rsplit_once('\n'));
        let (mark, text) = match asked {
            Some((before, last)) => {
                above = above + before + "\n";
                ("  ", last.trim_start().to_owned())
            }
            None => ("? ", text),
        };
        Question { above, mark, text, hint: HINT.to_owned(), end: " " }
    }

    /// Makes a question for a secret.
    pub fn for_secret(text: &str) -> Self {
        Self::of(text)
    }

    /// Makes a question of the last line, with the others above it.
    fn of(text: &str) -> Self {
        let text = sanitise_lines(text);
        let (above, text) = match text.rsplit_once('\n') {
            Some((above, text)) => (format!("{above}\n"), text.to_owned()),
            None => (String::new(), text.into_owned()),
        };
        Question { above, mark: "? ", text, hint: String::new(), end: " " }
    }

    /// Puts a list above it.
    #[must_use]
    pub fn below(self, list: &str) -> Self {
        Question { above: sanitise_lines(list).into_owned(), ..self }
    }

    /// Repeats the question with the error of the last answer above it. It is only visible once the input counts.
    #[must_use]
    pub fn again(self, why: &str) -> Self {
        Question { above: format!("  {}\n", sanitise(why)), ..self }
    }

    pub fn above(&self) -> &str {
        &self.above
    }

    /// Returns the label of the question.
    pub fn asked(&self, color: bool) -> Label {
        let Question { mark, text, hint, end, .. } = self;
        let label = |hint: &str| format!("{mark}{text}{hint}{end}");
        Label { plain: label(hint), painted: label(&Tone::Receding.paint(hint, color)) }
    }
}

/// Parses the answer to a yes or no question.
///
/// # Errors
/// Says how to answer if it is neither.
pub fn is_yes(answer: &str) -> Result<bool, String> {
    match answer.to_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "" | "n" | "no" => Ok(false),
        _ => Err("Answer y or n.".to_owned()),
    }
}

/// Parses the items, counted from 1, that an answer names: `1, 3`, `2-4` or `all`. Returns positions from 0 to `count`
/// - 1.
///
/// # Errors
/// Says what is not valid.
pub fn numbers(answer: &str, count: usize) -> Result<Vec<usize>, String> {
    if answer.trim().eq_ignore_ascii_case("all") {
        return Ok((0..count).collect());
    }
    let number = |text: &str| match text.trim().parse::<usize>() {
        Ok(number) if (1..=count).contains(&number) => Ok(number),
        _ => Err(format!("\"{}\" is no number from 1 to {count}", sanitise(text.trim()))),
    };
    let mut chosen = std::collections::BTreeSet::new();
    for part in answer.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once('-') {
            Some((first, last)) => chosen.extend(number(first)? - 1..number(last)?),
            None => drop(chosen.insert(number(part)? - 1)),
        }
    }
    if chosen.is_empty() { Err("nothing is chosen".to_owned()) } else { Ok(chosen.into_iter().collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_line_is_the_question() {
        let question = Question::for_yes("staging is protected\nGo \u{1b}[2Jon?", 80);
        assert_eq!(question.above(), "staging is protected\n");
        assert_eq!(question.asked(false).plain, "? Go on? [y/N] ");
        assert_eq!(question.asked(true).painted, "? Go on?\u{1b}[2m [y/N]\u{1b}[0m ");
        let again = question.again("Answer\ty or n.");
        assert_eq!((again.above(), again.asked(false).plain.as_str()), ("  Answer y or n.\n", "? Go on? [y/N] "));
    }

    #[test]
    fn a_wide_question_is_broken_between_words() {
        let of = |columns| {
            let question = Question::for_yes("Revoke the token ci? Whoever uses it is shut out.", columns);
            question.above().to_owned() + &question.asked(false).plain
        };
        assert_eq!(of(59), "? Revoke the token ci? Whoever uses it is shut out. [y/N] ");
        assert_eq!(of(58), "? Revoke the token ci? Whoever uses it is shut\n  out. [y/N] ");
        assert_eq!(of(30), "? Revoke the token ci? Whoever\n  uses it is shut out. [y/N] ");
    }

    #[test]
    fn a_text_shows_its_default() {
        let question = Question::for_text("Name", Some("erp.example.com"));
        assert_eq!(question.asked(false).painted, "? Name [erp.example.com]: ");
        assert_eq!(Question::for_text("URL", None).asked(false).plain, "? URL: ");
        assert_eq!(Question::for_secret("Token:").asked(true).painted, "? Token: ");
    }

    #[test]
    fn yes_is_a_word_and_no_the_default() {
        assert!(["y", "Y", "yes", "YES"].iter().all(|answer| is_yes(answer) == Ok(true)));
        assert!(["", "n", "No"].iter().all(|answer| is_yes(answer) == Ok(false)));
        assert!(["ye", "yy", "y n", "1", "\u{fffd}"].iter().all(|answer| is_yes(answer).is_err()));
    }

    #[test]
    fn several_are_named_by_their_numbers() {
        assert_eq!(numbers("1, 3", 6), Ok(vec![0, 2]));
        assert_eq!(numbers("3 1,3", 6), Ok(vec![0, 2]));
        assert_eq!(numbers("2-4", 6), Ok(vec![1, 2, 3]));
        assert_eq!(numbers("All", 2), Ok(vec![0, 1]));
        for wrong in ["0", "7", "x", "1-7", "-1", "1,,y"] {
            assert!(numbers(wrong, 6).unwrap_err().ends_with("is no number from 1 to 6"), "{wrong}");
        }
        assert_eq!(numbers("4-2", 6), Err("nothing is chosen".to_owned()));
        assert_eq!(numbers(" , ", 6), Err("nothing is chosen".to_owned()));
    }
}
