//! Writes JSON strings with the escapes of each language.

use std::{borrow::Cow, fmt::Write};

/// Which characters a language escapes, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// Leaves the escapes unchanged.
    AsTheyCame,
    /// Escapes what JSON requires, and unpaired surrogates.
    JavaScript,
    /// Escapes all but printable ASCII.
    Python,
    /// Escapes all but printable ASCII, and what is special in HTML. Hex digits are in upper case.
    Dotnet,
    /// Escapes control characters, slashes, and all but ASCII.
    Php,
}

/// Writes a string that is given with its quotes and escapes.
pub fn write(written: &mut String, raw: &str, escapes: Escapes) {
    if escapes == Escapes::AsTheyCame {
        written.push_str(raw);
        return;
    }
    written.push('"');
    for character in char::decode_utf16(units(raw)) {
        match character {
            Ok(character) => write_character(written, character, escapes),
            Err(half) => write_unit(written, half.unpaired_surrogate(), escapes == Escapes::Dotnet),
        }
    }
    written.push('"');
}

fn write_character(written: &mut String, character: char, escapes: Escapes) {
    let short = match character {
        '"' if escapes == Escapes::Dotnet => None,
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\u{8}' => Some("\\b"),
        '\u{c}' => Some("\\f"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        '/' if escapes == Escapes::Php => Some("\\/"),
        _ => None,
    };
    let stays = match escapes {
        Escapes::AsTheyCame => true,
        Escapes::JavaScript => character >= ' ',
        Escapes::Python => (' '..='~').contains(&character),
        Escapes::Dotnet => {
            (' '..='~').contains(&character) && !matches!(character, '<' | '>' | '&' | '\'' | '"' | '+' | '`')
        }
        Escapes::Php => (' '..='\u{7f}').contains(&character),
    };
    match short {
        Some(short) => written.push_str(short),
        None if stays => written.push(character),
        None => {
            let mut units = [0; 2];
            character
                .encode_utf16(&mut units)
                .iter()
                .for_each(|unit| write_unit(written, *unit, escapes == Escapes::Dotnet));
        }
    }
}

fn write_unit(written: &mut String, unit: u16, upper: bool) {
    // Writing to a string cannot fail.
    let _ = if upper { write!(written, "\\u{unit:04X}") } else { write!(written, "\\u{unit:04x}") };
}

/// Decodes a string to UTF-16, because JSON allows unpaired surrogates and Rust's strings do not.
pub fn units(raw: &str) -> Vec<u16> {
    let (mut units, mut rest) = (Vec::with_capacity(raw.len()), inside(raw).chars());
    let mut buffer = [0; 2];
    while let Some(character) = rest.next() {
        let unit = match character {
            '\\' => match rest.next() {
                Some('b') => 8,
                Some('f') => 12,
                Some('n') => 10,
                Some('r') => 13,
                Some('t') => 9,
                Some('u') => {
                    let digits: String = rest.by_ref().take(4).collect();
                    u16::from_str_radix(&digits, 16).unwrap_or(0xfffd)
                }
                Some(other) => other as u16,
                None => break,
            },
            other => {
                units.extend_from_slice(other.encode_utf16(&mut buffer));
                continue;
            }
        };
        units.push(unit);
    }
    units
}

fn inside(raw: &str) -> &str {
    raw.get(1..raw.len() - 1).unwrap_or_default()
}

/// Decodes a string and replaces unpaired surrogates.
pub fn said(raw: &str) -> Cow<'_, str> {
    if inside(raw).contains('\\') { String::from_utf16_lossy(&units(raw)).into() } else { inside(raw).into() }
}

/// Returns the name as an array index, if it is one: JavaScript puts such names first.
pub fn index(raw: &str) -> Option<u32> {
    let name = inside(raw);
    name.parse().ok().filter(|number: &u32| *number < u32::MAX && number.to_string() == name)
}
