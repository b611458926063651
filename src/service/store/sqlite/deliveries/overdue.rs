//! Handles retries that became overdue while no process delivered. New events are sent first and at once; retries are
//! spread over some time, so that receivers do not get all of them at once.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::{
    domain::time::Timestamp,
    service::store::{
        Result,
        sqlite::{connection::rows, writer::steps::Step},
    },
};

/// The time over which retries are spread.
pub const SPREAD: Duration = Duration::from_secs(30);
/// Up to this number retries are sent at once, as a command that delivers what is due and returns needs.
const WORTH_IT: i64 = 100;
/// Whether so many retries are overdue that they must be spread. Reads all work, once for each process.
pub fn is_much(connection: &Connection, now: Timestamp) -> Result<bool> {
    let overdue: Option<i64> = rows::value(
        connection,
        "SELECT count(*) FROM (SELECT 1 FROM work WHERE claim IS NULL AND try > 1 AND due_at <= ?1 LIMIT ?2)",
        params![now, WORTH_IT + 1],
    )?;
    Ok(overdue.unwrap_or(0) > WORTH_IT)
}

/// Spreads some overdue retries. Returns the next step, if there is more work.
pub fn spread_some(connection: &Connection, step: Step, now: Timestamp) -> Result<Option<Step>> {
    let Some((after, last)) = step.span(connection)? else { return Ok(None) };
    // Multiples of a large odd number modulo the span are evenly spread over it. The queues' own times are now too
    // early, which is allowed: the first claim corrects them.
    rows::execute(
        connection,
        "UPDATE work SET due_at = ?3 + (delivery % 1000000) * 2654435761 % ?4
         WHERE delivery > ?1 AND delivery <= ?2 AND claim IS NULL AND try > 1 AND due_at <= ?3",
        params![after, last, now, i64::try_from(SPREAD.as_micros()).unwrap_or(i64::MAX)],
    )?;
    Ok(Some(Step::after(last)))
}
