//! Reads an existing database for completion. It creates, migrates and writes nothing, and takes no lock that another
//! process would wait for.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};

use super::connection::rows;
use crate::{
    domain::{
        event::EventType,
        ids::{AttemptId, DeliveryId, EventId, SourceId, TokenId},
    },
    service::store::Result,
};

/// The most entries of a kind.
const MOST: u32 = 5_000;
/// The number of newest entries, for kinds that may have millions.
const NEWEST: u32 = 50;

/// An id and the name that people know it by.
pub type NamedId = (String, String);

/// An open database.
pub struct Glance {
    connection: Connection,
}

impl Glance {
    /// Opens the file. Fails if it does not exist, or cannot be read without writing beside it.
    pub fn open(path: &Path) -> Result<Self> {
        // The log lies beside the file itself, not beside a link to it.
        let path = super::connection::really(path)?;
        let path = std::path::absolute(&path).unwrap_or(path);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(format!("file:{}?{}", escaped(&path), how(&path)), flags)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Glance { connection })
    }

    /// Reads the webhooks' ids, names and URLs, sorted by name.
    pub fn webhooks(&self) -> Result<Vec<(String, String, String)>> {
        let sql = "SELECT id, name, url FROM webhooks WHERE deleted_at IS NULL ORDER BY name LIMIT ?1";
        rows::all(&self.connection, sql, [MOST], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Reads the sources, sorted by name.
    pub fn sources(&self) -> Result<Vec<NamedId>> {
        let sql = "SELECT id, name FROM sources WHERE deleted_at IS NULL ORDER BY name LIMIT ?1";
        self.named_ids(sql, MOST, |row| row.get::<_, SourceId>(0))
    }

    /// Reads the tokens, sorted by name.
    pub fn tokens(&self) -> Result<Vec<NamedId>> {
        self.named_ids("SELECT id, name FROM tokens ORDER BY name LIMIT ?1", MOST, |row| row.get::<_, TokenId>(0))
    }

    /// Reads the newest attempts with their webhooks' names.
    pub fn attempts(&self) -> Result<Vec<NamedId>> {
        let sql = "SELECT a.id, coalesce(w.name, '') FROM attempts a LEFT JOIN webhooks w ON w.number = a.webhook
                   ORDER BY a.number DESC LIMIT ?1";
        self.named_ids(sql, NEWEST, |row| row.get::<_, AttemptId>(0))
    }

    /// Reads the newest deliveries with their webhooks' names.
    pub fn deliveries(&self) -> Result<Vec<NamedId>> {
        let sql = "SELECT d.id, coalesce(w.name, '') FROM deliveries d LEFT JOIN webhooks w ON w.number = d.webhook
                   ORDER BY d.number DESC LIMIT ?1";
        self.named_ids(sql, NEWEST, |row| row.get::<_, DeliveryId>(0))
    }

    /// Reads the newest events with their types.
    pub fn events(&self) -> Result<Vec<NamedId>> {
        let sql = "SELECT e.id, t.name FROM events e JOIN event_types t ON t.number = e.type
                   ORDER BY e.number DESC LIMIT ?1";
        rows::all(&self.connection, sql, [NEWEST], |row| {
            Ok((row.get::<_, EventId>(0)?.to_string(), row.get::<_, EventType>(1)?.to_string()))
        })
    }

    fn named_ids<T: ToString>(
        &self,
        sql: &str,
        most: u32,
        id: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<NamedId>> {
        rows::all(&self.connection, sql, [most], |row| Ok((id(row)?.to_string(), row.get(1)?)))
    }
}

/// The options with which SQLite creates no files. If the log is empty, the file is opened as immutable: a change
/// meanwhile can make the answer wrong, which is detected or does not matter. Otherwise the shared memory is opened
/// read-only.
fn how(path: &Path) -> &'static str {
    let log = std::fs::metadata(format!("{}-wal", path.display()));
    match log.is_ok_and(|log| log.len() > 0) {
        true => "mode=ro&readonly_shm=1",
        false => "mode=ro&immutable=1",
    }
}

/// A path escaped for SQLite's `file:` URIs.
fn escaped(path: &Path) -> String {
    let mut escaped = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => escaped.push(char::from(*byte)),
            other => escaped.push_str(&format!("%{other:02x}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database with a webhook, left by a process that has ended.
    fn database(folder: &Path) -> std::path::PathBuf {
        let path = folder.join("a folder %41?#").join("hooks.db");
        let mut connection = crate::service::store::sqlite::connection::open_writer(
            &crate::service::store::Location::File(path.clone()),
            None,
        )
        .unwrap();
        let transaction = connection.transaction().unwrap();
        let add =
            "INSERT INTO webhooks (id, name, url, events, headers, enabled, secret, revision, created_at, updated_at)
                   VALUES ('wh_0000000001', 'Payroll', 'https://a.example', '[]', '{}', 1, x'00', 1, 0, 0)";
        transaction.execute(add, []).unwrap();
        transaction.commit().unwrap();
        path
    }

    fn names(path: &Path) -> Vec<String> {
        Glance::open(path).unwrap().webhooks().unwrap().into_iter().map(|(_, name, _)| name).collect()
    }

    fn beside(path: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
        let entries = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap());
        let mut files: Vec<_> =
            entries.map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap_or_default())).collect();
        files.sort();
        files
    }

    #[test]
    fn a_glance_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = database(folder.path());
        let before = beside(&path);
        assert_eq!(names(&path), ["Payroll"]);
        let glance = Glance::open(&path).unwrap();
        assert!(glance.tokens().unwrap().is_empty() && glance.attempts().unwrap().is_empty());
        assert!(glance.deliveries().unwrap().is_empty() && glance.events().unwrap().is_empty());
        assert!(glance.connection.execute("DELETE FROM webhooks", []).is_err());
        assert!(beside(&path) == before);
        assert!(Glance::open(&folder.path().join("absent.db")).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_another_process_has_in_its_log_is_seen_while_it_writes() {
        let folder = tempfile::tempdir().unwrap();
        let path = database(folder.path());
        let other = Connection::open(&path).unwrap();
        other.execute("UPDATE webhooks SET name = 'Renamed'", []).unwrap();
        other.execute_batch("BEGIN IMMEDIATE; DELETE FROM webhooks").unwrap();
        let before = beside(&path);
        assert_eq!(names(&path), ["Renamed"]);
        assert!(beside(&path) == before);
    }
}
