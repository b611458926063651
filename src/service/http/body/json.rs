//! Parses JSON of a given form. Text that is not JSON gives 400; JSON of another form gives 422 with the field's name.

use serde::de::DeserializeOwned;

use crate::{
    domain::{encoding, payload::MAX_LEVELS, problem::FieldError, text::nearest},
    service::http::problem::{ApiError, ApiResult},
};

/// The UTF-8 byte order mark, which some programs send before their JSON.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// The message of `serde_json` for more than 127 levels; it has no error code for this.
const TOO_DEEP: &str = "recursion limit exceeded";

/// Whether the body is `null`.
pub(super) fn is_null(body: &[u8]) -> bool {
    body.strip_prefix(MARK).unwrap_or(body).trim_ascii() == b"null"
}

/// Reads a JSON object.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> ApiResult<T> {
    let body = body.strip_prefix(MARK).unwrap_or(body);
    // Serde also reads structs from arrays, by position; the API does not offer that.
    if !body.trim_ascii_start().starts_with(b"{") {
        read::<serde::de::IgnoredAny>(body)?;
        return Err(FieldError::new("body", "must be a JSON object").into());
    }
    read(body)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> ApiResult<T> {
    // Tracking the path costs a third more time, so a body is parsed with it only after an error.
    if let Ok(value) = serde_json::from_slice(body) {
        return Ok(value);
    }
    encoding::text(body).map_err(|error| ApiError::bad_request(format!("the body is no JSON: {error}")))?;
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
    if text.starts_with(TOO_DEEP) && path == "data" {
        let message = format!("is nested too deep: data may have at most {MAX_LEVELS} levels");
        return FieldError::new(path, message).into();
    }
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

/// Turns `serde`'s message into one of this API.
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

/// The text between the backticks after `start`, and the rest.
fn quoted_after<'a>(text: &'a str, start: &str) -> Option<(&'a str, &'a str)> {
    // A field's name may contain backticks; the last one before the text that `serde` adds ends it.
    let rest = text.strip_prefix(start)?.strip_prefix('`')?;
    let end = rest.find("`, ").or_else(|| rest.rfind('`'))?;
    Some((&rest[..end], &rest[end + 1..]))
}

/// The path of the field `name` of the object at `path`; `path` itself if it already ends in `name`.
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

/// The message in JSON's terms, without the value that `serde` quotes: it may be a secret in the wrong place.
fn without_value(text: &str) -> String {
    let Some(fault) = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: ")) else {
        return text.to_owned();
    };
    match fault.rsplit_once(", expected ") {
        Some((given, wanted)) => format!("must be {}, not {}", wanted_in_words(wanted), given_in_words(given)),
        None => "has another type than it must have".to_owned(),
    }
}

fn wanted_in_words(wanted: &str) -> &str {
    match wanted {
        "a map" => "an object",
        "a sequence" => "an array",
        "u64" => "a whole number of 0 or more",
        other => other,
    }
}

fn given_in_words(given: &str) -> &'static str {
    match given.split(' ').next() {
        Some("boolean") => "a boolean",
        Some("integer" | "floating" | "number") => "this number",
        Some("map") => "an object",
        Some("null" | "unit") => "null",
        Some("sequence") => "an array",
        Some("string") => "a string",
        _ => "this",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_in_the_words_of_json() {
        for (text, ours) in [
            ("invalid type: integer `7`, expected a string", "must be a string, not this number"),
            ("invalid value: integer `-1`, expected u64", "must be a whole number of 0 or more, not this number"),
            ("invalid type: string \"a, expected b\", expected a map", "must be an object, not a string"),
            ("invalid type: null, expected a sequence", "must be an array, not null"),
            ("a secret is tmkey_", "a secret is tmkey_"),
        ] {
            assert_eq!(without_value(text), ours);
        }
    }

    #[test]
    fn fields_are_named_by_their_path() {
        for (path, text, ours) in [
            (".", "missing field `url`", "url: is missing"),
            (
                "colour",
                "unknown field `colour`, expected `name` or `url`",
                "colour: is not a field; the fields are name, url",
            ),
            (
                ".",
                "unknown field `nam`, expected `name`",
                "nam: is not a field (did you mean \"name\"?); the fields are name",
            ),
            ("a.b", "duplicate field `b`", "a.b: is there more than once"),
            (".", "something else", "body: something else"),
        ] {
            assert_eq!(field_error(path, text).to_string(), ours);
        }
    }
}
