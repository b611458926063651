//! Reads and writes a webhook's health in the row of its queue.

use rusqlite::{Connection, Row, params};

use crate::{
    domain::{
        health::{FailedEvents, Failing, Health},
        time::Timestamp,
    },
    service::store::{Result, sqlite::connection::rows},
};

/// The columns that [`read`] reads, of the queue `l`.
macro_rules! health_columns {
    () => {
        "q.proven, q.failing_since, q.failures, q.failed_events, q.failed_event, q.other_failed_event, q.pauses,
            q.paused_until, q.warned, q.asked_until"
    };
}
pub(crate) use health_columns;

/// Reads `health_columns`, whose first column is `first` of the row.
pub fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Health> {
    let since: Option<Timestamp> = row.get(first + 1)?;
    let failing = since.map(|since| failing(row, first, since)).transpose()?;
    Ok(Health { proven: row.get(first)?, failing, asked_until: row.get(first + 9)? })
}

fn failing(row: &Row<'_>, first: usize, since: Timestamp) -> rusqlite::Result<Failing> {
    let events = match row.get(first + 3)? {
        1 => FailedEvents::One(row.get(first + 4)?),
        2 => FailedEvents::Two(row.get(first + 4)?, row.get(first + 5)?),
        _ => FailedEvents::Enough,
    };
    Ok(Failing {
        since,
        failures: row.get(first + 2)?,
        events,
        pauses: row.get(first + 6)?,
        paused_until: row.get(first + 7)?,
        warned: row.get(first + 8)?,
    })
}

/// Writes the health of a webhook.
pub fn write(connection: &Connection, webhook: i64, health: &Health) -> Result<()> {
    let Health { proven, failing, asked_until } = health;
    let failing = failing.as_ref();
    let events = failing.map(|failing| failing.events);
    let (one, other) = match events {
        Some(FailedEvents::One(one)) => (Some(one), None),
        Some(FailedEvents::Two(one, other)) => (Some(one), Some(other)),
        Some(FailedEvents::Enough) | None => (None, None),
    };
    rows::execute(
        connection,
        "UPDATE webhook_queues SET standing = ?2, proven = ?3, failing_since = ?4, failures = ?5, failed_events = ?6,
            failed_event = ?7, other_failed_event = ?8, pauses = ?9, paused_until = ?10, warned = ?11, asked_until = ?12,
            held_until = ?13
         WHERE webhook = ?1",
        params![
            webhook,
            health.standing(),
            proven,
            failing.map(|failing| failing.since),
            health.failures(),
            events.map_or(0, FailedEvents::count),
            one,
            other,
            failing.map_or(0, |failing| failing.pauses),
            failing.and_then(|failing| failing.paused_until),
            failing.and_then(|failing| failing.warned),
            asked_until,
            health.hold()
        ],
    )
    .map(drop)
}

/// Makes a fresh start: clears the webhook's failures and ends its holds.
pub fn reset(connection: &Connection, webhook: i64) -> Result<()> {
    write(connection, webhook, &Health::default())
}
