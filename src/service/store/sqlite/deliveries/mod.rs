//! Stores and reads deliveries, and claims, completes and replans their work. Rules that need no SQL belong in
//! `store::rules`.

pub mod capacity;
pub mod claim_one;
pub mod claims;
pub mod completions;
pub mod manual;
pub mod overdue;
pub mod recipients;
pub mod replan;
pub mod rounds;
pub mod start_test;
pub mod webhook_queues;

use rusqlite::{Connection, Row, params};

use super::{connection::rows, writer::session::Session};
use crate::{
    domain::{
        attempt::AttemptKind,
        delivery::{Delivery, DeliveryStatus, MOST_ATTEMPTS},
        event::EventType,
        ids::{AttemptId, DeliveryId},
        record::PlannedDelivery,
        time::Timestamp,
        version::Version,
    },
    service::store::{ClaimId, Result},
};

/// A delivery to store.
#[derive(Debug, Clone, Copy)]
pub struct NewDelivery {
    /// The event's number.
    pub event: i64,
    pub event_type: EventType,
    /// The webhook's number.
    pub webhook: i64,
    pub version: Option<Version>,
    /// The number of its body's row; none for the event's own body.
    pub body: Option<i64>,
    /// The kind of its first attempt.
    pub kind: AttemptKind,
    pub created_at: Timestamp,
}

/// A claim that is made together with its delivery.
#[derive(Debug, Clone, Copy)]
pub struct ClaimOnInsert {
    pub claim: ClaimId,
    pub attempt: AttemptId,
    /// The instance's number.
    pub instance: i64,
}

/// Stores a delivery and its work, due at once or already claimed. Returns its number and its id. The caller must
/// update the webhook's queue.
pub fn insert(session: &Session, new: NewDelivery, claimed: Option<ClaimOnInsert>) -> Result<(i64, DeliveryId)> {
    let NewDelivery { event, event_type, webhook, version, body, kind, created_at } = new;
    let id = DeliveryId::new(created_at, session.random_bytes());
    let event_type = session.types.number(&session.connection, event_type)?;
    let number = rows::insert(
        &session.connection,
        "INSERT INTO deliveries (id, event, webhook, version, body, kind, status, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![id, event, webhook, version, body, kind, DeliveryStatus::Pending, created_at],
    )?;
    rows::execute(
        &session.connection,
        "INSERT INTO work (delivery, webhook, event_type, kind, try, due_at, claim, attempt, instance, claimed_at)
         VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9)",
        params![
            number,
            webhook,
            event_type,
            kind,
            created_at,
            claimed.map(|by| by.claim.0),
            claimed.map(|by| by.attempt),
            claimed.map(|by| by.instance),
            claimed.map(|_| created_at),
        ],
    )?;
    Ok((number, id))
}

/// The most attempts of a delivery of this kind without manual ones; a test is not repeated.
pub fn max_attempts(kind: AttemptKind) -> u32 {
    if kind == AttemptKind::Test { 1 } else { MOST_ATTEMPTS }
}

/// Reads the deliveries that were made when the event was accepted.
pub fn planned(connection: &Connection, event: i64) -> Result<Vec<PlannedDelivery>> {
    rows::all(
        connection,
        "SELECT d.id, w.id, d.version FROM deliveries d JOIN webhooks w ON w.number = d.webhook
         WHERE d.event = ?1 AND d.kind = ?2 ORDER BY d.number",
        params![event, AttemptKind::Event],
        |row| Ok(PlannedDelivery { id: row.get(0)?, webhook_id: row.get(1)?, version: row.get(2)? }),
    )
}

/// The query that [`read`] reads; conditions follow.
macro_rules! select_deliveries {
    ($conditions:literal) => {
        concat!(
            "SELECT d.id, e.id, t.name, w.id, d.version, d.status, d.kind, d.attempts, d.created_at, d.finished_at,
                w.deleted_at, k.claim IS NOT NULL AND NOT is_abandoned(k.instance), k.due_at, ",
            crate::service::store::sqlite::deliveries::webhook_queues::queue_columns!(),
            " FROM deliveries d JOIN events e ON e.number = d.event JOIN event_types t ON t.number = e.type
             JOIN webhooks w ON w.number = d.webhook JOIN webhook_queues q ON q.webhook = d.webhook
             LEFT JOIN work k ON k.delivery = d.number ",
            $conditions
        )
    };
}

/// Reads one delivery.
pub fn get(connection: &Connection, id: DeliveryId) -> Result<Option<Delivery>> {
    rows::first(connection, select_deliveries!("WHERE d.id = ?1"), params![id], read)
}

/// Reads all deliveries of an event in the order of their creation.
pub fn of_event(connection: &Connection, event: i64) -> Result<Vec<Delivery>> {
    rows::all(connection, select_deliveries!("WHERE d.event = ?1 ORDER BY d.number"), [event], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let (mut status, mut finished_at) = (row.get(5)?, row.get(9)?);
    let deleted_at: Option<Timestamp> = row.get(10)?;
    // Pending deliveries of a deleted webhook are cancelled in steps, but count as cancelled at once.
    if let (DeliveryStatus::Pending, Some(at)) = (status, deleted_at) {
        (status, finished_at) = (DeliveryStatus::Cancelled, Some(at));
    }
    let (kind, in_flight): (_, bool) = (row.get(6)?, row.get(11)?);
    let due_at: Option<Timestamp> = row.get(12)?;
    let queue = webhook_queues::read(row, 13)?;
    Ok(Delivery {
        id: row.get(0)?,
        event_id: row.get(1)?,
        event_type: row.get(2)?,
        webhook_id: row.get(3)?,
        version: row.get(4)?,
        status,
        test: kind == AttemptKind::Test,
        attempts: row.get(7)?,
        max_attempts: max_attempts(kind).max(row.get(7)?),
        next_attempt_at: due_at.filter(|_| !in_flight).and_then(|due_at| queue.next_try(due_at)),
        in_flight,
        created_at: row.get(8)?,
        finished_at,
    })
}
