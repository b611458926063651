//! Runs one step of a recovery: its deliveries and its progress are one transaction.

use std::time::Duration;

use rusqlite::{Connection, Row, params};

use super::{
    counting::finish_if_done,
    look::{FailedDelivery, Job, Missed, RecoveryBatch, RecoveryPosition, look},
};
use crate::{
    domain::{attempt::AttemptKind, delivery::DeliveryStatus, payload::Envelope, recovery::interval, time::Timestamp},
    service::store::{
        Result,
        rules::recover::RecoveryPace,
        sqlite::{
            connection::rows,
            deliveries::{self, NewDelivery, manual::reopen, webhook_queues},
            events::bodies,
            writer::session::Session,
        },
    },
};

const TO_ADVANCE: &str =
    "SELECT number, targets, what, since, until, stage, failed_at, failed_number, next_event, events_end, rate, next_due
     FROM recoveries WHERE status = 0 AND stage < 2 ORDER BY number LIMIT 1";

fn read(row: &Row<'_>) -> rusqlite::Result<(Job, RecoveryPace)> {
    let place = RecoveryPosition {
        stage: row.get(5)?,
        failed_at: row.get(6)?,
        failed_number: row.get(7)?,
        next_event: row.get(8)?,
        events_end: row.get(9)?,
    };
    let job = Job {
        number: row.get(0)?,
        targets: row.get(1)?,
        what: row.get(2)?,
        since: row.get(3)?,
        until: row.get(4)?,
        place,
    };
    let apart = row.get::<_, Option<f64>>(10)?.map_or(Duration::ZERO, interval);
    Ok((job, RecoveryPace { apart, next_due: row.get(11)? }))
}

/// Advances the oldest unfinished recovery by one step. Returns whether there was one.
pub fn advance(session: &mut Session, now: Timestamp) -> Result<bool> {
    let Some((job, mut pace)) = rows::first(&session.connection, TO_ADVANCE, [], read)? else { return Ok(false) };
    let found = look(&session.connection, &job)?;
    for delivery in &found.failed {
        make_due(&session.connection, &job, delivery, pace.next(now))?;
    }
    for missed in &found.missed {
        make(session, &job, missed, pace.next(now), now)?;
    }
    session.work_arrived |= !found.failed.is_empty() || !found.missed.is_empty();
    save(&session.connection, &job, &found, &pace)?;
    finish_if_done(&session.connection, job.number, now)?;
    Ok(true)
}

fn save(connection: &Connection, job: &Job, found: &RecoveryBatch, pace: &RecoveryPace) -> Result<()> {
    let RecoveryBatch { looked, skipped, failed, missed, next } = found;
    let RecoveryPosition { stage, failed_at, failed_number, next_event, events_end: _ } = next;
    rows::execute(
        connection,
        "UPDATE recoveries SET stage = ?2, failed_at = ?3, failed_number = ?4, next_event = ?5, next_due = ?6,
            looked = looked + ?7, skipped = skipped + ?8, made = made + ?9
         WHERE number = ?1",
        params![
            job.number,
            stage,
            failed_at,
            failed_number,
            next_event,
            pace.next_due,
            looked,
            skipped,
            (failed.len() + missed.len()) as i64
        ],
    )
    .map(drop)
}

/// Gives a failed delivery one more attempt.
fn make_due(connection: &Connection, job: &Job, delivery: &FailedDelivery, due_at: Timestamp) -> Result<()> {
    reopen(connection, delivery.number)?;
    mark(connection, delivery.number, job)?;
    rows::execute(
        connection,
        "INSERT INTO work (delivery, webhook, event_type, kind, try, due_at, recovery, ends_as)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            delivery.number,
            delivery.webhook,
            delivery.event_type,
            AttemptKind::Recover,
            delivery.attempts + 1,
            due_at,
            job.number,
            DeliveryStatus::Exhausted
        ],
    )?;
    webhook_queues::arrived(connection, delivery.webhook, due_at)
}

/// Makes a missing delivery with a schedule of its own.
fn make(session: &Session, job: &Job, missed: &Missed, due_at: Timestamp, now: Timestamp) -> Result<()> {
    let connection = &session.connection;
    let Missed { event, webhook, version } = missed;
    let envelope = Envelope {
        id: event.id,
        event_type: event.event_type,
        occurred_at: event.occurred_at,
        dispatched_at: event.dispatched_at,
    };
    let new = NewDelivery {
        event: event.number,
        event_type: event.event_type,
        webhook: *webhook,
        version: Some(*version),
        body: bodies::in_version(connection, event.number, *version, &envelope)?,
        kind: AttemptKind::Recover,
        created_at: now,
    };
    let (delivery, _) = deliveries::insert(session, new, None)?;
    mark(connection, delivery, job)?;
    rows::execute(
        connection,
        "UPDATE work SET due_at = ?2, recovery = ?3 WHERE delivery = ?1",
        params![delivery, due_at, job.number],
    )?;
    webhook_queues::arrived(connection, *webhook, due_at)
}

fn mark(connection: &Connection, delivery: i64, job: &Job) -> Result<()> {
    let sql = "UPDATE deliveries SET recovery = ?2 WHERE number = ?1";
    rows::execute(connection, sql, [delivery, job.number]).map(drop)
}
