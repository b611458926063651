//! `tm-hooks secret` shows, rotates and revokes the secrets of webhooks.

use std::time::Duration;

use clap::ValueEnum;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    api::Client,
    domain::{
        scheme::SchemeChoice,
        secret::{MASK, RotateSecret, Secret, ShownPrevious, ShownSecrets},
        webhook::Webhook,
    },
    error::CliError,
    render::{self, Format, View, words},
};

use super::{Context, arguments::duration, reference};

/// Show, replace or retire a webhook's secret
///
/// Secrets are masked unless --reveal asks for them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks secret show Payroll --reveal
  tm-hooks secret show Payroll --reveal --format standard
  tm-hooks secret rotate Payroll --overlap 24h
  tm-hooks secret revoke Payroll")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show the secret
    #[command(after_help = "Examples:\n  tm-hooks secret show Payroll --reveal > payroll.secret")]
    Show(ShowArgs),
    /// Replace the secret by a new one; for a while both are valid
    ///
    /// During the overlap `webhook-signature` carries signatures by both, and `Timemoto-Signature`, the one that receivers
    /// assume, is made with the old secret; so is that of another scheme whose header takes one signature. `secret revoke`
    /// ends the overlap; until it has ended the secret is not replaced again.
    #[command(after_help = "Examples:\n  tm-hooks secret rotate Payroll --overlap 24h --reveal")]
    Rotate(RotateArgs),
    /// End the overlap: only the new secret is valid from now on
    #[command(after_help = "Examples:\n  tm-hooks secret revoke Payroll")]
    Revoke(RevokeArgs),
}

#[derive(Debug, clap::Args)]
struct ShowArgs {
    /// The webhook: its id, its name, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    webhook: Option<String>,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, clap::Args)]
struct RotateArgs {
    /// The webhook: its id, its name, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    webhook: Option<String>,
    /// How long the old secret stays valid: 0s to 30d
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "24h")]
    overlap: Duration,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, clap::Args)]
struct RevokeArgs {
    /// The webhook: its id, its name, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    webhook: Option<String>,
}

#[derive(Debug, Clone, Copy, clap::Args)]
struct How {
    /// Show the secret itself
    #[arg(long)]
    reveal: bool,
    /// How to write it
    #[arg(long, value_enum, default_value = "plain")]
    format: SecretFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SecretFormat {
    /// The secret alone
    Plain,
    /// As libraries for Standard Webhooks take it: whsec_ and Base64
    Standard,
    /// An assignment for a shell or an .env file
    Env,
}

impl Args {
    /// Whether a secret is rotated or revoked, instead of only shown.
    pub(super) fn changes(&self) -> bool {
        !matches!(self.action, Action::Show(_))
    }
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    if let Action::Show(ShowArgs { how, .. }) | Action::Rotate(RotateArgs { how, .. }) = &args.action {
        check_that_it_is_shown(*how, &context.view)?;
    }
    let connection = context.connect()?;
    let client = &connection.client;
    match &args.action {
        Action::Show(ShowArgs { webhook, how }) => {
            let webhook = reference::find_or_ask(client, webhook.as_deref(), context).await?;
            if how.reveal {
                context.expect_writable_output("the secret")?;
            }
            // The audit log records who has read a secret, so a masked one must not be read.
            let shown = match how.reveal {
                true => ShownSecrets::of(&client.secrets(webhook.id).await?, |secret| written(secret, how.format)),
                false => masked(client.masked_secrets(webhook.id).await?, how.format),
            };
            show(&webhook, &shown, *how, context)?;
            tell_overlap(&webhook, &shown, context);
            Ok(())
        }
        Action::Rotate(args) => rotate(args, client, context).await,
        Action::Revoke(RevokeArgs { webhook }) => {
            render::check::<Webhook>(&context.view)?;
            let webhook = reference::find_or_ask(client, webhook.as_deref(), context).await?;
            client.revoke_previous_secret(webhook.id).await?;
            context.term.success(&format!("Only the new secret of {} ({}) is valid now", webhook.name, webhook.id));
            context.give_one(&webhook)
        }
    }
}

async fn rotate(args: &RotateArgs, client: &Client, context: &Context) -> Result<(), CliError> {
    let RotateArgs { webhook, overlap, how } = args;
    let webhook = reference::find_or_ask(client, webhook.as_deref(), context).await?;
    // A masked secret needs no reader.
    if how.reveal {
        context.expect_output("the new secret")?;
    } else {
        context.expect_writable_output("the new secret")?;
    }
    if how.reveal {
        let samples = samples(&webhook, args);
        context.expect_filter_to_show("the new secret", &samples, render::value)?;
    }
    let rotate = RotateSecret { overlap_seconds: Some(overlap.as_secs()) };
    let secrets = client.rotate_secret(webhook.id, &rotate).await?;
    let secrets = match how.reveal {
        true => ShownSecrets::of(&secrets, |secret| written(secret, how.format)),
        false => masked(ShownSecrets::of(&secrets, Secret::masked), how.format),
    };
    context.term.success(&format!("Replaced the secret of {} ({})", webhook.name, webhook.id));
    tell_overlap(&webhook, &secrets, context);
    let shown = show(&webhook, &secrets, *how, context);
    let lost = context.term.loss().or_else(|lost| if how.reveal { Err(lost) } else { lost.unless_closed() });
    shown.and_then(|()| Ok(lost?)).map_err(|error| {
        error
            .attempting(&format!("the secret of {} ({}) was replaced, but not shown", webhook.name, webhook.id))
            .hint(format!("see it: tm-hooks secret show {} --reveal", webhook.id))
    })
}

/// Makes three possible results of a rotation, with secrets that differ in their first or last letter.
fn samples(webhook: &Webhook, args: &RotateArgs) -> Vec<Value> {
    let same = "a".repeat(Secret::LETTERS - 1);
    let letters = [format!("a{same}"), format!("b{same}"), format!("{same}b")];
    let secrets =
        letters.into_iter().filter_map(|letters| format!("{}{letters}", Secret::PREFIX).parse::<Secret>().ok());
    let sample = |secret: Secret| {
        let secret = written(&secret, args.how.format);
        let previous = ShownPrevious { secret: MASK.to_owned(), expires_at: webhook.updated_at };
        as_json(webhook, &ShownSecrets { secret, previous: Some(previous).filter(|_| !args.overlap.is_zero()) })
    };
    secrets.map(sample).collect()
}

/// Checks that a revealed secret is shown: an id or other fields would not show it.
fn check_that_it_is_shown(how: How, view: &View) -> Result<(), CliError> {
    const FIELDS: [&str; 3] = ["webhookId", "secret", "previous"];
    let named = view.fields.iter().flatten();
    if let Some(unknown) = named.clone().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(CliError::usage(format!("--json names an unknown field: \"{unknown}\""))
            .code("unknown_field")
            .hint(format!("the fields are {}", FIELDS.join(","))));
    }
    let hides = view.format == Format::Id || view.fields.is_some() && !named.clone().any(|name| name == "secret");
    if how.reveal && hides {
        return Err(CliError::usage("--reveal has no use here: this output would not show the secret")
            .hint("leave it out, or show the field secret"));
    }
    Ok(())
}

