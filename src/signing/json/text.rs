//! The strings of JSON, in the escapes of each language.

use std::{borrow::Cow, fmt::Write};

/// Which characters a language escapes, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// As they came.
    AsTheyCame,
    /// What has to be, and half a pair of surrogates.
    JavaScript,
    /// All that is not printable ASCII.
    Python,
    /// All that is not printable ASCII, or means something to HTML; in upper case.
    Dotnet,
    /// All that is not ASCII, and slashes.
    Php,
}

/// Writes a string, given with its quotes and escapes.
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

/// The UTF-16 of what a string says: half a pair of surrogates is no text in Rust, and some in JSON.
fn units(raw: &str) -> Vec<u16> {
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

/// What a string says; what is no text is replaced.
pub fn said(raw: &str) -> Cow<'_, str> {
    if inside(raw).contains('\\') { String::from_utf16_lossy(&units(raw)).into() } else { inside(raw).into() }
}

/// Whether two strings say the same.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || (one.contains('\\') || other.contains('\\')) && units(one) == units(other)
}

/// The number that a name is to JavaScript, which puts such names first.
pub fn index(raw: &str) -> Option<u32> {
    let name = inside(raw);
    name.parse().ok().filter(|number: &u32| *number < u32::MAX && number.to_string() == name)
}
