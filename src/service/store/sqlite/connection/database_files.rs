//! Checks that the database's files are still those that were opened, and whole. Anything written to a file that was
//! removed, or after a part that was cut off, is lost when the process ends.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::{
    files,
    service::store::{Location, Result, StoreError},
};

/// The size of the log's header, in bytes.
const LOG_HEAD: u64 = 32;
/// The size of a frame's header, in bytes.
const FRAME_HEAD: u64 = 24;

/// The files of an open database.
#[derive(Debug, Default, Clone)]
pub struct DatabaseFiles {
    /// The paths of the database, its log and its shared memory, with their identities; none for a database in memory.
    files: Vec<(PathBuf, Option<(u64, u64)>)>,
    /// The sizes of the database and its log when they were last known to be whole.
    whole: (u64, u64),
}

impl DatabaseFiles {
    /// The files of a database that was just opened.
    pub fn of(location: &Location) -> Self {
        let Location::File(path) = location else { return DatabaseFiles::default() };
        let named = |suffix: &str| {
            let mut name = path.clone().into_os_string();
            name.push(suffix);
            (PathBuf::from(name), None)
        };
        // The shared memory counts too: two processes that do not share it overwrite each other.
        let mut files = DatabaseFiles { files: ["", "-wal", "-shm"].map(named).into(), whole: (0, 0) };
        files.note();
        files.note_whole();
        files
    }

    /// Records the identities of new files: the first transaction creates the log.
    fn note(&mut self) {
        for (path, known) in self.files.iter_mut().filter(|(_, known)| known.is_none()) {
            *known = files::identity(path).ok();
        }
    }

    /// Fails with `Gone` if a file was removed or replaced. For use within a transaction.
    pub fn check(&mut self) -> Result<()> {
        self.note();
        self.files.iter().try_for_each(|(path, known)| check(path, *known))
    }

    /// Records that the files are whole, because a transaction has been committed.
    pub fn note_whole(&mut self) {
        self.whole = self.sizes();
    }

    /// Whether a file is smaller than when it was last whole: somebody or SQLite itself has cut it.
    pub fn has_shrunk(&self) -> bool {
        let (database, log) = self.sizes();
        database < self.whole.0 || log < self.whole.1
    }

    /// Fails with `Gone` if a file is shorter than it must be. For use between two transactions.
    pub fn check_whole(&mut self, connection: &Connection) -> Result<()> {
        let (database, log) = self.sizes();
        let cut = |file: usize| self.files.get(file).map_or(Ok(()), |(path, _)| Err(StoreError::Gone(path.clone())));
        if database == 0 {
            return cut(0);
        }
        let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let (page, pages) = (pragma("page_size")?.unsigned_abs(), pragma("page_count")?.unsigned_abs());
        // This reads the number of the log's frames from the shared memory and moves nothing.
        let frames: i64 = connection.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| row.get(1))?;
        let frames = u64::try_from(frames).unwrap_or(0);
        // Pages in the log need not be in the file yet.
        if database % page != 0 || (frames == 0 && database < pages * page) {
            return cut(0);
        }
        if frames > 0 && log < LOG_HEAD + frames * (FRAME_HEAD + page) {
            return cut(1);
        }
        self.note_whole();
        Ok(())
    }

    fn sizes(&self) -> (u64, u64) {
        let size = |file: usize| {
            let (path, _) = self.files.get(file)?;
            Some(std::fs::metadata(path).ok()?.len())
        };
        (size(0).unwrap_or(0), size(1).unwrap_or(0))
    }

    /// Like [`DatabaseFiles::check`], for the database file only.
    pub fn check_database(&self) -> Result<()> {
        self.files.first().map_or(Ok(()), |(path, known)| check(path, *known))
    }
}

fn check(path: &Path, known: Option<(u64, u64)>) -> Result<()> {
    // A file that never existed is not missing; some disks do not let processes share a log.
    let Some(known) = known else { return Ok(()) };
    match files::identity(path) {
        Ok(now) if now == known => Ok(()),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Unavailable(error.to_string())),
        _ => Err(StoreError::Gone(path.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_is_removed_or_replaced_is_noticed_and_one_that_comes_back_too() {
        let folder = tempfile::tempdir().unwrap();
        let (path, log) = (folder.path().join("hooks.db"), folder.path().join("hooks.db-wal"));
        fs::write(&path, "database").unwrap();
        let mut files = DatabaseFiles::of(&Location::File(path.clone()));
        files.check().unwrap();
        fs::write(&log, "log").unwrap();
        files.check().unwrap();
        for file in [&path, &log] {
            let elsewhere = folder.path().join("elsewhere");
            fs::rename(file, &elsewhere).unwrap();
            assert!(matches!(files.check(), Err(StoreError::Gone(gone)) if gone == *file));
            fs::write(file, "another").unwrap();
            assert!(matches!(files.check(), Err(StoreError::Gone(gone)) if gone == *file));
            fs::rename(&elsewhere, file).unwrap();
            files.check().unwrap();
        }
        DatabaseFiles::of(&Location::Memory).check().unwrap();
    }
}
