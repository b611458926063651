//! What a piece of text wants to say by its colour. Words say it too: colour alone says nothing.

/// The colour of a piece of text, by its meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// It went well: green.
    Good,
    /// Something to look at: yellow.
    Warning,
    /// It failed: red.
    Bad,
    /// Less important than the rest: grey.
    Faint,
    /// What the eye should find first: bold.
    Strong,
}

impl Tone {
    /// The parameters of ANSI's "select graphic rendition" for it.
    fn parameters(self) -> Option<&'static str> {
        match self {
            Tone::Plain => None,
            Tone::Good => Some("32"),
            Tone::Warning => Some("33"),
            Tone::Bad => Some("31"),
            Tone::Faint => Some("2"),
            Tone::Strong => Some("1"),
        }
    }

    /// `text` in this tone, when there is colour at all.
    pub fn paint(self, text: &str, color: bool) -> String {
        match self.parameters().filter(|_| color && !text.is_empty()) {
            Some(parameters) => format!("\u{1b}[{parameters}m{text}\u{1b}[0m"),
            None => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_only_where_there_is_colour() {
        assert_eq!(Tone::Bad.paint("no", true), "\u{1b}[31mno\u{1b}[0m");
        assert_eq!(Tone::Bad.paint("no", false), "no");
        assert_eq!(Tone::Plain.paint("no", true), "no");
    }
}
