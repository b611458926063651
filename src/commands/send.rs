//! `tm-hooks send` sends events, which are made from their type's example.

mod held;
mod ran_out;
pub(super) mod wait;

use std::time::Duration;

use crate::{
    api::Client,
    domain::{
        event::EventType,
        ids::EventId,
        record::{AcceptedEvent, NewEvent},
    },
    error::CliError,
    render::{self, words::count},
};

use super::{
    Context,
    arguments::{rate, some_duration},
    connect::Connection,
    input::DataArgs,
    outcome,
    unknown_type::UnknownType,
};

/// Send events to every enabled webhook that wants them
///
/// The data is the type's invented example, changed by --data, then --unset, then --set. --wait waits until each
/// delivery was tried once, and exits with 10 when all failed, 11 when some did; the service inside this program
/// always waits, as it delivers only while a command runs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks send attendance.inserted
  tm-hooks send attendance.inserted --set clockingType=Out --set comment='left early' --wait
  tm-hooks send user.deleted --unset userCardNumber --id tm_0199c1d2e3f4758697a8b9cadbecfd0e
  tm-hooks send attendance.inserted --count 100 --rate 10/s
  tm-hooks send user.updated --data @user.json")]
pub struct Args {
    /// The type of the event, as `tm-hooks types` lists them
    #[arg(value_name = "TYPE")]
    event_type: EventType,
    #[command(flatten)]
    unknown: UnknownType,
    #[command(flatten)]
    data: DataArgs,
    /// Remove a field of the data
    #[arg(long, value_name = "FIELD")]
    unset: Vec<String>,
    /// An id of your own: sent again with the same content it is taken as the same event
    #[arg(long)]
    id: Option<EventId>,
    /// Send so many events, each with an id of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Send them at this rate: 10/s, 90/m
    #[arg(long, value_name = "RATE", value_parser = rate)]
    rate: Option<Duration>,
    /// Wait until each delivery was tried once
    #[arg(long)]
    wait: bool,
    /// Wait so long, at most
    #[arg(long, value_name = "DURATION", value_parser = some_duration, default_value = "60s")]
    timeout: Duration,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    if args.id.is_some() && args.count > 1 {
        return Err(CliError::usage("--id names one event, --count sends several").hint("leave out one of them"));
    }
    render::check::<AcceptedEvent>(&context.view)?;
    let data = args.data.make(args.event_type, &args.unset, context)?;
    let event = NewEvent { event_type: args.event_type, data, id: args.id, occurred_at: None };
    let connection = context.connect()?;
    args.unknown.check(Some(args.event_type), &connection.client).await?;
    let (accepted, failed) = send(&connection.client, &event, args, context).await;
    if !accepted.is_empty() {
        say(&accepted, args.event_type, context);
    }
    let shown = context.give(&accepted, args.count > 1);
    let worked = match failed {
        Some(error) => Err(error.attempting(&sent_so_far(accepted.len(), args.count))),
        None => deliver(&connection, &accepted, args, context).await,
    };
    outcome::both(worked, shown)
}

/// Waits for the first attempts, if requested or if only this process makes them. Returns the verdict.
async fn deliver(
    connection: &Connection,
    accepted: &[AcceptedEvent],
    args: &Args,
    context: &Context,
) -> Result<(), CliError> {
    if !args.wait && !context.settings.is_local() {
        return Ok(());
    }
    wait::for_first_attempts(connection, accepted, args.timeout, context).await?.verdict()
}

/// Sends the events. If one is refused, the rest is not sent, and the error is returned beside the accepted ones.
async fn send(
    client: &Client,
    event: &NewEvent,
    args: &Args,
    context: &Context,
) -> (Vec<AcceptedEvent>, Option<CliError>) {
    let spinner = context.term.spinner(&format!("Sending {}", args.event_type));
    let mut pace = args.rate.map(tokio::time::interval);
    let mut accepted = Vec::new();
    for number in 1..=args.count {
        if let Some(pace) = &mut pace {
            pace.tick().await;
        }
        match client.send_event(event).await {
            Ok(event) => accepted.push(event),
            Err(error) => return (accepted, Some(error.into())),
        }
        spinner.say(&format!("Sent {number} of {}", args.count));
    }
    (accepted, None)
}

fn sent_so_far(accepted: usize, total: u32) -> String {
    if total == 1 { "could not send the event".to_owned() } else { format!("sent {accepted} of {total} events") }
}

fn say(accepted: &[AcceptedEvent], event_type: EventType, context: &Context) {
    let deliveries = accepted.iter().map(|event| event.deliveries.len()).sum();
    let what = match accepted {
        [one] => format!("{event_type} ({})", one.id),
        several => count(several.len(), &format!("{event_type} event")),
    };
    if deliveries == 0 {
        context.term.success(&format!("Sent {what}; no enabled webhook wants it. See who wants what: tm-hooks list"));
    } else {
        context.term.success(&format!("Sent {what}, to be delivered {}", times(deliveries)));
    }
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        _ => format!("{number} times"),
    }
}
