//! Decodes a receiver's text: as UTF-8, in the charset that it names, or in the one that old programs use without
//! naming it.

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};

/// Decodes bytes that may end within a character; unreadable bytes are replaced.
pub fn text(bytes: &[u8], content_type: Option<&str>) -> String {
    let named = content_type.and_then(charset).and_then(|label| Encoding::for_label(label.as_bytes()));
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let by_label = marked.or(named);
    // In these charsets even ASCII letters are other bytes or mean something else.
    if let Some(encoding) = by_label.filter(|encoding| !encoding.is_ascii_compatible() || *encoding == ISO_2022_JP) {
        return encoding.decode(bytes).0.into_owned();
    }
    let lossy = String::from_utf8_lossy(bytes);
    let is_utf8 = std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true);
    // Labels can be wrong: what is valid UTF-8 is read as UTF-8.
    if is_utf8 || by_label == Some(UTF_8) {
        return lossy.into_owned();
    }
    let unlabelled = || {
        let has_letters_of_utf8 = lossy.chars().any(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER);
        (content_type.is_some_and(is_for_people) && !has_letters_of_utf8).then_some(WINDOWS_1252)
    };
    match by_label.or_else(unlabelled) {
        Some(encoding) => encoding.decode(bytes).0.into_owned(),
        None => lossy.into_owned(),
    }
}

/// Takes `ISO-8859-1` from `text/html; charset="ISO-8859-1"`.
fn charset(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    charsets.next().map(|(_, label)| label.trim().trim_matches(['"', '\'']))
}

fn is_for_people(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_charset_is_used() {
        let latin = b"ung\xfcltige Anfrage";
        for content_type in ["text/plain; charset=iso-8859-1", "text/html;Charset=\"ISO-8859-1\"", "text/plain"] {
            assert_eq!(text(latin, Some(content_type)), "ungültige Anfrage", "{content_type}");
        }
        assert_eq!(text(b"\x93\xfa\x96{", Some("text/plain; charset=Shift_JIS")), "日本");
        assert_eq!(text(b"\x1b$BF|K\\\x1b(B", Some("text/plain; charset=iso-2022-jp")), "日本");
        assert_eq!(text(b"n\0o\0", Some("text/plain; charset=utf-16le")), "no");
        assert_eq!(text(b"\xff\xfen\0o\0", None), "no", "by its mark");
        assert_eq!(text("\u{feff}über".as_bytes(), Some("text/plain; charset=latin1")), "\u{feff}über");
    }

    #[test]
    fn what_is_utf_8_is_read_so_whatever_is_claimed() {
        for content_type in [None, Some("text/plain; charset=iso-8859-1"), Some("application/json; charset=nonsense")] {
            assert_eq!(text("ungültig".as_bytes(), content_type), "ungültig", "{content_type:?}");
            assert_eq!(text(&"ungültig".as_bytes()[..4], content_type), "ung\u{fffd}", "it ends within a character");
        }
        assert_eq!(text(b"\xc3\xbc, \xff", Some("application/json")), "ü, \u{fffd}", "one byte is wrong");
        assert_eq!(text(b"\xc3\xbc, \xff", Some("text/plain; charset=utf-8")), "ü, \u{fffd}");
    }

    #[test]
    fn what_is_no_text_is_replaced() {
        assert_eq!(text(b"\x89PNG\xff", Some("image/png")), "\u{fffd}PNG\u{fffd}");
        assert_eq!(text(b"\xff", None), "\u{fffd}");
    }
}
