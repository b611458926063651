//! `tm-hooks events` lists the events that the service has accepted.

use crate::{
    domain::{event::EventType, query::EventQuery},
    error::CliError,
    render::{Listing, View},
};

use super::{
    Context,
    arguments::{Moment, Window},
    paging::{self, Amount},
    unknown_type::UnknownType,
};

/// List accepted events, newest first
///
/// An event's data and deliveries are listed if they are named, as in --json=id,data or --columns, with one more
/// request per event.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks events
  tm-hooks events --type user.deleted --since 7d
  tm-hooks events --all --json=id,data -o ndjson > events.ndjson
  tm-hooks show tm_0199c1d2e3f4758697a8b9cadbecfd0e")]
pub struct Args {
    /// Only events of this type
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<EventType>,
    #[command(flatten)]
    unknown: UnknownType,
    /// Only events accepted since then: 2h (ago), 2026-11-23 (in UTC), or a time in RFC 3339
    #[arg(long, value_name = "WHEN")]
    since: Option<Moment>,
    /// Only events accepted before then
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
    #[command(flatten)]
    amount: Amount,
}

/// The fields that a page of events lacks.
const OF_ONE: [&str; 2] = ["data", "deliveries"];

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let view = View { lacking: &OF_ONE, ..context.view.clone() };
    let listing = Listing::new(&context.term, &view)?;
    let Args { event_type, unknown, since, until, amount } = args;
    let Window { since, until } = Window::of(*since, *until, context.now())?;
    let query = EventQuery { event_type: *event_type, since, until, ..EventQuery::default() };
    let connection = context.connect()?;
    unknown.check(*event_type, &connection.client).await?;
    let whole = view.names_any(&OF_ONE);
    let client = &connection.client;
    let fetch = async |limit, cursor| {
        let page = client.events(&EventQuery { limit: Some(limit), cursor, ..query.clone() }).await?;
        if whole { paging::each_whole(page, async |event| client.event(event.id).await).await } else { Ok(page) }
    };
    let shown = paging::show(context, amount.of_history("event"), listing, fetch, |_| {}).await?;
    if shown.count == 0 {
        context.term.note(if query == EventQuery::default() {
            "No events yet. Send one: tm-hooks send attendance.inserted"
        } else {
            "No event matches. All of them: tm-hooks events"
        });
    }
    shown.print_notes(None, context);
    Ok(())
}
