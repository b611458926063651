//! `tm-hooks send` sends events, which are made from their type's example, or read from a file.

mod arguments;
mod held;
mod lines;
mod pace;
mod ran_out;
mod report;
mod stream;
pub(super) mod wait;

use std::time::Duration;

pub use arguments::Args;

use crate::{
    api::Client,
    domain::{
        event::EventType,
        json::JsonObject,
        payload::{CASES, Case, Drafted, Occasion},
        record::{AcceptedEvent, NewEvent},
        text::nearest,
        time::Timestamp,
    },
    error::CliError,
    render::{self, words::count},
};

use super::{
    Context,
    connect::Connection,
    made::{Edits, Model, warn_of},
    outcome,
};

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    if let Some(from) = &args.from {
        return stream::run(from, args, context).await;
    }
    if !args.changes() {
        return render::list(&context.term, &context.view, &CASES);
    }
    let model = model(args)?;
    let sending = Sending::new(args, model, context)?;
    render::check::<AcceptedEvent>(&context.view)?;
    let first = sending.events(0, 0)?;
    first.iter().for_each(|drafted| warn_of(drafted, context));
    let connection = context.connect()?;
    args.unknown.check(args.event_type, &connection.client).await?;
    let (accepted, failed) = sending.send(&connection.client).await;
    let total = u64::from(args.count) * first.len() as u64;
    if !accepted.is_empty() {
        say(&accepted, &first, context);
    }
    let shown = context.give(&accepted, total > 1);
    let worked = match failed {
        Some(error) => Err(error.attempting(&sent_so_far(accepted.len(), total))),
        None => deliver(&connection, &accepted, args, context).await,
    };
    outcome::both(worked, shown)
}

/// What the events are made of.
fn model(args: &Args) -> Result<Model, CliError> {
    let Some(name) = &args.example else {
        // The parser has asked for one of both.
        return Ok(Model::Example(args.event_type.unwrap_or(EventType::ATTENDANCE_INSERTED)));
    };
    let case = Case::named(name).ok_or_else(|| unknown_case(name))?;
    match args.event_type.filter(|wanted| case.types().any(|event_type| event_type != *wanted)) {
        Some(wanted) => {
            let is = case.types().next().unwrap_or(wanted);
            Err(CliError::usage(format!("--example {name} is {is}, not {wanted}")).hint("leave out the type"))
        }
        None => Ok(Model::Case(case)),
    }
}

fn unknown_case(name: &str) -> CliError {
    let meant = nearest(name, CASES.iter().map(|case| case.name));
    let meant = meant.map(|meant| format!(" (did you mean \"{meant}\"?)")).unwrap_or_default();
    let all = CASES.iter().map(|case| format!("{:<15} {}", case.name, case.description)).collect::<Vec<_>>();
    CliError::usage(format!("there is no example \"{name}\"{meant}")).hint(format!("there are\n{}", all.join("\n")))
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
    let tally = wait::for_first_attempts(connection, accepted, args.timeout, context).await?;
    connection.end_deliveries().await?;
    tally.verdict()
}

/// How far apart clockings are at least: a terminal notes them to the second.
const APART: Duration = Duration::from_secs(1);

struct Sending<'a> {
    args: &'a Args,
    model: Model,
    edits: Edits,
    occurred_at: Option<Timestamp>,
    context: &'a Context,
}

impl<'a> Sending<'a> {
    fn new(args: &'a Args, model: Model, context: &'a Context) -> Result<Self, CliError> {
        let edits = args.data.read(&args.unset, context)?;
        let occurred_at = args.occurred_at.map(|moment| moment.resolve(context.now()));
        let sending = Sending { args, model, edits, occurred_at, context };
        if args.id.is_some() && args.count > 1 {
            return Err(CliError::usage("--id names one event, --count sends several").hint("leave out one of them"));
        }
        if args.id.is_some() && matches!(model, Model::Case(case) if case.events > 1) {
            return Err(CliError::usage("--id names one event, this example has several").hint("leave out --id"));
        }
        Ok(sending)
    }

    /// The events of one round, `ahead` rounds before the last. Where many are sent at once each is a second after the one
    /// before it, and the last one is now: nobody clocks twice in a second.
    fn events(&self, number: u32, ahead: u32) -> Result<Vec<Drafted>, CliError> {
        let lag = APART.saturating_sub(self.args.rate.unwrap_or_default()).saturating_mul(ahead);
        let occasion = match self.occurred_at {
            Some(at) => Occasion::set(at),
            None => Occasion::now(self.context.now().minus(lag)),
        };
        self.model.events(&self.edits, &Occasion { number, ..occasion })
    }

    /// Sends them. When one is refused the rest are not sent: the failure comes beside what was accepted.
    async fn send(&self, client: &Client) -> (Vec<AcceptedEvent>, Option<CliError>) {
        let spinner = self.context.term.spinner("Sending");
        let mut pace = self.args.rate.map(pace::paced);
        let mut accepted = Vec::new();
        for number in 0..self.args.count {
            if let Some(pace) = &mut pace {
                pace.tick().await;
            }
            let events = match self.events(number, self.args.count - 1 - number) {
                Ok(events) => events,
                Err(error) => return (accepted, Some(error)),
            };
            for drafted in events {
                match self.send_one(drafted, client).await {
                    Ok(event) => accepted.push(event),
                    Err(error) => return (accepted, Some(error)),
                }
            }
            spinner.say(&format!("Sent {} of {}", number + 1, self.args.count));
        }
        (accepted, None)
    }

    /// Sends an event. One with an id of the caller's that was made before, at another time and else alike, is the same.
    async fn send_one(&self, drafted: Drafted, client: &Client) -> Result<AcceptedEvent, CliError> {
        let refused = match client.send_event(&self.handed_in(drafted)).await {
            Ok(accepted) => return Ok(accepted),
            Err(error) => CliError::from(error),
        };
        let (Some(id), None, "event_id_reused") = (self.args.id, self.occurred_at, refused.code_text()) else {
            return Err(refused);
        };
        let Ok(known) = client.event(id, None).await else { return Err(refused) };
        let occasion = Occasion { at: known.occurred_at, is_set: false, number: 0 };
        let Some(again) = self.model.events(&self.edits, &occasion)?.into_iter().next() else { return Err(refused) };
        client.send_event(&self.handed_in(again)).await.map_err(|_| refused)
    }

    /// When an event happens now is left to the service to say, unless it may have to be said again.
    fn handed_in(&self, drafted: Drafted) -> NewEvent {
        let Drafted { event_type, fields, happened } = drafted;
        let is_now = self.context.now().since(happened) < APART;
        let is_left = is_now && self.args.id.is_none() && self.occurred_at.is_none();
        let occurred_at = (!is_left).then_some(happened);
        NewEvent { event_type, data: JsonObject::from(fields), id: self.args.id, occurred_at }
    }
}

fn sent_so_far(accepted: usize, total: u64) -> String {
    if total == 1 { "could not send the event".to_owned() } else { format!("sent {accepted} of {total} events") }
}

fn say(accepted: &[AcceptedEvent], made: &[Drafted], context: &Context) {
    let event_type = made.first().map(|event| event.event_type.as_str()).unwrap_or_default();
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
