//! A few connections that only read. They are opened on demand and used on threads that may block.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{database_files::DatabaseFiles, open_reader};
use crate::service::store::{Result, StoreError, sqlite::instances::abandoned};

/// The number of reads at once. Each connection costs a few MB of page cache.
const MOST: usize = 4;

/// How long a checkpoint waits for the writer and readers.
const PATIENCE: Duration = Duration::from_millis(20);

/// The readers of one database file.
#[derive(Clone)]
pub struct Readers {
    path: Arc<PathBuf>,
    files: Arc<DatabaseFiles>,
    abandoned: abandoned::Shared,
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    /// Makes the readers of this file without opening a connection.
    pub fn new(path: PathBuf, files: DatabaseFiles, abandoned: abandoned::Shared) -> Self {
        Readers {
            path: Arc::new(path),
            files: Arc::new(files),
            abandoned,
            idle: Arc::default(),
            places: Arc::new(Semaphore::new(MOST)),
        }
    }

    /// Runs `function` on a snapshot of the database.
    pub async fn run<T, F>(&self, function: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let stopped = |_| StoreError::Internal("a read has stopped".to_owned());
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| stopped(()))?;
        let readers = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let _place = place;
            let connection = readers.take()?;
            let result = on_snapshot(&connection, function);
            // A connection that kept its snapshot would keep the log from being cut back.
            if connection.is_autocommit() {
                readers.idle().push(connection);
            }
            result
        });
        read.await.map_err(|_| stopped(()))?
    }

    /// Runs a checkpoint that empties the log, if no reader or writer is in the way; waits at most `PATIENCE`.
    pub async fn fold_log(&self) -> Result<()> {
        let path = Arc::clone(&self.path);
        let folded = tokio::task::spawn_blocking(move || {
            let connection = open_reader(&path, &abandoned::Shared::default())?;
            connection.busy_timeout(PATIENCE)?;
            // The row says how far the checkpoint came; an incomplete one is not an error.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        });
        folded.await.map_err(|_| StoreError::Internal("folding the log has stopped".to_owned()))?
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Result<Connection> {
        if let Some(idle) = self.idle().pop() {
            return Ok(idle);
        }
        // Connections that are already open go on with their own file; a new one must not open another file.
        self.files.check_database()?;
        open_reader(&self.path, &self.abandoned)
    }
}

fn on_snapshot<T>(connection: &Connection, function: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let snapshot = connection.unchecked_transaction()?;
    let result = function(&snapshot)?;
    snapshot.commit()?;
    Ok(result)
}
