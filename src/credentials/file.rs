//! Tokens in a file that only its owner may read, for those without a keyring who asked for it.

use std::{collections::BTreeMap, fs, io::ErrorKind, path::PathBuf};

use secrecy::{ExposeSecret, SecretString};
use toml_edit::{DocumentMut, value};
use url::Url;
use zeroize::Zeroizing;

use super::{CredentialError, Token, TokenSource, usable};
use crate::config::{ConfigDir, ConfigError, private_file};

/// The file's tokens, by the service's URL.
pub(super) struct Tokens {
    path: PathBuf,
    by_url: BTreeMap<String, SecretString>,
}

impl Tokens {
    /// Reads the file; one that is not there has no tokens.
    pub(super) fn read(dir: &ConfigDir) -> Result<Self, CredentialError> {
        let path = dir.credentials();
        let text = match fs::read_to_string(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == ErrorKind::NotFound => Zeroizing::default(),
            Err(error) => return Err(ConfigError::File { action: "read", path, error }.into()),
        };
        // The parser's own message may quote the line, and with it a token.
        let broken = |why: &str| CredentialError::BrokenFile { path: path.clone(), why: why.to_owned() };
        let document: DocumentMut = text.parse().map_err(|_| broken("it is no TOML"))?;
        let mut by_url = BTreeMap::new();
        for (url, item) in document.iter() {
            let token = item.as_str().ok_or_else(|| broken("it holds something that is no token"))?;
            by_url.insert(url.to_owned(), SecretString::from(token));
        }
        Ok(Tokens { path, by_url })
    }

    pub(super) fn get(&self, url: &Url) -> Result<Option<Token>, CredentialError> {
        let source = || TokenSource::Stored(self.path.clone());
        self.by_url.get(url.as_str()).map(|token| usable(token.expose_secret(), source())).transpose()
    }

    pub(super) fn set(&mut self, url: &Url, token: &SecretString) {
        self.by_url.insert(url.to_string(), token.clone());
    }

    /// Takes a token out; says whether it was there.
    pub(super) fn remove(&mut self, url: &Url) -> bool {
        self.by_url.remove(url.as_str()).is_some()
    }

    /// Writes the file, or removes it when it holds nothing any more.
    pub(super) fn save(self) -> Result<(), CredentialError> {
        let done = if self.by_url.is_empty() {
            fs::remove_file(&self.path)
        } else {
            let mut document = DocumentMut::new();
            for (url, token) in &self.by_url {
                document[url.as_str()] = value(token.expose_secret());
            }
            private_file::replace(&self.path, &Zeroizing::new(document.to_string()))
        };
        done.map_err(|error| ConfigError::File { action: "write", path: self.path, error }.into())
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
        let mut tokens = Tokens::read(&dir).unwrap();
        tokens.set(&urls[0], &"one".into());
        tokens.set(&urls[1], &"two".into());
        tokens.save().unwrap();
        assert_eq!(private_file::is_open_to_others(&dir.credentials()), Some(false));
        let mut tokens = Tokens::read(&dir).unwrap();
        assert_eq!(tokens.get(&urls[1]).unwrap().unwrap().secret.expose_secret(), "two");
        assert!(tokens.remove(&urls[0]) && !tokens.remove(&urls[0]) && tokens.remove(&urls[1]));
        tokens.save().unwrap();
        assert!(!dir.credentials().exists());
    }
}
