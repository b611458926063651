//! Opens the database: its file, its settings, its schema, and the meaning of its errors. Statements about webhooks,
//! events or deliveries do not belong here.

pub mod codes;
pub mod database_files;
pub mod encryption;
pub mod event_space;
pub mod readers;
pub mod rows;
pub mod schema;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

use super::instances::abandoned;
use crate::{
    files::{self, Mount, Use},
    service::store::{Location, Result, StoreError, secret_keys::SecretKeys},
};

/// The location with links resolved, so that processes that use different paths share the log and the locks.
pub fn itself(location: Location) -> Result<Location> {
    match location {
        Location::File(path) => really(&path).map(Location::File),
        Location::Memory => Ok(location),
    }
}

/// The file's real path. Fails if it is unknown, because then the processes would overwrite each other's changes.
pub fn really(path: &Path) -> Result<PathBuf> {
    let target = files::target(path).map_err(|error| cannot_make(path, &error))?;
    let shown = target.display();
    match files::mount_of(&target) {
        Mount::From(place) => return Ok(place),
        Mount::Alone => {
            return Err(StoreError::Unavailable(format!(
                "{shown} is mounted by itself, and what lies beside it is not: mount its folder instead"
            )));
        }
        Mount::Ordinary => {}
    }
    // A process that uses the file's own name has left the folder of locks beside that name.
    if files::names(&target) > 1 && !super::instances::folder_beside(&target).exists() {
        return Err(StoreError::Unavailable(format!(
            "{shown} is another name (a hard link) of a database that is used elsewhere: use that, or a symbolic link to it"
        )));
    }
    Ok(target)
}

/// How long a statement waits for another process that locks the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// The number of statements that a connection keeps prepared; more than there are.
const STATEMENTS: usize = 160;

/// Opens the connection that writes; creates the database and its schema.
pub fn open_writer(location: &Location, secret_keys: Option<&SecretKeys>) -> Result<Connection> {
    opened_writer(location, secret_keys).map_err(|error| explained(error, location))
}

/// Turns the error into one of permissions, if that is the cause.
pub fn explained(error: StoreError, location: &Location) -> StoreError {
    match (&error, location) {
        (StoreError::Unavailable(_), Location::File(path)) => denied(path).unwrap_or(error),
        _ => error,
    }
}

fn opened_writer(location: &Location, secret_keys: Option<&SecretKeys>) -> Result<Connection> {
    let mut connection = match location {
        Location::File(path) => {
            make_file(path).map_err(|error| cannot_make(path, &error))?;
            open_file(path)?
        }
        Location::Memory => Connection::open_in_memory()?,
    };
    set_up(&connection, &abandoned::Shared::default())?;
    use_write_ahead_log(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // The limit is about 8 MB, so that pages that change often are written to the file once.
    connection.pragma_update(None, "wal_autocheckpoint", 2000)?;
    // The size is in KiB; the writer keeps returning to the ends of many tables and indexes.
    connection.pragma_update(None, "cache_size", -8192)?;
    // A log that grew during a long read is cut back to this size in bytes.
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    schema::prepare(&mut connection)?;
    encryption::prepare(&mut connection, secret_keys)?;
    #[cfg(test)]
    super::plans::record(&mut connection);
    Ok(connection)
}

/// Opens a connection that only reads. The database must exist.
pub fn open_reader(path: &Path, abandoned: &abandoned::Shared) -> Result<Connection> {
    #[cfg_attr(not(test), expect(unused_mut, reason = "tests watch its statements"))]
    let mut connection = open_file(path)?;
    set_up(&connection, abandoned)?;
    connection.pragma_update(None, "query_only", true)?;
    #[cfg(test)]
    super::plans::record(&mut connection);
    Ok(connection)
}

pub fn open_file(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

fn set_up(connection: &Connection, abandoned: &abandoned::Shared) -> Result<()> {
    abandoned::register(connection, abandoned)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // With this setting plans do not depend on bound values, so statements are not prepared again for other values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // The size is in KiB.
    connection.pragma_update(None, "cache_size", -4096)?;
    Ok(())
}

/// Switches to the write-ahead log. Two processes that open a new file at once conflict here, and SQLite does not wait,
/// so this function retries.
fn use_write_ahead_log(connection: &Connection) -> Result<()> {
    let started = Instant::now();
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)) {
            Ok(_) => return Ok(()),
            Err(error) if is_busy(&error) && started.elapsed() < BUSY_TIMEOUT => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Creates the folder and the file if they do not exist, readable only by their owner. SQLite gives the files beside it
/// the same permissions and owner.
fn make_file(path: &Path) -> std::io::Result<()> {
    files::make_folder(files::folder_of(path))?;
    match files::create_new(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

pub fn cannot_make(path: &Path, error: &std::io::Error) -> StoreError {
    let unavailable = || StoreError::Unavailable(format!("cannot make {}: {error}", path.display()));
    denied(path).unwrap_or_else(unavailable)
}

/// The refusal, if this process may not use some of the database's files. A reader of a read-only file leaves other
/// read-only files beside it.
pub fn denied(database: &Path) -> Option<StoreError> {
    let folder = files::folder_of(database);
    let beside = |suffix: &str| {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let all = [folder.to_owned(), database.to_owned(), beside("-wal"), beside("-shm")];
    files::refusal_of_any(&all, Use::Write).map(StoreError::Denied)
}

pub fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::DiskFull(error.to_string()),
            // The shared-memory file beside the log cannot grow.
            _ if extended_code(&error) == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) => {
                StoreError::DiskFull(error.to_string())
            }
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly,
            ) => StoreError::Unavailable(error.to_string()),
            _ => StoreError::Internal(error.to_string()),
        }
    }
}
