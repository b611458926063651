//! Tokens in a file that only its owner may read, for people without a keyring.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};
use toml_edit::{DocumentMut, value};
use url::Url;
use zeroize::Zeroizing;

use super::{
    error::CredentialError,
    source::TokenSource,
    token::{Token, usable},
};
use crate::{
    config::{ConfigDir, ConfigError, text_if_there},
    files::{self, LockedFile},
};

/// The file's tokens, by the service's URL.
pub(super) struct Tokens {
    path: PathBuf,
    by_url: BTreeMap<String, SecretString>,
}

impl Tokens {
    /// Reads the file; a missing one has no tokens.
    pub(super) fn read(dir: &ConfigDir) -> Result<Self, CredentialError> {
        Self::read_at(&dir.credentials())
    }

    fn read_at(path: &Path) -> Result<Self, CredentialError> {
        let text = text_if_there(path)?.unwrap_or_default();
        // The parser's own message may quote the line, and with it a token.
        let broken = |why: &str| CredentialError::BrokenFile { path: path.to_owned(), why: why.to_owned() };
        let document: DocumentMut = text.parse().map_err(|_| broken("it is no TOML"))?;
        let mut by_url = BTreeMap::new();
        for (url, item) in document.iter() {
            let token = item.as_str().ok_or_else(|| broken("it holds something that is no token"))?;
            by_url.insert(url.to_owned(), SecretString::from(token));
        }
        Ok(Tokens { path: path.to_owned(), by_url })
    }

    /// Locks the file, and saves it if `change` returns that it has changed something.
    pub(super) fn change(dir: &ConfigDir, change: impl FnOnce(&mut Self) -> bool) -> Result<(), CredentialError> {
        let path = dir.credentials();
        let held = LockedFile::take(&path).map_err(|error| ConfigError::held("change", &path, error))?;
        let mut tokens = Self::read_at(&path)?;
        if change(&mut tokens) {
            tokens.save(&held).map_err(|error| ConfigError::File { action: "write", path, error })?;
        }
        Ok(())
    }

    /// Returns the services with a token.
    pub(super) fn services(&self) -> impl Iterator<Item = Url> {
        self.by_url.keys().filter_map(|url| url.parse().ok())
    }

    pub(super) fn get(&self, url: &Url) -> Result<Option<Token>, CredentialError> {
        let source = || TokenSource::Stored(self.path.clone());
        self.by_url.get(url.as_str()).map(|token| usable(token.expose_secret(), source())).transpose()
    }

    pub(super) fn set(&mut self, url: &Url, token: &SecretString) {
        self.by_url.insert(url.to_string(), token.clone());
    }

    /// Removes a token; returns whether it was there.
    pub(super) fn remove(&mut self, url: &Url) -> bool {
        self.by_url.remove(url.as_str()).is_some()
    }

    /// Writes the file, or removes an empty one.
    fn save(&self, held: &LockedFile) -> std::io::Result<()> {
        if self.by_url.is_empty() {
            return held.remove();
        }
        let mut document = DocumentMut::new();
        for (url, token) in &self.by_url {
            document[url.as_str()] = value(token.expose_secret());
        }
        held.replace(&Zeroizing::new(document.to_string()))?;
        // A mounted file has kept its old mode.
        files::make_private(held.path());
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_and_go_in_a_private_file() {
        let folder = tempfile::tempdir().unwrap();
        let variables = [("TM_HOOKS_CONFIG_DIR", folder.path().to_str().unwrap())];
        let dir = ConfigDir::find(&variables.into_iter().collect()).unwrap();
        let urls: [Url; 2] = ["https://a.example/", "https://b.example/"].map(|url| url.parse().unwrap());
        let add = |url: &Url, token: &str| {
            Tokens::change(&dir, |tokens| {
                tokens.set(url, &token.into());
                true
            })
        };
        add(&urls[0], "one").unwrap();
        add(&urls[1], "two").unwrap();
        assert_eq!(files::is_open_to_others(&dir.credentials()), Some(false));
        let tokens = Tokens::read(&dir).unwrap();
        assert_eq!(tokens.get(&urls[1]).unwrap().unwrap().secret.expose_secret(), "two");
        assert_eq!(tokens.services().collect::<Vec<_>>(), urls);
        Tokens::change(&dir, |tokens| tokens.remove(&urls[0]) && !tokens.remove(&urls[0])).unwrap();
        Tokens::change(&dir, |tokens| tokens.remove(&urls[1])).unwrap();
        Tokens::change(&dir, |tokens| tokens.remove(&urls[1])).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
