//! The errors of reading and storing tokens, with a hint for each.

use std::path::PathBuf;

use super::{
    keyring::KeyringError,
    source::{FILE_VARIABLE, TokenSource, VARIABLE},
};
use crate::{config::ConfigError, files::Unreadable};

/// The reason why a token cannot be read or stored.
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
    /// The text cannot be a token. The error does not show it, as it may be one all the same.
    #[error("the token ({0}) is empty or holds characters that no token has")]
    BadToken(TokenSource),
    /// The keyring failed.
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
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl CredentialError {
    /// Suggests what to do.
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
