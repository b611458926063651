//! Cuts text to a width at the end of a grapheme, and marks the cut with a sign.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::Signs;

/// Cuts `text` to at most `columns` columns of a terminal.
pub fn cut(text: &str, columns: usize, signs: Signs) -> Cow<'_, str> {
    cut_by(text, columns, signs.cut(), |grapheme| grapheme.width())
}

/// Like [`cut`]; `width` returns the columns of a grapheme, and `sign` replaces what was cut off.
pub(super) fn cut_by<'a>(text: &'a str, columns: usize, sign: &str, width: impl Fn(&str) -> usize) -> Cow<'a, str> {
    if text.graphemes(true).map(&width).sum::<usize>() <= columns {
        return Cow::Borrowed(text);
    }
    let kept = beginning(text, columns.saturating_sub(sign.width()), width).trim_end();
    Cow::Owned(kept.to_owned() + if columns < sign.width() { "" } else { sign })
}

/// Returns the beginning of `text` that fits into `columns` columns.
pub(super) fn beginning(text: &str, columns: usize, width: impl Fn(&str) -> usize) -> &str {
    let mut taken = 0;
    let end = text.grapheme_indices(true).find(|(_, grapheme)| {
        taken += width(grapheme);
        taken > columns
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
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
