//! Tokens: where they are looked for, and where `login` puts them. Nothing is opened before a token is wanted, and
//! the keyring only when `login` has put the token there.

mod file;
mod keyring;

use std::{fmt, path::PathBuf};

use crate::{
    config::{ConfigDir, ConfigError, Settings, TokenPlace},
    domain::encoding::without_mark,
    files::{self, Unreadable},
    term::Environment,
};
use secrecy::SecretString;
use url::Url;

pub use keyring::{KeyringError, LIMIT as KEYRING_LIMIT};

/// A token for a service.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself.
    pub secret: SecretString,
    /// Where it came from.
    pub source: TokenSource,
}

/// Where a token came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// `TM_HOOKS_TOKEN`.
    Variable,
    /// The file that `TM_HOOKS_TOKEN_FILE`, or `--token-file`, names.
    File(PathBuf),
    /// The operating system's keyring.
    Keyring,
    /// The file of those who asked for one.
    Stored(PathBuf),
    /// The person, just now.
    Typed,
}

impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenSource::Variable => f.write_str(VARIABLE),
            TokenSource::File(path) | TokenSource::Stored(path) => write!(f, "{}", path.display()),
            TokenSource::Keyring => f.write_str("keyring"),
            TokenSource::Typed => f.write_str("typed"),
        }
    }
}

/// Why a token cannot be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The file with the token cannot be read.
    #[error("could not read the token from {}: {error}", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: Unreadable,
    },
    /// What should be a token cannot be one. It is not shown: it may be one all the same.
    #[error("the token ({0}) is empty or holds characters that no token has")]
    BadToken(TokenSource),
    /// The keyring does not give or take it.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The file of tokens cannot be used.
    #[error("{}: {why}", path.display())]
    BrokenFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There is nowhere to keep it.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl CredentialError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            CredentialError::TokenFile { error, .. } if error.hint().is_some() => {
                error.hint().unwrap_or_default().to_owned()
            }
            CredentialError::TokenFile { .. } => "the file holds the token and nothing else".to_owned(),
            CredentialError::BadToken(_) => "a token is one line of visible ASCII characters".to_owned(),
            CredentialError::Keyring(_) => format!(
                "unlock or start the keyring; or keep the token in a file that only you can read, with `tm-hooks login \
                 --insecure-storage`; or set {VARIABLE} or {FILE_VARIABLE}"
            ),
            CredentialError::BrokenFile { .. } => "remove it, and log in again: tm-hooks login".to_owned(),
            CredentialError::Config(error) => error.hint().into_owned(),
        }
    }
}

const VARIABLE: &str = "TM_HOOKS_TOKEN";
const FILE_VARIABLE: &str = "TM_HOOKS_TOKEN_FILE";
/// A file that is longer holds no token, in bytes.
const LONGEST: u64 = 64 * 1024;

/// The variable that gives a token before anything that is stored, if one is set.
pub fn variable_in_force(environment: &Environment) -> Option<&'static str> {
    [VARIABLE, FILE_VARIABLE].into_iter().find(|name| environment.path(name).is_some())
}

/// The token for the service at `url`: from the environment, else from where `login` has put it.
///
/// # Errors
/// When there should be one and it cannot be had.
pub fn find(url: &Url, settings: &Settings, environment: &Environment) -> Result<Option<Token>, CredentialError> {
    match at_hand(url, settings, environment)? {
        AtHand::Token(token) => Ok(token),
        AtHand::InKeyring => match keyring::get(url)? {
            Some(text) => usable(&text, TokenSource::Keyring).map(Some),
            None => Ok(None),
        },
    }
}

/// A token as far as it can be had without the keyring, which may ask a person for a password.
#[derive(Debug, Clone)]
pub enum AtHand {
    /// It, or that there is none.
    Token(Option<Token>),
    /// The keyring has it.
    InKeyring,
}

/// As [`find`], but without opening the keyring.
///
/// # Errors
/// When there should be one and it cannot be had.
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

/// A token out of a file that holds nothing else.
///
/// # Errors
/// When it cannot be read or holds no token.
pub fn from_file(path: PathBuf) -> Result<Token, CredentialError> {
    match files::read_text(&path, LONGEST) {
        Ok(text) => usable(&text, TokenSource::File(path)),
        Err(error) => Err(CredentialError::TokenFile { path, error }),
    }
}

/// A token that can stand in a header, without the blanks, the line's end and the byte order mark around it.
///
/// # Errors
/// When it cannot be one.
pub fn usable(text: &str, source: TokenSource) -> Result<Token, CredentialError> {
    let token = without_mark(text.trim()).trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CredentialError::BadToken(source));
    }
    Ok(Token { secret: SecretString::from(token.to_owned()), source })
}

/// Keeps a token for the service at `url`, in place of one that is there.
///
/// # Errors
/// When it cannot be kept there.
pub fn keep(url: &Url, token: &Token, place: TokenPlace, dir: &ConfigDir) -> Result<(), CredentialError> {
    match place {
        TokenPlace::Keyring => Ok(keyring::set(url, token.secret.clone())?),
        TokenPlace::File => file::Tokens::change(dir, |tokens| {
            tokens.set(url, &token.secret);
            true
        }),
    }
}

/// Forgets the token of the service at `url`; one that is not there is no failure.
///
/// # Errors
/// When it is still there afterwards, or may be.
pub fn forget(url: &Url, place: TokenPlace, dir: &ConfigDir) -> Result<(), CredentialError> {
    match place {
        TokenPlace::Keyring => Ok(keyring::remove(url)?),
        TokenPlace::File => file::Tokens::change(dir, |tokens| tokens.remove(url)),
    }
}

/// The services that there are tokens for in the file, whether a profile knows of them or not.
///
/// # Errors
/// When the file cannot be read.
pub fn in_file(dir: &ConfigDir) -> Result<Vec<Url>, CredentialError> {
    Ok(file::Tokens::read(dir)?.services().collect())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::config::{Flags, Reading};

    /// The token for `https://h.example` with these variables and this configuration.
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
