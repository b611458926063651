//! `tm-hooks show`: anything that has an id.

mod exchange;
mod story;

use std::sync::Arc;

use serde_json::Value;

use crate::{
    api::Client,
    domain::{
        attempt::Attempt,
        delivery::Delivery,
        ids::{AttemptId, DeliveryId, EventId, RecoveryId},
        query::AttemptQuery,
        record::Event,
        recovery::Recovery,
        webhook::Webhook,
    },
    error::{CliError, Kind},
    render::{self, Format, Record},
};

use super::{Context, paging, reference};

/// Show a webhook, an attempt, an event or a delivery
///
/// Anything that has an id is shown; of an attempt the whole exchange. So has a recovery, which `tm-hooks retry
/// --failed` begins. A webhook may also be named, or given by a unique beginning of its id.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks show Payroll
  tm-hooks show at_06f8k2v0c1q4jt3xw9b7n5m8ed
  tm-hooks show tm_0199c1d2e3f4758697a8b9cadbecfd0e --json")]
pub struct Args {
    /// Ids; a webhook's name will do as well
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Show on a terminal what is secret in URLs, too: `?token=…`
    #[arg(long)]
    pub(super) reveal: bool,
}

/// What an id can name.
enum Thing {
    /// With why it is in trouble, for a person.
    Webhook(Box<Webhook>, String),
    /// With its webhook, for a person.
    Attempt(Box<Attempt>, Option<Box<Webhook>>),
    Event(Box<Event>),
    Delivery(Box<Delivery>, Vec<Attempt>),
    Recovery(Box<Recovery>),
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let connection = context.connect()?;
    if args.ids.is_empty() {
        let picked = reference::find_or_ask(&connection.client, None, context).await?;
        let why = story::of_webhook(&connection.client, &picked, context).await;
        return Thing::Webhook(Box::new(picked), why).show(context);
    }
    let mut things = Vec::with_capacity(args.ids.len());
    for id in &args.ids {
        things.push(fetch(&connection.client, id, context).await?);
    }
    match things.as_slice() {
        [thing] => thing.show(context),
        several => show_several(several, context),
    }
}

async fn fetch(client: &Client, id: &str, context: &Context) -> Result<Thing, CliError> {
    if let Ok(id) = id.parse::<AttemptId>() {
        let attempt = client.attempt(id).await?;
        let webhook = story::webhook_of(client, &attempt, context).await;
        return Ok(Thing::Attempt(Box::new(attempt), webhook.map(Box::new)));
    }
    if let Ok(id) = id.parse::<EventId>() {
        return Ok(Thing::Event(Box::new(client.event(id).await?)));
    }
    if let Ok(id) = id.parse::<DeliveryId>() {
        let delivery = client.delivery(id).await?;
        let attempts = paging::whole("attempt", async |limit, cursor| {
            let of_delivery =
                AttemptQuery { delivery: Some(id), limit: Some(limit), cursor, ..AttemptQuery::default() };
            client.attempts(&of_delivery).await
        });
        return Ok(Thing::Delivery(Box::new(delivery), attempts.await?));
    }
    if let Ok(id) = id.parse::<RecoveryId>() {
        return Ok(Thing::Recovery(Box::new(client.recovery(id).await?)));
    }
    let found = reference::find(client, id).await;
    let webhook = found.map_err(|error| malformed(id).unwrap_or(error))?;
    let why = story::of_webhook(client, &webhook, context).await;
    Ok(Thing::Webhook(Box::new(webhook), why))
}

/// What was meant for the id of something else than a webhook, but is none.
fn malformed(text: &str) -> Option<CliError> {
    let why = match text.get(..3)? {
        AttemptId::PREFIX => text.parse::<AttemptId>().err(),
        EventId::PREFIX => text.parse::<EventId>().err(),
        DeliveryId::PREFIX => text.parse::<DeliveryId>().err(),
        RecoveryId::PREFIX => text.parse::<RecoveryId>().err(),
        _ => None,
    };
    Some(CliError::new(Kind::NotFound, why?.to_string()).hint("ids of these are typed whole; copy them from a table"))
}

