//! The lane of a webhook: how much work waits for it and from when on, kept with the work so that a claim finds the
//! webhooks that have something due without looking at anybody's backlog.

use rusqlite::{Connection, params};

use super::{codes::LaneState, overdue::SPREAD, recoveries, rows};
use crate::{
    domain::{delivery::DeliveryStatus, health::Standing, time::Timestamp},
    service::store::Result,
};

/// How much overdue work is spread at most. More than that is paced by how much a webhook may have in flight.
const MOST_SPREAD: i64 = 5_000;
/// How many deliveries are cancelled in one transaction.
const CANCELLED_AT_ONCE: i64 = 1_000;

const EARLIEST: &str = "SELECT min(due_at) FROM work WHERE webhook = ?1 AND claim IS NULL";

/// Makes the lane of a new webhook.
pub(super) fn open(connection: &Connection, webhook: i64, state: LaneState) -> Result<()> {
    rows::execute(connection, "INSERT INTO lanes (webhook, state) VALUES (?1, ?2)", params![webhook, state]).map(drop)
}

/// Whether a delivery to a webhook may be claimed as it is made: the webhook is enabled and its newest attempt
/// succeeded, its receiver has not asked to be left alone, and nothing waits that would be overtaken.
pub(super) fn is_clear(connection: &Connection, webhook: i64, now: Timestamp) -> Result<bool> {
    let clear = rows::value(
        connection,
        "SELECT state = ?2 AND waiting = 0 AND standing = ?3 AND coalesce(asked_until, ?4) <= ?4 FROM lanes WHERE webhook = ?1",
        params![webhook, LaneState::Open, Standing::Proven, now],
    )?;
    Ok(clear.unwrap_or(false))
}

/// Notes that `count` rows of work wait that did not before, the earliest due at `due_at`.
pub(super) fn add(connection: &Connection, webhook: i64, count: i64, due_at: Timestamp) -> Result<()> {
    rows::execute(connection, "UPDATE lanes SET waiting = waiting + ?2 WHERE webhook = ?1", params![webhook, count])?;
    // Apart, because it seldom changes and has an index.
    rows::execute(
        connection,
        "UPDATE lanes SET next_due = ?2 WHERE webhook = ?1 AND (next_due IS NULL OR next_due > ?2)",
        params![webhook, due_at],
    )
    .map(drop)
}

/// Notes that `count` rows wait no more, and looks up when the next is due.
pub(super) fn take(connection: &Connection, webhook: i64, count: i64) -> Result<()> {
    let next_due: Option<Option<Timestamp>> = rows::value(connection, EARLIEST, params![webhook])?;
    rows::execute(
        connection,
        "UPDATE lanes SET waiting = waiting - ?2, next_due = ?3 WHERE webhook = ?1",
        params![webhook, count, next_due.flatten()],
    )
    .map(drop)
}

/// Holds a webhook's work, lets it be claimed again, or marks it for cancelling.
pub(super) fn set_state(connection: &Connection, webhook: i64, state: LaneState) -> Result<()> {
    rows::execute(connection, "UPDATE lanes SET state = ?2 WHERE webhook = ?1", params![webhook, state]).map(drop)
}

/// Lets the work of a webhook that was disabled be claimed again: what is overdue is due over the next 30 s, in its
/// old order.
pub(super) fn reopen(connection: &Connection, webhook: i64, now: Timestamp) -> Result<()> {
    let overdue: Vec<i64> = rows::all(
        connection,
        "SELECT delivery FROM work WHERE webhook = ?1 AND claim IS NULL AND due_at <= ?2 ORDER BY due_at, delivery
         LIMIT ?3",
        params![webhook, now, MOST_SPREAD + 1],
        |row| row.get(0),
    )?;
    if overdue.len() as i64 <= MOST_SPREAD {
        let step = SPREAD / u32::try_from(overdue.len().max(1)).unwrap_or(u32::MAX);
        let mut due_at = now;
        for delivery in overdue {
            rows::execute(connection, "UPDATE work SET due_at = ?2 WHERE delivery = ?1", params![delivery, due_at])?;
            due_at = due_at.plus(step);
        }
    }
    set_state(connection, webhook, LaneState::Open)?;
    take(connection, webhook, 0)
}

/// Cancels some of the waiting work of a deleted webhook. Whether there may be more.
pub(super) fn cancel_some(connection: &Connection, webhook: i64, now: Timestamp) -> Result<bool> {
    let waiting: Vec<i64> = rows::all(
        connection,
        "SELECT delivery FROM work WHERE webhook = ?1 AND claim IS NULL ORDER BY due_at, delivery LIMIT ?2",
        params![webhook, CANCELLED_AT_ONCE],
        |row| row.get(0),
    )?;
    for delivery in &waiting {
        cancel(connection, *delivery, now)?;
    }
    let count = waiting.len() as i64;
    take(connection, webhook, count)?;
    Ok(count == CANCELLED_AT_ONCE)
}

/// Cancels one delivery; the lane is the caller's business.
pub(super) fn cancel(connection: &Connection, delivery: i64, now: Timestamp) -> Result<()> {
    recoveries::note_cancelled(connection, delivery, now)?;
    rows::execute(connection, "DELETE FROM work WHERE delivery = ?1", [delivery])?;
    rows::execute(
        connection,
        "UPDATE deliveries SET status = ?2, finished_at = ?3 WHERE number = ?1",
        params![delivery, DeliveryStatus::Cancelled, now],
    )
    .map(drop)
}

/// A deleted webhook of which something is left behind, as when the one who deleted it could not finish.
pub(super) fn leftovers(connection: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT webhook FROM lanes WHERE state = ?1 AND waiting > 0 LIMIT 1";
    rows::value(connection, sql, [LaneState::Deleted])
}

/// Cancels some of that.
pub(super) fn cancel_leftovers(connection: &Connection, now: Timestamp) -> Result<()> {
    leftovers(connection)?.map_or(Ok(()), |webhook| cancel_some(connection, webhook, now).map(drop))
}
