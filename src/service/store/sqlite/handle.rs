//! One SQLite database that is open: a thread that writes, a few connections that read.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;

use super::{
    connection::{self, encryption::Seals, place::Place, readers::Readers},
    events::{
        bodies::{Rendering, Versions},
        subscribers::Board,
    },
    instances::{Locks, abandoned::Shared},
    retention::Sweeps,
    writer::{Writer, session::Session},
};
use crate::{
    domain::random::Random,
    service::{
        metrics::Metrics,
        store::{Location, Result, vault::Vault},
    },
};

/// The store in one SQLite database. Dropping it lets queued writes finish; instances that have not left are gone.
pub struct SqliteStore {
    // Before the writer: its connection is the last to be closed, and folds the log into the file.
    pub(super) readers: Option<Readers>,
    pub(super) writer: Writer,
    pub(super) location: Location,
    pub(super) seals: Seals,
    pub(super) locks: Arc<Locks>,
    /// What those who read take for abandoned.
    pub(super) abandoned: Shared,
    pub(super) random: Arc<dyn Random>,
    /// For which webhooks events are planned, and how their bodies are made.
    pub(super) board: Arc<Board>,
    pub(super) rendering: Arc<dyn Rendering>,
    pub(super) work_arrived: Arc<Notify>,
    /// How far old history has been gone through, as of the last step that was committed.
    pub(super) sweeps: Mutex<Sweeps>,
}

impl SqliteStore {
    /// Opens it, as [`open`](crate::service::store::open()) says.
    pub fn open(
        location: Location,
        vault: Option<Arc<Vault>>,
        random: Arc<dyn Random>,
        metrics: Arc<Metrics>,
    ) -> Result<Self> {
        let location = connection::itself(location)?;
        let connection = connection::open_writer(&location, vault.as_deref())?;
        let seals = Seals::new(vault);
        let place = Place::of(&location);
        let path = location.file().map(Path::to_owned);
        let work_arrived = Arc::new(Notify::new());
        let session = Session::new(connection, place.clone(), seals.clone(), Arc::clone(&random), metrics);
        let board = Arc::clone(&session.board);
        let writer = Writer::start(session, Arc::clone(&work_arrived))?;
        let locks = Arc::new(Locks::beside(path.as_deref()));
        let abandoned = Shared::default();
        Ok(SqliteStore {
            readers: path.map(|path| Readers::new(path, place, Arc::clone(&abandoned))),
            writer,
            location,
            seals,
            locks,
            abandoned,
            random,
            board,
            rendering: Arc::new(Versions),
            work_arrived,
            sweeps: Mutex::default(),
        })
    }

    /// Runs a write; it is durable when this answers.
    pub(super) async fn write<T, F>(&self, function: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session) -> Result<T> + Send + 'static,
    {
        self.writer.run(function).await.map_err(|error| connection::explained(error, &self.location))
    }

    /// Runs a read on one snapshot. A database in memory has a single connection, the writer's.
    pub(super) async fn read<T, F>(&self, function: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection) -> Result<T> + Send + 'static,
    {
        let read = match &self.readers {
            Some(readers) => readers.run(function).await,
            None => self.writer.run(move |session| function(&session.connection)).await,
        };
        read.map_err(|error| connection::explained(error, &self.location))
    }
}
