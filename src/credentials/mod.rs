//! Tokens: finds them and stores them for `login`. Nothing is opened before a token is needed, and the keyring only if
//! `login` has stored the token there. Other modules must not read token files or variables.

mod error;
mod file;
mod keyring;
mod source;
mod token;

use std::path::PathBuf;

use crate::{
    config::{ConfigDir, Settings, TokenPlace},
    files,
    term::Environment,
};
use source::{FILE_VARIABLE, VARIABLE};
use url::Url;

pub use error::CredentialError;
pub use keyring::{KeyringError, LIMIT as KEYRING_LIMIT};
pub use source::TokenSource;
pub use token::{Token, usable};

/// The longest file that is read as a token, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Returns the variable that takes precedence over stored tokens, if one is set.
pub fn variable_in_force(environment: &Environment) -> Option<&'static str> {
    [VARIABLE, FILE_VARIABLE].into_iter().find(|name| environment.path(name).is_some())
}

/// Returns the token for the service at `url`: from the environment, or else from where `login` has stored it.
///
/// # Errors
/// Fails if a token should exist but cannot be read.
pub fn find(url: &Url, settings: &Settings, environment: &Environment) -> Result<Option<Token>, CredentialError> {
    match at_hand(url, settings, environment)? {
        AtHand::Token(token) => Ok(token),
        AtHand::InKeyring => match keyring::get(url)? {
            Some(text) => usable(&text, TokenSource::Keyring).map(Some),
            None => Ok(None),
        },
    }
}

/// A token that can be read without the keyring, which may ask a person for a password.
#[derive(Debug, Clone)]
pub enum AtHand {
    /// The token, or `None` if there is none.
    Token(Option<Token>),
    /// The token is in the keyring.
    InKeyring,
}

/// Like [`find`], without opening the keyring.
///
/// # Errors
/// Fails if a token should exist but cannot be read.
pub fn at_hand(url: &Url, settings: &Settings, environment: &Environment) -> Result<AtHand, CredentialError> {
    let token = if let Some(text) = environment.get(VARIABLE) {
        Some(usable(text, TokenSource::Variable)?)
    } else if let Some(path) = environment.path(FILE_VARIABLE) {
        Some(from_file(path)?)
    } else {
        match settings.token_place(url) {
            None => None,
            Some(TokenPlace::File) => file::Tokens::read(&settings.config_dir()?)?.get(url)?,
            Some(TokenPlace::Keyring) => return Ok(AtHand::InKeyring),
        }
    };
    Ok(AtHand::Token(token))
}

/// Reads a token from a file that holds nothing else.
///
/// # Errors
/// Fails if the file cannot be read or holds no token.
pub fn from_file(path: PathBuf) -> Result<Token, CredentialError> {
    match files::read_text(&path, LONGEST) {
        Ok(text) => usable(&text, TokenSource::File(path)),
        Err(error) => Err(CredentialError::TokenFile { path, error }),
    }
}

/// Stores a token for the service at `url`, and replaces an earlier one.
///
/// # Errors
/// Fails if it cannot be stored there.
pub fn keep(url: &Url, token: &Token, place: TokenPlace, dir: &ConfigDir) -> Result<(), CredentialError> {
    match place {
        TokenPlace::Keyring => Ok(keyring::set(url, token.secret.clone())?),
        TokenPlace::File => file::Tokens::change(dir, |tokens| {
            tokens.set(url, &token.secret);
            true
        }),
    }
}

/// Removes the token of the service at `url`. A missing one is not an error.
///
/// # Errors
/// Fails if the token may still be stored.
pub fn forget(url: &Url, place: TokenPlace, dir: &ConfigDir) -> Result<(), CredentialError> {
    match place {
        TokenPlace::Keyring => Ok(keyring::remove(url)?),
        TokenPlace::File => file::Tokens::change(dir, |tokens| tokens.remove(url)),
    }
}

/// Returns the services with a token in the file, even without a profile.
///
/// # Errors
/// Fails if the file cannot be read.
pub fn in_file(dir: &ConfigDir) -> Result<Vec<Url>, CredentialError> {
    Ok(file::Tokens::read(dir)?.services().collect())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::config::{Flags, Reading};

    /// Returns the token for `https://h.example` with these variables and this configuration.
    fn found(variables: &[(&str, &str)], config: &str, tokens: &str) -> Result<Option<Token>, CredentialError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        std::fs::write(folder.path().join("credentials.toml"), tokens).unwrap();
        let home = folder.path().to_str().unwrap();
        let environment = variables.iter().copied().chain([("TM_HOOKS_CONFIG_DIR", home)]).collect();
        let settings = Settings::resolve(Flags::default(), &environment, Reading::Whole).unwrap();
        let url = "https://h.example/".parse().unwrap();
        find(&url, &settings, &environment)
    }

    #[test]
    fn the_environment_comes_first_then_its_file_then_what_login_stored() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "from-file\n").unwrap();
        let path = file.path().to_str().unwrap();
        let config = "[profiles.h]\nurl = \"https://h.example\"\ntoken = \"file\"\n";
        let tokens = "\"https://h.example/\" = \"stored\"\n";
        let token = |variables: &[(&str, &str)], config| {
            let token = found(variables, config, tokens).unwrap();
            token.map(|token| token.secret.expose_secret().to_owned())
        };
        assert_eq!(token(&[], ""), None);
        assert_eq!(token(&[], config).as_deref(), Some("stored"));
        assert_eq!(token(&[("TM_HOOKS_TOKEN_FILE", path)], config).as_deref(), Some("from-file"));
        let both = [("TM_HOOKS_TOKEN_FILE", path), ("TM_HOOKS_TOKEN", "from-env")];
        assert_eq!(token(&both, config).as_deref(), Some("from-env"));
    }

    #[test]
    fn no_token_is_ever_shown() {
        let error = found(&[("TM_HOOKS_TOKEN", "two words")], "", "").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("two words"));
        let token = found(&[("TM_HOOKS_TOKEN", "from-env")], "", "").unwrap();
        assert!(!format!("{token:?}").contains("from-env"));
        let config = "[profiles.h]\nurl = \"https://h.example\"\ntoken = \"file\"\n";
        let broken = found(&[], config, "\"https://h.example/\" = \"sto").unwrap_err();
        assert!(!format!("{broken} {broken:?} {}", broken.hint()).contains("sto\""), "{broken:?}");
    }
}
