//! Reads which instances are registered.

use rusqlite::Connection;
use uuid::Uuid;

use crate::service::store::{InstanceId, Result, StoreError, sqlite::connection::rows};

/// Whether an instance with this number is registered.
pub fn is_entered(connection: &Connection, number: i64) -> Result<bool> {
    let found: Option<i64> = rows::value(connection, "SELECT 1 FROM instances WHERE number = ?1", [number])?;
    Ok(found.is_some())
}

/// Reads all registered instances.
pub fn entered(connection: &Connection) -> Result<Vec<InstanceId>> {
    rows::all(connection, "SELECT id FROM instances ORDER BY number", [], |row| {
        Ok(InstanceId(Uuid::from_bytes(row.get(0)?)))
    })
}

/// Reads the number of an instance. Fails with `NotFound` if it has left.
pub fn number(connection: &Connection, instance: InstanceId) -> Result<i64> {
    let found = rows::value(connection, "SELECT number FROM instances WHERE id = ?1", [instance.0.as_bytes()])?;
    found.ok_or_else(|| StoreError::NotFound { what: "instance", id: instance.to_string() })
}
