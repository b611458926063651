//! `tm-hooks events` lists the events that the service has accepted, searches them for a person, and exports them.

mod scan;

use crate::{
    config::SettingSource,
    domain::{
        event::EventType,
        page::{Cursor, Page},
        query::EventQuery,
        record::Event,
    },
    error::CliError,
    render::{Format, Listing, View},
};

use super::{
    Context,
    arguments::{Moment, Window},
    paging::{self, Amount},
    unknown_type::UnknownType,
};
use scan::Scan;

/// List accepted events, newest first, or find those of a person
///
/// An event's data and deliveries are listed if they are named, as in --json=id,data or --columns, with --user also in
/// JSON.
///
/// --user looks at the data of every event, which takes a while in a long history, and says on stderr how many those
/// were and whose data is no longer kept. --export writes whole events as NDJSON. Both say how to go on if something
/// ends them early.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks events
  tm-hooks events --type user.deleted --since 7d
  tm-hooks events --user \"Erika Example\" --all -o json
  tm-hooks events --export > events.ndjson
  tm-hooks events --export --user 0012345 --since 2026-11-01 | gzip > of-one.ndjson.gz
  tm-hooks show tm_0199c1d2e3f4758697a8b9cadbecfd0e")]
pub struct Args {
    /// Only events of this type
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<EventType>,
    #[command(flatten)]
    unknown: UnknownType,
    /// Only events about this person: a user id, a whole name, an employee's or card number, or an e-mail address
    ///
    /// Case and the composition of letters do not matter. A clocking is found by the ids of its day and pair, too.
    #[arg(long, value_name = "ID|NAME|NUMBER")]
    user: Option<String>,
    /// Only events accepted since then: 2h (ago), 2026-11-23 (in UTC), or a time in RFC 3339
    #[arg(long, value_name = "WHEN")]
    since: Option<Moment>,
    /// Only events accepted before then
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
    #[command(flatten)]
    amount: Amount,
    /// Write each event whole, with its data and deliveries, as NDJSON: all that is kept, newest first
    #[arg(long)]
    export: bool,
    /// Go on where a list, a search or an export ended
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<Cursor>,
}

/// The fields that a page of events lacks.
const OF_ONE: [&str; 2] = ["data", "deliveries"];

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let Args { event_type, unknown, user, since, until, amount, export, cursor } = args;
    let view = if *export { export_view(context)? } else { View { lacking: &OF_ONE, ..context.view.clone() } };
    let listing = Listing::new(&context.term, &view)?;
    let Window { since, until } = Window::of(*since, *until, context.now())?;
    let shows_all = view.fields.is_none() && view.format.is_json();
    let whole = *export || view.names_any(&OF_ONE) || (user.is_some() && shows_all);
    let query = EventQuery {
        event_type: *event_type,
        user: user.clone(),
        data: whole.then_some(true),
        since,
        until,
        limit: None,
        cursor: cursor.clone(),
    };
    let connection = context.connect()?;
    unknown.check(*event_type, &connection.client).await?;
    if !*export && user.is_none() {
        return list(&query, *amount, listing, &connection.client, context).await;
    }
    let most = if *export { amount.or_all() } else { amount.of_history("event").most(false) };
    let scan = Scan { client: &connection.client, query: &query, most, streams: view.streams() };
    let scanned = scan.run(context, listing).await?;
    if scanned.count == 0 && user.is_some() && scanned.looked_at.events > 0 {
        context.term.note("No event that was looked at is about this person.");
    }
    scanned.tell(&query, context)
}

/// Lists a page or several without looking at data.
async fn list(
    query: &EventQuery,
    amount: Amount,
    listing: Listing<'_, Event>,
    client: &crate::api::Client,
    context: &Context,
) -> Result<(), CliError> {
    let fetch = async |limit, cursor: Option<Cursor>| {
        let cursor = cursor.or_else(|| query.cursor.clone());
        let page = client.events(&EventQuery { limit: Some(limit), cursor, ..query.clone() }).await?;
        Ok(Page { data: page.data, next: page.next })
    };
    let shown = paging::show(context, amount.of_history("event"), listing, fetch, |_| {}).await?;
    if shown.count == 0 {
        context.term.note(if *query == EventQuery::default() {
            "No events yet. Send one: tm-hooks send attendance.inserted"
        } else {
            "No event matches. All of them: tm-hooks events"
        });
    }
    shown.print_notes(None, context);
    Ok(())
}

/// The view of an export: whole events as NDJSON, whatever the usual output is.
fn export_view(context: &Context) -> Result<View, CliError> {
    let view = &context.view;
    let usual = &context.settings.output;
    let is_asked_for =
        matches!(usual.source, SettingSource::Flag(_)) || (view.format == Format::Json && usual.value != "json");
    let other = if view.fields.is_some() {
        Some("--json=FIELDS")
    } else if view.jq.is_some() {
        Some("--jq")
    } else if view.columns.is_some() {
        Some("--columns")
    } else if is_asked_for && view.format != Format::Ndjson {
        Some("other --output")
    } else {
        None
    };
    match other {
        Some(other) => Err(CliError::usage(format!("--export writes whole events as NDJSON, and takes no {other}"))
            .hint("leave one of them out; jq or another program makes something else of the lines")),
        None => Ok(View { format: Format::Ndjson, ..view.clone() }),
    }
}
