//! Colours by meaning. Texts and signs carry the meaning too: colour alone must not.
//!
//! Only this module knows colours: five tones with the parameters 1, 2, 31, 32 and 33, which every terminal shows as
//! its owner has configured. Bright black, blue and white are unreadable on some terminals, and backgrounds on more.

use clap::builder::styling::{Effects, Style, Styles};

/// The colour of a piece of text, by its meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// The default colour.
    #[default]
    Plain,
    /// Green: it was just done or passed a check. What is merely in order has no colour.
    Done,
    /// Yellow: a sign or a bar that needs attention. Texts must not have it, as it is unreadable on white.
    Caution,
    /// Red: it failed.
    Trouble,
    /// Faint: it is less important than the rest.
    Receding,
    /// Bold: it should be noticed first.
    Subject,
}

impl Tone {
    /// Returns the parameters of ANSI's "select graphic rendition".
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

    /// Colours `text`, if there is colour.
    pub fn paint(self, text: &str, color: bool) -> String {
        painted(text, self.parameters().filter(|_| color))
    }

    /// Colours a sign: like [`Tone::paint`], but a sign of trouble is also bold, so that it is noticed first.
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

/// Returns the styles of help pages: headings and literals are bold.
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
