//! Counts the results of a recovery's deliveries until all of them were tried.

use rusqlite::{Connection, params};

use crate::{
    domain::{recovery::RecoveryStatus, time::Timestamp},
    service::store::{Result, rules::recover::RecoveryStage, sqlite::connection::rows},
};

/// Counts the result of a delivery's first attempt in the recovery; later attempts belong to its schedule.
pub fn note_tried(connection: &Connection, recovery: i64, delivery: i64, failed: bool, now: Timestamp) -> Result<()> {
    rows::execute(connection, "UPDATE work SET recovery = NULL WHERE delivery = ?1", [delivery])?;
    let sql = if failed {
        "UPDATE recoveries SET failed = failed + 1 WHERE number = ?1"
    } else {
        "UPDATE recoveries SET succeeded = succeeded + 1 WHERE number = ?1"
    };
    rows::execute(connection, sql, [recovery])?;
    finish_if_done(connection, recovery, now)
}

/// Counts a delivery that is about to be cancelled, if its next attempt belongs to a recovery.
pub fn note_cancelled(connection: &Connection, delivery: i64, now: Timestamp) -> Result<()> {
    let sql = "SELECT recovery FROM work WHERE delivery = ?1";
    let Some(Some(recovery)) = rows::value::<Option<i64>>(connection, sql, [delivery])? else { return Ok(()) };
    rows::execute(connection, "UPDATE recoveries SET cancelled = cancelled + 1 WHERE number = ?1", [recovery])?;
    finish_if_done(connection, recovery, now)
}

/// Ends a recovery that has made all its deliveries once each of them was tried.
pub(super) fn finish_if_done(connection: &Connection, recovery: i64, now: Timestamp) -> Result<()> {
    rows::execute(
        connection,
        "UPDATE recoveries SET status = ?2, finished_at = ?3
         WHERE number = ?1 AND status = ?4 AND stage = ?5 AND made = succeeded + failed + cancelled",
        params![recovery, RecoveryStatus::Finished, now, RecoveryStatus::Running, RecoveryStage::Done],
    )
    .map(drop)
}
