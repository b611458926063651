//! Names of webhooks and tokens: names that look the same are equal, and no character is invisible.

use super::problem::FieldError;

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 100;

/// Returns the name as it is stored and looked up: in Unicode's normal form C, without surrounding whitespace. Systems
/// may compose the same letters differently.
#[cfg(feature = "service")]
pub fn normalised(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.trim().nfc().collect()
}

/// The empty Braille cell. It looks like a space and separates words in Braille, but Unicode does not count it as
/// whitespace.
const BRAILLE_BLANK: char = '\u{2800}';

/// Checks a name: 1 to [`LONGEST_NAME`] characters without surrounding whitespace, none of them invisible.
///
/// # Errors
/// Says what is wrong with the name.
pub fn check(name: &str) -> Result<(), FieldError> {
    let wrong = |message: String| Err(FieldError::new("name", message));
    let name = name.trim();
    if name.chars().all(|c| c.is_whitespace() || c == BRAILLE_BLANK) {
        return wrong("must not be empty".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return wrong(format!("has more than {LONGEST_NAME} characters"));
    }
    if name.starts_with(BRAILLE_BLANK) || name.ends_with(BRAILLE_BLANK) {
        return wrong("must not begin or end with a blank of Braille (U+2800)".to_owned());
    }
    match name.chars().find(|c| is_invisible(*c)).or_else(|| idle_selector(name)) {
        Some(c) => wrong(format!("must not hold control, direction or zero-width characters (U+{:04X})", u32::from(c))),
        None => Ok(()),
    }
}

/// Returns the first variation selector without effect: no character precedes it, or the preceding one has no
/// variations. Such a selector is invisible.
fn idle_selector(name: &str) -> Option<char> {
    let characters: Vec<char> = name.chars().collect();
    let is_idle = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| characters.get(before));
        !before.is_some_and(|before| selects(*before, characters[at], characters.get(at + 1).copied()))
    };
    (0..characters.len()).filter(|at| is_selector(characters[*at])).find(|at| is_idle(*at)).map(|at| characters[at])
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a variation selector changes the character before it, by the blocks in Unicode's tables of variations
/// (`StandardizedVariants`, `emoji-variation-sequences`, the ideographs' database). A digit becomes a keycap only
/// together with the character `after`.
fn selects(before: char, selector: char, after: Option<char>) -> bool {
    match selector {
        '\u{180b}'..='\u{180d}' | '\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        '\u{fe0e}' | '\u{fe0f}' => match before {
            '#' | '*' | '0'..='9' => after == Some('\u{20e3}'),
            _ => matches!(before,
                '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}'
                | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
                | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
                | '\u{1f000}'..='\u{1faff}'),
        },
        '\u{fe00}'..='\u{fe0d}' => {
            is_ideograph(before)
                || matches!(before,
                    '\u{1000}'..='\u{109f}' | '\u{2205}'..='\u{22ff}' | '\u{2a00}'..='\u{2aff}'
                    | '\u{3001}' | '\u{3002}' | '\u{a840}'..='\u{a87f}' | '\u{aa60}'..='\u{aa7f}' | '\u{ff01}'..='\u{ff1f}')
        }
        _ => is_ideograph(before),
    }
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character has no width, moves the cursor, changes the direction of others, or is empty without being
/// whitespace to Unicode: two names that differ only in it look alike. Combining marks and effective variation
/// selectors change the character before them and are allowed.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

#[cfg(all(test, feature = "service"))]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same_name() {
        assert_eq!(normalised(" Cafe\u{301} "), "Café");
        assert_eq!(normalised("\u{3000}東京\u{a0}"), "東京");
        assert_eq!(normalised("ﬁ"), "ﬁ", "only what is the same, not what is like it");
    }

    #[test]
    fn nothing_in_a_name_is_invisible() {
        for name in ["Payroll", "Café Crème – Schichtübergabe", "東京オフィス", "🏢 Torhaus ❤️", "a", &"ä".repeat(100)]
        {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for c in
            ['\u{0}', '\u{1b}', '\n', '\u{85}', '\u{200b}', '\u{200d}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{ad}']
        {
            let error = check(&format!("Pay{c}roll")).unwrap_err();
            assert!(error.message.contains(&format!("(U+{:04X})", u32::from(c))), "{error}");
        }
        for wrong in ["", "  ", "\u{3000}", "\u{2800}", " \u{2800} \u{2800}", &"ä".repeat(101)] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
        for c in ['\u{3164}', '\u{115f}', '\u{1d159}', '\u{fe0f}', '\u{fe00}', '\u{e0100}', '\u{180b}', '\u{e0fff}'] {
            assert!(check(&c.to_string()).is_err() && check(&format!("Pay{c}")).is_err(), "{c:?}");
        }
    }

    #[test]
    fn a_variation_selector_needs_something_to_vary() {
        let sundry = ["❤\u{fe0f}", "☎\u{fe0e} Pay", "1\u{fe0f}\u{20e3}", "葛\u{e0100}", "©\u{fe0f}", "⠏\u{2800}⠁"];
        for name in sundry {
            assert_eq!(check(name), Ok(()), "{name:?}");
        }
        for name in [
            "Pay\u{fe0f}",
            "Pay 1\u{fe0f}",
            "é\u{fe0f}",
            "Pay \u{fe0f}",
            "❤\u{fe0f}\u{fe0f}",
            "ß\u{e0101}",
            "葛\u{fe0f}",
        ] {
            assert!(check(name).is_err(), "{name:?}");
        }
        for name in ["Pay\u{2800}", "\u{2800}Pay", " \u{2800}Pay"] {
            assert!(check(name).unwrap_err().message.contains("U+2800"), "{name:?}");
        }
    }
}
