//! Functions of strings, and conversions to and from other values.

use jaq_core::Error;
use serde_json::Number as JsonNumber;

use super::native::{Given, of, text, with};
use crate::render::jq::{
    value::{Kind, Number, Thrown, Val, read_one},
    world::Function,
};

pub(super) fn all() -> Vec<Function> {
    vec![
        of!("tojson", |value: Val| Ok(value.to_json().into())),
        of!("fromjson", fromjson),
        of!("tonumber", tonumber),
        of!("utf8bytelength", |value: Val| { Ok(text(&value, "only strings have UTF-8 byte length")?.len().into()) }),
        of!("explode", explode),
        of!("implode", implode),
        of!("ascii_downcase", |value: Val| Ok(exploded(&value)?.to_ascii_lowercase().into())),
        of!("ascii_upcase", |value: Val| Ok(exploded(&value)?.to_ascii_uppercase().into())),
        with!("startswith", 1, |value: Val, part: Val| {
            both(&value, &part, "startswith() requires string inputs").map(|(text, part)| text.starts_with(part).into())
        }),
        with!("endswith", 1, |value: Val, part: Val| {
            both(&value, &part, "endswith() requires string inputs").map(|(text, part)| text.ends_with(part).into())
        }),
        with!("ltrimstr", 1, |value: Val, part: Val| {
            let rest = value.as_text().zip(part.as_text()).and_then(|(text, part)| text.strip_prefix(&**part));
            Ok(rest.map_or_else(|| value.clone(), Val::from))
        }),
        with!("rtrimstr", 1, |value: Val, part: Val| {
            let rest = value.as_text().zip(part.as_text()).and_then(|(text, part)| text.strip_suffix(&**part));
            Ok(rest.map_or_else(|| value.clone(), Val::from))
        }),
        with!("split", 1, |value: Val, separator: Val| {
            both(&value, &separator, "split input and separator must be strings")?;
            value / separator
        }),
        of!("trim", |value: Val| Ok(trimmed(&value)?.trim().into())),
        of!("ltrim", |value: Val| Ok(trimmed(&value)?.trim_start().into())),
        of!("rtrim", |value: Val| Ok(trimmed(&value)?.trim_end().into())),
    ]
}

fn both<'a>(value: &'a Val, part: &'a Val, otherwise: &str) -> Result<(&'a str, &'a str), Thrown> {
    match (value.as_text(), part.as_text()) {
        (Some(text), Some(part)) => Ok((text, part)),
        _ => Err(Error::str(otherwise)),
    }
}

fn trimmed(value: &Val) -> Result<&str, Thrown> {
    text(value, "cannot be trimmed")
}

fn exploded(value: &Val) -> Result<&str, Thrown> {
    value.as_text().map(|text| &**text).ok_or_else(|| Error::str("explode input must be a string"))
}

fn fromjson(value: Val) -> Given {
    let json = text(&value, "only strings can be parsed")?;
    read_one(json).map_err(|error| Error::str(format_args!("{} cannot be parsed as JSON: {error}", value.named())))
}

/// Converts a value to a number; a string must have JSON's form.
fn tonumber(value: Val) -> Given {
    match &value.kind {
        Kind::Number(_) => return Ok(value),
        Kind::Text(text) => {
            let written = text.trim_matches([' ', '\t', '\n', '\r']);
            let number = written.parse::<JsonNumber>().ok().and_then(|_| Number::calculated(written));
            number.map(Val::from)
        }
        _ => None,
    }
    .ok_or_else(|| Error::str(format_args!("{} cannot be parsed as a number", value.named())))
}

fn explode(value: Val) -> Given {
    Ok(exploded(&value)?.chars().map(|character| Val::from(u32::from(character) as usize)).collect())
}

/// Makes a string from code points; an invalid one becomes U+FFFD.
fn implode(value: Val) -> Given {
    let Some(list) = value.as_list() else { return Err(Error::str("implode input must be an array")) };
    let character = |code: &Val| match code.as_number() {
        Some(code) => {
            let code = u32::try_from(code.truncated()).ok().and_then(char::from_u32);
            Ok(code.unwrap_or(char::REPLACEMENT_CHARACTER))
        }
        None => Err(Error::str("Unicode codepoint must be numeric")),
    };
    Ok(list.items().iter().map(character).collect::<Result<String, Thrown>>()?.into())
}
