//! Deletes what expires by age alone: counts and their durations (after hours are summed up), audit entries,
//! idempotency keys, a timeline's blocks, ended recoveries, rows of deleted webhooks.

use rusqlite::{Connection, params};

use super::budget::Budget;
use crate::{
    domain::time::Timestamp,
    service::store::{
        Result,
        rules::retention::Expired,
        sqlite::{
            connection::rows,
            counts::rollups,
            sources::received,
            timeline::{self, Timeline},
            writer::idempotency,
        },
    },
};

/// Deletes some expired rows. Returns whether none are left.
pub fn forget(connection: &Connection, now: Timestamp, expired: &Expired, budget: &mut Budget) -> Result<bool> {
    rollups::forget(connection, now, budget)?;
    let summed = rollups::sum_up(connection, now, budget)? && rollups::fold(connection, now, budget)?;
    budget.remove(connection, KEYS, params![idempotency::oldest(now), budget.left() as i64])?;
    for (timeline, newest) in [(Timeline::Attempts, FIRST_ATTEMPT), (Timeline::Events, FIRST_EVENT)] {
        let first = rows::value(connection, newest, [])?.unwrap_or(0);
        timeline::forget(connection, timeline, first, budget)?;
    }
    budget.remove(connection, RECOVERIES, params![expired.attempts, budget.left() as i64])?;
    received::forget_refused(connection, now, budget)?;
    budget.remove(connection, AUDIT, params![expired.audit, budget.left() as i64])?;
    for webhook in
        rows::all(connection, WEBHOOKS, params![expired.webhooks, budget.left() as i64], |row| row.get::<_, i64>(0))?
    {
        budget.remove(connection, "DELETE FROM webhook_queues WHERE webhook = ?1", [webhook])?;
        budget.remove(connection, "DELETE FROM webhooks WHERE number = ?1", [webhook])?;
    }
    budget.remove(connection, SOURCES, [])?;
    Ok(summed && budget.left() > 0)
}

/// A key that was used again gets a new number, so the lowest numbers are the oldest.
const KEYS: &str = "DELETE FROM idempotency_keys WHERE number IN (
    SELECT number FROM (SELECT number, created_at FROM idempotency_keys ORDER BY number LIMIT ?2) WHERE created_at <= ?1)";
/// Audit entries are kept as long as error rates: 13 months.
const AUDIT: &str = "DELETE FROM audit WHERE number IN (
    SELECT number FROM (SELECT number, at FROM audit ORDER BY number LIMIT ?2) WHERE at < ?1)";
/// Reads the first number that may have a row: the next number if there are no rows, 0 if there never were any.
const FIRST_ATTEMPT: &str = "SELECT coalesce((SELECT min(number) FROM attempts),
    (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'attempts'), 0)";
const FIRST_EVENT: &str = "SELECT coalesce((SELECT min(number) FROM events),
    (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'events'), 0)";
/// There are few recoveries, because people start them. A running one has no end and is kept.
const RECOVERIES: &str = "DELETE FROM recoveries WHERE number IN (
    SELECT number FROM recoveries WHERE finished_at < ?1 ORDER BY number LIMIT ?2)";
/// There are few sources. A deleted one's name is needed as long as it has events.
const SOURCES: &str = "DELETE FROM sources WHERE deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM events e WHERE e.source = sources.number AND e.source <> 0)";
/// There are few webhooks. By this time their last counts and deliveries have been deleted.
const WEBHOOKS: &str = "SELECT w.number FROM webhooks w
    WHERE w.deleted_at < ?1 AND NOT EXISTS (SELECT 1 FROM work k WHERE k.webhook = w.number AND k.claim IS NULL)
        AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.webhook = w.number) LIMIT ?2";
