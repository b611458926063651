//! `tm-hooks logout`: forgets a token.

use url::Url;

use crate::{
    config::{Editor, Place},
    credentials,
    error::CliError,
};

use super::Context;

/// Log out: remove the token from where login has put it
///
/// The profile stays, and the token stays valid for others who have it: `tm-hooks token revoke` ends it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks logout
  tm-hooks logout --profile production
  tm-hooks logout --all")]
pub struct Args {
    /// From every service
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let settings = &context.settings;
    if let (false, Some(_)) = (args.all, &settings.problem) {
        // The profile that was named does not exist: there is nothing that could be left.
        let name = settings.profile.value.clone().unwrap_or_default();
        let from = settings.profile.source.clone();
        return Err(crate::config::ConfigError::UnknownProfile { name, from }.into());
    }
    let services: Vec<Url> = if args.all {
        settings.file.profiles().filter_map(|name| settings.file.url_of(name)).collect()
    } else {
        settings.service().cloned().into_iter().collect()
    };
    let mut left = 0;
    for url in &services {
        left += usize::from(leave(url, context)?);
    }
    if left == 0 {
        context.term.note(match settings.service() {
            None if !args.all => "The service inside this program needs no token",
            _ => "There is no token to remove",
        });
    }
    if let Some(variable) = credentials::variable_in_force(&context.environment) {
        context.term.note(&format!("{variable} is set, and is still used"));
    }
    Ok(())
}

/// Forgets the token of one service; says whether there was one.
fn leave(url: &Url, context: &Context) -> Result<bool, CliError> {
    let settings = &context.settings;
    let Some(place) = settings.token_place(url) else { return Ok(false) };
    let dir = settings.config_dir()?;
    let mut editor = Editor::open(&dir)?;
    let mut noted = false;
    for profile in settings.file.profiles_at(url) {
        noted |= editor.unset(&Place::in_profile(profile, "token")?);
    }
    // The same service may have been left a moment ago, under the name of another profile.
    if !noted {
        return Ok(false);
    }
    credentials::forget(url, place, &dir)?;
    editor.save()?;
    context.term.success(&format!("Logged out of {url}. The token is gone from the {}.", place.as_str()));
    Ok(true)
}