impl Thing {
    fn show(&self, context: &Context) -> Result<(), CliError> {
        match self {
            Thing::Webhook(webhook, why) => {
                one(webhook.as_ref(), context)?;
                for_people(why, context)
            }
            Thing::Attempt(attempt, webhook) => {
                let names = webhook.iter().map(|webhook| (webhook.id, webhook.name.clone())).collect();
                let view = render::View { names: Arc::new(names), ..context.view.clone() };
                render::one(&context.term, &view, attempt.as_ref())?;
                let why = webhook.as_ref().map(|webhook| story::of_attempt(webhook, attempt, context));
                for_people(&why.unwrap_or_default(), context)?;
                for_people(&exchange::text(attempt, context), context)
            }
            Thing::Event(event) => {
                one(event.as_ref(), context)?;
                let data = event.data.as_ref().and_then(|data| serde_json::to_value(data).ok());
                for_people(&exchange::titled("data", &exchange::json(data.as_ref(), context), context), context)?;
                attached(event.deliveries.as_deref().unwrap_or_default(), "deliveries", context)
            }
            Thing::Recovery(recovery) => one(recovery.as_ref(), context),
            Thing::Delivery(delivery, attempts) => {
                one(delivery.as_ref(), context)?;
                attached(attempts, "attempts", context)
            }
        }
    }

    fn to_json(&self) -> serde_json::Result<Value> {
        match self {
            Thing::Webhook(webhook, _) => serde_json::to_value(webhook),
            Thing::Attempt(attempt, _) => serde_json::to_value(attempt),
            Thing::Event(event) => serde_json::to_value(event),
            Thing::Delivery(delivery, _) => serde_json::to_value(delivery),
            Thing::Recovery(recovery) => serde_json::to_value(recovery),
        }
    }

    fn id(&self) -> String {
        match self {
            Thing::Webhook(webhook, _) => webhook.id(),
            Thing::Attempt(attempt, _) => attempt.id(),
            Thing::Event(event) => event.id(),
            Thing::Delivery(delivery, _) => delivery.id(),
            Thing::Recovery(recovery) => recovery.id(),
        }
    }
}

fn one<T: Record>(record: &T, context: &Context) -> Result<(), CliError> {
    render::one(&context.term, &context.view, record)
}

/// What follows the fields in a table, and has no place in other outputs.
fn for_people(text: &str, context: &Context) -> Result<(), CliError> {
    if context.view.format == Format::Table {
        context.term.write(text);
    }
    Ok(())
}

/// A table below the fields.
fn attached<T: Record>(records: &[T], title: &str, context: &Context) -> Result<(), CliError> {
    if context.view.format != Format::Table || records.is_empty() {
        return Ok(());
    }
    context.term.write(&exchange::titled(title, "", context));
    let view = render::View { columns: None, ..context.view.clone() };
    render::list(&context.term, &view, records)
}

/// Several things, perhaps of several types: a JSON list, or one below the other.
fn show_several(things: &[Thing], context: &Context) -> Result<(), CliError> {
    let values = || things.iter().map(Thing::to_json).collect::<Result<Vec<_>, _>>().map_err(anyhow::Error::from);
    match context.view.format {
        Format::Json if context.view.fields.is_none() => {
            let list = serde_json::json!({ "data": values()?, "next": null });
            render::value(&context.term, &context.view, &list)
        }
        Format::Ndjson if context.view.fields.is_none() => {
            values()?.iter().try_for_each(|value| render::value(&context.term, &context.view, value))
        }
        Format::Id => {
            things.iter().for_each(|thing| context.term.line(&thing.id()));
            Ok(())
        }
        Format::Table => {
            for (number, thing) in things.iter().enumerate() {
                if number > 0 {
                    context.term.line("");
                }
                thing.show(context)?;
            }
            Ok(())
        }
        Format::Json | Format::Ndjson | Format::Csv | Format::Tsv => same_type(things, context),
    }
}

/// Columns and fields belong to one type: all of the things must be of it.
fn same_type(things: &[Thing], context: &Context) -> Result<(), CliError> {
    macro_rules! all_of {
        ($variant:pat => $value:expr) => {
            things
                .iter()
                .map(|thing| if let $variant = thing { Some($value) } else { None })
                .collect::<Option<Vec<_>>>()
        };
    }
    if let Some(webhooks) = all_of!(Thing::Webhook(webhook, _) => webhook.as_ref().clone()) {
        render::list(&context.term, &context.view, &webhooks)
    } else if let Some(attempts) = all_of!(Thing::Attempt(attempt, _) => attempt.as_ref().clone()) {
        render::list(&context.term, &context.view, &attempts)
    } else if let Some(events) = all_of!(Thing::Event(event) => event.as_ref().clone()) {
        render::list(&context.term, &context.view, &events)
    } else if let Some(deliveries) = all_of!(Thing::Delivery(delivery, _) => delivery.as_ref().clone()) {
        render::list(&context.term, &context.view, &deliveries)
    } else if let Some(recoveries) = all_of!(Thing::Recovery(recovery) => recovery.as_ref().clone()) {
        render::list(&context.term, &context.view, &recoveries)
    } else {
        Err(CliError::usage("these things are of several types, which have no columns in common")
            .hint("show them one by one, or with -o json"))
    }
}
