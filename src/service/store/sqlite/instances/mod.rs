//! The processes that deliver. Each holds a file lock for as long as it lives. The lock ends with the process, however
//! it ends, so the others know whether they may free its claims. What is claimed belongs in `deliveries`.

pub mod abandoned;
pub mod believed;
pub mod entered;
pub mod membership;

use std::{
    collections::HashMap,
    fs::File,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, params};

use super::{connection::rows, deliveries::webhook_queues, writer::session::Session};
use crate::{
    domain::{attempt::AttemptKind, ids::AttemptId, random::Random, time::Timestamp},
    files::{self, Use},
    service::store::{ClaimId, InstanceId, Result, StoreError},
};

/// The locks that this process holds, and the folder of all locks.
pub struct Locks {
    /// The folder of the lock files; none for a database in memory, which has no other processes.
    folder: Option<PathBuf>,
    held: Mutex<HashMap<InstanceId, Option<File>>>,
}

impl Locks {
    /// The locks beside the database file.
    pub fn beside(database: Option<&Path>) -> Self {
        Locks { folder: database.map(folder_beside), held: Mutex::default() }
    }

    /// The folder of the lock files.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<InstanceId, Option<File>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, instance: InstanceId) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(format!("{instance}.lock")))
    }

    /// Takes the lock of a new instance, which must be held before the instance is registered. Blocks for file
    /// operations.
    pub fn take(&self, random: &dyn Random) -> Result<InstanceId> {
        let instance = InstanceId(uuid::Builder::from_random_bytes(random.bytes()).into_uuid());
        let locked = |path: PathBuf| lock_new(&path).map_err(|error| cannot_lock(&path, &error));
        let file = self.path(instance).map(locked).transpose()?;
        self.held().insert(instance, file);
        Ok(instance)
    }

    /// Gives up a lock and removes its file. The instance must no longer be registered.
    pub fn give_up(&self, instance: InstanceId) {
        self.held().remove(&instance);
        if let Some(path) = self.path(instance) {
            // A file that stays does no harm, because nobody looks for it.
            let _ = std::fs::remove_file(path);
        }
    }

    /// Removes lock files of processes that ended before they registered or before they could remove it: files an hour
    /// old that no registered instance uses and nobody locks. Blocks for file operations.
    pub fn remove_left_behind(&self, entered: &[InstanceId]) {
        let Some(files) = self.folder.as_ref().and_then(|folder| std::fs::read_dir(folder).ok()) else { return };
        for path in files.filter_map(|file| Some(file.ok()?.path())) {
            let is_entered = entered.iter().any(|instance| self.path(*instance).as_ref() == Some(&path));
            if !is_entered && is_left_behind(&path) {
                // The next run tries again.
                let _ = std::fs::remove_file(path);
            }
        }
    }

    /// Restores the lock files of this process that somebody has removed. Blocks for file operations.
    pub fn restore(&self) {
        for (instance, held) in self.held().iter_mut() {
            let (Some(path), Some(file)) = (self.path(*instance), held.as_mut()) else { continue };
            if is_at(file, &path) {
                continue;
            }
            match lock_again(&path) {
                Ok(locked) => {
                    tracing::warn!(lock = %path.display(), "somebody removed the lock file of this process; the process has restored it");
                    *file = locked;
                }
                Err(error) => {
                    tracing::warn!(lock = %path.display(), %error, "somebody removed the lock file of this process, which cannot restore it")
                }
            }
        }
    }

    /// The instances whose locks this process holds.
    pub fn own(&self) -> Vec<InstanceId> {
        self.held().keys().copied().collect()
    }

    /// Whether a registered instance lives. Blocks for file operations.
    pub fn state(&self, instance: InstanceId) -> Lives {
        if self.held().contains_key(&instance) {
            return Lives::Yes;
        }
        let file = match self.path(instance).map(File::open) {
            Some(Ok(file)) => file,
            // An instance whose lock file cannot be opened may live, so it keeps its claims.
            Some(Err(error)) if error.kind() == ErrorKind::PermissionDenied => return Lives::Yes,
            Some(Err(_)) => return Lives::Missing,
            // A database in memory has no other processes.
            None => return Lives::No,
        };
        // The lock is shared, so that two processes that check at once do not take each other for the instance.
        match file.try_lock_shared() {
            Err(std::fs::TryLockError::WouldBlock) => Lives::Yes,
            _ => Lives::No,
        }
    }
}

/// Whether an instance lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lives {
    /// It holds its lock.
    Yes,
    /// Its lock file exists, and nobody holds the lock.
    No,
    /// Its lock file does not exist. An ending process leaves the file or is struck off before it removes it, so
    /// somebody has removed the file, or the database was copied without it.
    Missing,
}

/// How long other processes wait for an instance whose lock file is missing: a living one restores it within a second.
pub const RESTORED_WITHIN: Duration = Duration::from_millis(2_500);

