//! Where a service keeps its data, and the only way to open it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Result, Store, sqlite::SqliteStore, vault::Vault};
use crate::{domain::random::Random, service::metrics::Metrics};

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// SQLite, in this file, made when absent, with its folder.
    File(PathBuf),
    /// SQLite, in the memory of this process alone, gone with the store.
    Memory,
}

impl Location {
    /// The file it is in, if it is in one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Location::File(path) => Some(path),
            Location::Memory => None,
        }
    }
}

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
pub async fn open_impatient(file: PathBuf, longest: std::time::Duration) -> Arc<dyn Store> {
    let store = SqliteStore::plain(Location::File(file)).unwrap();
    store.wait_at_most(longest).await.unwrap();
    Arc::new(store)
}
