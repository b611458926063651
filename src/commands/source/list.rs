//! `tm-hooks source list` lists the sources and their states.

use super::find;
use crate::{
    commands::{
        Context,
        paging::{self, AmountOfSet, Shown},
    },
    domain::source::{Source, SourceQuery},
    error::CliError,
    render::{
        Listing, View,
        columns::{conditions, neediest_first},
    },
};

/// List sources: what they take, and when the last genuine request came
///
/// A source is "silent" when nothing genuine came for longer than expected, and "learning" as long as it does not know
/// how its sender signs. On a terminal those that need somebody come first.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "ls",
    after_help = "Examples:
  tm-hooks source list
  tm-hooks source list --json=name,state,lastGenuineAt,isSilent
  tm-hooks source list -o id | xargs tm-hooks source enable"
)]
pub(super) struct Args {
    #[command(flatten)]
    amount: AmountOfSet,
}

/// The fields that a page of sources lacks.
const OF_ONE: [&str; 3] = ["sequences", "departures", "lacking"];

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let view = View { lacking: &OF_ONE, ..context.view.clone() };
    let listing = Listing::new(&context.term, &view)?;
    let client = &context.connect()?.client;
    let whole = view.names_any(&OF_ONE);
    let fetch = async |limit, cursor| {
        let page = client.sources(&SourceQuery { name: None, limit: Some(limit), cursor }).await?;
        if whole { paging::each_whole(page, async |source| client.source(source.id).await).await } else { Ok(page) }
    };
    let wanted = args.amount.of_set("source");
    if view.is_for_people() {
        let mut all = paging::whole("source", fetch).await?;
        neediest_first(&mut all);
        return show_to_a_person(&all, wanted.most(true), listing, context);
    }
    let shown = paging::show::<Source>(context, wanted, listing, fetch, |_| {}).await?;
    if shown.count == 0 {
        context.term.note(NONE_YET);
    }
    Ok(())
}

const NONE_YET: &str = "No sources yet. Add one: tm-hooks source add TimeMoto";

/// Shows the first `most` sources, how they are, and what to do next.
fn show_to_a_person(
    all: &[Source],
    most: u64,
    mut listing: Listing<'_, Source>,
    context: &Context,
) -> Result<(), CliError> {
    let count = usize::try_from(most).unwrap_or(usize::MAX).min(all.len());
    listing.page(&all[..count])?;
    let shown = Shown { count, total: all.len(), more: None, hidden: listing.end(None)? };
    if all.is_empty() {
        context.term.note(NONE_YET);
        return Ok(());
    }
    let (number, conditions) = (shown.in_words("source"), conditions(all));
    context.term.terminal_note("");
    context.term.terminal_note(&match conditions.as_str() {
        "" => format!("{number}."),
        conditions => format!("{number}: {conditions}."),
    });
    if !shown.is_whole() {
        context.term.terminal_note("All of them:  tm-hooks source list --all");
    }
    if let Some(source) = all.iter().find(|source| needs_somebody(source)) {
        context.term.terminal_note(&next_step(source));
    }
    shown.hidden.print(&context.term);
    Ok(())
}

/// Whether a person can do something about it.
fn needs_somebody(source: &Source) -> bool {
    source.enabled && (source.is_silent || !source.has_secret && !source.scheme.is_none())
}

fn next_step(source: &Source) -> String {
    let name = find::word(source);
    match source.is_silent {
        true => format!("Why:  tm-hooks source show {name}"),
        false => format!("Give it its secret:  tm-hooks source secret set {name}"),
    }
}
