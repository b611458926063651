//! Reads input from files: data, headers, secrets.

use std::{collections::BTreeMap, path::Path};

use zeroize::Zeroizing;

use crate::{
    domain::{
        attempt::Header,
        distinct,
        encoding::{self, without_mark},
        event::EventType,
        json::JsonObject,
        payload::{self, EditError, EventData, MAX_LEVELS},
        problem::FieldError,
        record::LARGEST_EVENT,
        secret::Secret,
        webhook::check_header,
    },
    error::{CliError, Kind},
    files::{self, Unreadable},
    signing::SharedSecret,
};

use super::Context;

/// The largest file that is read, in bytes: more than the largest event, as it may contain whitespace.
const LARGEST: u64 = 4 * LARGEST_EVENT as u64;

/// The flags that change a type's example to an event's data.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DataArgs {
    /// Set a field of the data: clockingType=Out; dots lead into objects: shift.name=Night
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Replace fields of the data by those of a JSON object: @file, - for standard input, or the object itself
    #[arg(long, value_name = "@FILE|-|JSON")]
    data: Option<String>,
}

impl DataArgs {
    /// Applies `--data`, then `unset`, then `--set` to the example of `event_type`.
    ///
    /// # Errors
    /// Fails if one of them cannot be read or applied.
    pub(super) fn make(
        &self,
        event_type: EventType,
        unset: &[String],
        context: &Context,
    ) -> Result<JsonObject, CliError> {
        let mut data = EventData::example(event_type).object().to_value();
        if let Some(source) = &self.data {
            let given = read_json(source, context)?;
            refuse_whole_event(&given, event_type)?;
            payload::merge(&mut data, given).map_err(|error| unusable("--data", &error))?;
        }
        for path in unset {
            payload::unset(&mut data, path).map_err(|error| unusable("--unset", &error))?;
        }
        for text in &self.set {
            let done = payload::assignment(text).and_then(|(path, value)| payload::set(&mut data, path, value));
            done.map_err(|error| unusable("--set", &error))?;
        }
        let serde_json::Value::Object(fields) = data else {
            return Err(CliError::usage("the data must be an object of fields"));
        };
        let data = JsonObject::from(fields);
        for unknown in payload::warnings(event_type, &data) {
            context.term.warning(&unknown.to_string());
        }
        Ok(data)
    }

    /// Whether no flag was given.
    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.data.is_none()
    }
}

/// Refuses a whole event in place of its `data`.
fn refuse_whole_event(given: &serde_json::Value, event_type: EventType) -> Result<(), CliError> {
    let serde_json::Value::Object(fields) = given else { return Ok(()) };
    if !payload::is_whole_event(&JsonObject::from(fields.clone())) {
        return Ok(());
    }
    Err(CliError::usage("--data is a whole event, not the data of one")
        .hint(format!("give what stands in its \"data\": jq .data FILE | tm-hooks send {event_type} --data -")))
}

fn unusable(flag: &str, error: &EditError) -> CliError {
    CliError::usage(format!("{flag}: {error}"))
}

fn read_json(source: &str, context: &Context) -> Result<serde_json::Value, CliError> {
    let text = match source.strip_prefix('@') {
        Some(path) => text(Path::new(path), "--data", context)?,
        None if source == "-" => text(Path::new("-"), "--data", context)?,
        None => without_mark(source).to_owned().into(),
    };
    let read = serde_json::from_str(&text).map_err(|error| {
        let why = error.to_string();
        // serde_json stops at 128 levels, which is more than the service accepts.
        let why = if why.contains("recursion") { format!("more than {MAX_LEVELS} levels deep") } else { why };
        CliError::usage(format!("--data is not JSON that can be sent: {why}"))
            .hint("it is an object such as {\"clockingType\":\"Out\"}; @file reads it from a file")
    })?;
    match distinct::repeated(&text) {
        None => Ok(read),
        Some(path) => Err(CliError::usage(format!("--data has {path} more than once"))
            .hint("leave out all but the one that is meant")),
    }
}

/// Reads a text from a file, or from standard input for `-`, without a byte order mark. It is wiped when dropped.
///
/// # Errors
/// Fails if it cannot be read, is not UTF-8, or is larger than any body that the service accepts.
pub(super) fn text(path: &Path, flag: &str, context: &Context) -> Result<Zeroizing<String>, CliError> {
    let read = if path == Path::new("-") {
        from_standard_input(context, LARGEST).and_then(|bytes| Ok(encoding::text(&bytes)?.to_owned().into()))
    } else {
        files::read_text(&context.environment.expanded(path), LARGEST)
    };
    unreadable(read, path, flag)
}

