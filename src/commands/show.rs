//! `tm-hooks show` shows any object by its id.

mod brief;
mod curl;
mod exchange;
mod story;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use crate::{
    api::Client,
    domain::{
        attempt::Attempt,
        delivery::Delivery,
        ids::{AttemptId, DeliveryId, EventId, RecoveryId, WebhookId},
        query::AttemptQuery,
        record::Event,
        recovery::Recovery,
        webhook::Webhook,
    },
    error::{CliError, Kind},
    render::{self, Format, Record},
};

use self::story::{Fate, Told};
use super::{Context, attempts, paging, reference, source};

/// Show a webhook, an attempt, an event or a delivery
///
/// It shows anything that has an id, also a recovery, which `tm-hooks retry --failed` starts. A webhook may also be
/// named, or given by a unique beginning of its id. An event's id may be any text that its sender gave; a webhook's name
/// comes first. A terminal shows an attempt and an event in short, --whole all of it; elsewhere they are whole.
///
/// --curl prints a command that repeats the request byte by byte, with its original signature. The values of the
/// webhook's own headers are masked: fill them in.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks show Payroll
  tm-hooks show at_06f8k2v0c1q4jt3xw9b7n5m8ed --whole
  tm-hooks show at_06f8k2v0c1q4jt3xw9b7n5m8ed --curl | sh
  tm-hooks show tm_0199c1d2e3f4758697a8b9cadbecfd0e --json
  tm-hooks show order-7 --source 'Door system'")]
pub struct Args {
    /// Ids; a webhook's name will do as well; a terminal asks for a webhook
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Also show the secrets in URLs on a terminal: `?token=…`
    #[arg(long)]
    pub(super) reveal: bool,
    /// Show all of it: each header, and bodies to their end
    #[arg(long)]
    whole: bool,
    /// The event's source, if events of several sources have its id
    #[arg(long, value_name = "NAME", conflicts_with = "curl")]
    source: Option<String>,
    /// Print a command for curl that repeats an attempt's request
    #[arg(long, conflicts_with = "whole")]
    curl: bool,
}

/// The names of webhooks.
type Names = Arc<BTreeMap<WebhookId, String>>;

/// An object with an id.
enum Resource {
    /// A webhook; for a person, with its diagnosis.
    Webhook(Box<Webhook>, Fate),
    /// An attempt; for a person, with related data.
    Attempt(Box<Attempt>, Box<Told>),
    /// An event; for a person, with the names of webhooks.
    Event(Box<Event>, Names),
    /// A delivery with its attempts; for a person, with the names of webhooks.
    Delivery(Box<Delivery>, Vec<Attempt>, Names),
    Recovery(Box<Recovery>),
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    if args.curl {
        curl::check(context)?;
    }
    let connection = context.connect()?;
    let mut resources = Vec::with_capacity(args.ids.len());
    if args.ids.is_empty() {
        let picked = reference::find_or_ask(&connection.client, None, context).await?;
        let fate = Fate::of(&connection.client, &picked, context).await;
        resources.push(Resource::Webhook(Box::new(picked), fate));
    }
    let source = match &args.source {
        Some(text) => Some(source::name_of(&connection.client, text).await?),
        None => None,
    };
    for id in &args.ids {
        resources.push(match &source {
            Some(source) => event_of(&connection.client, id, source, context).await?,
            None => fetch(&connection.client, id, context).await?,
        });
    }
    match resources.as_slice() {
        several if args.curl => show_commands(several, context),
        [resource] => resource.show(args.whole, context),
        several => show_several(several, args.whole, context),
    }
}

/// Prints the requests of attempts as commands.
fn show_commands(resources: &[Resource], context: &Context) -> Result<(), CliError> {
    for (number, resource) in resources.iter().enumerate() {
        let Resource::Attempt(attempt, _) = resource else {
            return Err(CliError::usage(format!("--curl repeats an attempt's request, and {} is none", resource.id()))
                .hint(resource.its_attempts()));
        };
        if number > 0 {
            context.term.line("");
        }
        curl::show(attempt, context)?;
    }
    Ok(())
}

async fn fetch(client: &Client, id: &str, context: &Context) -> Result<Resource, CliError> {
    if let Ok(id) = id.parse::<AttemptId>() {
        let attempt = client.attempt(id).await?;
        let told = Told::of(client, &attempt, context).await;
        return Ok(Resource::Attempt(Box::new(attempt), Box::new(told)));
    }
    if let Ok(id) = id.parse::<DeliveryId>() {
        let delivery = client.delivery(id).await?;
        let attempts = paging::whole("attempt", async |limit, cursor| {
            let of_delivery =
                AttemptQuery { delivery: Some(id), limit: Some(limit), cursor, ..AttemptQuery::default() };
            client.attempts(&of_delivery).await
        });
        let attempts = attempts.await?;
        return Ok(Resource::Delivery(Box::new(delivery), attempts, names(client, context).await));
    }
    if let Ok(id) = id.parse::<RecoveryId>() {
        return Ok(Resource::Recovery(Box::new(client.recovery(id).await?)));
    }
    webhook_or_event(client, id, context).await
}

