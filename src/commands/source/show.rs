//! `tm-hooks source show` shows a source: its state, its gaps, and how its events depart from the known format.

use crate::{
    commands::Context,
    domain::source::{Departure, Lacked, Source},
    error::CliError,
    render::{self, View, words},
    term::{Tone, hang},
};

use super::{address::Address, find};

/// Show a source: its URL, its state, and what its events are like
///
/// It says which sequence numbers are missing, and which fields of its events are unlike the known format; such events
/// are taken in as they are.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks source show TimeMoto
  tm-hooks source show TimeMoto --json=url --jq '.url'
  tm-hooks source show TimeMoto --json=departures")]
pub(super) struct Args {
    /// The source: its name, its id, or a unique beginning of its id; a terminal asks
    #[arg(required = true)]
    source: Option<String>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Source>(&context.view)?;
    let client = &context.connect()?.client;
    let found = find::one_or_ask(client, args.source.as_deref(), context).await?;
    let source = client.source(found.id).await?;
    if !context.view.is_for_people() || context.view.columns.is_some() {
        return render::one(&context.term, &context.view, &source);
    }
    let Address { url, lacks } = Address::of(&source, context);
    render::one(&context.term, &context.view, &Source { url, ..source.clone() })?;
    unlike(source.departures.as_deref().unwrap_or_default(), context)?;
    context.term.write(&lacking(source.lacking.as_deref().unwrap_or_default(), context));
    context.term.flush();
    let next = next_step(&source);
    if lacks.is_some() || next.is_some() {
        context.term.terminal_note("");
    }
    if let Some(next) = next {
        context.term.terminal_note(&next);
    }
    if lacks.is_some() {
        context.term.small_print("its URL may not be the whole: tm-hooks serve --public-url URL makes it so");
    }
    Ok(())
}

/// Prints the table of departures with its title.
fn unlike(departures: &[Departure], context: &Context) -> Result<(), CliError> {
    if departures.is_empty() {
        return Ok(());
    }
    context.term.line(&format!("\n{}", context.term.paint(Tone::Subject, "unlike the known format")));
    render::list(&context.term, &View { tells_hidden: false, ..context.view.clone() }, departures)
}

/// What refused requests lacked for the scheme to be learnt, and what to try.
fn lacking(all: &[Lacked], context: &Context) -> String {
    if all.is_empty() {
        return String::new();
    }
    let title = context.term.paint(Tone::Subject, "why no scheme was learnt");
    let width = context.term.width();
    let told = all.iter().map(|Lacked { requests, what, next }| {
        let requests = words::count(usize::try_from(*requests).unwrap_or(usize::MAX), "refused request");
        let what = hang(&format!("{requests}: {}. What to capture next:", context.term.shown(what)), width, 2);
        let next = next.iter().map(|next| format!("  - {}\n", hang(&context.term.shown(next), width, 4)));
        format!("  {what}\n{}", next.collect::<String>())
    });
    format!("\n{title}\n{}", told.collect::<String>())
}

/// Returns what to do about it, if something is to be done.
fn next_step(source: &Source) -> Option<String> {
    let name = find::word(source);
    if !source.enabled {
        return Some(format!("Take requests again:  tm-hooks source enable {name}"));
    }
    if !source.has_secret && !source.scheme.is_none() {
        return Some(format!("Give it its secret:  tm-hooks source secret set {name}"));
    }
    (source.refused24h > 0).then(|| format!("What was refused:  tm-hooks source received {name} --refused"))
}
