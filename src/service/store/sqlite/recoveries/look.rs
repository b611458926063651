//! Finds a recovery's deliveries in a few rows of the history, and where to continue. Only reads.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use crate::{
    domain::{
        attempt::AttemptKind, event::EventType, ids::EventId, payload::Envelope, recovery::RecoveryWhat,
        time::Timestamp, version::Version,
    },
    service::store::{
        Result,
        rules::{
            page::within,
            recover::{self, RecoveryStage, Target},
            webhook::Wants,
        },
        sqlite::{
            connection::rows,
            events::bodies::{self, body_is_kept},
            webhooks::{
                global_version::global_version,
                row::{json_column, sources},
            },
        },
    },
};

/// The number of rows that one look reads, and about the most deliveries that it finds. It keeps steps short, so that
/// other writes do not wait.
const MOST_LOOKED_AT: i64 = 200;

/// A recovery under way.
pub(super) struct Job {
    /// The recovery's number; 0 if it is not stored.
    pub number: i64,
    /// The numbers of its webhooks, in JSON.
    pub targets: String,
    pub what: RecoveryWhat,
    pub since: Timestamp,
    pub until: Timestamp,
    pub place: RecoveryPosition,
}

/// A recovery's progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RecoveryPosition {
    pub stage: RecoveryStage,
    /// The recovery continues after the failed delivery with this end and the number below.
    pub failed_at: Timestamp,
    pub failed_number: i64,
    /// The recovery continues with this event and ends before `events_end`.
    pub next_event: i64,
    pub events_end: i64,
}

/// The result of one look.
pub(super) struct RecoveryBatch {
    pub looked: i64,
    /// The number of deliveries that can no longer be made.
    pub skipped: i64,
    pub failed: Vec<FailedDelivery>,
    pub missed: Vec<Missed>,
    pub next: RecoveryPosition,
}

/// A delivery that has failed for good.
pub(super) struct FailedDelivery {
    pub number: i64,
    pub webhook: i64,
    /// The number of the event type.
    pub event_type: i64,
    pub attempts: u32,
    finished_at: Timestamp,
    body_kept: bool,
    recovery: Option<i64>,
}

/// An event without a delivery for a webhook.
pub(super) struct Missed {
    pub event: PastEvent,
    pub webhook: i64,
    /// The version in force now.
    pub version: Version,
}

/// An accepted event.
#[derive(Debug, Clone)]
pub(super) struct PastEvent {
    pub number: i64,
    /// The name of its source.
    source: Option<String>,
    pub id: EventId,
    pub event_type: EventType,
    pub occurred_at: Timestamp,
    pub dispatched_at: Timestamp,
    accepted_at: Timestamp,
    body_kept: bool,
}

impl PastEvent {
    /// What its bodies have beside the data.
    pub fn envelope(&self) -> Envelope {
        let PastEvent { id, event_type, occurred_at, dispatched_at, .. } = *self;
        Envelope { id, event_type, occurred_at, dispatched_at }
    }
}

/// Reads the next rows.
pub(super) fn look(connection: &Connection, job: &Job) -> Result<RecoveryBatch> {
    let targets = read_targets(connection, &job.targets)?;
    match job.place.stage {
        RecoveryStage::Failed => look_for_failed(connection, job, &targets),
        RecoveryStage::Missed => look_for_missed(connection, job, &targets),
        RecoveryStage::Done => Ok(nothing(job.place)),
    }
}

fn nothing(next: RecoveryPosition) -> RecoveryBatch {
    RecoveryBatch { looked: 0, skipped: 0, failed: Vec::new(), missed: Vec::new(), next }
}

fn read_targets(connection: &Connection, numbers: &str) -> Result<HashMap<i64, Target>> {
    let global = global_version(connection)?;
    let found = rows::all(
        connection,
        "SELECT number, pinned_version, events, created_at, settings FROM webhooks
         WHERE number IN (SELECT value FROM json_each(?1)) AND deleted_at IS NULL",
        [numbers],
        |row| {
            let wants = Wants { events: json_column(row, 2)?, sources: sources(row, 4)? };
            Ok((row.get(0)?, row.get(1)?, wants, row.get(3)?))
        },
    )?;
    let target = |(number, pinned, wants, created_at)| {
        (number, Target { version: Version::resolve(pinned, global).0, wants, created_at })
    };
    Ok(found.into_iter().map(target).collect())
}

