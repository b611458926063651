//! What a piece of text wants to say by its colour. Words and signs say it too: colour alone says nothing.
//!
//! It is the only place that knows a colour: five tones, of the parameters 1, 2, 31, 32 and 33, which every terminal shows
//! in a way that its owner has chosen. Bright black, blue and white are unreadable on some, and backgrounds on more.

use clap::builder::styling::{Effects, Style, Styles};

/// The colour of a piece of text, by its meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// It was just done, or passed a check: green. Never what is merely in order.
    Done,
    /// A sign or a bar to look at: yellow. Never words, which could not be read on a white ground.
    Caution,
    /// It failed: red.
    Trouble,
    /// Less important than the rest: faint.
    Receding,
    /// What the eye should find first: bold.
    Subject,
}

impl Tone {
    /// The parameters of ANSI's "select graphic rendition" for it.
    fn parameters(self) -> Option<&'static str> {
        match self {
            Tone::Plain => None,
            Tone::Done => Some("32"),
            Tone::Caution => Some("33"),
            Tone::Trouble => Some("31"),
            Tone::Receding => Some("2"),
            Tone::Subject => Some("1"),
        }
    }

    /// `text` in this tone, when there is colour at all.
    pub fn paint(self, text: &str, color: bool) -> String {
        painted(text, self.parameters().filter(|_| color))
    }

    /// A sign in this tone: as [`Tone::paint`], but that of trouble is bold too, so that it is found first.
    pub fn paint_sign(self, sign: &str, color: bool) -> String {
        let parameters = if self == Tone::Trouble { Some("1;31") } else { self.parameters() };
        painted(sign, parameters.filter(|_| color))
    }
}

fn painted(text: &str, parameters: Option<&str>) -> String {
    match parameters.filter(|_| !text.is_empty()) {
        Some(parameters) => format!("\u{1b}[{parameters}m{text}\u{1b}[0m"),
        None => text.to_owned(),
    }
}

/// The styles of help pages: headings and what is typed are bold, and nothing else is told by its looks.
pub fn for_help() -> Styles {
    let bold = Style::new().effects(Effects::BOLD);
    Styles::plain().header(bold).usage(bold).literal(bold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_only_where_there_is_colour() {
        assert_eq!(Tone::Trouble.paint("no", true), "\u{1b}[31mno\u{1b}[0m");
        assert_eq!(Tone::Trouble.paint("no", false), "no");
        assert_eq!(Tone::Plain.paint("no", true), "no");
        assert_eq!(Tone::Trouble.paint("", true), "");
    }

    #[test]
    fn only_the_sign_of_trouble_is_bold() {
        assert_eq!(Tone::Trouble.paint_sign("✗", true), "\u{1b}[1;31m✗\u{1b}[0m");
        assert_eq!(Tone::Done.paint_sign("✓", true), "\u{1b}[32m✓\u{1b}[0m");
        assert_eq!(Tone::Caution.paint_sign("!", false), "!");
    }
}
