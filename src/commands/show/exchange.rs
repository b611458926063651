//! Shows request and answer to people.

use serde_json::Value;

use crate::{
    commands::Context,
    domain::attempt::{Attempt, AttemptStatus, Header, ReceivedResponse, SentRequest},
    term::{Tone, sanitise, sanitise_lines},
};

/// Returns the whole exchange of an attempt: request and answer with headers and bodies.
pub(super) fn text(attempt: &Attempt, context: &Context) -> String {
    let mut text = String::new();
    if let Some(SentRequest { url, headers: sent, body }) = &attempt.request {
        let body =
            body.as_deref().map_or_else(|| "(its body is no longer kept)".to_owned(), |body| pretty(body, context));
        let content =
            format!("POST {}\n{}\n{body}", context.term.shown(&context.view.url(url)), headers(sent, context));
        text += &titled("request", &content, context);
    }
    match &attempt.response {
        Some(ReceivedResponse { headers: received, body, truncated }) => {
            let status = attempt.http_status.map_or_else(String::new, status_line);
            let end = if *truncated { end(attempt, body) } else { String::new() };
            let content = format!("{status}{}\n{}{end}", headers(received, context), pretty(body, context));
            text += &titled("answer", &content, context);
        }
        None if attempt.request.is_some() => text += &titled("answer", "(there was none)", context),
        None => {}
    }
    text
}

/// Returns why a body is incomplete. Slightly less than the limit may be kept, so that no character is cut.
fn end(attempt: &Attempt, body: &str) -> String {
    match &attempt.error_detail {
        Some(detail) if attempt.status == AttemptStatus::Succeeded => format!("\n({})", sanitise(detail)),
        _ if body.len() < 15 * 1024 => "\n(it broke off here)".to_owned(),
        _ => "\n(there was more; 16 KiB of it are kept)".to_owned(),
    }
}

/// Formats `401 Unauthorized` with a line end.
pub(super) fn status_line(status: u16) -> String {
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    format!("{status} {}\n", reason.unwrap_or_default()).replace(" \n", "\n")
}

fn headers(headers: &[Header], context: &Context) -> String {
    let line = |Header { name, value }: &Header| {
        format!(
            "{} {}\n",
            context.term.paint(Tone::Receding, &format!("{}:", context.term.shown(name))),
            context.term.shown(value)
        )
    };
    headers.iter().map(line).collect()
}

/// Formats a body for people: JSON is pretty-printed, other text is unchanged.
fn pretty(body: &str, context: &Context) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => json(Some(&value), context),
        _ if body.is_empty() => "(no body)".to_owned(),
        _ => lines(body, context),
    }
}

/// The number of lines that are shown without `--whole`.
const SHOWN: usize = 20;

/// Returns the beginning of a long text, and how to see the rest.
pub(super) fn beginning(text: &str, context: &Context) -> String {
    let lines: Vec<&str> = text.lines().collect();
    match lines.len().checked_sub(SHOWN) {
        Some(more @ 2..) => {
            let cut = context.term.signs().cut();
            let rest = context.term.paint(Tone::Receding, &format!("{cut} {more} more lines: --whole"));
            format!("{}\n{rest}", lines[..SHOWN].join("\n"))
        }
        _ => text.to_owned(),
    }
}

/// Pretty-prints JSON.
pub(super) fn json(value: Option<&Value>, context: &Context) -> String {
    value.map_or_else(|| "(no longer kept)".to_owned(), |value| lines(&format!("{value:#}"), context))
}

fn lines(text: &str, context: &Context) -> String {
    if context.term.terminals().stdout { sanitise_lines(text).into_owned() } else { text.to_owned() }
}

/// Puts a title above a part.
pub(super) fn titled(title: &str, content: &str, context: &Context) -> String {
    let title = context.term.paint(Tone::Subject, title);
    let content = content.trim_end();
    if content.is_empty() { format!("\n{title}\n") } else { format!("\n{title}\n{content}\n") }
}
