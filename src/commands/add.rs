//! `tm-hooks add` adds a webhook, from flags or by asking.

use std::path::PathBuf;

use crate::{
    domain::{
        event::EventFilter,
        masked_url::masked,
        receiver_url::as_sent,
        scheme::SchemeChoice,
        version::{Stability, Version, VersionSource},
        webhook::{NewWebhook, Webhook, check_url},
    },
    error::{CliError, Kind},
    render,
};

use super::{
    Context,
    arguments::listed,
    connect::Connection,
    form::{Form, Part, Values},
    input, reference, source,
    unknown_type::UnknownType,
};

/// Add a webhook
///
/// On a terminal it asks for what is missing. The URL must be HTTPS; the service inside this program also takes
/// addresses of this machine. Without --name the webhook is named after the URL's host. Without --pin it uses the
/// global version, and as long as none is set the latest stable one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks add
  tm-hooks add https://erp.example.com/timemoto --events 'attendance.*'
  tm-hooks add https://bot.example.com/tm --name 'Chat bot' --events attendance.inserted,user.deleted --pin v1
  tm-hooks add https://erp.example.com/timemoto --events '*' --header @headers.txt --if-not-exists
  tm-hooks add https://shop.example.com/in --events '*' --scheme 'hmac-sha256 header=X-Hub-Signature-256 prefix=sha256='
  id=$(tm-hooks add https://erp.example.com/timemoto --events '*')")]
pub struct Args {
    /// Where its deliveries go
    url: Option<String>,
    /// Its name, which no other webhook has
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Which events it receives: types, groups such as attendance.*, or * for all
    #[arg(long, value_name = "TYPES", value_parser = listed::<EventFilter>, value_delimiter = ',')]
    events: Vec<EventFilter>,
    #[command(flatten)]
    unknown: UnknownType,
    /// The sources whose events it receives (several: commas between them); default: all, and events of the API
    #[arg(long, value_name = "NAMES", value_parser = listed::<String>, value_delimiter = ',')]
    sources: Vec<String>,
    /// Pin it to a version of the wire format
    #[arg(long, value_name = "VERSION")]
    pin: Option<Version>,
    /// Add it disabled
    #[arg(long)]
    disabled: bool,
    /// A header for each delivery, as 'Name: value', or @file with one a line
    ///
    /// At most 20, each value with at most 8192 characters; many receivers take less.
    #[arg(long = "header", value_name = "NAME:VALUE|@FILE")]
    headers: Vec<String>,
    /// How its deliveries are signed: timemoto, standard, both, none, or a scheme's text; default: both
    ///
    /// timemoto is the scheme that receivers of TimeMoto assume, standard is Standard Webhooks. Deliveries get the scheme's
    /// headers and no other of ours; with both they get webhook-version and webhook-attempt too. A scheme's text is what
    /// `tm-hooks verify --detect` finds; `tm-hooks help schemes` has its words.
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<SchemeChoice>,
    /// A file (or - for standard input) with the secret to use; without it one is made
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// When a webhook with this name is there already, leave it as it is and succeed
    #[arg(long)]
    if_not_exists: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Webhook>(&context.view)?;
    let parts = parts(args);
    if !parts.is_empty() && !context.term.may_ask() {
        return Err(missing(args.url.is_none(), args.events.is_empty()));
    }
    let mut new = new_webhook(args, context)?;
    let connection = context.connect()?;
    args.unknown.check_filters(&new.events, &connection.client).await?;
    if !args.sources.is_empty() {
        new.sources = Some(source::named(&connection.client, &args.sources).await?);
    }
    let form = Form { context, connection: &connection, parts, own: None, takes_any_name: args.if_not_exists };
    let mut values = Values {
        url: new.url.clone(),
        name: new.name.clone(),
        events: new.events.clone(),
        pin: args.pin,
        enabled: !args.disabled,
    };
    form.fill(&mut values).await?;
    loop {
        (new.url, new.events) = (values.url.clone(), values.events.clone());
        (new.pinned_version, new.enabled) = (values.pin, values.enabled);
        let unnamed = values.name.is_empty() && args.name.is_none();
        new.name = if unnamed { host_of(&new.url)? } else { values.name.clone() };
        let error = match connection.client.add_webhook(&new).await {
            Ok(webhook) => {
                added(&webhook, context);
                return context.give_one(&webhook);
            }
            Err(error) => error,
        };
        if args.if_not_exists && (error.status(), error.code().as_str()) == (Some(409), "name_taken") {
            return there_already(&new, &connection, context).await;
        }
        let Some((part, why)) = form.refused(&error) else {
            return Err(CliError::from(error).attempting(&format!("could not add {}", new.name)));
        };
        form.mend(part, &mut values, why).await?;
    }
}

/// Returns the questions to ask. Optional parts are only asked if the URL is asked too: the person is then new to it.
fn parts(args: &Args) -> Vec<Part> {
    let Args { url, name, events, pin, disabled, .. } = args;
    let asks_all = url.is_none();
    let is_asked = |part: &Part| match part {
        Part::Url => asks_all,
        Part::Name => asks_all && name.is_none(),
        Part::Events => events.is_empty(),
        Part::Version => asks_all && pin.is_none(),
        Part::Status => asks_all && !disabled,
    };
    Part::ALL.into_iter().filter(is_asked).collect()
}

/// Builds the webhook from the flags.
fn new_webhook(args: &Args, context: &Context) -> Result<NewWebhook, CliError> {
    let Args { url, name, events, pin, disabled, headers, scheme, secret_file, .. } = args;
    Ok(NewWebhook {
        name: name.clone().unwrap_or_default(),
        url: url.clone().unwrap_or_default(),
        events: events.clone(),
        enabled: !disabled,
        headers: input::headers(headers, context)?,
        scheme: scheme.clone(),
        sources: None,
        pinned_version: *pin,
        secret: secret_file.as_deref().map(|path| input::secret(path, context)).transpose()?,
    })
}

/// Makes the error that names the missing flags.
fn missing(url: bool, events: bool) -> CliError {
    let what = match (url, events) {
        (true, true) => "the URL and --events are missing",
        (true, false) => "the URL is missing",
        _ => "--events is missing",
    };
    CliError::new(Kind::AnswerNeeded, format!("{what}, and there is nobody to ask"))
        .hint("tm-hooks add https://erp.example.com/timemoto --events 'attendance.*'")
}

/// Returns the default name of a webhook: its URL's host.
fn host_of(url: &str) -> Result<String, CliError> {
    let url = check_url(url).map_err(|error| {
        CliError::new(Kind::Refused, "could not add the webhook").code("invalid").fields(vec![error])
    })?;
    Ok(url.host_str().unwrap_or_default().to_owned())
}

fn added(webhook: &Webhook, context: &Context) {
    let Webhook { id, name, enabled, version, version_source, .. } = webhook;
    let state = if *enabled { "enabled" } else { "disabled" };
    let from = match version_source {
        VersionSource::Pinned => "to which it is pinned",
        VersionSource::Global => "the global version",
        VersionSource::Latest => "the latest stable version",
    };
    let signs = webhook.signs_by() != SchemeChoice::None;
    let give = if signs {
        format!("\n  Give the receiver its secret:  tm-hooks secret show {id} --reveal")
    } else {
        String::new()
    };
    context.term.success(&format!(
        "Added {name} ({id}). It is {state} and uses {version}, {from}.{give}\n  \
         See whether it answers:        tm-hooks test {id}"
    ));
    note_unsigned(webhook, context);
    if *version_source == VersionSource::Pinned {
        note_preview(*version, context);
    }
}

/// Says what it means that nothing is signed.
pub(super) fn note_unsigned(webhook: &Webhook, context: &Context) {
    if webhook.signs_by() == SchemeChoice::None {
        context.term.note("note: its deliveries are not signed: whoever knows the URL can send the same");
    }
}

/// Says that a version may still change.
pub(super) fn note_preview(version: Version, context: &Context) {
    if version.stability() == Stability::Preview {
        context.term.note(&format!("note: {version} is a preview and may still change"));
    }
}

async fn there_already(new: &NewWebhook, connection: &Connection, context: &Context) -> Result<(), CliError> {
    let webhook = reference::find(&connection.client, &new.name).await?;
    context.term.note(&format!("{} ({}) is there already; nothing was changed", webhook.name, webhook.id));
    if as_sent(&webhook.url) != as_sent(&new.url) {
        context.term.alert("other_url", &format!("its URL is another one: {}", masked(&webhook.url)));
    }
    context.give_one(&webhook)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        assert!(missing(true, true).message().starts_with("the URL and --events are missing"));
        assert!(missing(false, true).message().starts_with("--events is missing"));
        assert_eq!(missing(true, false).kind(), Kind::AnswerNeeded);
    }

    #[test]
    fn the_host_is_the_name() {
        assert_eq!(host_of("https://erp.example.com:8443/tm").unwrap(), "erp.example.com");
        assert_eq!(host_of("erp.example.com").unwrap_err().kind(), Kind::Refused);
    }
}
