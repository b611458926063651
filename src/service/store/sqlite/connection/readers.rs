//! A few connections that only read, opened when they are needed, used from threads that may block.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{open_reader, place::Place};
use crate::service::store::{Result, StoreError, sqlite::instances::abandoned};

/// How many reads run at once. Each connection costs a few MB of page cache.
const MOST: usize = 4;

/// How long the writer and readers may be in the way of folding the log.
const PATIENCE: Duration = Duration::from_millis(20);

/// The readers of one database file.
#[derive(Clone)]
pub struct Readers {
    path: Arc<PathBuf>,
    place: Arc<Place>,
    abandoned: abandoned::Shared,
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    /// Readers of the database in this file; none is opened yet.
    pub fn new(path: PathBuf, place: Place, abandoned: abandoned::Shared) -> Self {
        Readers {
            path: Arc::new(path),
            place: Arc::new(place),
            abandoned,
            idle: Arc::default(),
            places: Arc::new(Semaphore::new(MOST)),
        }
    }

    /// Runs `function` on one snapshot of the database.
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
            // One that stayed within its snapshot would keep the log from being cut back.
            if connection.is_autocommit() {
                readers.idle().push(connection);
            }
            result
        });
        read.await.map_err(|_| stopped(()))?
    }

    /// Folds the log into the file and cuts it off, if nobody reads or writes just now: within `PATIENCE` at most.
    pub async fn fold_log(&self) -> Result<()> {
        let path = Arc::clone(&self.path);
        let folded = tokio::task::spawn_blocking(move || {
            let connection = open_reader(&path, &abandoned::Shared::default())?;
            connection.busy_timeout(PATIENCE)?;
            // Answers with a row that says how far it came; that somebody was in the way is no failure.
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
        // Those that were opened before read on in their own file, and never in another.
        self.place.check_database()?;
        open_reader(&self.path, &self.abandoned)
    }
}

fn on_snapshot<T>(connection: &Connection, function: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let snapshot = connection.unchecked_transaction()?;
    let result = function(&snapshot)?;
    snapshot.commit()?;
    Ok(result)
}
