//! Finds what a text means: a webhook by its id, its exact name, or a unique beginning of its id; an event by its id.

use std::borrow::Cow;

use crate::{
    api::Client,
    domain::{
        ids::{AttemptId, DeliveryId, EventId, RecoveryId, TokenId, WebhookId},
        name::LONGEST_NAME,
        query::WebhookQuery,
        text::nearest,
        webhook::Webhook,
    },
    error::{CliError, Kind},
};

use super::{Context, pick};

/// The id of the event that `text` may mean: any, unless it begins as the ids of another type do.
pub fn event_id(text: &str) -> Option<EventId> {
    let others = [WebhookId::PREFIX, DeliveryId::PREFIX, AttemptId::PREFIX, RecoveryId::PREFIX, TokenId::PREFIX];
    if others.iter().any(|prefix| text.starts_with(prefix)) { None } else { text.parse().ok() }
}

/// Finds the webhook that `text` means, in this order: by id, by exact name, by the beginning of its id.
///
/// # Errors
/// Fails if there is none, or several.
pub async fn find(client: &Client, text: &str) -> Result<Webhook, CliError> {
    match look_up(client, text).await? {
        Some(webhook) => Ok(webhook),
        None => Err(unknown(client, text).await),
    }
}

/// Like [`find`], but none is no error.
///
/// # Errors
/// Fails if there are several.
pub async fn look_up(client: &Client, text: &str) -> Result<Option<Webhook>, CliError> {
    if text.len() > LONGEST_ASKED {
        return Ok(None);
    }
    if let Ok(id) = text.parse::<WebhookId>() {
        match client.webhook(id).await {
            Ok(webhook) => return Ok(Some(webhook)),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    let named = WebhookQuery { name: Some(text.to_owned()), ..WebhookQuery::default() };
    if let Some(webhook) = pick::all(client, &named).await?.into_iter().next() {
        return Ok(Some(webhook));
    }
    if !WebhookId::is_beginning(text) {
        return Ok(None);
    }
    let beginning = WebhookQuery { id_prefix: Some(text.to_owned()), ..WebhookQuery::default() };
    only(text, pick::all(client, &beginning).await?)
}

/// Like [`find`]; if none is named, the person picks one.
///
/// # Errors
/// Fails like [`find`], and if the person leaves or nobody can be asked.
pub async fn find_or_ask(client: &Client, text: Option<&str>, context: &Context) -> Result<Webhook, CliError> {
    match text {
        Some(text) => find(client, text).await,
        None => pick::one(client, context).await,
    }
}

/// Like [`find_all`]; if none is named, the person picks one.
///
/// # Errors
/// Fails like [`find_or_ask`].
pub async fn find_all_or_ask(client: &Client, texts: &[String], context: &Context) -> Result<Vec<Webhook>, CliError> {
    if texts.is_empty() {
        return Ok(vec![pick::one(client, context).await?]);
    }
    find_all(client, texts).await
}

/// Finds all webhooks before any is changed; duplicates are removed.
///
/// # Errors
/// Fails like [`find`].
pub async fn find_all(client: &Client, texts: &[String]) -> Result<Vec<Webhook>, CliError> {
    let mut found: Vec<Webhook> = Vec::with_capacity(texts.len());
    for text in texts {
        let webhook = find(client, text).await?;
        if !found.iter().any(|other| other.id == webhook.id) {
            found.push(webhook);
        }
    }
    Ok(found)
}

/// The longest text in bytes that can be a name; the service is not asked for longer ones.
const LONGEST_ASKED: usize = 64 * LONGEST_NAME;
/// The longest part of a text that errors repeat, in characters.
const LONGEST_REPEATED: usize = LONGEST_NAME;

/// The largest number of candidates that are listed.
const MOST_LISTED: usize = 20;

/// Returns the only candidate, if there is one.
fn only(text: &str, mut candidates: Vec<Webhook>) -> Result<Option<Webhook>, CliError> {
    if candidates.len() < 2 {
        return Ok(candidates.pop());
    }
    let line = |webhook: &Webhook| format!("{}  {}", webhook.id, webhook.name);
    let mut listed: Vec<String> = candidates.iter().take(MOST_LISTED).map(line).collect();
    if let Some(more @ 1..) = candidates.len().checked_sub(MOST_LISTED) {
        listed.push(format!("and {more} more"));
    }
    Err(CliError::new(Kind::Ambiguous, format!("\"{text}\" is the beginning of {} ids", candidates.len()))
        .hint(format!("type more of it:\n{}", listed.join("\n"))))
}

/// Makes the error for an unknown webhook, with the most similar name.
pub async fn unknown(client: &Client, text: &str) -> CliError {
    if text.len() > LONGEST_ASKED {
        return not_found(text, &[]);
    }
    let known = pick::all(client, &WebhookQuery::default()).await.unwrap_or_default();
    not_found(text, &known)
}

/// Cuts a typed text for an error.
pub(super) fn repeated(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_REPEATED) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

fn not_found(text: &str, known: &[Webhook]) -> CliError {
    let error = CliError::new(Kind::NotFound, format!("there is no webhook \"{}\"", repeated(text)));
    let too_short = text.strip_prefix(WebhookId::PREFIX).is_some_and(|rest| rest.len() < WebhookId::SHORTEST_PREFIX);
    if too_short {
        let least = WebhookId::SHORTEST_PREFIX;
        return error
            .hint(format!("the beginning of an id needs at least {least} letters after {}", WebhookId::PREFIX));
    }
    match nearest(text, known.iter().map(|webhook| webhook.name.as_str())) {
        Some(name) => error.hint(format!("did you mean \"{name}\"?")),
        None => error.hint("tm-hooks list shows them all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_webhook as webhook;

    #[test]
    fn several_candidates_are_listed() {
        let two = || vec![webhook("wh_k3v9m2x7qd", "Payroll"), webhook("wh_k3v9aaaaaa", "ERP")];
        assert_eq!(only("wh_k3v9m", two().split_off(1)).unwrap().unwrap().name, "ERP");
        assert_eq!(only("wh_zzzz", Vec::new()).unwrap(), None);
        let error = only("wh_k3v9", two()).unwrap_err();
        assert_eq!(error.kind(), Kind::Ambiguous);
        let hint = error.hint_text().unwrap();
        assert!(hint.ends_with("wh_k3v9m2x7qd  Payroll\nwh_k3v9aaaaaa  ERP"), "{hint}");
        let many = only("wh_k3v9", vec![webhook("wh_k3v9m2x7qd", "Payroll"); 299]).unwrap_err();
        assert!(
            many.message().ends_with("the beginning of 299 ids") && many.hint_text().unwrap().ends_with("279 more")
        );
    }

    #[test]
    fn an_unknown_one_names_the_nearest() {
        let known = [webhook("wh_k3v9m2x7qd", "Payroll")];
        assert_eq!(not_found("Payrol", &known).hint_text(), Some("did you mean \"Payroll\"?"));
        assert_eq!(not_found("xyz", &known).hint_text(), Some("tm-hooks list shows them all"));
        assert!(not_found("wh_k3", &known).hint_text().unwrap().contains("at least 4 letters"));
    }
}
