//! Prints the service's answers.

use bytes::Bytes;
use http::{HeaderMap, Response, Version};

use crate::{commands::Context, error::CliError, render};

/// Prints JSON as the view requests, and anything else, such as `/metrics`, unchanged.
pub(super) fn show(answer: &Response<Bytes>, context: &Context) -> Result<(), CliError> {
    let filtered = context.view.jq.is_some();
    if answer.body().is_empty() {
        return Ok(());
    }
    let value = match serde_json::from_slice::<serde_json::Value>(answer.body()) {
        Ok(value) => value,
        Err(error) if filtered => {
            return Err(CliError::from(anyhow::Error::from(error)).attempting("--jq: the answer is not JSON"));
        }
        Err(_) => {
            show_as_it_came(answer.body(), context);
            return Ok(());
        }
    };
    if filtered || context.view.terminal {
        render::value(&context.term, &context.view, &value)?;
    } else {
        show_as_it_came(answer.body(), context);
    }
    if value["data"].is_array() && value["next"].is_string() {
        context.term.notice("This is one page, and there may be more: --paginate shows them all");
    }
    Ok(())
}

/// Prints a body unchanged, but sanitised for a terminal and with a line end.
pub(super) fn show_as_it_came(body: &[u8], context: &Context) {
    let text = String::from_utf8_lossy(body);
    context.term.write(&context.term.shown_lines(&text));
    if !text.ends_with('\n') && !text.is_empty() {
        context.term.write("\n");
    }
}

/// Formats the answer's first line and headers as HTTP does, and an empty line.
pub(super) fn head(answer: &Response<Bytes>) -> String {
    let version = match answer.version() {
        Version::HTTP_2 => "HTTP/2",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    };
    format!("{version} {}\n{}\n", answer.status(), headers(answer.headers()))
}

fn headers(headers: &HeaderMap) -> String {
    let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
    };
    headers.iter().map(line).collect()
}