/// Fetches what a webhook's name or id means, or an event's id, which may be any text. What is written as our own events'
/// ids are is an event.
async fn webhook_or_event(client: &Client, text: &str, context: &Context) -> Result<Resource, CliError> {
    let event_id = reference::event_id(text);
    let is_own = event_id.is_some_and(|id| id.is_own());
    let webhook = if is_own { None } else { reference::look_up(client, text).await? };
    if let Some(webhook) = webhook {
        let fate = Fate::of(client, &webhook, context).await;
        return Ok(Resource::Webhook(Box::new(webhook), fate));
    }
    if let Some(id) = event_id {
        match client.event(id, None).await {
            Ok(event) => return Ok(Resource::Event(Box::new(event), names(client, context).await)),
            Err(error) if !error.is_not_found() || is_own => {
                return Err(source::explained(client, id, None, error).await);
            }
            Err(_) => {}
        }
    }
    match malformed(text) {
        Some(error) => Err(error),
        None => Err(reference::unknown(client, text).await),
    }
}

/// Fetches the event of a source.
async fn event_of(client: &Client, text: &str, source: &str, context: &Context) -> Result<Resource, CliError> {
    let id = reference::event_id(text).ok_or_else(|| {
        CliError::usage(format!("--source chooses among events, and \"{}\" is none", reference::repeated(text)))
            .hint("leave it out; only an event has a source")
    })?;
    match client.event(id, Some(source)).await {
        Ok(event) => Ok(Resource::Event(Box::new(event), names(client, context).await)),
        Err(error) => Err(source::explained(client, id, Some(source), error).await),
    }
}

/// Returns the names of webhooks, for a person.
async fn names(client: &Client, context: &Context) -> Names {
    if context.view.is_for_people() { attempts::names(client).await } else { Names::default() }
}

/// Returns the error of a text that begins as the ids of another type than a webhook's do, but is none of them.
fn malformed(text: &str) -> Option<CliError> {
    let why = match text.get(..3)? {
        AttemptId::PREFIX => text.parse::<AttemptId>().err()?.to_string(),
        DeliveryId::PREFIX => text.parse::<DeliveryId>().err()?.to_string(),
        RecoveryId::PREFIX => text.parse::<RecoveryId>().err()?.to_string(),
        EventId::PREFIX => {
            let text = reference::repeated(text);
            format!("there is no event \"{text}\"; tm_ and 32 lower-case hex digits are an id of our own")
        }
        _ => return None,
    };
    Some(CliError::new(Kind::NotFound, why).hint("ids of these are typed whole; copy them from a table"))
}

impl Resource {
    fn show(&self, whole: bool, context: &Context) -> Result<(), CliError> {
        match self {
            Resource::Webhook(webhook, fate) => show_webhook(webhook, fate, context),
            Resource::Attempt(attempt, told) => show_attempt(attempt, told, whole, context),
            Resource::Event(event, names) => {
                one(event.as_ref(), context)?;
                let data = event.data.as_ref().and_then(|data| serde_json::to_value(data).ok());
                let data = exchange::json(data.as_ref(), context);
                let is_short = story::is_told(context) && !whole;
                let data = if is_short { exchange::beginning(&data, context) } else { data };
                for_people(&exchange::titled("data", &data, context), context)?;
                attached(event.deliveries.as_deref().unwrap_or_default(), "deliveries", names, context)
            }
            Resource::Recovery(recovery) => one(recovery.as_ref(), context),
            Resource::Delivery(delivery, attempts, names) => {
                one(delivery.as_ref(), context)?;
                attached(attempts, "attempts", names, context)
            }
        }
    }

    /// Returns the command that lists the related attempts.
    fn its_attempts(&self) -> String {
        match self {
            Resource::Webhook(webhook, _) => format!("tm-hooks attempts {}", webhook.id),
            Resource::Delivery(delivery, ..) => format!("tm-hooks show {}", delivery.id),
            _ => "tm-hooks attempts".to_owned(),
        }
    }

    fn to_json(&self) -> serde_json::Result<Value> {
        match self {
            Resource::Webhook(webhook, _) => serde_json::to_value(webhook),
            Resource::Attempt(attempt, _) => serde_json::to_value(attempt),
            Resource::Event(event, _) => serde_json::to_value(event),
            Resource::Delivery(delivery, ..) => serde_json::to_value(delivery),
            Resource::Recovery(recovery) => serde_json::to_value(recovery),
        }
    }

    fn id(&self) -> String {
        match self {
            Resource::Webhook(webhook, _) => webhook.id(),
            Resource::Attempt(attempt, _) => attempt.id(),
            Resource::Event(event, _) => event.id(),
            Resource::Delivery(delivery, ..) => delivery.id(),
            Resource::Recovery(recovery) => recovery.id(),
        }
    }
}