/// The folder of this database's lock files.
pub fn folder_beside(database: &Path) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push(".instances");
    database.with_file_name(name)
}

/// Whether `path` is this very file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|data| files::identity(path).ok() == Some((data.dev(), data.ino())))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// The age from which no process can still be about to register with a lock file.
const LEFT_BEHIND_AFTER: Duration = Duration::from_secs(3600);

fn is_left_behind(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let modified = file.metadata().and_then(|data| data.modified()).ok();
    let age = modified.and_then(|modified| modified.elapsed().ok());
    path.extension().is_some_and(|extension| extension == "lock")
        && age.is_some_and(|age| age >= LEFT_BEHIND_AFTER)
        && file.try_lock_shared().is_ok()
}

fn lock_new(path: &Path) -> std::io::Result<File> {
    files::make_folder(files::folder_of(path))?;
    let file = files::create_new(path)?;
    file.try_lock()?;
    Ok(file)
}

/// Takes the lock of an instance whose file was removed.
fn lock_again(path: &Path) -> std::io::Result<File> {
    match lock_new(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let file = File::open(path)?;
            file.try_lock()?;
            Ok(file)
        }
        locked => locked,
    }
}

fn cannot_lock(path: &Path, error: &std::io::Error) -> StoreError {
    let unavailable = || StoreError::Unavailable(format!("cannot lock {}: {error}", path.display()));
    files::refusal(path, Use::Write).map_or_else(unavailable, StoreError::Denied)
}

/// Registers an instance whose lock is held. It keeps the attempts that it has been `sending` since before it was
/// struck off, unless another instance has claimed them; claims of unregistered instances are freed.
pub fn enter(
    session: &mut Session,
    instance: InstanceId,
    sending: &[(ClaimId, AttemptId)],
    now: Timestamp,
) -> Result<()> {
    let number = rows::insert(
        &session.connection,
        "INSERT INTO instances (id, joined_at) VALUES (?1, ?2)",
        params![instance.0.as_bytes(), now],
    )?;
    for (claim, attempt) in sending {
        take_back(&session.connection, number, *claim, *attempt)?;
    }
    free_unowned(session)
}

fn take_back(connection: &Connection, number: i64, claim: ClaimId, attempt: AttemptId) -> Result<()> {
    let own = "UPDATE work SET instance = ?3 WHERE claim = ?1 AND attempt = ?2";
    if rows::execute(connection, own, params![claim.0, attempt, number])? > 0 {
        return Ok(());
    }
    let freed: Option<i64> = rows::value(
        connection,
        "UPDATE work SET claim = ?1, claimed_at = due_at, instance = ?3
         WHERE claim IS NULL AND attempt IS NOT NULL AND attempt = ?2 RETURNING webhook",
        params![claim.0, attempt, number],
    )?;
    freed.map_or(Ok(()), |webhook| webhook_queues::left(connection, webhook))
}

/// Frees claims for instances that are not registered: one that was struck off and did not know it yet made them.
fn free_unowned(session: &mut Session) -> Result<()> {
    let unowned: Vec<i64> = rows::all(
        &session.connection,
        "SELECT DISTINCT instance FROM work WHERE claim IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.number = work.instance)",
        [],
        |row| row.get(0),
    )?;
    unowned.into_iter().try_for_each(|number| free(session, number).map(drop))
}

/// Removes an instance: its claims wait again, due at once, with the same number and the same attempt; its tests are
/// given up. Returns the number of claims.
pub fn remove(session: &mut Session, instance: InstanceId) -> Result<u64> {
    let number = match entered::number(&session.connection, instance) {
        Err(StoreError::NotFound { .. }) => return Ok(0),
        number => number?,
    };
    let freed = free(session, number)?;
    rows::execute(&session.connection, "DELETE FROM instances WHERE number = ?1", [number])?;
    Ok(freed)
}

/// Frees all claims of the instance with this number.
fn free(session: &mut Session, number: i64) -> Result<u64> {
    let connection = &session.connection;
    let claimed: Vec<(i64, i64, Timestamp, AttemptKind)> = rows::all(
        connection,
        "SELECT delivery, webhook, min(due_at, claimed_at), kind FROM work WHERE claim IS NOT NULL AND instance = ?1",
        [number],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    for (delivery, webhook, due_at, kind) in &claimed {
        if *kind == AttemptKind::Test {
            // The caller of the test has gone, and a test is never repeated.
            webhook_queues::cancel(connection, *delivery, *due_at)?;
            continue;
        }
        rows::execute(
            connection,
            "UPDATE work SET claim = NULL, claimed_at = NULL, instance = NULL, due_at = ?2 WHERE delivery = ?1",
            params![delivery, due_at],
        )?;
        webhook_queues::arrived(connection, *webhook, *due_at)?;
    }
    session.work_arrived |= !claimed.is_empty();
    Ok(claimed.len() as u64)
}
