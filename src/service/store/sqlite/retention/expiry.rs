//! What goes by its age alone: counts and their durations (after hours are summed up), the audit log, idempotency keys,
//! the blocks of a timeline, recoveries that have ended, the rows of deleted webhooks.

use std::time::Duration;

use rusqlite::{Connection, params};

use super::budget::Budget;
use crate::{
    domain::{stats::bucket_start, time::Timestamp},
    service::store::{
        Result,
        rules::rollup::{Span, oldest_hour},
        sqlite::{
            connection::rows,
            counts::rollups,
            timeline::{self, Timeline},
            writer::idempotency,
        },
    },
};

/// For a webhook's deliveries to go before it, after the last of them was cancelled.
const MARGIN: Duration = Duration::from_secs(24 * 3600);

/// Forgets some of what is too old. Whether nothing is left of it.
pub fn forget(connection: &Connection, now: Timestamp, history: Duration, budget: &mut Budget) -> Result<bool> {
    rollups::forget(connection, now, budget)?;
    let summed = rollups::sum_up(connection, now, budget)? && rollups::fold(connection, now, budget)?;
    budget.remove(connection, KEYS, params![idempotency::oldest(now), budget.left() as i64])?;
    for (timeline, newest) in [(Timeline::Attempts, FIRST_ATTEMPT), (Timeline::Events, FIRST_EVENT)] {
        let first = rows::value(connection, newest, [])?.unwrap_or(0);
        timeline::forget(connection, timeline, first, budget)?;
    }
    budget.remove(connection, RECOVERIES, params![now.minus(history), budget.left() as i64])?;
    let hours_end = bucket_start(oldest_hour(now) * Span::Hour.code());
    budget.remove(connection, AUDIT, params![hours_end, budget.left() as i64])?;
    let long_ago = now.minus(history).min(hours_end).minus(MARGIN);
    for webhook in rows::all(connection, WEBHOOKS, params![long_ago, budget.left() as i64], |row| row.get::<_, i64>(0))?
    {
        budget.remove(connection, "DELETE FROM lanes WHERE webhook = ?1", [webhook])?;
        budget.remove(connection, "DELETE FROM webhooks WHERE number = ?1", [webhook])?;
    }
    Ok(summed && budget.left() > 0)
}

/// A key that was used again has a new number, so the oldest come first.
const KEYS: &str = "DELETE FROM idempotency_keys WHERE number IN (
    SELECT number FROM (SELECT number, created_at FROM idempotency_keys ORDER BY number LIMIT ?2) WHERE created_at <= ?1)";
/// Kept as long as error rates are: 13 months.
const AUDIT: &str = "DELETE FROM audit WHERE number IN (
    SELECT number FROM (SELECT number, at FROM audit ORDER BY number LIMIT ?2) WHERE at < ?1)";
/// The first number that may have a row: the next one to be given when there are none, 0 when none ever was.
const FIRST_ATTEMPT: &str = "SELECT coalesce((SELECT min(number) FROM attempts),
    (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'attempts'), 0)";
const FIRST_EVENT: &str = "SELECT coalesce((SELECT min(number) FROM events),
    (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'events'), 0)";
/// Recoveries are few: people ask for them. One that is running has no end.
const RECOVERIES: &str = "DELETE FROM recoveries WHERE number IN (
    SELECT number FROM recoveries WHERE finished_at < ?1 ORDER BY number LIMIT ?2)";
/// Webhooks are few. Those counted last are out of every window by then, and so are their deliveries.
const WEBHOOKS: &str = "SELECT w.number FROM webhooks w
    WHERE w.deleted_at < ?1 AND NOT EXISTS (SELECT 1 FROM work k WHERE k.webhook = w.number AND k.claim IS NULL)
        AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.webhook = w.number) LIMIT ?2";
