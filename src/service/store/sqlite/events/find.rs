//! Finds an event by its id.

use rusqlite::{Connection, params};

use crate::service::store::{EventKey, Result, StoreError, sqlite::connection::rows};

/// Finds the number of an event. Fails with `AmbiguousId` if it may be one of several.
pub fn find(connection: &Connection, EventKey { id, source }: &EventKey) -> Result<Option<i64>> {
    let found = rows::all(
        connection,
        "SELECT e.number FROM events e LEFT JOIN sources s ON s.number = e.source
         WHERE e.id = ?1 AND (?2 IS NULL OR s.name = ?2) ORDER BY e.source LIMIT 2",
        params![id, source],
        |row| row.get(0),
    )?;
    match found[..] {
        [_, _] if source.is_none() => Err(StoreError::AmbiguousId(Box::new(*id))),
        // Of two sources with one name, one was deleted: the newer one counts.
        _ => Ok(found.last().copied()),
    }
}
