//! `send --from`: many different events, one a line, as they come.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use tokio::time::Interval;

use super::{
    arguments::Args,
    lines,
    pace::paced,
    report::{Report, Stop},
    wait,
};
use crate::{
    commands::{Context, connect::Connection, outcome},
    domain::{
        event::EventType,
        event_line,
        problem::FieldError,
        record::{AcceptedEvent, NewEvent},
    },
    error::{CliError, Kind},
    render::{self, Format, Listing},
    term::{Spinner, signals},
};

/// So many events are waited for at once: their deliveries are kept until then.
const AT_ONCE: usize = 500;

/// How often it is said how far it is where no terminal shows it.
const SAID_EVERY: Duration = Duration::from_secs(10);

/// How long the event that is under way may take when all is to end.
const LONGEST_LAST: Duration = Duration::from_secs(3);

pub(super) async fn run(from: &Path, args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<AcceptedEvent>(&context.view)?;
    let mut lines = lines::of(from, context)?;
    let connection = context.connect()?;
    let listing = match context.view.format {
        Format::Table => None,
        _ => Some(Listing::new(&context.term, &context.view)?),
    };
    context.ends_itself.store(true, Ordering::SeqCst);
    let mut sending = Sending {
        connection: &connection,
        args,
        context,
        report: Report::of(from),
        listing,
        untold: Vec::new(),
        tally: wait::Tally::default(),
        known: BTreeSet::new(),
        spinner: context.term.spinner("Sending"),
        said: Instant::now(),
    };
    let mut pace = args.rate.map(paced);
    let stopped = loop {
        let line = tokio::select! {
            biased;
            _ = signals::ending() => break Some(interrupted()),
            line = next(&mut lines, &mut pace) => line,
        };
        let Some(line) = line else { break None };
        let taken = match line {
            Ok((number, text)) => sending.take(number, text).await,
            Err(error) => Err(unreadable(from, &error)),
        };
        if let Err(stop) = taken {
            break Some(stop);
        }
    };
    sending.end(stopped).await
}

/// The next line, when it is time for it.
async fn next<T>(lines: &mut tokio::sync::mpsc::Receiver<T>, pace: &mut Option<Interval>) -> Option<T> {
    let line = lines.recv().await?;
    if let Some(pace) = pace {
        pace.tick().await;
    }
    Some(line)
}

fn interrupted() -> Stop {
    Stop { error: CliError::new(Kind::Interrupted, "interrupted"), in_doubt: false }
}

fn unreadable(from: &Path, error: &std::io::Error) -> Stop {
    let error = CliError::usage(format!("--from: could not read {}: {error}", from.display()));
    Stop { error, in_doubt: false }
}

struct Sending<'a> {
    connection: &'a Connection,
    args: &'a Args,
    context: &'a Context,
    report: Report,
    /// None where ids are all that is written.
    listing: Option<Listing<'a, AcceptedEvent>>,
    /// What was taken in and not waited for yet.
    untold: Vec<AcceptedEvent>,
    tally: wait::Tally,
    /// The types that may be meant.
    known: BTreeSet<EventType>,
    spinner: Spinner,
    said: Instant,
}

