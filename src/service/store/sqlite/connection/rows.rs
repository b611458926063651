//! Short ways to run statements; each is prepared once for a connection.

use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::{Serialize, de::DeserializeOwned};

use crate::service::store::{Result, StoreError};

/// Runs a statement; returns the number of changed rows.
pub fn execute(connection: &Connection, sql: &str, params: impl Params) -> Result<usize> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

/// Inserts a row; returns its number.
pub fn insert(connection: &Connection, sql: &str, params: impl Params) -> Result<i64> {
    connection.prepare_cached(sql)?.execute(params)?;
    Ok(connection.last_insert_rowid())
}

/// Reads the first row, if there is one.
pub fn first<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    Ok(connection.prepare_cached(sql)?.query_row(params, read).optional()?)
}

/// Reads the first column of the first row, if there is one.
pub fn value<T: rusqlite::types::FromSql>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Option<T>> {
    first(connection, sql, params, |row| row.get(0))
}

/// Reads all rows.
pub fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// Writes a value for a JSON column.
pub fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Internal(format!("writing a JSON column: {error}")))
}

/// Reads a value from a JSON column.
pub fn from_json<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| StoreError::Internal(format!("reading a JSON column: {error}")))
}

/// A count as a column has it; none is beyond what a column holds.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as the domain has it; columns contain no negative counts.
pub fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
