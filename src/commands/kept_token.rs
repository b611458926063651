//! Removes the stored token of a service when a profile leaves it.

use url::Url;

use crate::{
    config::{ConfigDir, ConfigFile, Moved},
    credentials,
    error::CliError,
};

use super::Context;

/// Removes the token of a service if no other profile in `file` used it; `file` is the state before the profile left.
///
/// # Errors
/// Fails if the token may still be stored: the profile must then stay, or nobody would know about the token.
pub(super) fn forget_unused(url: &Url, profile: &str, file: &ConfigFile, dir: &ConfigDir) -> Result<(), CliError> {
    let others = file.profiles_at(url).any(|other| other != profile);
    match file.token_place(url) {
        Some(place) if !others => credentials::forget(url, place, dir).map_err(|error| {
            let what =
                format!("profile {profile} stays as it is: the token for {url} is still in the {}", place.as_str());
            CliError::from(error).attempting(&what)
        }),
        _ => Ok(()),
    }
}

/// Reports what a profile lost when it moved to another service.
pub(super) fn report_move(profile: &str, moved: &Moved, context: &Context) {
    let Moved { before, lost } = moved;
    let gone = match lost.as_slice() {
        [] => String::new(),
        lost => format!("; what belonged to that service is gone from it: {}", lost.join(", ")),
    };
    context.term.alert("profile_moved", &format!("profile {profile} was {before} until now{gone}"));
}
