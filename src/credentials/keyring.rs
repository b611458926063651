//! The operating system's keyring: Secret Service, Keychain, Credential Manager.
//!
//! A keyring may wait for a person who is not there, so each call has a thread of its own, which is left behind when
//! the time is over.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    time::Duration,
};

use keyring::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

/// How long the keyring may take.
pub const LIMIT: Duration = Duration::from_secs(3);

/// The name under which our tokens stand, each with its service's URL as the account.
const SERVICE: &str = "tm-hooks";

/// Why the keyring does not serve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is none: no Secret Service on the session's bus, or no such bus.
    #[error("there is no keyring: {0}")]
    Absent(String),
    /// It is locked, or does not let us in.
    #[error("the keyring is locked: {0}")]
    Locked(String),
    /// It did not answer in time: it waits for a person, most likely.
    #[error("the keyring did not answer within {} s; it may be locked", LIMIT.as_secs())]
    Silent,
}

impl From<Error> for KeyringError {
    fn from(error: Error) -> Self {
        match error {
            Error::NoStorageAccess(why) => KeyringError::Locked(why.to_string()),
            // These hold what was stored, which must not be shown.
            Error::BadEncoding(_) | Error::BadDataFormat(..) => KeyringError::Absent("it holds no token".to_owned()),
            Error::PlatformFailure(why) => platform_failure(&why.to_string()),
            other => KeyringError::Absent(other.to_string()),
        }
    }
}

/// The Secret Service says that it is locked in more than one way.
fn platform_failure(why: &str) -> KeyringError {
    if why.contains("IsLocked") || why.to_lowercase().contains("locked") {
        KeyringError::Locked(why.to_owned())
    } else {
        KeyringError::Absent(why.to_owned())
    }
}

/// The token for the service at `url`, if there is one.
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

/// Does something with an entry, on a plain thread: nothing waits for it when the program ends.
fn on_its_own<T: Send + 'static>(
    url: &Url,
    act: impl FnOnce(&Entry) -> Result<T, KeyringError> + Send + 'static,
) -> Result<T, KeyringError> {
    let (done, result) = mpsc::channel();
    let account = url.to_string();
    let started = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        // Whoever asked may have given up.
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
