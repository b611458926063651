//! Converts between values and JSON.

use std::fmt;

use serde_json::{Deserializer, Value};

use super::{Kind, Val};
use crate::render::jq::budget;

/// The length of a value's excerpt in errors, in bytes, as in jq.
const BEGINNING: usize = 11;
/// A value of at most this length is shown whole.
const WHOLE: usize = BEGINNING + 3;

/// The text is not JSON.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(in crate::render::jq) struct InvalidJson(#[from] serde_json::Error);

/// Parses the values in `text` one after the other.
pub(in crate::render::jq) fn read_many(text: &str) -> impl Iterator<Item = Result<Val, InvalidJson>> {
    Deserializer::from_str(text).into_iter::<Value>().map(|value| Ok(value?.into()))
}

/// Parses the only value in `text`.
pub(in crate::render::jq) fn read_one(text: &str) -> Result<Val, InvalidJson> {
    Ok(serde_json::from_str::<Value>(text)?.into())
}

impl From<Value> for Val {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Val::null(),
            Value::Bool(truth) => truth.into(),
            Value::Number(number) => {
                super::Number::read(&number.to_string()).map_or_else(|| Val::from(f64::NAN), Val::from)
            }
            Value::String(text) => text.into(),
            Value::Array(items) => items.into_iter().map(Val::from).collect(),
            Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, Val::from(value))).collect(),
        }
    }
}

impl Val {
    /// Writes the value as JSON.
    pub(in crate::render::jq) fn to_json(&self) -> String {
        let mut json = String::new();
        write(self, &mut json, usize::MAX);
        json
    }

    /// Names it in errors: its type, and the beginning of its JSON.
    pub(in crate::render::jq) fn named(&self) -> String {
        format!("{} ({})", self.type_name(), self.beginning())
    }

    /// Returns its JSON, or the beginning of it.
    fn beginning(&self) -> String {
        let mut json = String::new();
        write(self, &mut json, WHOLE);
        if json.len() > WHOLE {
            let end = (0..=BEGINNING).rev().find(|end| json.is_char_boundary(*end)).unwrap_or(0);
            json.truncate(end);
            json.push_str("...");
        }
        json
    }
}

/// Formats a value that is itself an error message.
impl fmt::Display for Val {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Text(text) => text.fmt(f),
            _ => f.write_str(&self.to_json()),
        }
    }
}

/// Appends `value` to `json`, and stops when that is longer than `most`.
fn write(value: &Val, json: &mut String, most: usize) {
    budget::step();
    if json.len() > most {
        return;
    }
    match &value.kind {
        Kind::Null => json.push_str("null"),
        Kind::Bool(truth) => json.push_str(if *truth { "true" } else { "false" }),
        Kind::Number(number) => json.push_str(&number.to_string()),
        Kind::Text(text) => write_text(text, json),
        Kind::List(list) => {
            // The same list may occur in many places: the text can be far larger than the value.
            budget::room(2 * json.len());
            let mut before = '[';
            for item in list.items() {
                json.push(std::mem::replace(&mut before, ','));
                write(item, json, most);
            }
            json.push_str(if before == '[' { "[]" } else { "]" });
        }
        Kind::Fields(fields) => {
            budget::room(2 * json.len());
            let mut before = '{';
            for (key, value) in fields.iter() {
                json.push(std::mem::replace(&mut before, ','));
                write_text(key, json);
                json.push(':');
                write(value, json, most);
            }
            json.push_str(if before == '{' { "{}" } else { "}" });
        }
    }
}

/// Writes a JSON string. It also escapes DEL, which some terminals interpret, as jq does.
fn write_text(text: &str, json: &mut String) {
    let written = Value::from(text).to_string();
    json.push_str(&written.replace('\u{7f}', "\\u007f"));
}
