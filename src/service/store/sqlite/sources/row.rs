//! Reads the row of a source.

use rusqlite::{Connection, Row, params};

use super::received;
use crate::{
    domain::{ids::SourceId, source::Source, time::Timestamp},
    service::store::{
        Result, StoreError,
        rules::source::{SourceFacts, StoredSource},
        sqlite::{
            connection::{encryption::Seals, rows},
            webhooks::row::json_column,
        },
    },
};

/// The query that [`read`] reads, for sources that are not deleted; conditions follow with `AND`.
macro_rules! select_sources {
    ($conditions:literal) => {
        concat!(
            "SELECT number, id, name, enabled, scheme, found, secret, settings, revision, created_at, updated_at
             FROM sources WHERE deleted_at IS NULL ",
            $conditions
        )
    };
}
pub(super) use select_sources;

/// Reads a row of `select_sources`.
pub fn read(row: &Row<'_>, seals: &Seals) -> rusqlite::Result<StoredSource> {
    let id = row.get(1)?;
    let scheme: String = row.get(4)?;
    Ok(StoredSource {
        number: row.get(0)?,
        id,
        name: row.get(2)?,
        enabled: row.get(3)?,
        scheme: scheme.parse().map_err(|_| rusqlite::types::FromSqlError::InvalidType)?,
        found: json_column(row, 5)?,
        secret: seals.read_sender_secret(id, row, 6)?,
        settings: json_column(row, 7)?,
        revision: row.get(8)?,
        created_at: row.get(9)?,
        updated_at: row.get(10)?,
    })
}

/// Reads a source that is not deleted. Fails with `NotFound`.
pub fn find(connection: &Connection, seals: &Seals, id: SourceId) -> Result<StoredSource> {
    let found = rows::first(connection, select_sources!("AND id = ?1"), params![id], |row| read(row, seals))?;
    found.ok_or_else(|| StoreError::NotFound { what: "source", id: id.to_string() })
}

/// Whether the source with this number is not deleted.
pub fn is_live(connection: &Connection, number: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM sources WHERE number = ?1 AND deleted_at IS NULL";
    Ok(rows::value::<i64>(connection, sql, [number])?.is_some())
}

/// The source as the API shows it.
pub fn show(connection: &Connection, row: StoredSource, now: Timestamp) -> Result<Source> {
    let sql = "SELECT count(*) FROM kept_requests WHERE source = ?1";
    let kept: i64 = rows::value(connection, sql, [row.number])?.unwrap_or(0);
    let facts = SourceFacts {
        last_genuine_at: received::last_genuine_at(connection, row.number)?,
        refused24h: received::refused_in_24_h(connection, row.number, now)?,
        kept: rows::unsigned(kept),
        now,
    };
    Ok(row.shown(facts))
}
