//! What people hand over in files: data, headers, secrets.

use std::{collections::BTreeMap, path::Path};

use zeroize::Zeroizing;

use crate::{
    domain::{
        event::EventType,
        payload::{self, EditError, EventData, JsonObject, MAX_LEVELS},
        problem::FieldError,
        record::LARGEST_EVENT,
        secret::Secret,
        webhook::check_header,
    },
    error::{CliError, Kind},
};

use super::Context;

/// The largest file that is read, in bytes: somewhat more than an event may have, as it may be written with blanks.
const LARGEST: u64 = 4 * LARGEST_EVENT as u64;

/// How an event's data is made from its type's example.
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
    /// The example of `event_type` with `--data`, then `unset`, then `--set` done to it.
    ///
    /// # Errors
    /// When one of them cannot be read or cannot be done.
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

    /// Whether nothing was said about the data.
    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.data.is_none()
    }
}

/// What receivers get was given where its `data` alone belongs.
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
    let bytes = match source.strip_prefix('@') {
        Some(path) => read_file(Path::new(path), "--data", context)?,
        None if source == "-" => read_file(Path::new("-"), "--data", context)?,
        None => source.as_bytes().to_vec(),
    };
    serde_json::from_slice(&bytes).map_err(|error| {
        let why = error.to_string();
        // serde_json stops at 128 levels, which is more than the service takes.
        let why = if why.contains("recursion") { format!("more than {MAX_LEVELS} levels deep") } else { why };
        CliError::usage(format!("--data is not JSON that can be sent: {why}"))
            .hint("it is an object such as {\"clockingType\":\"Out\"}; @file reads it from a file")
    })
}

/// Reads what is sent as it is, from a file, or from standard input for `-`.
///
/// # Errors
/// When it cannot be read, or is larger than any body the service takes.
pub(super) fn bytes(path: &Path, flag: &str, context: &Context) -> Result<Vec<u8>, CliError> {
    read_file(path, flag, context)
}

/// Reads a file, or standard input for `-`.
fn read_file(path: &Path, flag: &str, context: &Context) -> Result<Vec<u8>, CliError> {
    let read = if path == Path::new("-") {
        context.term.read_input(LARGEST)
    } else {
        std::fs::File::open(path).and_then(|file| {
            use std::io::Read;
            let mut bytes = Vec::new();
            file.take(LARGEST + 1).read_to_end(&mut bytes).map(|_| bytes)
        })
    };
    let bytes =
        read.map_err(|error| CliError::usage(format!("{flag}: could not read {}", path.display())).source(error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(CliError::new(Kind::Refused, format!("{flag}: {} is larger than {LARGEST} bytes", path.display()))
            .code("too_large"));
    }
    Ok(bytes)
}

/// Reads a secret from a file, or from standard input for `-`. It is repeated in no error.
///
/// # Errors
/// When the file cannot be read or holds no secret.
pub(super) fn secret(path: &Path, context: &Context) -> Result<Secret, CliError> {
    let bytes = Zeroizing::new(read_file(path, "--secret-file", context)?);
    let secret = std::str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse().ok());
    secret.ok_or_else(|| {
        CliError::usage(format!("{} holds no secret", path.display()))
            .hint("a secret is tmkey_ and 32 letters and digits")
    })
}

/// Reads headers, each as `Name: value`, or `@file` with one a line. A value is repeated in no error.
///
/// # Errors
/// When a file cannot be read, or something is no header.
pub(super) fn headers(texts: &[String], context: &Context) -> Result<BTreeMap<String, String>, CliError> {
    let mut headers = BTreeMap::new();
    for text in texts {
        let lines = match text.strip_prefix('@') {
            Some(path) => String::from_utf8_lossy(&read_file(Path::new(path), "--header", context)?).into_owned(),
            None => text.clone(),
        };
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let (name, value) = header(line)?;
            headers.insert(name, value);
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
