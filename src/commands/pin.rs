//! `tm-hooks pin` pins webhooks to a version; `unpin` shares its code.

use crate::{
    domain::{
        patch::Patch,
        version::Version,
        webhook::{Webhook, WebhookPatch},
    },
    error::CliError,
    render,
};

use super::{
    Context, add, form,
    outcome::{self, Failures},
    reference,
};

/// Pin webhooks to a version of the wire format
///
/// A pinned webhook keeps its version whatever the global version is. Deliveries that wait already keep theirs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks pin Payroll v1
  tm-hooks pin Payroll 'Chat bot' v2")]
pub struct Args {
    /// Webhooks: ids, names, or unique beginnings of ids; a terminal asks for one
    #[arg(required = true, value_name = "WEBHOOK")]
    webhooks: Vec<String>,
    /// The version, as `tm-hooks versions` lists them
    #[arg(required = true)]
    version: Option<Version>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let (webhooks, version) = understood(args);
    let version = async || match version {
        Some(version) => Ok(Some(version)),
        None => Ok(Some(form::pick_version(context).await?)),
    };
    if let Some(version) = set(webhooks, version, context).await? {
        add::note_preview(version, context);
    }
    Ok(())
}

/// Separates the webhooks and the version: a single version is not a webhook.
fn understood(Args { webhooks, version }: &Args) -> (&[String], Option<Version>) {
    match (webhooks.as_slice(), version) {
        ([alone], None) if alone.parse::<Version>().is_ok() => (&[], alone.parse().ok()),
        (webhooks, version) => (webhooks, *version),
    }
}

/// Pins webhooks to a version, or to none. The version may be asked for once the webhooks are known, and is returned.
pub(super) async fn set(
    webhooks: &[String],
    version: impl AsyncFn() -> Result<Option<Version>, CliError>,
    context: &Context,
) -> Result<Option<Version>, CliError> {
    render::check::<Webhook>(&context.view)?;
    let connection = context.connect()?;
    let found = reference::find_all_or_ask(&connection.client, webhooks, context).await?;
    let version = version().await?;
    let pinned_version = version.map_or(Patch::Null, Patch::Value);
    let patch = WebhookPatch { pinned_version, ..WebhookPatch::default() };
    let (mut done, mut failures) = (Vec::new(), Failures::default());
    for webhook in &found {
        match connection.client.update_webhook(webhook.id, &patch, None).await {
            Ok(changed) => {
                let (name, id, now) = (&changed.name, changed.id, changed.version);
                context.term.success(&match version {
                    Some(version) => format!("Pinned {name} ({id}) to {version}"),
                    None => format!("Unpinned {name} ({id}); it uses {now}, {}", changed.version_source),
                });
                done.push(changed);
            }
            Err(error) => failures.add(&webhook.name, error.into()),
        }
    }
    let shown = context.give(&done, webhooks.len() > 1);
    let ended = failures.summary(found.len(), if version.is_some() { "pinned" } else { "unpinned" });
    outcome::both(ended, shown).map(|()| version)
}
