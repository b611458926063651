//! The signs beside texts; in ASCII, unless the terminal is known to show others.

use std::{fmt, str::FromStr};

use super::{Environment, Tone};

/// The values of the setting `signs`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SignChoice {
    /// Those that the locale can show.
    #[default]
    Auto,
    /// Those of ASCII, whatever the locale says.
    Ascii,
}

impl fmt::Display for SignChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SignChoice::Auto => "auto",
            SignChoice::Ascii => "ascii",
        })
    }
}

impl FromStr for SignChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(SignChoice::Auto),
            "ascii" => Ok(SignChoice::Ascii),
            _ => Err("it is auto or ascii".to_owned()),
        }
    }
}

/// The meaning of a sign at the beginning of a row, a card or a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Everything is in order.
    #[default]
    Nothing,
    /// It failed.
    Failed,
    /// Somebody should look at it.
    Look,
    /// It was just done, or passed a check.
    Done,
    /// A person has switched it off.
    Off,
    /// It was not checked.
    NotLooked,
}

impl Sign {
    /// Returns its colour.
    pub fn tone(self) -> Tone {
        match self {
            Sign::Nothing => Tone::Plain,
            Sign::Failed => Tone::Trouble,
            Sign::Look => Tone::Caution,
            Sign::Done => Tone::Done,
            Sign::Off | Sign::NotLooked => Tone::Receding,
        }
    }
}

/// The characters of the signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signs {
    /// For terminals that show UTF-8.
    #[default]
    Utf8,
    /// For all others.
    Ascii,
}

impl Signs {
    /// Returns the characters for a terminal, by the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set. The console
    /// of Linux shows few characters in any locale.
    pub fn of(choice: SignChoice, environment: &Environment) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| environment.get(name));
        let is_utf8 = locale.is_some_and(says_utf8) && environment.get("TERM") != Some("linux");
        if choice == SignChoice::Auto && is_utf8 { Signs::Utf8 } else { Signs::Ascii }
    }

    fn pick(self, utf8: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Signs::Utf8 => utf8,
            Signs::Ascii => ascii,
        }
    }

    /// Returns the character of a sign; nothing for [`Sign::Nothing`].
    pub fn of_sign(self, sign: Sign) -> &'static str {
        match sign {
            Sign::Nothing => "",
            Sign::Failed => self.pick("✗", "x"),
            Sign::Look => "!",
            Sign::Done => self.pick("✓", "+"),
            Sign::Off => self.pick("○", "-"),
            Sign::NotLooked => self.none(),
        }
    }

    /// Marks the cursor.
    pub fn here(self) -> &'static str {
        self.pick("❯", ">")
    }

    /// Marks a cut.
    pub fn cut(self) -> &'static str {
        self.pick("…", "~")
    }

    /// Marks an empty cell.
    pub fn none(self) -> &'static str {
        self.pick("–", "-")
    }

    /// Marks that nothing was sent.
    pub fn no_traffic(self) -> &'static str {
        self.pick("·", ".")
    }

    /// Draws a cell of a bar.
    pub fn bar(self) -> &'static str {
        self.pick("━", "=")
    }

    /// Draws half a cell of a bar.
    pub fn half_bar(self) -> &'static str {
        self.pick("╸", "")
    }

    /// Replaces a secret.
    pub fn masked(self) -> &'static str {
        self.pick("••••", "****")
    }

    /// Replaces the mask in a text by characters that the terminal can show.
    pub fn in_letters(self, masked: String) -> String {
        match self {
            Signs::Utf8 => masked,
            Signs::Ascii => masked.replace('•', "*"),
        }
    }

    /// Marks whether an item is picked.
    pub fn picked(self, is_picked: bool) -> &'static str {
        if is_picked { "[x]" } else { "[ ]" }
    }
}

fn says_utf8(locale: &str) -> bool {
    // The forms are `de_DE.UTF-8@euro`, `C.utf8`, or the bare `UTF-8` of macOS.
    let encoding = locale.split('@').next().unwrap_or_default();
    let encoding = encoding.rsplit('.').next().unwrap_or_default();
    encoding.eq_ignore_ascii_case("utf-8") || encoding.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(variables: &[(&str, &str)]) -> Signs {
        Signs::of(SignChoice::Auto, &variables.iter().copied().collect())
    }

    #[test]
    fn the_first_variable_that_is_set_says_what_is_shown() {
        for (variables, expected) in [
            (&[("LANG", "de_DE.UTF-8")][..], Signs::Utf8),
            (&[("LANG", "C.utf8")], Signs::Utf8),
            (&[("LC_CTYPE", "UTF-8"), ("LANG", "C")], Signs::Utf8),
            (&[("LANG", "en_US.UTF-8@euro")], Signs::Utf8),
            (&[], Signs::Ascii),
            (&[("LANG", "C")], Signs::Ascii),
            (&[("LANG", "de_DE.ISO-8859-1")], Signs::Ascii),
            (&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")], Signs::Ascii),
            (&[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], Signs::Utf8),
            (&[("LC_ALL", "C.UTF-8"), ("TERM", "linux")], Signs::Ascii),
        ] {
            assert_eq!(signs(variables), expected, "{variables:?}");
        }
        let utf8 = Environment::from_iter([("LC_ALL", "C.UTF-8")]);
        assert_eq!(Signs::of(SignChoice::Ascii, &utf8), Signs::Ascii);
    }

    #[test]
    fn every_sign_of_ascii_is_ascii_and_as_wide() {
        use unicode_width::UnicodeWidthStr;
        let of = |signs: Signs| {
            let single = [Sign::Nothing, Sign::Failed, Sign::Look, Sign::Done, Sign::Off, Sign::NotLooked];
            let mut all: Vec<_> = single.map(|sign| signs.of_sign(sign)).into();
            all.extend([signs.here(), signs.cut(), signs.none(), signs.no_traffic(), signs.bar(), signs.masked()]);
            all
        };
        for (utf8, ascii) in of(Signs::Utf8).into_iter().zip(of(Signs::Ascii)) {
            assert!(ascii.is_ascii() && utf8.width() == ascii.width(), "{utf8} {ascii}");
        }
    }

    #[test]
    fn the_setting_has_two_values() {
        assert_eq!("ascii".parse(), Ok(SignChoice::Ascii));
        assert_eq!("auto".parse(), Ok(SignChoice::Auto));
        assert!("emoji".parse::<SignChoice>().is_err());
    }
}
