//! Decodes text files: UTF-8 with or without a byte order mark. For other bytes, the error names the probable encoding
//! and the line.

/// The byte order mark, which Windows writes before UTF-8.
pub const MARK: &str = "\u{feff}";

/// Removes the byte order mark from a text.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// The bytes are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not UTF-8{}", .looks.in_words())]
pub struct NotUtf8 {
    /// The first line that is not UTF-8, counted from 1.
    pub line: usize,
    /// The probable encoding.
    pub looks: Encoding,
}

/// The probable encoding of bytes that are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Two bytes per character, as PowerShell's `>` writes.
    Utf16,
    /// Four bytes per character.
    Utf32,
    /// One byte per character, as old programs write. Windows-1252 and similar encodings look the same.
    Latin1,
    /// UTF-8 whose last character is cut off.
    CutOff,
    /// The bytes are not text.
    Binary,
}

impl Encoding {
    /// Returns the name of the encoding, if the bytes are text.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Utf16 => Some("UTF-16"),
            Encoding::Utf32 => Some("UTF-32"),
            Encoding::Latin1 => Some("Latin-1 or Windows-1252"),
            Encoding::CutOff | Encoding::Binary => None,
        }
    }

    /// What they seem to be, behind "not UTF-8".
    pub fn in_words(self) -> &'static str {
        match self {
            Encoding::Utf16 => " but UTF-16",
            Encoding::Utf32 => " but UTF-32",
            Encoding::Latin1 => "; it looks like Latin-1 or Windows-1252",
            Encoding::CutOff => ": its last character is cut off",
            Encoding::Binary => ", and no text at all",
        }
    }
}

impl NotUtf8 {
    /// Suggests how to correct the file.
    pub fn hint(self) -> &'static str {
        match self.looks {
            Encoding::Utf16 => "save it as UTF-8; `iconv -f UTF-16 -t UTF-8 FILE` writes it so",
            Encoding::Utf32 => "save it as UTF-8; `iconv -f UTF-32 -t UTF-8 FILE` writes it so",
            Encoding::Latin1 => "save it as UTF-8; `iconv -f WINDOWS-1252 -t UTF-8 FILE` writes it so",
            Encoding::CutOff | Encoding::Binary => "is it the file that was meant, and whole?",
        }
    }
}

/// Decodes the bytes, without a byte order mark.
///
/// # Errors
/// Fails if the bytes are not UTF-8. The error repeats none of them, as they may be secret.
pub fn text(bytes: &[u8]) -> Result<&str, NotUtf8> {
    if let Some(looks) = wide(bytes) {
        return Err(NotUtf8 { line: 1, looks });
    }
    std::str::from_utf8(bytes).map(without_mark).map_err(|error| {
        let (good, rest) = bytes.split_at(error.valid_up_to());
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let looks = match error.error_len() {
            None => Encoding::CutOff,
            Some(_) if bytes.iter().any(|byte| is_control(*byte)) || rest[0] < 0x80 => Encoding::Binary,
            Some(_) => Encoding::Latin1,
        };
        NotUtf8 { line, looks }
    })
}

/// Detects UTF-16 and UTF-32: by the byte order mark, or by zero bytes among the first characters, which no UTF-8 text
/// has.
fn wide(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, 1..=0xff, ..] | [1..=0xff, 0, 0, 0, ..] => {
            Some(Encoding::Utf32)
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=0xff, 0, 1..=0xff, ..] | [1..=0xff, 0, 1..=0xff, 0, ..] => {
            Some(Encoding::Utf16)
        }
        _ => None,
    }
}

/// Whether the byte is a control character that no text has.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(bytes: &[u8]) -> (usize, Encoding) {
        let NotUtf8 { line, looks } = text(bytes).unwrap_err();
        (line, looks)
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn utf8_is_taken_as_it_is_but_for_the_mark() {
        assert_eq!(text(b""), Ok(""));
        assert_eq!(text("Grüße\r\n".as_bytes()), Ok("Grüße\r\n"));
        assert_eq!(text(b"\xef\xbb\xbf{}"), Ok("{}"));
        assert_eq!(text(b"\xef\xbb\xbf"), Ok(""));
        assert_eq!(text("a\u{feff}b".as_bytes()), Ok("a\u{feff}b"), "inside it is a character");
    }

    #[test]
    fn what_has_several_bytes_a_character_is_named() {
        for order in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
            assert_eq!(refused(&utf16("\u{feff}{\"a\": 1}", order)), (1, Encoding::Utf16));
            assert_eq!(refused(&utf16("X-Team: payroll", order)), (1, Encoding::Utf16), "without a mark too");
        }
        assert_eq!(refused(&utf16("\u{feff}Größe", u16::to_le_bytes)), (1, Encoding::Utf16));
        assert_eq!(refused(&utf16("\u{feff}", u16::to_be_bytes)), (1, Encoding::Utf16));
        let utf32: Vec<u8> = "\u{feff}ab".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(refused(&utf32), (1, Encoding::Utf32));
        assert_eq!(refused(&utf32[4..]), (1, Encoding::Utf32));
    }

    #[test]
    fn one_byte_a_character_is_named_with_its_line() {
        assert_eq!(refused(b"X-A: plain\nX-B: Gr\xfc\xdfe\n"), (2, Encoding::Latin1));
        assert_eq!(refused(b"price: \x80 5"), (1, Encoding::Latin1));
        assert_eq!(refused(b"\n\n\n\xe9"), (4, Encoding::CutOff), "it may be the beginning of a character");
        assert_eq!(refused(b"\x7fELF\x02\x01\x01\0\0\xff\xc0"), (1, Encoding::Binary));
    }

    #[test]
    fn it_is_said_in_a_sentence_without_the_text() {
        let error = text(b"secret\nsecr\xe9t one").unwrap_err();
        assert_eq!(error.to_string(), "line 2 is not UTF-8; it looks like Latin-1 or Windows-1252");
        assert!(error.hint().contains("iconv -f WINDOWS-1252"));
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_standard_library(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            match (text(&bytes), std::str::from_utf8(&bytes)) {
                (Ok(ours), Ok(whole)) => prop_assert_eq!(ours, without_mark(whole)),
                (Err(error), Ok(_)) => prop_assert!(bytes.contains(&0), "{}", error),
                (Err(error), Err(_)) => prop_assert!(error.line >= 1),
                (Ok(text), Err(_)) => prop_assert!(false, "{text:?} is none"),
            }
        }
    }
}
