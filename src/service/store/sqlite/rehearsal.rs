//! Tests, for diagnosis, whether a database allows delivery: makes the same calls without waiting and leaves nothing
//! behind.

use std::{fs, io::ErrorKind, path::Path, time::Duration};

use super::{
    connection::{cannot_make, denied, explained, is_busy, open_file, really},
    instances::Locks,
};
use crate::{
    domain::random::Random,
    files::{self, Use},
    service::store::{Location, Result, StoreError},
};

/// The result of the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rehearsed {
    /// The database does not exist, but can be created.
    Absent,
    /// The database takes writes, and an instance can lock its file.
    Writes,
    /// Like `Writes`, but another program is writing now and the test did not wait for it.
    InUse,
}

/// Runs the test on this file. Blocks for file operations.
pub fn rehearse(database: &Path, random: &dyn Random) -> Result<Rehearsed> {
    let database = &really(database)?;
    match fs::metadata(database) {
        Err(error) if error.kind() == ErrorKind::NotFound => rehearse_making(database),
        _ => match denied(database) {
            Some(refused) => Err(refused),
            None => rehearse_locking(database, random).and_then(|()| rehearse_writing(database)),
        },
    }
}

/// Creates a file under another name, as the database would be created, and removes it.
fn rehearse_making(database: &Path) -> Result<Rehearsed> {
    let folder = files::folder_of(database);
    let made = files::make_folder(folder).map_err(|error| cannot_make(database, &error))?;
    let probe = folder.join(format!(".tm-hooks-probe-{}", std::process::id()));
    let written = files::create_new(&probe);
    let _ = fs::remove_file(&probe);
    for folder in made.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
    written.map(|_| Rehearsed::Absent).map_err(|error| cannot_make(database, &error))
}

fn rehearse_locking(database: &Path, random: &dyn Random) -> Result<()> {
    let locks = Locks::beside(Some(database));
    let was_there = locks.folder().is_some_and(Path::exists);
    let files = locks.folder().into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    // If nobody can tell whether an instance has ended, its claims wait without end.
    if let Some(refused) = files.into_iter().find_map(|file| files::refusal(&file.path(), Use::Read)) {
        return Err(StoreError::Denied(refused));
    }
    let taken = locks.take(random).map(|instance| locks.give_up(instance));
    if let Some(folder) = locks.folder().filter(|_| !was_there) {
        // Removing fails if another program already uses the folder, which then stays.
        let _ = fs::remove_dir(folder);
    }
    taken
}

fn rehearse_writing(database: &Path) -> Result<Rehearsed> {
    let written = || -> Result<Rehearsed> {
        let connection = open_file(database)?;
        connection.busy_timeout(Duration::ZERO)?;
        match connection.execute_batch("BEGIN IMMEDIATE; CREATE TABLE rehearsal (c); ROLLBACK") {
            Ok(()) => Ok(Rehearsed::Writes),
            Err(error) if is_busy(&error) => Ok(Rehearsed::InUse),
            Err(error) => Err(error.into()),
        }
    };
    written().map_err(|error: StoreError| explained(error, &Location::File(database.to_owned())))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::domain::random::SystemRandom;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn it_is_tried_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("below/hooks.db");
        assert_eq!(rehearse(&database, &SystemRandom).unwrap(), Rehearsed::Absent);
        assert_eq!(names(folder.path()), Vec::<String>::new());
        fs::create_dir(folder.path().join("below")).unwrap();
        let connection = Connection::open(&database).unwrap();
        connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (c)").unwrap();
        let before = names(&folder.path().join("below"));
        assert_eq!(rehearse(&database, &SystemRandom).unwrap(), Rehearsed::Writes);
        assert_eq!(names(&folder.path().join("below")), before);
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert_eq!(rehearse(&database, &SystemRandom).unwrap(), Rehearsed::InUse);
        connection.execute_batch("ROLLBACK").unwrap();
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 1, "what was written stayed");
    }

    #[test]
    fn what_cannot_be_made_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let refused = rehearse(&folder.path().join("file/below/hooks.db"), &SystemRandom).unwrap_err();
        assert!(matches!(refused, StoreError::Denied(_)) && refused.to_string().contains("is no folder"), "{refused}");
        let database = folder.path().join("hooks.db");
        fs::write(&database, "").unwrap();
        fs::write(folder.path().join("hooks.db.instances"), "").unwrap();
        let refused = rehearse(&database, &SystemRandom).unwrap_err();
        assert!(matches!(refused, StoreError::Denied(_)), "{refused}");
    }
}
