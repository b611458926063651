//! The operating system's keyring: Secret Service, Keychain, Credential Manager.
//!
//! A keyring may wait for a person who is not there. Each call therefore runs on its own thread, which is abandoned
//! after the limit.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    time::Duration,
};

use keyring::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

/// The time limit of a call to the keyring.
pub const LIMIT: Duration = Duration::from_secs(3);

/// The name under which tokens are stored, with each service's URL as the account.
const SERVICE: &str = "tm-hooks";

/// The reason why the keyring failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no keyring: the session's bus, or the Secret Service on it, is missing.
    #[error("there is no keyring: {0}")]
    Absent(String),
    /// The keyring is locked or denies access.
    #[error("the keyring is locked: {0}")]
    Locked(String),
    /// The keyring did not answer in time; it probably waits for a person.
    #[error("the keyring did not answer within {} s; it may be locked", LIMIT.as_secs())]
    Silent,
}

impl From<Error> for KeyringError {
    fn from(error: Error) -> Self {
        match error {
            Error::NoStorageAccess(why) => KeyringError::Locked(why.to_string()),
            // These errors contain the stored bytes, which must not be shown.
            Error::BadEncoding(_) | Error::BadDataFormat(..) => KeyringError::Absent("it holds no token".to_owned()),
            Error::PlatformFailure(why) => platform_failure(&why.to_string()),
            other => KeyringError::Absent(other.to_string()),
        }
    }
}

/// Classifies a failure: the Secret Service reports a locked keyring in several ways.
fn platform_failure(why: &str) -> KeyringError {
    if why.contains("IsLocked") || why.to_lowercase().contains("locked") {
        KeyringError::Locked(why.to_owned())
    } else {
        KeyringError::Absent(why.to_owned())
    }
}

/// Returns the token for the service at `url`, if there is one.
pub(super) fn get(url: &Url) -> Result<Option<Zeroizing<String>>, KeyringError> {
    on_its_own(url, |entry| match entry.get_password() {
        Ok(token) => Ok(Some(Zeroizing::new(token))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error.into()),
    })
}

/// Stores the token for the service at `url`.
pub(super) fn set(url: &Url, token: SecretString) -> Result<(), KeyringError> {
    on_its_own(url, move |entry| Ok(entry.set_password(token.expose_secret())?))
}

/// Removes the token for the service at `url`, if there is one.
pub(super) fn remove(url: &Url) -> Result<(), KeyringError> {
    on_its_own(url, |entry| match entry.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error.into()),
    })
}

/// Runs `act` on a thread of its own, which does not delay the program's end.
fn on_its_own<T: Send + 'static>(
    url: &Url,
    act: impl FnOnce(&Entry) -> Result<T, KeyringError> + Send + 'static,
) -> Result<T, KeyringError> {
    let (done, result) = mpsc::channel();
    let account = url.to_string();
    let started = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        // The caller may have stopped waiting.
        let _ = done.send(entry(&account).and_then(|entry| act(&entry)));
    });
    started.map_err(|error| KeyringError::Absent(error.to_string()))?;
    match result.recv_timeout(LIMIT) {
        Ok(result) => result,
        Err(RecvTimeoutError::Disconnected) => Err(KeyringError::Absent("it failed unexpectedly".to_owned())),
        Err(RecvTimeoutError::Timeout) => Err(KeyringError::Silent),
    }
}

fn entry(account: &str) -> Result<Entry, KeyringError> {
    if let Err(error) = Entry::store_status() {
        return Err(KeyringError::Absent(error.to_string()));
    }
    Ok(Entry::new(SERVICE, account)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_is_told_from_absent_and_nothing_stored_is_shown() {
        let locked = Error::NoStorageAccess("the prompt was dismissed".into());
        assert!(matches!(KeyringError::from(locked), KeyringError::Locked(_)));
        assert!(matches!(platform_failure("org.freedesktop.Secret.Error.IsLocked"), KeyringError::Locked(_)));
        assert!(matches!(KeyringError::from(Error::NoDefaultStore), KeyringError::Absent(_)));
        let bytes = KeyringError::from(Error::BadEncoding(b"stored".to_vec()));
        assert!(!bytes.to_string().contains("stored") && !format!("{bytes:?}").contains("115"));
    }
}
