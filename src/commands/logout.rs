//! `tm-hooks logout` removes stored tokens.

use url::Url;

use crate::{
    config::{ConfigDir, Editor, SettingPath, TokenPlace},
    credentials::{self, CredentialError, KeyringError},
    error::CliError,
};

use super::{Context, outcome::Failures};

/// Log out: remove the token from where login has put it
///
/// The profile stays, and the token stays valid for others who have it: `tm-hooks token revoke` ends it. With --all each
/// service is tried; the exit code is 11 when some tokens could not be removed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks logout
  tm-hooks logout --profile production
  tm-hooks logout --all")]
pub struct Args {
    /// Log out of every service, and remove the tokens in the file that belong to no profile
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let settings = &context.settings;
    if let (false, Some(_)) = (args.all, &settings.problem) {
        // The named profile does not exist, so there is no token.
        let name = settings.profile.value.clone().unwrap_or_default();
        let from = settings.profile.source.clone();
        return Err(crate::config::ConfigError::UnknownProfile { name, from }.into());
    }
    let one = settings.service().filter(|_| !args.all);
    let tokens = match (args.all, one) {
        (false, None) => 0,
        _ => leave(one, context)?,
    };
    if tokens == 0 {
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

/// Logs out of one service or all, and returns the number of tokens.
fn leave(one: Option<&Url>, context: &Context) -> Result<usize, CliError> {
    let dir = context.settings.config_dir()?;
    let mut leaving = Leaving { editor: Editor::open(&dir)?, dir, keyring_is_silent: false, noted: false, context };
    let mut failures = Failures::default();
    let in_file = credentials::in_file(&leaving.dir);
    let services = match one {
        Some(url) => vec![url.clone()],
        None => leaving.every_service(in_file.as_deref().unwrap_or_default()),
    };
    let mut tokens = 0;
    for url in &services {
        let is_in_file = in_file.as_ref().is_ok_and(|urls| urls.contains(url));
        for place in leaving.places(url, is_in_file) {
            tokens += 1;
            if let Err(error) = leaving.forget(url, place) {
                failures.add(url.as_str(), error);
            }
        }
    }
    if let (None, Err(error)) = (one, in_file) {
        tokens += 1;
        failures.add(&leaving.dir.credentials().display().to_string(), error.into());
    }
    let noted = if leaving.noted { leaving.editor.save() } else { Ok(()) };
    failures.summary(tokens, "logged out of; their tokens are still there")?;
    Ok(noted.map(|()| tokens)?)
}

/// The state of a logout, while the file is locked.
struct Leaving<'a> {
    editor: Editor,
    dir: ConfigDir,
    /// Whether the keyring has not answered: it is only waited for once.
    keyring_is_silent: bool,
    /// Whether the file has changed.
    noted: bool,
    context: &'a Context,
}

impl Leaving<'_> {
    /// Returns the services of the profiles, and those that are only in the file of tokens.
    fn every_service(&self, in_file: &[Url]) -> Vec<Url> {
        let file = self.editor.file();
        let mut services: Vec<Url> = Vec::new();
        for url in file.profiles().filter_map(|name| file.url_of(name)).chain(in_file.iter().cloned()) {
            if !services.contains(&url) {
                services.push(url);
            }
        }
        services
    }

    /// Returns the places of a token: that of the profile, and the file in any case.
    fn places(&self, url: &Url, is_in_file: bool) -> Vec<TokenPlace> {
        let noted = self.editor.file().token_place(url);
        let in_file = is_in_file.then_some(TokenPlace::File).filter(|place| noted != Some(*place));
        noted.into_iter().chain(in_file).collect()
    }

    fn forget(&mut self, url: &Url, place: TokenPlace) -> Result<(), CliError> {
        let silent = CredentialError::Keyring(KeyringError::Silent);
        let forgotten = match place {
            TokenPlace::Keyring if self.keyring_is_silent => Err(silent),
            _ => credentials::forget(url, place, &self.dir),
        };
        if let Err(error) = forgotten {
            self.keyring_is_silent |= matches!(error, CredentialError::Keyring(KeyringError::Silent));
            return Err(error.into());
        }
        self.unset_notes(url, place)?;
        let place = place.as_str();
        self.context.term.success(&format!("Logged out of {url}. The token is gone from the {place}."));
        Ok(())
    }

    fn unset_notes(&mut self, url: &Url, place: TokenPlace) -> Result<(), CliError> {
        if self.editor.file().token_place(url) != Some(place) {
            return Ok(());
        }
        let profiles: Vec<String> = self.editor.file().profiles_at(url).map(str::to_owned).collect();
        for profile in profiles {
            self.noted |= self.editor.unset(&SettingPath::in_profile(&profile, "token")?);
        }
        Ok(())
    }
}
