//! Reads input from files: data, headers, secrets.

use std::{collections::BTreeMap, path::Path};

use zeroize::Zeroizing;

use crate::{
    domain::{
        attempt::Header, encoding, problem::FieldError, record::LARGEST_EVENT, secret::Secret, webhook::check_header,
    },
    error::{CliError, Kind},
    files::{self, Unreadable},
    signing::SharedSecret,
};

use super::Context;

/// The largest file that is read, in bytes: more than the largest event, as it may contain whitespace.
const LARGEST: u64 = 4 * LARGEST_EVENT as u64;

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
    let secret = SharedSecret::read(&text)
        .map_err(|_| CliError::usage(format!("{} holds no secret: it is empty", path.display())))?;
    if let Some(oddity) = secret.oddity() {
        context.term.alert("odd_secret", &format!("the secret in {} {oddity}", path.display()));
    }
    Ok(secret)
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
