//! Explains failures to a person at a terminal: the cause and the remedy, below the card.

use crate::{
    api::Client,
    commands::{Context, diagnosis},
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus, status_in_words},
        query::AttemptQuery,
        webhook::Webhook,
    },
    render::{self, Column, Format, View, columns, words},
    term::{Tone, hang},
};

/// The width of labels.
const LABEL: usize = 7;
/// The column after a label.
pub(super) const INDENT: usize = 2 + LABEL + 2;
/// The number of a webhook's last attempts that are shown.
const LAST: u64 = 5;
/// The number of a delivery's attempts that are shown; only retries by hand exceed it.
const MOST_TRIES: u64 = 20;

/// A line with a label, or without one if it continues the line above.
pub(super) struct Line {
    label: &'static str,
    text: String,
}

impl Line {
    pub(super) fn new(label: &'static str, text: String) -> Self {
        Line { label, text }
    }

    /// Makes a line that continues the one above.
    pub(super) fn below(text: String) -> Self {
        Line::new("", text)
    }
}

/// Related data of an attempt, for a person.
#[derive(Default)]
pub(super) struct Told {
    /// Its webhook, if it still exists.
    pub(super) webhook: Option<Webhook>,
    /// The attempts of its delivery, the oldest first.
    tries: Vec<Attempt>,
    /// Whether there are older attempts.
    more: bool,
}

impl Told {
    /// Fetches the data, if a person reads it.
    pub(super) async fn of(client: &Client, attempt: &Attempt, context: &Context) -> Self {
        if !is_told(context) {
            return Told::default();
        }
        let webhook = client.webhook(attempt.webhook_id).await.ok();
        let query =
            AttemptQuery { delivery: Some(attempt.delivery_id), limit: Some(MOST_TRIES), ..AttemptQuery::default() };
        let page = client.attempts(&query).await.ok();
        let more = page.as_ref().is_some_and(|page| page.next.is_some());
        let mut tries = page.map(|page| page.data).unwrap_or_default();
        tries.reverse();
        Told { webhook, tries, more }
    }
}

/// A webhook's diagnosis, for a person.
#[derive(Default)]
pub(super) struct Fate {
    /// Why it fails, shown before its fields.
    pub(super) trouble: String,
    /// Its last attempts and the next step, shown below its fields.
    pub(super) last: String,
}

impl Fate {
    /// Fetches the data, if a person reads it.
    pub(super) async fn of(client: &Client, webhook: &Webhook, context: &Context) -> Self {
        if !is_told(context) {
            return Fate::default();
        }
        let query = AttemptQuery { webhook: Some(webhook.id), limit: Some(LAST), ..AttemptQuery::default() };
        let attempts = client.attempts(&query).await.map(|page| page.data).unwrap_or_default();
        let trouble = trouble(client, webhook, &attempts).await;
        let rows = rows(&attempts, &columns::of_last_attempts(), 2, context);
        let row = |row: &String| format!("  {}\n", hang(row, context.term.width(), 4));
        let rows: String = rows.iter().map(row).collect();
        let rows = if rows.is_empty() { rows } else { format!("\n{rows}") };
        let Some((lines, attempt)) = trouble else { return Fate { trouble: String::new(), last: rows } };
        let whole = [Line::new("whole", format!("tm-hooks show {}", attempt.id))];
        Fate { trouble: written(&lines, context), last: rows + &written(&whole, context) }
    }
}

/// Returns why a webhook fails, and the attempt that shows it, or `None` if it does not fail or the reason is unknown.
async fn trouble(client: &Client, webhook: &Webhook, last: &[Attempt]) -> Option<(Vec<Line>, Attempt)> {
    if !matches!(
        columns::State::of(webhook),
        columns::State::Failing | columns::State::Paused | columns::State::GivenUp
    ) {
        return None;
    }
    let is_failed = |attempt: &&Attempt| attempt.status == AttemptStatus::Failed;
    let newest = match last.iter().find(is_failed) {
        Some(attempt) => attempt.clone(),
        None => {
            let status = Some(AttemptStatus::Failed);
            let query = AttemptQuery { webhook: Some(webhook.id), status, limit: Some(1), ..AttemptQuery::default() };
            client.attempts(&query).await.ok()?.data.pop()?
        }
    };
    let whole = client.attempt(newest.id).await.unwrap_or(newest);
    let mut lines = vec![Line::new("why", said(webhook, &whole))];
    lines.extend(cure(Some(webhook), &whole));
    Some((lines, whole))
}

