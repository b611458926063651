//! What is believed of the clock, as the next process finds it.

use rusqlite::{Connection, params};

use super::rows;
use crate::{
    domain::{time::Timestamp, trust::Believed},
    service::store::{BelievedAges, Result},
};

/// What was believed last; else, of when the newest event or attempt is.
pub(super) fn read(connection: &Connection) -> Result<Option<BelievedAges>> {
    match (one(connection, "now")?, one(connection, "missed")?) {
        (Some(now), Some(missed)) => Ok(Some(BelievedAges { now, missed })),
        _ => newest(connection),
    }
}

/// The time by which ends what counts for a while: the clock's, or the one that was believed last while the clock is seen
/// to have jumped ahead of it.
pub(super) fn age_at(connection: &Connection, now: Timestamp) -> Result<Timestamp> {
    let believed = one(connection, "now")?;
    let doubted = believed.filter(|believed| believed.doubted_since.is_some());
    Ok(doubted.map_or(now, |believed| now.min(believed.time)))
}

fn one(connection: &Connection, which: &str) -> Result<Option<Believed>> {
    let value = |name: String| rows::value(connection, "SELECT value FROM sequences WHERE name = ?1", [name]);
    let time: Option<Timestamp> = value(format!("believed {which}"))?;
    let doubted_since = value(format!("doubted {which}"))?;
    Ok(time.map(|time| Believed { time, doubted_since }))
}

fn newest(connection: &Connection) -> Result<Option<BelievedAges>> {
    let event = "SELECT accepted_at FROM events ORDER BY number DESC LIMIT 1";
    let attempt = "SELECT finished_at FROM attempts ORDER BY number DESC LIMIT 1";
    let newest = rows::value(connection, event, [])?.max(rows::value::<Timestamp>(connection, attempt, [])?);
    let believed = |time| Believed { time, doubted_since: None };
    Ok(newest.map(|time| BelievedAges { now: believed(time), missed: believed(time) }))
}

/// Keeps it.
pub(super) fn keep(connection: &Connection, BelievedAges { now, missed }: BelievedAges) -> Result<()> {
    for (which, Believed { time, doubted_since }) in [("now", now), ("missed", missed)] {
        set(connection, &format!("believed {which}"), Some(time))?;
        set(connection, &format!("doubted {which}"), doubted_since)?;
    }
    Ok(())
}

fn set(connection: &Connection, name: &str, value: Option<Timestamp>) -> Result<()> {
    let done = match value {
        Some(value) => rows::execute(
            connection,
            "INSERT INTO sequences (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
            params![name, value],
        ),
        None => rows::execute(connection, "DELETE FROM sequences WHERE name = ?1", [name]),
    };
    done.map(drop)
}
