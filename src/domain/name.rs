//! Names that people give: to webhooks and to tokens. What looks the same is the same name, and nothing in it is
//! invisible.

use super::problem::FieldError;

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 100;

/// The name as it is stored and looked up: in Unicode's normal form C, without blanks around it. A name that was typed
/// on one system is found by the one typed on another, which may compose its letters otherwise.
#[cfg(feature = "service")]
pub fn normalised(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.trim().nfc().collect()
}

/// Checks a name: 1 to [`LONGEST_NAME`] characters beside the blanks around it, none of them invisible.
///
/// # Errors
/// What is wrong with it.
pub fn check(name: &str) -> Result<(), FieldError> {
    let wrong = |message: String| Err(FieldError::new("name", message));
    let name = name.trim();
    if name.is_empty() {
        return wrong("must not be empty".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return wrong(format!("has more than {LONGEST_NAME} characters"));
    }
    match name.chars().find(|c| is_invisible(*c)) {
        Some(c) => wrong(format!("must not hold control, direction or zero-width characters (U+{:04X})", u32::from(c))),
        None => Ok(()),
    }
}

/// Whether a character takes no room of its own, moves the cursor, or turns the direction of others: two names that
/// differ in such a one look alike. Combining marks and variation selectors belong to the character before them.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
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
        for wrong in ["", "  ", "\u{3000}", &"ä".repeat(101)] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
    }
}
