//! The questions that `add` asks on a terminal, each answered by a flag elsewhere.

use crate::{
    commands::Context,
    domain::{
        event::{EventFilter, EventType},
        version::{Stability, Version},
        webhook::{check_name, check_url},
    },
    error::CliError,
    term::Choice,
};

use super::{Args, host_of};

/// What a webhook cannot be added without, and what is asked along with it.
pub(super) struct Answers {
    pub(super) url: String,
    pub(super) name: Option<String>,
    pub(super) events: Vec<EventFilter>,
    pub(super) pin: Option<Version>,
}

/// Asks for what is missing. Name and version are asked for only when the URL is: then the person is new to it.
pub(super) async fn missing(args: &Args, context: &Context) -> Result<Answers, CliError> {
    let (url, name, asks_all) = match &args.url {
        Some(url) => (url.clone(), args.name.clone(), false),
        None => {
            let url = context.term.ask_text("URL that receives the events", None, url_is_fine, "URL").await?;
            let name = match &args.name {
                Some(name) => name.clone(),
                None => context.term.ask_text("Name", Some(&host_of(&url)?), name_is_fine, "--name").await?,
            };
            (url, Some(name), true)
        }
    };
    let events = if args.events.is_empty() { events(context).await? } else { args.events.clone() };
    let pin = if asks_all && args.pin.is_none() { version(context).await? } else { args.pin };
    Ok(Answers { url, name, events, pin })
}

fn url_is_fine(text: &str) -> Result<(), String> {
    check_url(text).map(drop).map_err(|error| format!("it {}", error.message))
}

fn name_is_fine(text: &str) -> Result<(), String> {
    check_name(text).map_err(|error| format!("it {}", error.message))
}

async fn events(context: &Context) -> Result<Vec<EventFilter>, CliError> {
    let types: Vec<EventType> = EventType::subscribable().collect();
    let choice = |event_type: &EventType| Choice {
        label: format!("{event_type:<20}  {}", event_type.description()),
        chosen: *event_type == EventType::AttendanceInserted,
    };
    let chosen = context.term.ask_several("Events", types.iter().map(choice).collect(), "--events").await?;
    if chosen.len() == types.len() {
        return Ok(vec![EventFilter::All]);
    }
    Ok(chosen
        .into_iter()
        .filter_map(|place| types.get(place))
        .map(|event_type| EventFilter::Exactly(*event_type))
        .collect())
}

async fn version(context: &Context) -> Result<Option<Version>, CliError> {
    let versions: Vec<Version> = Version::ALL.into_iter().filter(|v| v.stability() != Stability::Retired).collect();
    let label = |version: &Version| format!("pin to {version}  {} ({})", version.description(), version.stability());
    let unpinned = "not pinned  the global version, or the latest stable one".to_owned();
    let labels = std::iter::once(unpinned).chain(versions.iter().map(label)).collect();
    let chosen = context.term.ask_one("Version", labels, "--pin").await?;
    Ok(chosen.checked_sub(1).and_then(|place| versions.get(place).copied()))
}
