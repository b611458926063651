//! `tm-hooks delete` deletes webhooks.

use crate::{
    api::Client,
    domain::{masked_url::masked, webhook::Webhook},
    error::{CliError, Kind},
    render::{self, words::count},
};

use super::{
    Context,
    outcome::{self, Failures},
    reference,
};

/// Delete webhooks and cancel what waits for them
///
/// It shows what is deleted and asks first; --yes answers. To stop deliveries for a while, disable the webhook instead.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "rm",
    after_help = "Examples:
  tm-hooks delete Payroll
  tm-hooks delete wh_k3v9m2x7qd --yes
  tm-hooks delete Payroll --if-exists --yes"
)]
pub struct Args {
    /// Webhooks: ids, names, or unique beginnings of ids; a terminal asks for one
    #[arg(required = true, value_name = "WEBHOOK")]
    webhooks: Vec<String>,
    /// Succeed when there is no such webhook
    #[arg(long)]
    if_exists: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Webhook>(&context.view)?;
    let connection = context.connect()?;
    let client = &connection.client;
    let found = find(client, args, context).await?;
    if found.is_empty() {
        return context.give::<Webhook>(&[], true);
    }
    context.agree(&question(&found)).await?;
    let (mut gone, mut failures) = (Vec::new(), Failures::default());
    for webhook in &found {
        match client.delete_webhook(webhook.id, None).await {
            Err(error) if !(args.if_exists && error.is_not_found()) => failures.add(&webhook.name, error.into()),
            _ => {
                context.term.success(&format!("Deleted {} ({})", webhook.name, webhook.id));
                gone.push(webhook.clone());
            }
        }
    }
    let shown = context.give(&gone, args.webhooks.len() > 1);
    outcome::both(failures.summary(found.len(), "deleted"), shown)
}

async fn find(client: &Client, args: &Args, context: &Context) -> Result<Vec<Webhook>, CliError> {
    if !args.if_exists || args.webhooks.is_empty() {
        return reference::find_all_or_ask(client, &args.webhooks, context).await;
    }
    let mut found: Vec<Webhook> = Vec::new();
    for text in &args.webhooks {
        match reference::find(client, text).await {
            Ok(webhook) if found.iter().any(|other| other.id == webhook.id) => {}
            Ok(webhook) => found.push(webhook),
            // A 404 from something other than the service says nothing about the webhook.
            Err(error) if error.kind() == Kind::NotFound && error.code_text() == Kind::NotFound.code() => {
                context.term.note(&format!("There is no webhook \"{}\"", reference::repeated(text)));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Asks whether to delete the webhooks, and names what is lost.
fn question(found: &[Webhook]) -> String {
    let line = |webhook: &Webhook| {
        let Webhook { id, name, url, pending_deliveries, .. } = webhook;
        let waiting = match usize::try_from(*pending_deliveries).unwrap_or(usize::MAX) {
            0 => String::new(),
            pending => format!(", {} waiting", count(pending, "delivery")),
        };
        format!("{name} ({id}, {}{waiting})", masked(url))
    };
    match found {
        [one] => format!("Delete {} and its secret?", line(one)),
        several => {
            let lines: Vec<String> = several.iter().map(|webhook| format!("  {}", line(webhook))).collect();
            format!("{}\nDelete these {} webhooks and their secrets?", lines.join("\n"), several.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_webhook;

    #[test]
    fn the_question_shows_what_goes() {
        let mut webhook = sample_webhook("wh_k3v9m2x7qd", "Payroll");
        webhook.pending_deliveries = 3;
        assert_eq!(
            question(&[webhook.clone()]),
            "Delete Payroll (wh_k3v9m2x7qd, https://hooks.example.com/tm, 3 deliveries waiting) and its secret?"
        );
        assert!(question(&[webhook.clone(), webhook]).ends_with("Delete these 2 webhooks and their secrets?"));
    }
}
