//! Writes the request of an attempt as a command for curl, which repeats it byte by byte.

use std::time::Duration;

use url::Url;

use crate::{
    commands::{Context, shell_word::quoted},
    domain::{
        attempt::{Attempt, Header, SentRequest},
        masked_url::is_masked,
        scheme::message::tells_time,
        time::Timestamp,
    },
    error::{CliError, Kind},
    render::{Format, words},
    term::is_dangerous,
};

/// The longest word of a command (Linux allows 128 KiB); longer texts are piped.
const LONGEST_WORD: usize = 64 * 1024;

/// The oldest signature that the libraries of Standard Webhooks accept.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Headers that curl adds and the service does not send.
const ADDED_BY_CURL: [&str; 3] = ["Accept", "Content-Type", "User-Agent"];

/// Refuses outputs in which a command cannot be written.
///
/// # Errors
/// Fails if the output is not for people.
pub(super) fn check(context: &Context) -> Result<(), CliError> {
    if context.view.format == Format::Table && context.view.columns.is_none() {
        return Ok(());
    }
    Err(CliError::usage("--curl prints a command for a shell, which has neither fields nor another format")
        .hint("leave out what names them, or say -o table"))
}

/// Prints the command, and notes why its result may differ.
///
/// # Errors
/// Fails if the request is not known or no longer kept.
pub(super) fn show(attempt: &Attempt, context: &Context) -> Result<(), CliError> {
    let unknown =
        |why: &str| CliError::new(Kind::Conflict, format!("there is nothing to repeat: {why}")).code("body_not_kept");
    let request = attempt.request.as_ref().ok_or_else(|| unknown("nothing is known of its request"))?;
    let body = request.body.as_deref().ok_or_else(|| unknown("the body that was sent is no longer kept"))?;
    let url = Url::parse(&request.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| unknown("it did not go to a URL"))?;
    let url = context.view.url(url.as_str());
    context.term.line(&command(&url, &request.headers, body));
    context.term.flush();
    for note in notes(attempt, request, &url, context.now()) {
        context.term.note(&note);
    }
    Ok(())
}

/// Returns the command. It needs no file, variable or shell setting, and is the same in sh, bash, zsh and fish.
fn command(url: &str, headers: &[Header], body: &str) -> String {
    // Characters that a terminal must not get are written as escapes for `printf`.
    let is_piped = body.len() > LONGEST_WORD || body.contains(is_dangerous);
    let mut words = vec![if is_piped {
        format!("printf {} | curl -ig {}", quoted(&format_of(body)), quoted(url))
    } else {
        format!("curl -ig {}", quoted(url))
    }];
    if url.starts_with("https:") {
        // HTTP/2 would change header names to lower case.
        words.push("--http1.1".to_owned());
    }
    for name in ADDED_BY_CURL {
        if !headers.iter().any(|header| header.name.eq_ignore_ascii_case(name)) {
            words.push(format!("-H {}", quoted(&format!("{name}:"))));
        }
    }
    words.extend(headers.iter().map(|header| format!("-H {}", quoted(&header_for_curl(header)))));
    words.push(if is_piped { "--data-binary @-".to_owned() } else { format!("--data-raw {}", quoted(body)) });
    words.join(" \\\n  ")
}

/// Writes a header for curl: an empty value needs a semicolon, as a colon alone removes the header.
fn header_for_curl(Header { name, value }: &Header) -> String {
    let clean = |text: &str| text.replace(is_dangerous, "");
    let (name, value) = (clean(name), clean(value));
    if value.trim().is_empty() { format!("{name};") } else { format!("{name}: {value}") }
}

/// Escapes `text` for `printf`: no conversion, and dangerous characters as bytes.
fn format_of(text: &str) -> String {
    let mut format = String::with_capacity(text.len());
    let mut bytes = [0; 4];
    for (at, character) in text.char_indices() {
        match character {
            '%' => format += "%%",
            '\\' => format += r"\\",
            // A leading `-` would be an option.
            '-' if at == 0 => format += r"\055",
            other if is_dangerous(other) => {
                format.extend(other.encode_utf8(&mut bytes).bytes().map(|byte| format!("\\{byte:03o}")));
            }
            other => format.push(other),
        }
    }
    format
}

