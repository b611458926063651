//! Why something fails and what to do about it, below its card: for a person at a terminal.

use crate::{
    api::Client,
    commands::{Context, diagnosis},
    domain::{
        attempt::{Attempt, AttemptStatus, status_in_words},
        query::AttemptQuery,
        webhook::Webhook,
    },
    render::{Format, columns::State, words},
    term::{Tone, hang},
};

/// Labels take so many columns.
const LABEL: usize = 7;

/// Why a webhook is in trouble; nothing when it is not, or when that is not known.
pub(super) async fn of_webhook(client: &Client, webhook: &Webhook, context: &Context) -> String {
    let in_trouble = matches!(State::of(webhook), State::Failing | State::Paused | State::GivenUp);
    if !is_told(context) || !in_trouble {
        return String::new();
    }
    let query = AttemptQuery {
        webhook: Some(webhook.id),
        status: Some(AttemptStatus::Failed),
        limit: Some(1),
        ..AttemptQuery::default()
    };
    let Some(newest) = client.attempts(&query).await.ok().and_then(|mut page| page.data.pop()) else {
        return String::new();
    };
    let whole = client.attempt(newest.id).await.unwrap_or(newest);
    let mut lines = vec![("why", said(webhook, &whole))];
    lines.extend(cure(webhook, &whole));
    lines.push(("whole", format!("tm-hooks show {}", whole.id)));
    written(&lines, context)
}

/// The webhook of an attempt, to tell a person of it. It may be gone.
pub(super) async fn webhook_of(client: &Client, attempt: &Attempt, context: &Context) -> Option<Webhook> {
    if is_told(context) { client.webhook(attempt.webhook_id).await.ok() } else { None }
}

/// Why an attempt has failed, and how it is made again; nothing when it has not.
pub(super) fn of_attempt(webhook: &Webhook, attempt: &Attempt, context: &Context) -> String {
    if attempt.status != AttemptStatus::Failed {
        return String::new();
    }
    let mut lines = cure(webhook, attempt);
    lines.push(("again", format!("tm-hooks retry {}", attempt.id)));
    written(&lines, context)
}

fn is_told(context: &Context) -> bool {
    context.view.terminal && context.view.format == Format::Table && context.view.columns.is_none()
}

/// What the receiver said, or why it said nothing, and how often in a row.
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

/// The likely cause, and the commands that help.
fn cure(webhook: &Webhook, attempt: &Attempt) -> Vec<(&'static str, String)> {
    let likely = diagnosis::likely(webhook, attempt).unwrap_or_default();
    let label = |number: usize| if number == 0 { "likely" } else { "" };
    likely.lines().enumerate().map(|(number, line)| (label(number), line.to_owned())).collect()
}

fn written(lines: &[(&str, String)], context: &Context) -> String {
    let line = |(label, text): &(&str, String)| {
        let text = hang(&context.term.shown(text), context.term.width(), LABEL + 4);
        format!("  {}  {text}\n", context.term.paint(Tone::Receding, &format!("{label:<LABEL$}")))
    };
    let lines: String = lines.iter().map(line).collect();
    format!("\n{lines}")
}
