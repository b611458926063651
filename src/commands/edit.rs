//! `tm-hooks edit` changes a webhook.

use std::{collections::BTreeMap, str::FromStr};

use crate::{
    api::CallError,
    domain::{
        event::EventFilter,
        patch::Patch,
        receiver_url::as_sent,
        scheme::SchemeChoice,
        version::Version,
        webhook::{Webhook, WebhookPatch},
    },
    error::CliError,
    render::{self, columns},
};

use super::{
    Context, add,
    arguments::listed,
    connect::Connection,
    form::{Form, Part, Values},
    input, reference, source,
    unknown_type::UnknownType,
};

/// Change a webhook's name, URL, events, sources, version or headers
///
/// What is not named stays as it is. --events with plain types replaces all of them; with + and - it adds and removes.
/// On a terminal, without any of them, it asks: the form of `add`, filled in, with the status too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks edit Payroll
  tm-hooks edit Payroll --url https://payroll.example.com/hooks
  tm-hooks edit Payroll --events +user.deleted,-attendance.deleted
  tm-hooks edit Payroll --header 'Authorization: Basic …' --remove-header X-Old
  tm-hooks edit Payroll --scheme standard
  tm-hooks edit Payroll --pin v1")]
pub struct Args {
    /// The webhook: its id, its name, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    webhook: Option<String>,
    /// A new name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A new URL
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// New events, or changes to them: TYPE, +TYPE, -TYPE
    #[arg(long, value_name = "TYPES", value_parser = listed::<EventChange>, value_delimiter = ',', allow_hyphen_values = true)]
    events: Vec<EventChange>,
    #[command(flatten)]
    unknown: UnknownType,
    /// The sources whose events it receives from now on, and no others (several: commas between them)
    #[arg(long, value_name = "NAMES", value_parser = listed::<String>, value_delimiter = ',', conflicts_with = "all_sources")]
    sources: Vec<String>,
    /// Receive the events of all sources, and those of the API
    #[arg(long)]
    all_sources: bool,
    /// Pin it to a version
    #[arg(long, value_name = "VERSION", conflicts_with = "unpin")]
    pin: Option<Version>,
    /// Pin it no longer
    #[arg(long)]
    unpin: bool,
    /// Set a header, as 'Name: value', or @file with one a line
    #[arg(long = "header", value_name = "NAME:VALUE|@FILE")]
    headers: Vec<String>,
    /// Remove a header
    #[arg(long, value_name = "NAME")]
    remove_header: Vec<String>,
    /// How its deliveries are signed from now on: timemoto, standard, both, none, or a scheme's text
    ///
    /// `tm-hooks help add` says what they mean, `tm-hooks help schemes` has the words of a text.
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<SchemeChoice>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Webhook>(&context.view)?;
    let headers = headers(args, context)?;
    let connection = context.connect()?;
    let webhook = reference::find_or_ask(&connection.client, args.webhook.as_deref(), context).await?;
    let sources = match args.sources.as_slice() {
        [] if args.all_sources => Patch::Null,
        [] => Patch::Absent,
        texts => Patch::Value(source::named(&connection.client, texts).await?),
    };
    let patch = WebhookPatch { sources, ..patch(args, headers, &webhook)? };
    args.unknown.check_filters(&new_filters(&patch, &webhook), &connection.client).await?;
    if patch != WebhookPatch::default() {
        let changed = update(&connection, &webhook, &patch).await.map_err(|error| failed(error, &webhook))?;
        if changed.revision == webhook.revision {
            return tell_of_nothing(&webhook, context);
        }
        return tell(&webhook, &changed, &patch, context);
    }
    if !context.term.may_ask() {
        let flags =
            "--name, --url, --events, --pin, --unpin, --header, --remove-header, --scheme, --sources and --all-sources";
        return Err(CliError::usage("nothing to change was named").hint(format!("name it with {flags}")));
    }
    ask(&connection, &webhook, context).await
}

/// Asks with the form until the service accepts the changes.
async fn ask(connection: &Connection, webhook: &Webhook, context: &Context) -> Result<(), CliError> {
    let parts = Part::ALL.to_vec();
    let form = Form { context, connection, parts, own: Some(webhook), takes_any_name: false };
    let mut values = Values::of(webhook);
    form.fill(&mut values).await?;
    loop {
        let patch = difference(&values, webhook);
        if patch == WebhookPatch::default() {
            return tell_of_nothing(webhook, context);
        }
        let error = match update(connection, webhook, &patch).await {
            Ok(changed) => return tell(webhook, &changed, &patch, context),
            Err(error) => error,
        };
        let Some((part, why)) = form.refused(&error) else { return Err(failed(error, webhook)) };
        form.mend(part, &mut values, why).await?;
    }
}

