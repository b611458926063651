//! The shared code of `enable` and `disable`.

use crate::{
    api::Client,
    domain::{
        patch::Patch,
        query::WebhookQuery,
        time::Timestamp,
        webhook::{Webhook, WebhookPatch},
    },
    error::CliError,
    render,
};

use super::{
    Context,
    outcome::{self, Failures},
    pick, reference,
};

/// Which webhooks to switch.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// Webhooks: ids, names, or unique beginnings of ids; a terminal asks for one
    #[arg(value_name = "WEBHOOK")]
    webhooks: Vec<String>,
    /// All webhooks
    #[arg(long)]
    all: bool,
}

/// Enables or disables webhooks. Those in the wanted state are left unchanged.
pub(super) async fn run(which: &Which, enabled: bool, context: &Context) -> Result<(), CliError> {
    render::check::<Webhook>(&context.view)?;
    let word = if enabled { "enabled" } else { "disabled" };
    let connection = context.connect()?;
    let client = &connection.client;
    // Webhooks in the wanted state are left unchanged.
    let others = WebhookQuery { enabled: Some(!enabled), ..WebhookQuery::default() };
    let found = match which.webhooks.as_slice() {
        _ if which.all => pick::all(client, &others).await?,
        [] => match pick::all(client, &others).await? {
            none if none.is_empty() => none,
            others => vec![pick::among(others, context).await?],
        },
        named => reference::find_all(client, named).await?,
    };
    if found.is_empty() {
        context.term.note(&format!("No webhook is to be {word}"));
    }
    let (mut done, mut failures) = (Vec::new(), Failures::default());
    for webhook in &found {
        match switch(client, webhook, enabled).await {
            Ok(changed) => {
                say(&changed, webhook, word, context);
                done.push(changed);
            }
            Err(error) => failures.add(&webhook.name, error),
        }
    }
    let several = which.all || which.webhooks.len() > 1;
    let shown = context.give(&done, several);
    outcome::both(failures.summary(found.len(), word), shown)
}

async fn switch(client: &Client, webhook: &Webhook, enabled: bool) -> Result<Webhook, CliError> {
    if webhook.enabled == enabled {
        return Ok(webhook.clone());
    }
    let patch = WebhookPatch { enabled: Patch::Value(enabled), ..WebhookPatch::default() };
    Ok(client.update_webhook(webhook.id, &patch, None).await?)
}

fn say(webhook: &Webhook, before: &Webhook, word: &str, context: &Context) {
    let Webhook { id, name, pending_deliveries, .. } = webhook;
    if before.enabled == webhook.enabled {
        context.term.note(&format!("{name} ({id}) is {word} already"));
        return;
    }
    let waiting = crate::render::words::count(usize::try_from(*pending_deliveries).unwrap_or(usize::MAX), "delivery");
    let what_waits = match (*pending_deliveries, webhook.enabled) {
        (0, _) => String::new(),
        (_, true) => format!("; {waiting} held until now will be sent over the next 30 s"),
        (_, false) => format!("; {waiting} held until it is enabled again"),
    };
    let word = if webhook.enabled { "Enabled" } else { "Disabled" };
    context.term.success(&format!("{word} {name} ({id}){what_waits}"));
    context.term.terminal_note(&what_comes_meanwhile(webhook, before));
}

/// Describes what happens to events while a webhook is disabled, and how to send them later.
fn what_comes_meanwhile(webhook: &Webhook, before: &Webhook) -> String {
    let id = webhook.id;
    let later = |since: Timestamp| format!("tm-hooks retry --failed {id} --since {since}");
    match (webhook.enabled, before.disabled_at) {
        (true, since) => format!(
            "Events that came while it was disabled were recorded, but not sent to it. Send them: {}",
            later(since.unwrap_or(before.updated_at))
        ),
        (false, _) => format!(
            "Events that come now are recorded, but not sent to it. Once it is enabled, send them: {}",
            later(webhook.disabled_at.unwrap_or(webhook.updated_at))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_webhook;

    #[test]
    fn both_say_how_to_send_what_comes_meanwhile() {
        let enabled = sample_webhook("wh_k3v9m2x7qd", "Payroll");
        let mut disabled = enabled.clone();
        (disabled.enabled, disabled.disabled_at) = (false, Some(Timestamp::from_seconds(1_795_455_600)));
        let retry = "tm-hooks retry --failed wh_k3v9m2x7qd --since 2026-11-23T17:40:00.000Z";
        for (after, before, says) in [(&disabled, &enabled, "come now are"), (&enabled, &disabled, "came while")] {
            let text = what_comes_meanwhile(after, before);
            assert!(text.contains(says) && text.ends_with(retry), "{text}");
        }
    }
}