/// The largest file of recorded requests, in bytes.
const LARGEST_RECORDING: u64 = 64 * 1024 * 1024;

/// Reads a file, or standard input for `-`, as bytes. It is wiped when dropped.
///
/// # Errors
/// Fails if it cannot be read or is larger than any recording.
pub(super) fn bytes(path: &Path, flag: &str, context: &Context) -> Result<Zeroizing<Vec<u8>>, CliError> {
    let read = if path == Path::new("-") {
        from_standard_input(context, LARGEST_RECORDING)
    } else {
        files::read(&context.environment.expanded(path), LARGEST_RECORDING)
    };
    unreadable(read, path, flag)
}

fn unreadable<T>(read: Result<T, Unreadable>, path: &Path, flag: &str) -> Result<T, CliError> {
    read.map_err(|error| {
        let message = format!("{flag}: could not read {}", path.display());
        let hint = error.hint();
        let failure = match error {
            Unreadable::TooLarge(_) => CliError::new(Kind::Refused, message).code("too_large"),
            _ => CliError::usage(message),
        };
        hint.into_iter().fold(failure.source(error), CliError::hint)
    })
}

fn from_standard_input(context: &Context, most: u64) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let bytes = Zeroizing::new(context.term.read_input(most)?);
    if bytes.len() as u64 > most { Err(Unreadable::TooLarge(most)) } else { Ok(bytes) }
}

/// Reads a secret from a file, or from standard input for `-`. No error repeats it.
///
/// # Errors
/// Fails if the file cannot be read or holds no secret.
pub(super) fn secret(path: &Path, context: &Context) -> Result<Secret, CliError> {
    let text = text(path, "--secret-file", context)?;
    text.trim().parse().map_err(|_| {
        CliError::usage(format!("{} holds no secret", path.display()))
            .hint("a secret is tmkey_ and 32 letters and digits")
    })
}

/// Reads a secret of any form from a file, or from standard input for `-`. No error repeats it.
///
/// # Errors
/// Fails if the file cannot be read or is empty.
pub(super) fn shared_secret(path: &Path, context: &Context) -> Result<SharedSecret, CliError> {
    let text = text(path, "--secret-file", context)?;
    SharedSecret::read(&text).map_err(|_| CliError::usage(format!("{} holds no secret: it is empty", path.display())))
}

/// Reads headers, each as `Name: value`, or `@file` with one per line. No error repeats a value.
///
/// # Errors
/// Fails if a file cannot be read or a header is not valid.
pub(super) fn headers(texts: &[String], context: &Context) -> Result<BTreeMap<String, String>, CliError> {
    let mut headers = BTreeMap::new();
    for text in texts {
        let lines = match text.strip_prefix('@') {
            Some(path) => self::text(Path::new(path), "--header", context)?,
            None => text.clone().into(),
        };
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let (name, value) = header(line)?;
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

/// Reads headers with any name, each as `Name: value`, or `@file` with one per line. No error repeats a value.
///
/// # Errors
/// Fails if a file cannot be read or a line has no colon.
pub(super) fn any_headers(texts: &[String], context: &Context) -> Result<Vec<Header>, CliError> {
    let mut headers = Vec::new();
    for text in texts {
        let lines = match text.strip_prefix('@') {
            Some(path) => self::text(Path::new(path), "--header", context)?,
            None => text.clone().into(),
        };
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let (name, value) = line.split_once(':').ok_or_else(|| {
                CliError::usage("--header holds no colon").hint("write it as --header 'Name: value', or --header @file")
            })?;
            headers.push(Header { name: name.trim().to_owned(), value: value.trim().to_owned() });
        }
    }
    Ok(headers)
}

fn header(line: &str) -> Result<(String, String), CliError> {
    let no_header =
        || CliError::usage("--header holds no colon").hint("write it as --header 'Name: value', or --header @file");
    let (name, value) = line.split_once(':').ok_or_else(no_header)?;
    let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
    check_header(&name, &value).map_err(|FieldError { field: _, message }| {
        CliError::new(Kind::Refused, format!("--header {name}: {message}")).code("invalid")
    })?;
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_a_name_and_a_value() {
        assert_eq!(header("X-Team:  payroll: one ").unwrap(), ("X-Team".to_owned(), "payroll: one".to_owned()));
        assert_eq!(header("no colon").unwrap_err().kind(), Kind::Usage);
        let error = header("Host: secret-value").unwrap_err();
        assert_eq!(error.kind(), Kind::Refused);
        assert!(!error.to_string().contains("secret-value"));
    }
}
