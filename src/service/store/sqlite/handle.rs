//! An open SQLite database: one thread that writes and a few connections that read.

use std::{path::Path, sync::Arc};

use tokio::sync::Notify;

use super::{
    connection::{self, database_files::DatabaseFiles, encryption::Seals, readers::Readers},
    events::{
        bodies::{Rendering, Versions},
        subscribers::Board,
    },
    instances::{Locks, abandoned::Shared},
    writer::{Writer, session::Session},
};
use crate::{
    domain::random::Random,
    service::{
        metrics::Metrics,
        store::{Location, Result, StoreError, secret_keys::SecretKeys},
    },
};

/// The store in one SQLite database. Dropping it completes queued writes and ends its instances.
pub struct SqliteStore {
    // This field is dropped before the writer, whose connection must close last to run the final checkpoint.
    pub(super) readers: Option<Readers>,
    pub(super) writer: Writer,
    pub(super) location: Location,
    pub(super) seals: Seals,
    pub(super) locks: Arc<Locks>,
    /// The abandoned claims as readers see them.
    pub(super) abandoned: Shared,
    pub(super) random: Arc<dyn Random>,
    /// The webhooks that events are planned for.
    pub(super) board: Arc<Board>,
    /// Makes the bodies of events.
    pub(super) rendering: Arc<dyn Rendering>,
    pub(super) work_arrived: Arc<Notify>,
}

impl SqliteStore {
    /// Opens it as [`open`](crate::service::store::open()) says.
    pub fn open(
        location: Location,
        secret_keys: Option<Arc<SecretKeys>>,
        random: Arc<dyn Random>,
        metrics: Arc<Metrics>,
    ) -> Result<Self> {
        let location = connection::itself(location)?;
        let connection = connection::open_writer(&location, secret_keys.as_deref())?;
        let seals = Seals::new(secret_keys);
        let files = DatabaseFiles::of(&location);
        let path = location.file().map(Path::to_owned);
        let work_arrived = Arc::new(Notify::new());
        let session = Session::new(connection, files.clone(), seals.clone(), Arc::clone(&random), metrics);
        let board = Arc::clone(&session.board);
        let writer = Writer::start(session, Arc::clone(&work_arrived))?;
        let locks = Arc::new(Locks::beside(path.as_deref()));
        let abandoned = Shared::default();
        Ok(SqliteStore {
            readers: path.map(|path| Readers::new(path, files, Arc::clone(&abandoned))),
            writer,
            location,
            seals,
            locks,
            abandoned,
            random,
            board,
            rendering: Arc::new(Versions),
            work_arrived,
        })
    }

    /// Runs a write, which is durable when this returns.
    pub(super) async fn write<T, F>(&self, function: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session) -> Result<T> + Send + 'static,
    {
        self.writer.run(function).await.map_err(|error| connection::explained(error, &self.location))
    }

    /// Runs a read on one snapshot. A database in memory has only the writer's connection.
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

    /// Renders, on a thread that may block.
    pub(super) async fn rendered<T, F>(&self, render: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Rendering) -> Result<T> + Send + 'static,
    {
        let rendering = Arc::clone(&self.rendering);
        let rendered = tokio::task::spawn_blocking(move || render(&*rendering)).await;
        rendered.unwrap_or_else(|_| Err(StoreError::Internal("the code that renders bodies panicked".to_owned())))
    }
}