const FAILED_AFTER: &str = concat!(
    "SELECT d.number, d.webhook, e.type, d.attempts, d.finished_at, d.recovery, ",
    body_is_kept!(),
    " FROM deliveries d CROSS JOIN events e ON e.number = d.event
     WHERE d.status = 2 AND d.kind <> 5 AND (d.finished_at, d.number) > (?1, ?2) AND d.finished_at < ?3
     ORDER BY d.finished_at, d.number LIMIT ?4"
);

fn read_failed(row: &Row<'_>) -> rusqlite::Result<FailedDelivery> {
    Ok(FailedDelivery {
        number: row.get(0)?,
        webhook: row.get(1)?,
        event_type: row.get(2)?,
        attempts: row.get(3)?,
        finished_at: row.get(4)?,
        recovery: row.get(5)?,
        body_kept: row.get(6)?,
    })
}

fn look_for_failed(connection: &Connection, job: &Job, targets: &HashMap<i64, Target>) -> Result<RecoveryBatch> {
    let RecoveryPosition { failed_at, failed_number, .. } = job.place;
    let bounds = params![failed_at, failed_number, job.until, MOST_LOOKED_AT];
    let rows = rows::all(connection, FAILED_AFTER, bounds, read_failed)?;
    let mut found = nothing(job.place);
    found.looked = rows.len() as i64;
    match rows.last() {
        Some(last) if found.looked == MOST_LOOKED_AT => {
            (found.next.failed_at, found.next.failed_number) = (last.finished_at, last.number);
        }
        _ => found.next.stage = RecoveryStage::after_failed(job.what),
    }
    let wanted = rows
        .into_iter()
        .filter(|delivery| recover::wants_failed(targets, delivery.webhook, delivery.recovery, job.number));
    let (kept, gone): (Vec<_>, Vec<_>) = wanted.partition(|delivery| delivery.body_kept);
    found.skipped = gone.len() as i64;
    found.failed = kept;
    Ok(found)
}

const EVENTS_FROM: &str = "SELECT e.number, e.id, t.name, coalesce(e.occurred_at, e.accepted_at), e.accepted_at,
        e.body IS NOT NULL, coalesce(e.dispatched_at, e.accepted_at),
        (SELECT s.name FROM sources s WHERE s.number = e.source)
     FROM events e CROSS JOIN event_types t ON t.number = e.type WHERE e.number >= ?1 AND e.number < ?2 ORDER BY e.number LIMIT ?3";

fn read_event(row: &Row<'_>) -> rusqlite::Result<PastEvent> {
    Ok(PastEvent {
        number: row.get(0)?,
        id: row.get(1)?,
        event_type: row.get(2)?,
        occurred_at: row.get(3)?,
        accepted_at: row.get(4)?,
        body_kept: row.get(5)?,
        dispatched_at: row.get(6)?,
        source: row.get(7)?,
    })
}

fn look_for_missed(connection: &Connection, job: &Job, targets: &HashMap<i64, Target>) -> Result<RecoveryBatch> {
    let RecoveryPosition { next_event, events_end, .. } = job.place;
    let events = rows::all(connection, EVENTS_FROM, params![next_event, events_end, MOST_LOOKED_AT], read_event)?;
    let mut found = nothing(job.place);
    let all_read = (events.len() as i64) < MOST_LOOKED_AT;
    let mut left = events.len();
    for event in events {
        if found.missed.len() as i64 >= MOST_LOOKED_AT {
            break;
        }
        left -= 1;
        found.looked += 1;
        found.next.next_event = event.number + 1;
        if within(event.accepted_at, Some(job.since), Some(job.until)) {
            who_missed(connection, event, targets, &mut found)?;
        }
    }
    if all_read && left == 0 {
        found.next.stage = RecoveryStage::Done;
    }
    Ok(found)
}

/// Adds the webhooks that missed an event.
fn who_missed(
    connection: &Connection,
    event: PastEvent,
    targets: &HashMap<i64, Target>,
    found: &mut RecoveryBatch,
) -> Result<()> {
    let made: Vec<(i64, AttemptKind)> =
        rows::all(connection, "SELECT webhook, kind FROM deliveries WHERE event = ?1", [event.number], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let PastEvent { event_type, accepted_at, .. } = event;
    for (webhook, version) in recover::who_missed(targets, event_type, event.source.as_deref(), accepted_at, &made) {
        if event.body_kept || bodies::key(connection, event.number, version)?.is_some() {
            found.missed.push(Missed { event: event.clone(), webhook, version });
        } else {
            found.skipped += 1;
        }
    }
    Ok(())
}