/// Returns the changes of the form.
fn difference(values: &Values, webhook: &Webhook) -> WebhookPatch {
    let Values { url, name, events, pin, enabled } = values;
    WebhookPatch {
        name: Patch::from_option((*name != webhook.name).then(|| name.clone())),
        url: Patch::from_option((as_sent(url) != webhook.url).then(|| url.clone())),
        events: Patch::from_option((*events != webhook.events).then(|| events.clone())),
        enabled: Patch::from_option((*enabled != webhook.enabled).then_some(*enabled)),
        headers: Patch::Absent,
        scheme: Patch::Absent,
        sources: Patch::Absent,
        pinned_version: match pin {
            _ if *pin == webhook.pinned_version => Patch::Absent,
            None => Patch::Null,
            Some(version) => Patch::Value(*version),
        },
    }
}

async fn update(connection: &Connection, webhook: &Webhook, patch: &WebhookPatch) -> Result<Webhook, CallError> {
    connection.client.update_webhook(webhook.id, patch, Some(webhook.revision)).await
}

fn failed(error: CallError, webhook: &Webhook) -> CliError {
    CliError::from(error).attempting(&format!("could not change {}", webhook.name))
}

fn tell_of_nothing(webhook: &Webhook, context: &Context) -> Result<(), CliError> {
    let Webhook { id, name, .. } = webhook;
    context.term.note(&format!("Nothing was changed: {name} ({id}) is as it was."));
    context.give_one(webhook)
}

fn tell(before: &Webhook, changed: &Webhook, patch: &WebhookPatch, context: &Context) -> Result<(), CliError> {
    context.term.success(&format!("Changed {}", summary(before, changed, patch)));
    if let Some(version) = changed.pinned_version.filter(|_| before.pinned_version != changed.pinned_version) {
        add::note_preview(version, context);
    }
    if before.scheme != changed.scheme {
        add::note_unsigned(changed, context);
    }
    context.give_one(changed)
}

fn headers(args: &Args, context: &Context) -> Result<BTreeMap<String, Option<String>>, CliError> {
    let set = input::headers(&args.headers, context)?.into_iter().map(|(name, value)| (name, Some(value)));
    Ok(set.chain(args.remove_header.iter().map(|name| (name.clone(), None))).collect())
}

fn patch(args: &Args, headers: BTreeMap<String, Option<String>>, webhook: &Webhook) -> Result<WebhookPatch, CliError> {
    let Args { name, url, events, pin, unpin, scheme, .. } = args;
    Ok(WebhookPatch {
        name: Patch::from_option(name.clone()),
        url: Patch::from_option(url.clone()),
        events: Patch::from_option(changed_events(events, &webhook.events)?),
        enabled: Patch::Absent,
        headers: if headers.is_empty() { Patch::Absent } else { Patch::Value(headers) },
        scheme: Patch::from_option(scheme.clone()),
        sources: Patch::Absent,
        pinned_version: if *unpin { Patch::Null } else { Patch::from_option(*pin) },
    })
}

/// Returns the filters that the webhook does not have yet.
fn new_filters(patch: &WebhookPatch, webhook: &Webhook) -> Vec<EventFilter> {
    let Patch::Value(events) = &patch.events else { return Vec::new() };
    events.iter().copied().filter(|filter| !webhook.events.contains(filter)).collect()
}

/// A type in `--events`: set, added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EventChange {
    Set(EventFilter),
    Add(EventFilter),
    Remove(EventFilter),
}

impl FromStr for EventChange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let filter = |text: &str| text.parse::<EventFilter>().map_err(|error| error.to_string());
        match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(added), _) => filter(added).map(EventChange::Add),
            (_, Some(removed)) => filter(removed).map(EventChange::Remove),
            _ => filter(text).map(EventChange::Set),
        }
    }
}

