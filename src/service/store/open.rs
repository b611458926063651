//! The only way to open a database.

use std::sync::Arc;

use super::{Location, Result, Store, sqlite::SqliteStore, vault::Vault};
use crate::{domain::random::Random, service::metrics::Metrics};

/// Opens a database, and makes it when absent. Blocks meanwhile. What is committed is told to `metrics`; secrets are
/// sealed by the keys of `vault`, if there is one, and those that are not yet are sealed now.
///
/// # Errors
/// `Unavailable` when the file cannot be made, opened or locked, `Denied` when that is because this process may not,
/// `Internal` when it has another version's schema or is no database of ours, `Key` when it was sealed and the key is
/// missing, or is another one.
pub fn open(
    location: Location,
    vault: Option<Arc<Vault>>,
    random: Arc<dyn Random>,
    metrics: Arc<Metrics>,
) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::open(location, vault, random, metrics)?))
}

/// A file whose writes wait no longer than this for another process, so that a test need not.
#[cfg(test)]
pub async fn open_impatient(file: std::path::PathBuf, longest: std::time::Duration) -> Arc<dyn Store> {
    let store = SqliteStore::plain(Location::File(file)).unwrap();
    store.wait_at_most(longest).await.unwrap();
    Arc::new(store)
}
