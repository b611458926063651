//! Text that must fit: cut where a person sees a letter end, with a sign that it goes on.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::Signs;

/// `text` in at most so many columns of a terminal.
pub fn cut(text: &str, columns: usize, signs: Signs) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    let sign = signs.cut();
    let room = columns.saturating_sub(sign.width());
    let (mut taken, mut end) = (0, 0);
    for grapheme in text.graphemes(true) {
        taken += grapheme.width();
        if taken > room {
            break;
        }
        end += grapheme.len();
    }
    Cow::Owned(text[..end].trim_end().to_owned() + if columns == 0 { "" } else { sign })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_between_what_a_person_sees_as_letters() {
        let of = |text, columns| cut(text, columns, Signs::Utf8).into_owned();
        assert_eq!(of("Payroll", 7), "Payroll");
        assert_eq!(of("Payroll", 6), "Payro…");
        assert_eq!(of("Chat bot", 6), "Chat…", "no blank before the sign");
        assert_eq!(of("東京オフィス", 6), "東京…");
        assert_eq!(of("東京オフィス", 12), "東京オフィス");
        assert_eq!(of("a👩‍💻b", 3), "a…", "neither a half family nor a half of a wide letter");
        assert_eq!(of("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!((of("x", 0), of("xy", 1)), (String::new(), "…".to_owned()));
        assert_eq!(cut("Payroll", 6, Signs::Ascii), "Payro~");
    }
}
