//! Claims one delivery for an attempt: marks its work as claimed and gathers what its request needs.

use rusqlite::{Row, params};

use super::{recipients::Recipients, webhook_queues};
use crate::{
    domain::{
        attempt::AttemptKind,
        event::EventType,
        ids::{AttemptId, DeliveryId, EventId},
        time::Timestamp,
        version::Version,
    },
    service::store::{
        Claim, ClaimId, Result, StoreError,
        sqlite::{connection::rows, events::bodies::stored_body, writer::session::Session},
    },
};

/// A waiting delivery with its frozen parts.
struct UnclaimedWork {
    delivery_id: DeliveryId,
    version: Option<Version>,
    webhook: i64,
    event_id: EventId,
    event_type: EventType,
    kind: AttemptKind,
    number: u32,
    attempt_id: Option<AttemptId>,
    body: Option<Vec<u8>>,
    due_at: Timestamp,
    event: i64,
    /// The number of the body's row; none for the event's own body.
    body_key: Option<i64>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<UnclaimedWork> {
    Ok(UnclaimedWork {
        delivery_id: row.get(0)?,
        version: row.get(1)?,
        webhook: row.get(2)?,
        event_id: row.get(3)?,
        event_type: row.get(4)?,
        kind: row.get(5)?,
        number: row.get(6)?,
        attempt_id: row.get(7)?,
        body: row.get(8)?,
        due_at: row.get(9)?,
        event: row.get(10)?,
        body_key: row.get(11)?,
    })
}

const WAITING_DELIVERY: &str = concat!(
    "SELECT d.id, d.version, k.webhook, e.id, t.name, k.kind, k.try, k.attempt, ",
    stored_body!(),
    ", k.due_at, e.number, d.body
     FROM work k JOIN deliveries d ON d.number = k.delivery JOIN events e ON e.number = d.event
     JOIN event_types t ON t.number = e.type WHERE k.delivery = ?1"
);

/// Claims one waiting delivery. The caller must update the webhook's queue. A delivery whose body is no longer kept can
/// never be sent: it is cancelled, and there is no claim.
pub fn take(
    session: &Session,
    delivery: i64,
    claim: ClaimId,
    instance: i64,
    now: Timestamp,
    recipients: &mut Recipients,
) -> Result<Option<Claim>> {
    let connection = &session.connection;
    let waiting = rows::first(connection, WAITING_DELIVERY, [delivery], read)?;
    let waiting = waiting.ok_or_else(|| StoreError::Internal(format!("the work of delivery {delivery} is missing")))?;
    let UnclaimedWork {
        delivery_id,
        version,
        webhook,
        event_id,
        event_type,
        kind,
        number,
        attempt_id,
        body,
        due_at,
        event,
        body_key,
    } = waiting;
    let Some(body) = body else {
        webhook_queues::cancel(connection, delivery, now)?;
        return Ok(None);
    };
    // An attempt that was cut short is made again with the same id.
    let attempt_id = attempt_id.unwrap_or_else(|| AttemptId::new(now, session.random_bytes()));
    rows::execute(
        connection,
        "UPDATE work SET claim = ?2, claimed_at = ?3, instance = ?4, attempt = ?5 WHERE delivery = ?1",
        params![delivery, claim.0, now, instance, attempt_id],
    )?;
    let (webhook_id, recipient) = recipients.get(session, webhook, now)?;
    Ok(Some(Claim {
        claim,
        delivery_id,
        attempt_id,
        webhook_id,
        in_trouble: false,
        due_at,
        event_id,
        event_type,
        kind,
        number,
        version,
        recipient,
        body: session.recent.of(event, body_key, body),
    }))
}
