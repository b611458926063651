//! An attempt in short, for a person: the answer, the likely cause, the request, the other attempts of its delivery,
//! and the next steps.

use unicode_width::UnicodeWidthStr;

use crate::{
    commands::{Context, diagnosis},
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus, Header, ReceivedResponse, SentRequest},
        scheme::{SchemeChoice, TIMEMOTO_SIGNATURE, WEBHOOK_SIGNATURE},
        webhook::Webhook,
    },
    render::words,
    term::cut,
};

use super::{
    exchange,
    story::{self, INDENT, Line, Told},
};

/// What is said of the signature that TimeMoto has not documented.
const AS_ASSUMED: &str = "as receivers assume it";
/// What stands at the right end begins so far behind what stands before it, at least.
const GAP: usize = 3;
/// The largest width of lines, so that the right end stays near the left.
const WIDEST: usize = 80;

/// Returns everything below the headline.
pub(super) fn text(attempt: &Attempt, told: &Told, context: &Context) -> String {
    let blocks = [
        story::cure(told.webhook.as_ref(), attempt),
        exchanged(attempt, told.webhook.as_ref(), context),
        story::tries(attempt, told, context),
        next_steps(attempt),
    ];
    let blocks = blocks.iter().filter(|lines| !lines.is_empty());
    format!("  {}\n", when(attempt, context)) + &blocks.map(|lines| story::written(lines, context)).collect::<String>()
}

/// Describes the attempt's time: `45 s ago (Wed 25 Nov 16:55:05), try 2 of 10, took 30 ms, next in 4 min 12 s`.
fn when(attempt: &Attempt, context: &Context) -> String {
    let Attempt { kind, number, max_attempts, duration_ms, next_retry_at, .. } = attempt;
    let number = match kind {
        AttemptKind::Test => "a test".to_owned(),
        AttemptKind::Event | AttemptKind::Retry => format!("try {number} of {max_attempts}"),
        AttemptKind::Manual | AttemptKind::Recover => format!("try {number} of {max_attempts} ({kind})"),
    };
    let took = duration_ms.map(|millis| format!("took {}", words::milliseconds(millis)));
    let next = match next_retry_at {
        Some(at) if *at <= context.now() => Some("next now".to_owned()),
        Some(at) => Some(format!("next {}", words::time(*at, &context.view))),
        None if story::is_given_up(attempt) => Some("given up".to_owned()),
        None => None,
    };
    let time = words::time_and_date(attempt.started_at, &context.view, &context.time_zone());
    let parts = [Some(time), Some(number), took, next];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    crate::term::hang(&text, context.term.width(), 2)
}

/// Request and answer, in short.
fn exchanged(attempt: &Attempt, webhook: Option<&Webhook>, context: &Context) -> Vec<Line> {
    let Some(request) = &attempt.request else { return Vec::new() };
    let mut lines = sent(attempt, request, webhook, context);
    match &attempt.response {
        Some(response) => lines.extend(received(attempt, response, context)),
        None => lines.extend(none(attempt)),
    }
    lines
}

fn sent(attempt: &Attempt, request: &SentRequest, webhook: Option<&Webhook>, context: &Context) -> Vec<Line> {
    let SentRequest { url, headers, body } = request;
    let size = body.as_ref().map_or("body no longer kept".to_owned(), |body| bytes(body.len()));
    let size = attempt.version.map_or_else(|| size.clone(), |version| format!("{version}, {size}"));
    let mut lines = sides("request", &format!("POST {}", context.view.url(url)), &size, context);
    let signatures = signatures(headers, webhook);
    let label = signatures.iter().map(|header| header.name.width()).max().unwrap_or(0);
    let room = context.term.width().min(WIDEST).saturating_sub(INDENT);
    let signature = |header: &&Header| {
        let line = format!("{:<label$}  {}", header.name, header.value);
        if header.name != TIMEMOTO_SIGNATURE {
            return Line::below(cut(&line, room, context.term.signs()).into_owned());
        }
        let line = cut(&line, room.saturating_sub(2 + AS_ASSUMED.len()), context.term.signs());
        Line::below(format!("{line}  {AS_ASSUMED}"))
    };
    lines.extend(signatures.iter().map(signature));
    let more = words::count(headers.len() - signatures.len(), "more header");
    let more = if body.is_some() { format!("{more} and the body: --whole") } else { format!("{more}: --whole") };
    let command = if body.is_some() { "as a command: --curl" } else { "" };
    lines.extend(sides("", &more, command, context));
    lines
}

