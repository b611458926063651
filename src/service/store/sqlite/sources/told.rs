//! What a source's events say besides: their sequences, and how they depart from the known format.

use rusqlite::{Connection, params};

use crate::{
    domain::{
        problem::FieldError,
        source::{Departure, Sequences},
        time::Timestamp,
    },
    service::store::{Result, sqlite::connection::rows},
};

/// The most departures that a source has; further ones are not noted.
const MOST: i64 = 200;

/// Finds the gaps in a source's highest sequences, tests included.
pub fn sequences(connection: &Connection, source: i64) -> Result<Option<Sequences>> {
    let events = "SELECT sequence FROM events WHERE source = ?1 AND source <> 0 AND sequence IS NOT NULL
         ORDER BY sequence DESC LIMIT ?2";
    let mut numbers: Vec<i64> =
        rows::all(connection, events, params![source, Sequences::MOST as i64], |row| row.get(0))?;
    let Some(lowest) = numbers.last().copied() else { return Ok(None) };
    let tests = "SELECT sequence FROM received WHERE source = ?1 AND class = 0 AND outcome = 'test' AND sequence >= ?2";
    numbers.extend(rows::all(connection, tests, [source, lowest], |row| row.get::<_, i64>(0))?);
    numbers.sort_unstable();
    numbers.dedup();
    Ok(Sequences::of(&numbers.into_iter().map(rows::unsigned).collect::<Vec<_>>()))
}

/// Counts how an event departs from the known format.
pub fn note_departures(
    connection: &Connection,
    source: i64,
    event_type: &str,
    departures: &[FieldError],
    now: Timestamp,
) -> Result<()> {
    for FieldError { field, message } in departures {
        rows::execute(
            connection,
            "INSERT INTO departures (source, type, field, what, events, last_at)
             SELECT ?1, ?2, ?3, ?4, 1, ?5 WHERE (SELECT count(*) FROM departures WHERE source = ?1) < ?6
                OR EXISTS (SELECT 1 FROM departures WHERE source = ?1 AND type = ?2 AND field = ?3)
             ON CONFLICT DO UPDATE SET events = events + 1, last_at = max(last_at, excluded.last_at)",
            params![source, event_type, field, message, now, MOST],
        )?;
    }
    Ok(())
}

/// Reads a source's departures, the most frequent first.
pub fn departures(connection: &Connection, source: i64) -> Result<Vec<Departure>> {
    let sql = "SELECT type, field, what, events, last_at FROM departures WHERE source = ?1
         ORDER BY events DESC, type, field";
    rows::all(connection, sql, [source], |row| {
        Ok(Departure {
            event_type: row.get(0)?,
            field: row.get(1)?,
            what: row.get(2)?,
            count: rows::unsigned(row.get(3)?),
            last_at: row.get(4)?,
        })
    })
}