/// Returns why an attempt failed, the other attempts of its delivery, and how to retry it, for the end of its card.
pub(super) fn of_attempt(attempt: &Attempt, told: &Told, context: &Context) -> String {
    let mut lines = cure(told.webhook.as_ref(), attempt);
    if attempt.status == AttemptStatus::Failed {
        lines.push(Line::new("again", format!("tm-hooks retry {}", attempt.id)));
    }
    let blocks = [lines, tries(attempt, told, context)];
    blocks.iter().filter(|lines| !lines.is_empty()).map(|lines| written(lines, context)).collect()
}

/// Whether a person reads the output, who gets more than was requested.
pub(super) fn is_told(context: &Context) -> bool {
    context.view.terminal && context.view.format == Format::Table && context.view.columns.is_none()
}

/// Describes the receiver's answer or its absence, and how often in a row.
fn said(webhook: &Webhook, attempt: &Attempt) -> String {
    let outcome = match (attempt.http_status, attempt.error) {
        (Some(status), _) => format!("{status} {}", status_in_words(status)),
        (None, Some(error)) => error.describe().to_owned(),
        (None, None) => attempt.outcome(),
    };
    let times = match webhook.failures_in_a_row {
        0 | 1 => String::new(),
        more => format!(", {} in a row", words::count(more as usize, "time")),
    };
    let body = attempt.response.as_ref().map(|response| diagnosis::beginning(&response.body));
    let body = body.filter(|body| !body.is_empty()).map(|body| format!(": {body}")).unwrap_or_default();
    format!("{outcome}{times}{body}")
}

/// Returns the likely cause and the commands that help, or nothing if it did not fail or the webhook is gone.
pub(super) fn cure(webhook: Option<&Webhook>, attempt: &Attempt) -> Vec<Line> {
    let likely = webhook.and_then(|webhook| diagnosis::likely(webhook, attempt)).unwrap_or_default();
    let label = |number: usize| if number == 0 { "likely" } else { "" };
    likely.lines().enumerate().map(|(number, line)| Line::new(label(number), line.to_owned())).collect()
}

/// Returns a line for each attempt of a delivery, and one for the next, or nothing if there is only this one.
pub(super) fn tries(attempt: &Attempt, told: &Told, context: &Context) -> Vec<Line> {
    let next = told.tries.last().and_then(|newest| newest.next_retry_at.map(|at| (newest.number + 1, at)));
    if attempt.kind == AttemptKind::Test || told.tries.len() + usize::from(next.is_some()) < 2 {
        return Vec::new();
    }
    let shown = rows(&told.tries, &columns::of_tries(), INDENT, context);
    let this = attempt.id.to_string();
    let mut lines: Vec<String> = shown.iter().map(|line| line.replace(&this, "this one")).collect();
    if let Some((number, at)) = next {
        let (most, now) = (attempt.max_attempts, at <= context.now());
        let when = if now { "now".to_owned() } else { words::time(at, &context.view) };
        let width = told.tries.iter().map(|it| it.number).chain([number]).max().unwrap_or(number).to_string().len();
        // If an attempt is to come, one has failed: the column of its sign is kept free.
        lines.push(format!("  {number:>width$}/{most}  {when}"));
    }
    if told.more {
        lines.insert(0, format!("older ones: tm-hooks show {}", attempt.delivery_id));
    }
    let label = |number: usize| if number == 0 { "tries" } else { "" };
    lines.into_iter().enumerate().map(|(number, line)| Line::new(label(number), line)).collect()
}

/// Whether its delivery has failed and is not tried again.
pub(super) fn is_given_up(attempt: &Attempt) -> bool {
    let Attempt { status, kind, number, max_attempts, .. } = attempt;
    *status == AttemptStatus::Failed && number >= max_attempts && *kind != AttemptKind::Test
}

/// Returns rows of attempts without headings, for use after `behind` columns of text.
fn rows(attempts: &[Attempt], columns: &[Column<Attempt>], behind: usize, context: &Context) -> Vec<String> {
    let view = View { width: context.term.width().saturating_sub(behind), ..context.view.clone() };
    render::rows(&view, attempts, columns).lines().map(str::to_owned).collect()
}

/// Writes the lines as a block.
pub(super) fn written(lines: &[Line], context: &Context) -> String {
    let line = |Line { label, text }: &Line| {
        let text = hang(text, context.term.width(), INDENT);
        format!("  {}  {text}\n", context.term.paint(Tone::Receding, &format!("{label:<LABEL$}")))
    };
    let lines: String = lines.iter().map(line).collect();
    format!("\n{lines}")
}
