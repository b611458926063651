//! Accepts unknown types of events if the service has seen them, or with `--unknown-type`. This catches typing
//! mistakes.

use crate::{
    api::Client,
    domain::event::{EventFilter, EventType},
    error::CliError,
};

/// The flag that accepts any type.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct UnknownType {
    /// Take a type of event that is neither known nor was ever seen by the service
    #[arg(long, hide_short_help = true)]
    unknown_type: bool,
}

impl UnknownType {
    /// Checks a type.
    ///
    /// # Errors
    /// Fails if the type is neither known nor seen and the flag is not set, or if the service does not answer.
    pub(super) async fn check(self, event_type: Option<EventType>, client: &Client) -> Result<(), CliError> {
        let Some(event_type) = event_type.filter(|it| it.known().is_none() && !self.unknown_type) else {
            return Ok(());
        };
        let seen = seen(client).await?;
        if seen.contains(&event_type) {
            return Ok(());
        }
        Err(never_seen(event_type, &seen).hint(TAKES_IT))
    }

    /// Checks filters.
    ///
    /// # Errors
    /// Fails like [`check`](Self::check), for the first filter that passes no known or seen type.
    pub(super) async fn check_filters(self, filters: &[EventFilter], client: &Client) -> Result<(), CliError> {
        if self.unknown_type || filters.iter().all(|filter| filter.is_known_with(&[])) {
            return Ok(());
        }
        let seen = seen(client).await?;
        match filters.iter().find(|filter| !filter.is_known_with(&seen)) {
            None => Ok(()),
            Some(filter) => Err(not_known(&filter.to_string(), filter.suggestion(&seen)).hint(TAKES_IT)),
        }
    }
}

async fn seen(client: &Client) -> Result<Vec<EventType>, CliError> {
    let types = client.event_types().await?.data;
    Ok(types.into_iter().map(|info| info.event_type).collect())
}

const TAKES_IT: &str = "see them all with `tm-hooks types`; --unknown-type takes it all the same";

/// Makes the error for a type that is neither known nor in `seen`.
pub(super) fn never_seen(event_type: EventType, seen: &[EventType]) -> CliError {
    not_known(event_type.as_str(), event_type.suggestion(seen))
}

fn not_known(name: &str, suggestion: Option<String>) -> CliError {
    let meant = suggestion.map(|meant| format!(" ({meant})")).unwrap_or_default();
    CliError::usage(format!("\"{name}\" is no event type that is known or was seen{meant}"))
}
