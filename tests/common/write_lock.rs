//! Another program that holds the database's write lock.

use std::path::Path;

use rusqlite::Connection;

use super::PATIENCE;

/// The write lock of a database, until it is dropped.
pub struct WriteLock(Connection);

impl WriteLock {
    /// Waits for the lock and takes it.
    pub fn of(database: &Path) -> Self {
        let connection = Connection::open(database).unwrap();
        connection.busy_timeout(PATIENCE).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        WriteLock(connection)
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        let _ = self.0.execute_batch("ROLLBACK");
    }
}
