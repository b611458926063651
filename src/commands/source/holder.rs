//! Which source an event is of, if several have one with its id.

use crate::{
    api::{CallError, Client},
    commands::shell_word,
    domain::ids::{EventId, SourceId},
    error::{CliError, Kind},
};

use super::find;

/// The largest number of sources that are asked for an event.
const MOST_ASKED: usize = 100;

/// Returns the name of the source that `--source` means: a name may be one of a deleted source, whose events stay.
///
/// # Errors
/// Fails if an id is not known.
pub(in crate::commands) async fn name(client: &Client, text: &str) -> Result<String, CliError> {
    match text.starts_with(SourceId::PREFIX) {
        true => Ok(find::one(client, text).await?.name),
        false => Ok(text.to_owned()),
    }
}

/// Makes the error of an event that was asked for. If several sources have one, its hint names them; if `source` has
/// none and is no source, it says that.
pub(in crate::commands) async fn explained(
    client: &Client,
    id: EventId,
    source: Option<&str>,
    error: CallError,
) -> CliError {
    match source {
        Some(name) if error.is_not_found() => match find::one(client, name).await {
            Err(unknown) if unknown.kind() == Kind::NotFound => unknown,
            _ => CliError::from(error),
        },
        None if error.is_ambiguous_event() => {
            let names = holders(client, id).await;
            let failure = CliError::from(error);
            let flags: Vec<String> = names.iter().map(|name| format!("--source {}", shell_word::word(name))).collect();
            if flags.is_empty() { failure } else { failure.hint(format!("name its source: {}", flags.join(", or "))) }
        }
        _ => error.into(),
    }
}

/// Finds the sources that have an event with this id.
async fn holders(client: &Client, id: EventId) -> Vec<String> {
    let mut names = Vec::new();
    for source in find::every(client).await.unwrap_or_default().into_iter().take(MOST_ASKED) {
        if client.event(id, Some(&source.name)).await.is_ok() {
            names.push(source.name);
        }
    }
    names.sort();
    names
}
