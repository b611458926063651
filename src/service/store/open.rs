//! Opens a database.

use std::sync::Arc;

use super::{Location, Result, Store, secret_keys::SecretKeys, sqlite::SqliteStore};
use crate::{domain::random::Random, service::metrics::Metrics};

/// Opens a database, and creates it if it does not exist. Blocks meanwhile. Records commits into `metrics`. If there
/// are `secret_keys`, the first one encrypts secrets, including stored secrets that are not encrypted yet.
///
/// # Errors
/// `Unavailable` if the file cannot be created, opened or locked; `Denied` if this process has no permission;
/// `Internal` if it has another version's schema or is not a database of this program; `Key` if its secrets are
/// encrypted and the key is missing or wrong.
pub fn open(
    location: Location,
    secret_keys: Option<Arc<SecretKeys>>,
    random: Arc<dyn Random>,
    metrics: Arc<Metrics>,
) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::open(location, secret_keys, random, metrics)?))
}

/// Opens a file whose writes wait at most `longest` for another process.
#[cfg(test)]
pub async fn open_impatient(file: std::path::PathBuf, longest: std::time::Duration) -> Arc<dyn Store> {
    let store = SqliteStore::plain(Location::File(file)).unwrap();
    store.wait_at_most(longest).await.unwrap();
    Arc::new(store)
}
