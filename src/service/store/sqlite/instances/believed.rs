//! The trusted times, stored for the next process.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::{
    domain::{
        time::Timestamp,
        trust::{Believed, Doubt},
    },
    service::store::{BelievedAges, Result, sqlite::connection::rows},
};

/// Reads the last trusted times; without any, the time of the newest event or attempt.
pub fn read(connection: &Connection) -> Result<Option<BelievedAges>> {
    match (one(connection, "now")?, one(connection, "missed")?) {
        (Some(now), Some(missed)) => Ok(Some(BelievedAges { now, missed })),
        _ => newest(connection),
    }
}

/// The time by which temporary things expire: the clock's, or the last trusted time while the clock is known to have
/// jumped ahead.
pub fn age_at(connection: &Connection, now: Timestamp) -> Result<Timestamp> {
    let believed = one(connection, "now")?;
    let doubted = believed.filter(|believed| believed.doubt.is_some());
    Ok(doubted.map_or(now, |believed| now.min(believed.time)))
}

fn one(connection: &Connection, which: &str) -> Result<Option<Believed>> {
    let value = |what: &str| {
        let name = format!("{what} {which}");
        rows::value::<i64>(connection, "SELECT value FROM sequences WHERE name = ?1", [name])
    };
    let time = value("believed")?.map(Timestamp::from_micros);
    let doubt = match (value("doubted")?, value("waited")?) {
        (Some(clock), Some(waited)) => Some(Doubt {
            clock: Timestamp::from_micros(clock),
            waited: Duration::from_micros(u64::try_from(waited).unwrap_or(0)),
        }),
        _ => None,
    };
    Ok(time.map(|time| Believed { time, doubt }))
}

fn newest(connection: &Connection) -> Result<Option<BelievedAges>> {
    let event = "SELECT accepted_at FROM events ORDER BY number DESC LIMIT 1";
    let attempt = "SELECT finished_at FROM attempts ORDER BY number DESC LIMIT 1";
    let newest = rows::value(connection, event, [])?.max(rows::value::<Timestamp>(connection, attempt, [])?);
    let believed = |time| Believed { time, doubt: None };
    Ok(newest.map(|time| BelievedAges { now: believed(time), missed: believed(time) }))
}

/// Stores the trusted times.
pub fn keep(connection: &Connection, BelievedAges { now, missed }: BelievedAges) -> Result<()> {
    for (which, Believed { time, doubt }) in [("now", now), ("missed", missed)] {
        let waited = doubt.map(|doubt| i64::try_from(doubt.waited.as_micros()).unwrap_or(i64::MAX));
        set(connection, &format!("believed {which}"), Some(time.as_micros()))?;
        set(connection, &format!("doubted {which}"), doubt.map(|doubt| doubt.clock.as_micros()))?;
        set(connection, &format!("waited {which}"), waited)?;
    }
    Ok(())
}

fn set(connection: &Connection, name: &str, value: Option<i64>) -> Result<()> {
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