impl Sending<'_> {
    /// Sends the event of a line. One that is wrong is told, and the next one is sent.
    ///
    /// # Errors
    /// When nothing more can be sent.
    async fn take(&mut self, number: u64, text: Result<String, String>) -> Result<(), Stop> {
        self.report.line = number;
        let read = text.map_err(|why| FieldError::new("", why)).and_then(|text| event_line::read(&text));
        match read {
            Ok(event) => match self.send(&event).await {
                Ok(accepted) => self.accept(accepted).await?,
                Err(Stop { error, in_doubt: false }) if concerns_the_event(&error) => {
                    self.report.refuse(error, self.context);
                }
                Err(stop) => return Err(stop),
            },
            Err(wrong) => self.report.refuse(bad_line(wrong), self.context),
        }
        self.say();
        Ok(())
    }

    async fn send(&mut self, event: &NewEvent) -> Result<AcceptedEvent, Stop> {
        let Connection { client, .. } = self.connection;
        if !self.known.contains(&event.event_type) {
            let known = self.args.unknown.check(Some(event.event_type), client).await;
            known.map_err(|error| Stop { error, in_doubt: false })?;
            self.known.insert(event.event_type);
        }
        let mut sent = std::pin::pin!(client.send_event(event));
        let ended = tokio::select! {
            sent = &mut sent => Some(sent),
            _ = signals::ending() => tokio::time::timeout(LONGEST_LAST, sent).await.ok(),
        };
        match ended {
            Some(sent) => sent.map_err(|error| Stop { error: error.into(), in_doubt: false }),
            None => Err(Stop { in_doubt: true, ..interrupted() }),
        }
    }

    /// Shows what was taken in, and waits for its deliveries once there are many.
    async fn accept(&mut self, accepted: AcceptedEvent) -> Result<(), Stop> {
        self.report.accept(&accepted, self.context);
        let shown = match &mut self.listing {
            Some(listing) => listing.page(std::slice::from_ref(&accepted)),
            None if self.context.view.terminal => Ok(()),
            None => {
                self.context.term.line(&accepted.id.to_string());
                Ok(())
            }
        };
        shown.map_err(|error| Stop { error, in_doubt: false })?;
        // Who reads them may wait for them, and the next line may be long in coming.
        self.context.term.flush();
        if self.args.wait || self.context.settings.is_local() {
            self.untold.push(accepted);
            if self.untold.len() == AT_ONCE {
                self.deliver().await?;
            }
        }
        Ok(())
    }

    /// Waits for the first attempts of what was taken in.
    async fn deliver(&mut self) -> Result<(), Stop> {
        let untold = std::mem::take(&mut self.untold);
        let waiting = wait::for_first_attempts(self.connection, &untold, self.args.timeout, self.context);
        let tally = tokio::select! {
            tally = waiting => tally.map_err(|error| Stop { error, in_doubt: false })?,
            _ = signals::ending() => return Err(interrupted()),
        };
        self.tally = self.tally.and(tally);
        Ok(())
    }

    fn say(&mut self) {
        let progress = self.report.progress();
        self.spinner.say(&progress);
        if !self.context.term.terminals().stderr && self.said.elapsed() >= SAID_EVERY {
            self.said = Instant::now();
            self.context.term.note(&progress);
        }
    }

    /// Tells how it ended.
    async fn end(mut self, stopped: Option<Stop>) -> Result<(), CliError> {
        let is_interrupted = stopped.as_ref().is_some_and(|stop| stop.error.kind() == Kind::Interrupted);
        self.spinner = self.context.term.spinner("Delivering");
        let mut delivered = if is_interrupted || self.untold.is_empty() { Ok(()) } else { self.deliver().await };
        if delivered.is_ok() && !is_interrupted {
            delivered = self.connection.end_deliveries().await.map_err(|error| Stop { error, in_doubt: false });
        }
        let Sending { report, listing, tally, spinner, context, .. } = self;
        drop(spinner);
        let shown = match listing {
            None => Ok(()),
            Some(listing) => listing.end(None).map(|hidden| hidden.print_alone(&context.term)),
        };
        let stopped = stopped.or(delivered.err());
        let (is_stopped, sent) = (stopped.is_some(), report.verdict(stopped, context));
        let worked = if is_stopped { sent } else { outcome::both(sent, tally.verdict()) };
        outcome::both(worked, shown)
    }
}

/// Whether a refusal is about this event alone: the next one may be taken.
fn concerns_the_event(error: &CliError) -> bool {
    matches!(error.kind(), Kind::Refused | Kind::Conflict | Kind::Usage)
}

/// A line that is no event.
fn bad_line(wrong: FieldError) -> CliError {
    let error = CliError::new(Kind::Refused, "is no event that can be sent").code("invalid");
    error.fields(vec![wrong])
}
