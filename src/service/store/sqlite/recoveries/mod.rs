//! Recoveries: jobs that survive a crash. This file stores, shows and counts them; `look` finds what to deliver, and
//! `step` makes it due. Their rules belong in `rules::recover`.

pub mod counting;
mod look;
mod made;
mod step;

use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::{
    access::audit::{self, Target},
    connection::rows,
    timeline::{self, Timeline},
    writer::session::Session,
};
use crate::{
    domain::{
        audit::AuditAction,
        ids::{RecoveryId, WebhookId},
        page::{Page, PageRequest},
        recovery::{Recovery, RecoveryEstimate, RecoveryStatus},
    },
    service::store::{
        AddRecovery, Change, RecoveryWindow, Result, StoreError,
        rules::{page::cut, recover::RecoveryStage},
    },
};

use look::{Job, RecoveryPosition, look};

pub use made::Made;
pub use step::{Stepped, advance, plan};

/// The most rows that an estimate reads: enough for nearly all users, and read in well under a second.
const MOST_ESTIMATED: i64 = 20_000;

/// Stores a recovery for the webhooks that are enabled now.
pub fn add(session: &mut Session, add: &AddRecovery, change: &Change) -> Result<Recovery> {
    let now = change.now;
    let connection = &session.connection;
    let AddRecovery { id, window, rate } = add;
    let Job { number: _, targets, what, since, until, place } = job(connection, window)?;
    let webhook: Option<i64> = match window.webhook {
        Some(id) => rows::value(connection, "SELECT number FROM webhooks WHERE id = ?1", params![id])?,
        None => None,
    };
    rows::execute(
        connection,
        "INSERT INTO recoveries (id, status, stage, webhook, targets, what, since, until, rate, next_due, failed_at,
            failed_number, next_event, events_end, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?10)",
        params![
            id,
            RecoveryStatus::Running,
            place.stage,
            webhook,
            targets,
            what,
            since,
            until,
            rate,
            now,
            place.failed_at,
            place.failed_number,
            place.next_event,
            place.events_end
        ],
    )?;
    session.work_arrived = true;
    let after = json!({
        "webhookId": window.webhook, "since": window.since, "until": window.until, "what": window.what, "rate": rate,
    });
    audit::note(connection, change, AuditAction::RecoveryAdd, Target::of(id), (None, Some(after)))?;
    existing(connection, *id)
}

/// Counts what a recovery would do, up to a bound of rows.
pub fn estimate(connection: &Connection, window: &RecoveryWindow) -> Result<RecoveryEstimate> {
    let mut job = job(connection, window)?;
    let waiting = waiting(connection, window.webhook)?;
    let (mut looked, mut counted) = (0, RecoveryEstimate { waiting, ..RecoveryEstimate::default() });
    while job.place.stage != RecoveryStage::Done && looked < MOST_ESTIMATED {
        let found = look(connection, &job)?;
        looked += found.looked;
        counted.failed += found.failed.len() as u64;
        counted.missed += found.missed.len() as u64;
        counted.skipped += rows::unsigned(found.skipped);
        job.place = found.next;
    }
    let RecoveryEstimate { failed, missed, .. } = counted;
    Ok(RecoveryEstimate { deliveries: failed + missed, complete: job.place.stage == RecoveryStage::Done, ..counted })
}

/// Counts the deliveries that wait for an attempt, even if they are held.
fn waiting(connection: &Connection, only: Option<WebhookId>) -> Result<u64> {
    let count: Option<i64> = match only {
        Some(id) => rows::value(
            connection,
            "SELECT count(*) FROM webhooks w JOIN work k ON k.webhook = w.number AND k.claim IS NULL WHERE w.id = ?1",
            params![id],
        )?,
        None => rows::value(
            connection,
            "SELECT coalesce(sum((SELECT count(*) FROM work k WHERE k.webhook = w.number AND k.claim IS NULL)), 0)
             FROM webhooks w WHERE w.deleted_at IS NULL",
            [],
        )?,
    };
    Ok(rows::unsigned(count.unwrap_or_default()))
}