fn show(webhook: &Webhook, secrets: &ShownSecrets, how: How, context: &Context) -> Result<(), CliError> {
    if context.view.format.is_json() {
        let mut whole = as_json(webhook, secrets);
        if let (Some(fields), Value::Object(object)) = (&context.view.fields, &mut whole) {
            object.retain(|name, _| fields.iter().any(|field| field == name));
        }
        return render::value(&context.term, &context.view, &whole);
    }
    let text = match (context.view.format, how.format) {
        (Format::Id, _) => webhook.id.to_string(),
        (_, SecretFormat::Env) => format!("TIMEMOTO_WEBHOOK_SECRET={}", secrets.secret),
        _ => secrets.secret.clone(),
    };
    let masked = context.view.is_for_people() && !how.reveal;
    context.term.line(&if masked { context.term.signs().in_letters(text) } else { text });
    if !how.reveal {
        context.term.flush();
        context.term.terminal_note("Masked; --reveal shows it.");
    }
    Ok(())
}

/// Writes the secret in its format.
fn written(secret: &Secret, format: SecretFormat) -> String {
    match format {
        SecretFormat::Standard => secret.to_standard().expose_secret().to_owned(),
        SecretFormat::Plain | SecretFormat::Env => secret.expose().to_owned(),
    }
}

/// Writes masked secrets in their format.
fn masked(mut secrets: ShownSecrets, format: SecretFormat) -> ShownSecrets {
    if format == SecretFormat::Standard {
        let previous = secrets.previous.iter_mut().map(|previous| &mut previous.secret);
        previous.chain([&mut secrets.secret]).for_each(|secret| *secret = format!("whsec_{MASK}"));
    }
    secrets
}

fn as_json(webhook: &Webhook, ShownSecrets { secret, previous }: &ShownSecrets) -> Value {
    json!({ "webhookId": webhook.id, "secret": secret, "previous": previous })
}

/// Prints how long the old secret is still used, and for what.
fn tell_overlap(webhook: &Webhook, secrets: &ShownSecrets, context: &Context) {
    if let Some(ShownPrevious { secret: _, expires_at }) = &secrets.previous {
        context.term.note(&format!(
            "The old secret is valid too, until it ends {}. Until then {}. End it when the receiver has the new one: \
             tm-hooks secret revoke {}",
            words::time(*expires_at, &context.view),
            made_meanwhile(&webhook.signs_by()),
            webhook.id
        ));
    }
}

/// What is signed with which secret while one is being rotated.
fn made_meanwhile(scheme: &SchemeChoice) -> String {
    match scheme {
        SchemeChoice::Both => "Timemoto-Signature is made with the old one, and webhook-signature with both".to_owned(),
        SchemeChoice::Timemoto => "Timemoto-Signature is made with the old one".to_owned(),
        SchemeChoice::Standard => "webhook-signature is made with both".to_owned(),
        SchemeChoice::Text(scheme) if scheme.takes_several() => format!("{} is made with both", scheme.header),
        SchemeChoice::Text(scheme) => format!("{} is made with the old one", scheme.header),
        SchemeChoice::None => "it signs nothing either, as the webhook's scheme is none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        secret::{PreviousSecret, Secrets},
        time::Timestamp,
    };

    #[test]
    fn each_format_is_masked_or_whole() {
        let secret: Secret = format!("tmkey_{}", "a1".repeat(16)).parse().unwrap();
        let at = Timestamp::from_seconds(0);
        let both = Secrets { secret: secret.clone(), previous: Some(PreviousSecret { secret, expires_at: at }) };
        let webhook = crate::render::sample_webhook("wh_k3v9m2x7qd", "Payroll");
        for (format, whole) in [
            (SecretFormat::Plain, "tmkey_a1a1"),
            (SecretFormat::Standard, "whsec_dG1rZXlf"),
            (SecretFormat::Env, "tmkey_a1a1"),
        ] {
            let masked = as_json(&webhook, &masked(ShownSecrets::of(&both, Secret::masked), format)).to_string();
            assert!(!masked.contains("a1a1") && masked.matches(MASK).count() == 2, "{masked}");
            let shown = as_json(&webhook, &ShownSecrets::of(&both, |secret| written(secret, format))).to_string();
            assert_eq!(shown.matches(whole).count(), 2, "{shown}");
        }
    }
}