/// Returns the filters after the changes, if there are any.
fn changed_events(changes: &[EventChange], now: &[EventFilter]) -> Result<Option<Vec<EventFilter>>, CliError> {
    if changes.is_empty() {
        return Ok(None);
    }
    let sets = changes.iter().filter(|change| matches!(change, EventChange::Set(_))).count();
    if sets != 0 && sets != changes.len() {
        return Err(CliError::usage("--events mixes types with +types and -types")
            .hint("name all types to replace them, or put + or - before each to change them"));
    }
    let mut events = if sets == 0 { now.to_vec() } else { Vec::new() };
    for change in changes {
        match *change {
            EventChange::Set(filter) | EventChange::Add(filter) if !events.contains(&filter) => events.push(filter),
            EventChange::Set(_) | EventChange::Add(_) => {}
            EventChange::Remove(filter) => {
                let before = events.len();
                events.retain(|other| *other != filter);
                if events.len() == before {
                    let has = columns::events(now);
                    return Err(CliError::usage(format!("--events removes {filter}, which is not among its events"))
                        .hint(format!("its events are {has}")));
                }
            }
        }
    }
    Ok(Some(events))
}

/// Summarises a change: `Payroll (wh_…): url, events`. Headers' values are masked, so a changed value is detected by
/// the webhook's new revision, which only a real change raises.
fn summary(before: &Webhook, after: &Webhook, patch: &WebhookPatch) -> String {
    let sets_headers = matches!(&patch.headers, Patch::Value(headers) if headers.values().any(Option::is_some));
    let differences = [
        ("name", before.name != after.name),
        ("URL", before.url != after.url),
        ("events", before.events != after.events),
        ("status", before.enabled != after.enabled),
        ("version", before.pinned_version != after.pinned_version),
        ("scheme", before.scheme != after.scheme),
        ("sources", before.sources != after.sources),
        ("headers", before.headers != after.headers || sets_headers && before.revision != after.revision),
    ];
    let changed: Vec<&str> = differences.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect();
    let name = format!("{} ({})", after.name, after.id);
    if changed.is_empty() { name } else { format!("{name}: {}", changed.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn changed(changes: &str, now: &str) -> Result<Option<String>, Kind> {
        let changes: Vec<EventChange> =
            changes.split(',').filter(|change| !change.is_empty()).map(|change| change.parse().unwrap()).collect();
        let now: Vec<EventFilter> = now.split(',').map(|filter| filter.parse().unwrap()).collect();
        let events = changed_events(&changes, &now).map_err(|error| error.kind())?;
        Ok(events.map(|events| columns::events(&events)))
    }

    #[test]
    fn events_are_replaced_or_changed_but_not_both() {
        assert_eq!(changed("", "*"), Ok(None));
        assert_eq!(changed("user.deleted,user.deleted", "*"), Ok(Some("user.deleted".to_owned())));
        let added = changed("+user.deleted,-attendance.*", "attendance.*,user.updated");
        assert_eq!(added, Ok(Some("user.updated, user.deleted".to_owned())));
        assert_eq!(changed("+user.deleted,user.updated", "*"), Err(Kind::Usage));
        assert_eq!(changed("-user.deleted", "*"), Err(Kind::Usage));
    }

    #[test]
    fn the_summary_names_what_differs() {
        let before = crate::render::sample_webhook("wh_k3v9m2x7qd", "Payroll");
        let mut after = before.clone();
        let summary = |before: &Webhook, after: &Webhook| summary(before, after, &WebhookPatch::default());
        assert_eq!(summary(&before, &after), "Payroll (wh_k3v9m2x7qd)");
        after.url = "https://new.example.com".to_owned();
        after.pinned_version = Some(Version::V2);
        assert_eq!(summary(&before, &after), "Payroll (wh_k3v9m2x7qd): URL, version");
    }

    #[test]
    fn a_new_value_of_an_old_header_is_a_change_though_both_are_masked() {
        let before = crate::render::sample_webhook("wh_k3v9m2x7qd", "Payroll");
        let header = |value: Option<&str>| {
            let headers = BTreeMap::from([("X-A".to_owned(), value.map(str::to_owned))]);
            WebhookPatch { headers: Patch::Value(headers), ..WebhookPatch::default() }
        };
        let after = Webhook { revision: before.revision + 1, ..before.clone() };
        assert_eq!(summary(&before, &after, &header(Some("2"))), "Payroll (wh_k3v9m2x7qd): headers");
        assert_eq!(summary(&before, &before, &header(Some("2"))), "Payroll (wh_k3v9m2x7qd)");
        assert_eq!(summary(&before, &after, &header(None)), "Payroll (wh_k3v9m2x7qd)", "it was not there");
    }
}