/// Makes a recovery before its first step.
fn job(connection: &Connection, window: &RecoveryWindow) -> Result<Job> {
    let RecoveryWindow { webhook, since, until, what } = *window;
    let targets = rows::to_json(&targets(connection, webhook)?)?;
    let events = timeline::numbers(connection, Timeline::Events, Some(since), Some(until))?;
    let newest = rows::value::<Option<i64>>(connection, "SELECT max(number) FROM events", [])?.flatten().unwrap_or(0);
    let place = RecoveryPosition {
        stage: RecoveryStage::first(what),
        failed_at: since,
        failed_number: 0,
        next_event: events.start,
        events_end: events.end.min(newest + 1),
    };
    Ok(Job { number: 0, targets, what, since, until, place })
}

/// The numbers of the webhooks that a recovery covers.
fn targets(connection: &Connection, only: Option<WebhookId>) -> Result<Vec<i64>> {
    let Some(id) = only else {
        let sql = "SELECT number FROM webhooks WHERE enabled AND deleted_at IS NULL ORDER BY number";
        return rows::all(connection, sql, [], |row| row.get(0));
    };
    let sql = "SELECT number, enabled FROM webhooks WHERE id = ?1 AND deleted_at IS NULL";
    match rows::first(connection, sql, params![id], |row| Ok((row.get(0)?, row.get(1)?)))? {
        Some((number, true)) => Ok(vec![number]),
        Some((_, false)) => Err(StoreError::WebhookDisabled(id)),
        None => Err(StoreError::NotFound { what: "webhook", id: id.to_string() }),
    }
}

/// The query that [`read`] reads; conditions follow.
macro_rules! select_recoveries {
    ($conditions:literal) => {
        concat!(
            "SELECT r.number, r.id, r.status, w.id, r.what, r.since, r.until, r.rate, r.looked, r.made, r.succeeded,
                r.failed, r.cancelled, r.skipped, r.created_at, r.finished_at
             FROM recoveries r LEFT JOIN webhooks w ON w.number = r.webhook ",
            $conditions
        )
    };
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Recovery)> {
    let count = |column| row.get(column).map(rows::unsigned);
    let (made, succeeded, failed, cancelled) = (count(9)?, count(10)?, count(11)?, count(12)?);
    let recovery = Recovery {
        id: row.get(1)?,
        status: row.get(2)?,
        webhook_id: row.get(3)?,
        what: row.get(4)?,
        since: row.get(5)?,
        until: row.get(6)?,
        rate: row.get(7)?,
        looked: count(8)?,
        made,
        succeeded,
        failed,
        cancelled,
        pending: made.saturating_sub(succeeded + failed + cancelled),
        skipped: count(13)?,
        created_at: row.get(14)?,
        finished_at: row.get(15)?,
    };
    Ok((row.get(0)?, recovery))
}

/// Reads one recovery.
pub fn get(connection: &Connection, id: RecoveryId) -> Result<Option<Recovery>> {
    let found = rows::first(connection, select_recoveries!("WHERE r.id = ?1"), params![id], read)?;
    Ok(found.map(|(_, recovery)| recovery))
}

fn existing(connection: &Connection, id: RecoveryId) -> Result<Recovery> {
    get(connection, id)?.ok_or_else(|| StoreError::NotFound { what: "recovery", id: id.to_string() })
}

/// Reads a page of recoveries, newest first.
pub fn page(connection: &Connection, page: &PageRequest) -> Result<Page<Recovery>> {
    let below = page.cursor.as_ref().map_or(i64::MAX, |cursor| cursor.after);
    let sql = select_recoveries!("WHERE r.number < ?1 ORDER BY r.number DESC LIMIT ?2");
    let found = rows::all(connection, sql, params![below, page.limit.get() as i64 + 1], read)?;
    Ok(cut(found, page.limit.get(), |(number, _)| *number).map(|(_, recovery)| recovery))
}

/// Stops a running recovery.
pub fn cancel(session: &mut Session, id: RecoveryId, change: &Change) -> Result<Recovery> {
    let (connection, now) = (&session.connection, change.now);
    let stopped = rows::execute(
        connection,
        "UPDATE recoveries SET status = ?2, finished_at = ?3 WHERE id = ?1 AND status = ?4",
        params![id, RecoveryStatus::Cancelled, now, RecoveryStatus::Running],
    )?;
    if stopped > 0 {
        audit::note(connection, change, AuditAction::RecoveryCancel, Target::of(id), (None, None))?;
    }
    existing(connection, id)
}