/// Shows a webhook; for a person, its problem comes first.
fn show_webhook(webhook: &Webhook, fate: &Fate, context: &Context) -> Result<(), CliError> {
    if !story::is_told(context) {
        return one(webhook, context);
    }
    let view = render::View { without: &["url"], ..context.view.clone() };
    let (headline, fields) = (render::headline(&view, webhook), render::details(&view, webhook)?);
    let url = context.view.url(&webhook.url);
    let Fate { trouble, last } = fate;
    context.term.write(&format!("{headline}  {}\n{trouble}\n{fields}{last}", context.term.shown(&url)));
    context.term.flush();
    Ok(())
}

/// Shows an attempt; for a person in short, unless `whole`.
fn show_attempt(attempt: &Attempt, told: &Told, whole: bool, context: &Context) -> Result<(), CliError> {
    let name = told.webhook.as_ref().map_or_else(|| attempt.webhook_id.to_string(), |webhook| webhook.name.clone());
    let names = Arc::new(BTreeMap::from([(attempt.webhook_id, name)]));
    let view = render::View { names, ..context.view.clone() };
    if story::is_told(context) && !whole {
        context.term.write(&render::headline(&view, attempt));
        context.term.write(&brief::text(attempt, told, context));
        context.term.flush();
        return Ok(());
    }
    render::one(&context.term, &view, attempt)?;
    if story::is_told(context) {
        context.term.write(&story::of_attempt(attempt, told, context));
    }
    for_people(&exchange::text(attempt, context), context)
}

fn one<T: Record>(record: &T, context: &Context) -> Result<(), CliError> {
    render::one(&context.term, &context.view, record)
}

/// Prints what follows the fields in a table only.
fn for_people(text: &str, context: &Context) -> Result<(), CliError> {
    if context.view.format == Format::Table {
        context.term.write(text);
    }
    Ok(())
}

/// Prints a table below the fields.
fn attached<T: Record>(records: &[T], title: &str, names: &Names, context: &Context) -> Result<(), CliError> {
    if context.view.format != Format::Table || records.is_empty() {
        return Ok(());
    }
    context.term.write(&exchange::titled(title, "", context));
    let view = render::View { columns: None, names: Arc::clone(names), ..context.view.clone() };
    render::list(&context.term, &view, records)
}

/// Shows several objects of possibly different types: as a JSON list, or one below the other.
fn show_several(resources: &[Resource], whole: bool, context: &Context) -> Result<(), CliError> {
    let values = || resources.iter().map(Resource::to_json).collect::<Result<Vec<_>, _>>().map_err(anyhow::Error::from);
    match context.view.format {
        Format::Json if context.view.fields.is_none() => {
            let list = serde_json::json!({ "data": values()?, "next": null });
            render::value(&context.term, &context.view, &list)
        }
        Format::Ndjson if context.view.fields.is_none() => {
            values()?.iter().try_for_each(|value| render::value(&context.term, &context.view, value))
        }
        Format::Id => {
            resources.iter().for_each(|resource| context.term.line(&resource.id()));
            Ok(())
        }
        Format::Table => {
            for (number, resource) in resources.iter().enumerate() {
                if number > 0 {
                    context.term.line("");
                }
                resource.show(whole, context)?;
            }
            Ok(())
        }
        Format::Json | Format::Ndjson | Format::Csv | Format::Tsv => same_type(resources, context),
    }
}

/// Checks that all objects have one type, to which columns and fields belong.
fn same_type(resources: &[Resource], context: &Context) -> Result<(), CliError> {
    macro_rules! all_of {
        ($variant:pat => $value:expr) => {
            resources
                .iter()
                .map(|resource| if let $variant = resource { Some($value) } else { None })
                .collect::<Option<Vec<_>>>()
        };
    }
    if let Some(webhooks) = all_of!(Resource::Webhook(webhook, _) => webhook.as_ref().clone()) {
        render::list(&context.term, &context.view, &webhooks)
    } else if let Some(attempts) = all_of!(Resource::Attempt(attempt, _) => attempt.as_ref().clone()) {
        render::list(&context.term, &context.view, &attempts)
    } else if let Some(events) = all_of!(Resource::Event(event, _) => event.as_ref().clone()) {
        render::list(&context.term, &context.view, &events)
    } else if let Some(deliveries) = all_of!(Resource::Delivery(delivery, ..) => delivery.as_ref().clone()) {
        render::list(&context.term, &context.view, &deliveries)
    } else if let Some(recoveries) = all_of!(Resource::Recovery(recovery) => recovery.as_ref().clone()) {
        render::list(&context.term, &context.view, &recoveries)
    } else {
        Err(CliError::usage("these things are of several types, which have no columns in common")
            .hint("show them one by one, or with -o json"))
    }
}