/// The headers that say who sent it: those of our two schemes, and that of the webhook's own.
fn signatures<'a>(headers: &'a [Header], webhook: Option<&Webhook>) -> Vec<&'a Header> {
    let own = webhook.map(Webhook::signs_by);
    let own = if let Some(SchemeChoice::Text(scheme)) = &own { Some(scheme.header.as_str()) } else { None };
    let names = [TIMEMOTO_SIGNATURE, WEBHOOK_SIGNATURE].into_iter();
    let own = own.filter(|own| names.clone().all(|name| !name.eq_ignore_ascii_case(own)));
    names.chain(own).filter_map(|name| named(headers, name)).collect()
}

fn received(attempt: &Attempt, response: &ReceivedResponse, context: &Context) -> Vec<Line> {
    let ReceivedResponse { headers, body, truncated } = response;
    let status = attempt.http_status.map(exchange::status_line).unwrap_or_default();
    let kind = named(headers, "content-type").map(|header| header.value.split(';').next().unwrap_or_default().trim());
    let size = match (body.is_empty(), truncated) {
        (true, _) => "no body".to_owned(),
        (_, true) => format!("more than {}", bytes(body.len())),
        (_, false) => bytes(body.len()),
    };
    let about: Vec<&str> = kind.into_iter().chain([size.as_str()]).filter(|part| !part.is_empty()).collect();
    let mut lines = sides("answer", status.trim_end(), &about.join(", "), context);
    if !body.trim().is_empty() {
        lines.push(Line::below(diagnosis::beginning(body)));
    }
    // The detail of a status is not repeated.
    let broke_off = attempt.error_detail.as_ref().filter(|_| attempt.status == AttemptStatus::Succeeded);
    lines.extend(broke_off.map(|detail| Line::below(detail.clone())));
    lines
}

/// Returns why there was no answer.
fn none(attempt: &Attempt) -> Vec<Line> {
    let detail = attempt.error_detail.clone();
    detail
        .or_else(|| (attempt.status != AttemptStatus::Pending).then(|| "there was none".to_owned()))
        .map(|why| Line::new("detail", why))
        .into_iter()
        .collect()
}

fn next_steps(attempt: &Attempt) -> Vec<Line> {
    let mut lines = vec![Line::new("event", attempt.event_id.to_string())];
    if attempt.status == AttemptStatus::Failed && attempt.kind != AttemptKind::Test {
        lines.push(Line::new("again", format!("tm-hooks retry {}", attempt.id)));
    }
    lines
}

fn named<'a>(headers: &'a [Header], name: &str) -> Option<&'a Header> {
    headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))
}

/// Formats `1,214 bytes`.
fn bytes(number: usize) -> String {
    let number = number as u64;
    format!("{} {}", words::thousands(number), if number == 1 { "byte" } else { "bytes" })
}

/// Puts texts at the left and the right end of a line, or below each other if there is no room.
fn sides(label: &'static str, left: &str, right: &str, context: &Context) -> Vec<Line> {
    let left = context.term.shown(left).into_owned();
    let room = context.term.width().min(WIDEST).saturating_sub(INDENT);
    let blanks = room.checked_sub(left.width() + right.width()).filter(|blanks| *blanks >= GAP);
    match blanks {
        _ if right.is_empty() => vec![Line::new(label, left)],
        Some(blanks) => vec![Line::new(label, format!("{left}{}{right}", " ".repeat(blanks)))],
        None => vec![Line::new(label, left), Line::below(right.to_owned())],
    }
}
