//! Describes the deliveries that a recovery leaves waiting: how many, until when, and what ends the wait.

use crate::{
    api::Client,
    commands::{Context, pick},
    domain::{
        ids::WebhookId,
        query::WebhookQuery,
        recovery::{NewRecovery, RecoveryEstimate},
        time::Timestamp,
        webhook::Webhook,
    },
    error::CliError,
    render::words::{self, count},
};

/// The largest number of webhooks that are listed.
const MOST_LISTED: usize = 10;

/// Returns a sentence for each webhook with waiting deliveries.
pub(super) async fn sentences(
    client: &Client,
    new: &NewRecovery,
    estimate: &RecoveryEstimate,
    context: &Context,
) -> Result<Vec<String>, CliError> {
    if estimate.waiting == 0 {
        return Ok(Vec::new());
    }
    let webhooks = match new.webhook_id {
        Some(id) => vec![client.webhook(id).await?],
        None => pick::all(client, &WebhookQuery::default()).await?,
    };
    let waiting: Vec<_> = webhooks.iter().filter(|webhook| webhook.pending_deliveries > 0).collect();
    let told = waiting.iter().take(MOST_LISTED);
    let told = told.map(|webhook| in_words(webhook, context.now(), |at| words::time(at, &context.view)));
    let more = waiting.len().checked_sub(MOST_LISTED).filter(|more| *more > 0);
    let more = more.map(|more| format!("Deliveries of {} wait, too: tm-hooks list", count(more, "more webhook")));
    Ok(told.chain(more).collect())
}

/// Returns the disabled webhooks that deliveries wait for, if they wait for no others: of this one, or of all.
pub(super) async fn disabled_ones(client: &Client, only: Option<WebhookId>) -> Result<Vec<Webhook>, CliError> {
    let webhooks = match only {
        Some(id) => vec![client.webhook(id).await?],
        None => pick::all(client, &WebhookQuery::default()).await?,
    };
    Ok(if_all_are_disabled(webhooks))
}

fn if_all_are_disabled(mut webhooks: Vec<Webhook>) -> Vec<Webhook> {
    webhooks.retain(|webhook| webhook.pending_deliveries > 0);
    if webhooks.iter().any(|webhook| webhook.enabled) { Vec::new() } else { webhooks }
}

/// Writes `3 deliveries of Payroll wait until it is enabled`, and how to enable it.
pub(super) fn until_enabled(webhook: &Webhook) -> String {
    format!("{} until it is enabled: tm-hooks enable {}", wait(webhook), webhook.id)
}

fn wait(webhook: &Webhook) -> String {
    let number = usize::try_from(webhook.pending_deliveries).unwrap_or(usize::MAX);
    format!("{} of {} {}", count(number, "delivery"), webhook.name, if number == 1 { "waits" } else { "wait" })
}

/// Writes `3 deliveries of Payroll wait until 14:05, …`, and what ends the wait.
fn in_words(webhook: &Webhook, now: Timestamp, time: impl Fn(Timestamp) -> String) -> String {
    let Webhook { id, enabled, held_until, .. } = webhook;
    let wait = wait(webhook);
    match held_until.filter(|until| *until > now) {
        _ if !enabled => until_enabled(webhook),
        Some(until) => format!(
            "{wait}: nothing is sent to it before its pause ends {}. A try that succeeds ends the pause, tm-hooks attempts \
             {id} names some for tm-hooks retry; or begin afresh: tm-hooks disable {id} && tm-hooks enable {id}",
            time(until)
        ),
        None => format!(
            "{wait} for the next try: tm-hooks attempts {id} tells when that is, tm-hooks retry makes one at once"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_webhook;

    #[test]
    fn it_waits_in_vain_only_when_all_that_is_waited_for_are_disabled() {
        let webhook = |enabled, pending_deliveries| Webhook {
            enabled,
            pending_deliveries,
            ..sample_webhook("wh_k3v9m2x7qd", "Payroll")
        };
        let held = |webhooks: &[Webhook]| if_all_are_disabled(webhooks.to_vec()).len();
        assert_eq!(held(&[webhook(false, 2), webhook(true, 0), webhook(false, 0), webhook(false, 1)]), 2);
        assert_eq!(held(&[webhook(false, 2), webhook(true, 1)]), 0);
        assert_eq!(held(&[]), 0);
    }

    #[test]
    fn it_says_how_many_until_when_and_what_ends_it() {
        let now = Timestamp::from_seconds(1_000);
        let payroll = |enabled, held_until: Option<i64>| {
            let held_until = held_until.map(Timestamp::from_seconds);
            let sample = sample_webhook("wh_k3v9m2x7qd", "Payroll");
            let webhook = Webhook { enabled, held_until, pending_deliveries: 3, ..sample };
            in_words(&webhook, now, |at| format!("at {}", at.as_seconds()))
        };
        let held = payroll(true, Some(1_060));
        assert!(held.starts_with("3 deliveries of Payroll wait: nothing is sent to it before its pause ends at 1060."));
        assert!(held.ends_with("tm-hooks disable wh_k3v9m2x7qd && tm-hooks enable wh_k3v9m2x7qd"), "{held}");
        let disabled = "3 deliveries of Payroll wait until it is enabled: tm-hooks enable wh_k3v9m2x7qd";
        assert_eq!(payroll(false, Some(1_060)), disabled);
        for over in [None, Some(1_000)] {
            assert!(payroll(true, over).starts_with("3 deliveries of Payroll wait for the next try"));
        }
    }
}
