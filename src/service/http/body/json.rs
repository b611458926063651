//! JSON of a given form, and what is said when it is not: 400 for what is no JSON, 422 naming the field otherwise.

use serde::de::DeserializeOwned;

use crate::{
    domain::{payload::MAX_LEVELS, problem::FieldError, text::nearest},
    service::http::problem::{Answer, ApiError},
};

/// What `serde_json` says of more than 127 levels. It has no code for it.
const TOO_DEEP: &str = "recursion limit exceeded";

/// Reads a JSON object.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Answer<T> {
    // Forms are read from arrays too, by position; that is nothing to offer.
    if !body.trim_ascii_start().starts_with(b"{") {
        read::<serde::de::IgnoredAny>(body)?;
        return Err(FieldError::new("body", "must be a JSON object").into());
    }
    read(body)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Answer<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        describe(&path, error.inner())
    })?;
    deserializer.end().map_err(|error| describe("", &error))?;
    Ok(value)
}

fn describe(path: &str, error: &serde_json::Error) -> ApiError {
    let text = error.to_string();
    if text.starts_with(TOO_DEEP) {
        let detail = format!("the JSON is nested too deep; an event's data may have at most {MAX_LEVELS} levels");
        return ApiError::bad_request(detail);
    }
    if !error.is_data() {
        return ApiError::bad_request(format!("the body is not valid JSON: {text}"));
    }
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    field_error(path, text).into()
}

/// The error in the words of this API, from `serde`'s.
fn field_error(path: &str, text: &str) -> FieldError {
    let path = if path == "." { "" } else { path };
    if let Some((name, known)) = quoted_after(text, "unknown field ") {
        return FieldError::new(child(path, name), unknown_field(name, known));
    }
    if let Some((name, _)) = quoted_after(text, "missing field ") {
        return FieldError::new(child(path, name), "is missing");
    }
    if let Some((name, _)) = quoted_after(text, "duplicate field ") {
        return FieldError::new(child(path, name), "is there more than once");
    }
    let field = if path.is_empty() { "body" } else { path };
    FieldError::new(field, without_value(text))
}

/// What stands between the backticks behind `start`, and all that follows.
fn quoted_after<'a>(text: &'a str, start: &str) -> Option<(&'a str, &'a str)> {
    // A field's own name may contain backticks: the last one before what `serde` adds ends it.
    let rest = text.strip_prefix(start)?.strip_prefix('`')?;
    let end = rest.find("`, ").or_else(|| rest.rfind('`'))?;
    Some((&rest[..end], &rest[end + 1..]))
}

/// The path of the field `name` in what `path` names; `path` itself where it ends in it already.
fn child(path: &str, name: &str) -> String {
    if path.is_empty() || path == name {
        name.to_owned()
    } else if path.ends_with(&format!(".{name}")) {
        path.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn unknown_field(name: &str, known: &str) -> String {
    let names: Vec<_> = known.split('`').skip(1).step_by(2).collect();
    let meant = nearest(name, names.iter().copied()).map(|name| format!(" (did you mean \"{name}\"?)"));
    format!("is not a field{}; the fields are {}", meant.unwrap_or_default(), names.join(", "))
}

/// The message without the value it quotes: that may be a secret in the wrong place.
fn without_value(text: &str) -> String {
    match (text.strip_prefix("invalid type: string \""), text.rfind("\", expected ")) {
        (Some(_), Some(end)) => format!("must be {}, not a string", &text[end + "\", expected ".len()..]),
        _ => match text.strip_prefix("invalid type: ").and_then(|text| text.split_once(", expected ")) {
            Some((given, wanted)) => format!("must be {wanted}, not {given}"),
            None => text.to_owned(),
        },
    }
}
