//! `tm-hooks source wait` waits for the first genuine request.

use std::time::Duration;

use crate::{
    api::Client,
    commands::{
        Context,
        arguments::some_duration,
        polling::{Pauses, within},
    },
    domain::source::{Outcome, ReceivedQuery, ReceivedRequest, Source},
    error::{CliError, Kind},
    render::{self, columns::why, words},
    term::Spinner,
};

use super::{add, find};

/// Wait for a source's first genuine request; a test is one
///
/// If one came already, it says when, and ends at once. While it waits it tells what is refused, and why. Out of time
/// the exit code is 8.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks source wait TimeMoto
  tm-hooks source wait TimeMoto --timeout 10m && echo connected")]
pub(super) struct Args {
    /// The source: its name, its id, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    source: Option<String>,
    /// Wait at most this long (default: as long as it takes)
    #[arg(long, value_name = "DURATION", value_parser = some_duration)]
    timeout: Option<Duration>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Source>(&context.view)?;
    let client = &context.connect()?.client;
    let found = find::one_or_ask(client, args.source.as_deref(), context).await?;
    if found.last_genuine_at.is_some() {
        tell(client, &found, true, context).await?;
        return context.give_one(&found);
    }
    say_what_it_needs(&found, client, context).await?;
    let spinner = context.term.spinner(&format!("Waiting for the first genuine request to {}", found.name));
    let waiting = until_it_comes(client, &found, &spinner, context);
    let ended = within(args.timeout, waiting).await;
    drop(spinner);
    let Some(source) = ended? else {
        return Err(out_of_time(client, &found, args.timeout.unwrap_or_default()).await);
    };
    tell(client, &source, false, context).await?;
    context.give_one(&source)
}

/// Says why nothing genuine can come, if that is known.
async fn say_what_it_needs(source: &Source, client: &Client, context: &Context) -> Result<(), CliError> {
    let name = find::word(source);
    if !source.enabled {
        context.term.warning(&format!("it is disabled and takes nothing: tm-hooks source enable {name}"));
    } else if !source.has_secret && !source.scheme.is_none() {
        context.term.warning(&format!("it has no secret, so nothing is genuine: tm-hooks source secret set {name}"));
    }
    if context.settings.is_local() && client.queue().await?.instances == 0 {
        context.term.warning("nothing can come in, as no service runs: tm-hooks serve");
    }
    Ok(())
}

/// Looks again and again until a genuine request has come, and tells what is refused meanwhile.
async fn until_it_comes(
    client: &Client,
    first: &Source,
    spinner: &Spinner,
    context: &Context,
) -> Result<Source, CliError> {
    let (mut source, mut pauses, mut told) = (first.clone(), Pauses::new(), None);
    loop {
        if source.last_genuine_at.is_some() {
            return Ok(source);
        }
        pauses.pause().await;
        let now = client.source(first.id).await?;
        if now.refused24h > source.refused24h
            && let Some(refused) = newest(client, &now, Some(Outcome::Refused)).await?
        {
            spinner.say(&format!("Waiting for the first genuine request to {}, {} refused", now.name, now.refused24h));
            // Each reason is told once, as there may be thousands of requests.
            if told != refused.reason {
                told = refused.reason;
                let because = refused.reason.map_or("it was not taken", why);
                spinner.aside(|| context.term.look(&format!("Refused with {}: {because}", refused.status)));
            }
        }
        source = now;
    }
}

async fn newest(
    client: &Client,
    source: &Source,
    outcome: Option<Outcome>,
) -> Result<Option<ReceivedRequest>, CliError> {
    let query = ReceivedQuery { outcome, limit: Some(1), cursor: None };
    Ok(client.received(source.id, &query).await?.data.into_iter().next())
}

/// Says what came, and what happens next.
async fn tell(client: &Client, source: &Source, came_before: bool, context: &Context) -> Result<(), CliError> {
    let Source { name, last_genuine_at, kept, scheme, .. } = source;
    let view = &context.view;
    let when = last_genuine_at.map(|at| words::time(at, view)).unwrap_or_default();
    if came_before {
        context.term.success(&format!("{name} has received genuine requests already, the last {when}"));
    } else {
        let newest = newest(client, source, None).await?.filter(|it| it.outcome != Outcome::Refused);
        let what = newest.and_then(|it| it.event_type).map(|kind| format!(": {kind}")).unwrap_or_default();
        context.term.success(&format!("{name} has received its first genuine request{what}"));
    }
    if *kept > 0 {
        context.term.note(
            "It is kept until a second, different one confirms how its sender signs; then both are delivered. Send \
             another test, or wait for an event.",
        );
    } else if !scheme.is_none() {
        context.term.terminal_note(&format!("Its sender signs by {scheme}."));
    }
    add::note_unsigned(source, context);
    Ok(())
}

async fn out_of_time(client: &Client, source: &Source, timeout: Duration) -> CliError {
    let name = find::word(source);
    let refused = client.source(source.id).await.map_or(source.refused24h, |source| source.refused24h);
    let hint = match refused {
        0 => format!("nothing came at all; its URL and state: tm-hooks source show {name}"),
        _ => format!("what came was refused: tm-hooks source received {name} --refused"),
    };
    let waited = words::duration(timeout);
    CliError::new(Kind::StillPending, format!("no genuine request came to {} within {waited}", source.name)).hint(hint)
}