/// Returns notes for the person who runs the command.
fn notes(attempt: &Attempt, request: &SentRequest, url: &str, now: Timestamp) -> Vec<String> {
    let masked: Vec<&str> =
        request.headers.iter().filter(|header| is_masked(&header.value)).map(|header| header.name.as_str()).collect();
    let mut notes = Vec::new();
    if !masked.is_empty() {
        let value = if masked.len() == 1 { "the value" } else { "the values" };
        notes.push(format!("note: put in {value} of {}, which nobody can read here", words::listed(&masked)));
    }
    if url != request.url {
        notes.push("note: what is secret in the URL is masked; --reveal shows it".to_owned());
    }
    let age = now.since(attempt.started_at);
    let timestamp = request.headers.iter().find(|header| tells_time(&header.name));
    if let Some(timestamp) = timestamp.filter(|_| age > TOLERANCE) {
        notes.push(format!(
            "note: it was signed {} ago. A receiver that looks at {} refuses it by now; signed anew:\n  \
             tm-hooks retry {}",
            words::duration(age),
            timestamp.name,
            attempt.id
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_attempt;

    fn header(name: &str, value: &str) -> Header {
        Header { name: name.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn a_command_has_what_was_sent_and_nothing_that_curl_adds() {
        let headers = [header("content-type", "application/json"), header("webhook-id", "tm_1"), header("X-Empty", "")];
        insta::assert_snapshot!(command("https://a.example/in?x=[1]", &headers, r#"{"who":"O'Hara"}"#), @r#"
        curl -ig 'https://a.example/in?x=[1]' \
          --http1.1 \
          -H 'Accept:' \
          -H 'User-Agent:' \
          -H 'content-type: application/json' \
          -H 'webhook-id: tm_1' \
          -H 'X-Empty;' \
          --data-raw '{"who":"O'\''Hara"}'
        "#);
    }

    #[test]
    fn what_a_terminal_must_not_get_is_told_by_its_bytes() {
        let command = command("http://a.example/", &[], "{\"a\":\"100 %\\n\u{202e}\"}");
        let begin = r#"printf '{"a":"100 %%'\\'\n\342\200\256"}' | curl -ig "#;
        assert!(command.starts_with(begin) && command.ends_with("--data-binary @-"), "{command}");
        assert!(!command.contains(|c| is_dangerous(c) && c != '\n'), "{command:?}");
        assert_eq!(header_for_curl(&header("X-\u{1b}[31m", "1\r\n2")), "X-[31m: 12");
        assert_eq!(format_of("-n\0\u{85}"), r"\055n\000\302\205");
    }

    #[test]
    fn what_keeps_it_from_doing_the_same_is_said() {
        let mut attempt = sample_attempt();
        let request = attempt.request.as_mut().unwrap();
        request.headers = vec![header("webhook-timestamp", "1"), header("X-Api-Key", "••••••••")];
        let request = request.clone();
        let at = |seconds| attempt.started_at.plus(Duration::from_secs(seconds));
        let said = |url: &str, now| notes(&attempt, &request, url, now);
        assert_eq!(said(&request.url, at(1)), ["note: put in the value of X-Api-Key, which nobody can read here"]);
        assert_eq!(said("https://bot.example.com/tm?token=••••", at(300)).len(), 2);
        assert!(said(&request.url, at(301))[1].ends_with("tm-hooks retry at_06f8k2v0c1q4jt3xw9b7n5m8ed"));
        let timeless = SentRequest { headers: vec![header("Timemoto-Signature", "00")], ..request.clone() };
        assert!(notes(&attempt, &timeless, &request.url, at(301)).is_empty());
    }
}
