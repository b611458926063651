//! `@csv`, `@base64` and similar formats.

use base64::{
    Engine, alphabet,
    engine::DecodePaddingMode,
    engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
};
use jaq_core::Error;

use super::native::{Given, of};
use crate::render::jq::{
    value::{Kind, Thrown, Val},
    world::Function,
};

pub(super) fn all() -> Vec<Function> {
    vec![
        of!("@text", |value: Val| Ok(plain(&value).into())),
        of!("@json", |value: Val| Ok(value.to_json().into())),
        of!("@csv", |value: Val| row(&value, "csv", ",", |text| format!("\"{}\"", text.replace('"', "\"\"")))),
        of!("@tsv", |value: Val| row(&value, "tsv", "\t", |text| replaced(text, &TSV))),
        of!("@html", |value: Val| Ok(replaced(&plain(&value), &HTML).into())),
        of!("@sh", shell),
        of!("@uri", |value: Val| Ok(percent(&plain(&value)).into())),
        of!("@urid", |value: Val| Ok(lossy(unpercent(plain(&value).as_bytes())))),
        of!("@base64", |value: Val| Ok(STANDARD.encode(plain(&value)).into())),
        of!("@base64d", |value: Val| {
            let text = plain(&value);
            LENIENT.decode(text.trim_end_matches('=')).map(lossy).map_err(|_| not(&text, "base64"))
        }),
        of!("@base32", |value: Val| Ok(base32(plain(&value).as_bytes()).into())),
        of!("@base32d", |value: Val| {
            let text = plain(&value);
            unbase32(&text).map(lossy).ok_or_else(|| not(&text, "base32"))
        }),
    ]
}

/// Base64 as jq decodes it: padding is optional, and trailing bits are ignored.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const TSV: [(&str, &str); 4] = [("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")];
const HTML: [(&str, &str); 5] = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&apos;"), ("\"", "&quot;")];

/// Returns a string unchanged, and all else as JSON.
fn plain(value: &Val) -> String {
    value.as_text().map_or_else(|| value.to_json(), |text| text.to_string())
}

fn lossy(bytes: Vec<u8>) -> Val {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

fn not(text: &str, format: &str) -> Thrown {
    Error::str(format_args!("{} is not valid {format} data", Val::from(text).named()))
}

/// Replaces each pair's first text by its second, in the order of the pairs.
fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (first, second)| text.replace(first, second))
}

/// Joins an array's items by `separator`; `write` formats strings.
fn row(value: &Val, format: &str, separator: &str, write: fn(&str) -> String) -> Given {
    let Some(list) = value.as_list() else {
        return Err(Error::str(format_args!("{} cannot be {format}-formatted, only array", value.named())));
    };
    let cell = |item: &Val| match &item.kind {
        Kind::Null => Ok(String::new()),
        Kind::Text(text) => Ok(write(text)),
        Kind::Bool(_) | Kind::Number(_) => Ok(item.to_json()),
        Kind::List(_) | Kind::Fields(_) => Err(Error::str(format_args!("{} is not valid in a csv row", item.named()))),
    };
    let cells = list.items().iter().map(cell).collect::<Result<Vec<_>, Thrown>>()?;
    Ok(cells.join(separator).into())
}

/// Quotes words for a shell.
fn shell(value: Val) -> Given {
    let word = |item: &Val| match &item.kind {
        Kind::Text(text) => Ok(format!("'{}'", text.replace('\'', "'\\''"))),
        Kind::List(_) | Kind::Fields(_) => {
            Err(Error::str(format_args!("{} can not be escaped for shell", item.named())))
        }
        _ => Ok(item.to_json()),
    };
    let words = match value.as_list() {
        Some(list) => list.items().iter().map(word).collect::<Result<Vec<_>, Thrown>>()?,
        None => vec![word(&value)?],
    };
    Ok(words.join(" ").into())
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn unpercent(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, further @ ..] = rest {
        let coded = (*first == b'%').then(|| further.get(..2).and_then(|digits| hex::decode(digits).ok())).flatten();
        match coded {
            Some(byte) => {
                bytes.extend(byte);
                rest = &further[2..];
            }
            None => {
                bytes.push(*first);
                rest = further;
            }
        }
    }
    bytes
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Encodes by RFC 4648: five bytes as eight characters of five bits each.
fn base32(bytes: &[u8]) -> String {
    let group = |group: &[u8]| {
        let mut padded = [0; 8];
        padded[3..3 + group.len()].copy_from_slice(group);
        let (bits, characters) = (u64::from_be_bytes(padded), (group.len() * 8).div_ceil(5));
        let character = move |at: usize| match at {
            at if at < characters => char::from(BASE32[(bits >> (35 - 5 * at)) as usize % 32]),
            _ => '=',
        };
        (0..8).map(character)
    };
    bytes.chunks(5).flat_map(group).collect()
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').bytes();
    let digits: Vec<u64> = digits
        .map(|digit| BASE32.iter().position(|known| *known == digit).map(|at| at as u64))
        .collect::<Option<_>>()?;
    let group = |group: &[u64]| {
        let bits = group.iter().enumerate().fold(0, |bits, (at, digit)| bits | digit << (35 - 5 * at));
        bits.to_be_bytes()[3..3 + group.len() * 5 / 8].to_vec()
    };
    Some(digits.chunks(8).flat_map(group).collect())
}
