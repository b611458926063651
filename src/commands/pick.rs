//! Asks a person to pick a webhook if a verb needs one and none was named.

use crate::{
    api::Client,
    domain::{
        masked_url::masked,
        query::WebhookQuery,
        webhook::{Webhook, WebhookStatus},
    },
    error::{CliError, Kind},
    term::{Choice, Field},
};

use super::{Context, paging};

/// Asks to pick one of all webhooks.
///
/// # Errors
/// Fails if there is none, the person leaves, or nobody can be asked.
pub(super) async fn one(client: &Client, context: &Context) -> Result<Webhook, CliError> {
    let webhooks = all(client, &WebhookQuery::default()).await?;
    if webhooks.is_empty() {
        return Err(CliError::new(Kind::NotFound, "there is no webhook yet").hint("tm-hooks add"));
    }
    among(webhooks, context).await
}

/// Asks to pick one of these. Failing ones come first, then the order is by name.
///
/// # Errors
/// Fails if the person leaves or nobody can be asked.
pub(super) async fn among(mut webhooks: Vec<Webhook>, context: &Context) -> Result<Webhook, CliError> {
    webhooks.sort_by_cached_key(|it| (it.status != WebhookStatus::Failing, it.name.to_lowercase()));
    let choices = webhooks.iter().map(choice).collect();
    let picked = context.term.form("WEBHOOK")?.one(&Field::alone("Webhook"), choices).await?;
    Ok(webhooks.swap_remove(picked))
}

fn choice(webhook: &Webhook) -> Choice {
    let Webhook { id, name, url, status, .. } = webhook;
    let url = masked(url);
    let url = url.strip_prefix("https://").unwrap_or(&url);
    let about = match status {
        WebhookStatus::Enabled => url.to_owned(),
        other => format!("{other}, {url}"),
    };
    Choice { name: name.clone(), id: id.to_string(), about, picked: false }
}

/// Fetches all webhooks of `query`.
pub(super) async fn all(client: &Client, query: &WebhookQuery) -> Result<Vec<Webhook>, CliError> {
    paging::whole("webhook", async |limit, cursor| {
        client.webhooks(&WebhookQuery { limit: Some(limit), cursor, ..query.clone() }).await
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_webhook;

    #[test]
    fn a_choice_says_what_is_not_in_order_and_hides_what_lets_somebody_in() {
        let mut webhook = sample_webhook("wh_k3v9m2x7qd", "Payroll");
        webhook.url = "https://hooks.example.com/tm?token=abc".to_owned();
        webhook.status = WebhookStatus::Enabled;
        assert_eq!(choice(&webhook).about, "hooks.example.com/tm?token=••••");
        webhook.status = WebhookStatus::Disabled;
        let Choice { name, id, about, picked } = choice(&webhook);
        assert_eq!((name.as_str(), id.as_str(), picked), ("Payroll", "wh_k3v9m2x7qd", false));
        assert_eq!(about, "disabled, hooks.example.com/tm?token=••••");
    }
}
