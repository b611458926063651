//! Manual retries: each delivery is claimed at once, whatever the state of its webhook's queue.

use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::{claim_one::take, recipients::Recipients, webhook_queues};
use crate::{
    domain::{
        attempt::AttemptKind,
        audit::AuditAction,
        delivery::DeliveryStatus,
        ids::{AttemptId, DeliveryId, WebhookId},
        recovery::{Retried, RetriedDelivery},
        time::Timestamp,
    },
    service::store::{
        Change, Claim, ManualRetry, Result, RetryTarget, StartedRetry, StoreError,
        sqlite::{
            access::audit,
            connection::rows,
            events::{bodies::body_is_kept, find::find as find_event},
            instances::entered,
            writer::{idempotency, session::Session},
        },
    },
};

/// Claims the deliveries to retry, or repeats the answer to the same request.
pub fn start(session: &mut Session, retry: ManualRetry, change: &Change) -> Result<StartedRetry> {
    if let Some(retried) = idempotency::answer_before::<Retried>(session, change)? {
        return Ok(StartedRetry { retried, claims: Vec::new() });
    }
    let claims = claimed(session, retry.clone(), change.now)?;
    let retried = Retried { deliveries: claims.iter().map(answer).collect() };
    let after = json!({ "deliveries": retried.deliveries.len() });
    let target = audit::Target::of(match retry.target {
        RetryTarget::Attempt(id) => id.to_string(),
        RetryTarget::Delivery(id) => id.to_string(),
        RetryTarget::Event(key) => key.id.to_string(),
    });
    audit::note(&session.connection, change, AuditAction::DeliveryRetry, target, (None, Some(after)))?;
    idempotency::record(session, change, &retried)?;
    Ok(StartedRetry { retried, claims })
}

fn answer(claim: &Claim) -> RetriedDelivery {
    RetriedDelivery {
        delivery_id: claim.delivery_id,
        attempt_id: claim.attempt_id,
        webhook_id: claim.webhook_id,
        event_id: claim.event_id,
        number: claim.number,
    }
}

fn claimed(session: &mut Session, retry: ManualRetry, now: Timestamp) -> Result<Vec<Claim>> {
    let found = find(&session.connection, retry.target)?;
    let instance = entered::number(&session.connection, retry.instance)?;
    let mut recipients = Recipients::of(session)?;
    let mut claims = Vec::with_capacity(found.len());
    for candidate in found {
        candidate.check()?;
        candidate.prepare(&session.connection, now)?;
        let claim = session.next_claim()?;
        let taken = take(session, candidate.delivery, claim, instance, now, &mut recipients)?;
        claims.push(taken.ok_or(StoreError::BodyNotKept(candidate.id))?);
        if candidate.waits {
            webhook_queues::left(&session.connection, candidate.webhook)?;
        }
    }
    Ok(claims)
}

/// A delivery that the caller wants to retry.
struct Candidate {
    delivery: i64,
    id: DeliveryId,
    webhook: i64,
    webhook_id: WebhookId,
    webhook_deleted: bool,
    kind: AttemptKind,
    status: DeliveryStatus,
    attempts: u32,
    /// The number of the event type.
    event_type: i64,
    /// Whether it is still pending.
    waits: bool,
    in_flight: Option<AttemptId>,
    body_kept: bool,
}

/// The query that [`read`] reads; conditions follow.
macro_rules! select_candidates {
    ($conditions:literal) => {
        concat!(
            "SELECT d.number, d.id, d.webhook, w.id, w.deleted_at IS NOT NULL, d.kind, d.status, d.attempts, e.type,
                k.delivery IS NOT NULL, CASE WHEN k.claim IS NOT NULL THEN k.attempt END, ",
            body_is_kept!(),
            " FROM deliveries d JOIN events e ON e.number = d.event JOIN webhooks w ON w.number = d.webhook
             LEFT JOIN work k ON k.delivery = d.number ",
            $conditions
        )
    };
}

fn read(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        delivery: row.get(0)?,
        id: row.get(1)?,
        webhook: row.get(2)?,
        webhook_id: row.get(3)?,
        webhook_deleted: row.get(4)?,
        kind: row.get(5)?,
        status: row.get(6)?,
        attempts: row.get(7)?,
        event_type: row.get(8)?,
        waits: row.get(9)?,
        in_flight: row.get(10)?,
        body_kept: row.get(11)?,
    })
}

fn find(connection: &Connection, target: RetryTarget) -> Result<Vec<Candidate>> {
    match target {
        RetryTarget::Delivery(id) => {
            let found = rows::first(connection, select_candidates!("WHERE d.id = ?1"), params![id], read)?;
            let missing = || StoreError::NotFound { what: "delivery", id: id.to_string() };
            found.map(|candidate| vec![candidate]).ok_or_else(missing)
        }
        RetryTarget::Attempt(id) => {
            let missing = || StoreError::NotFound { what: "attempt", id: id.to_string() };
            let delivery = delivery_of(connection, id)?.ok_or_else(missing)?;
            let found = rows::first(connection, select_candidates!("WHERE d.number = ?1"), [delivery], read)?;
            found.map(|candidate| vec![candidate]).ok_or_else(missing)
        }
        RetryTarget::Event(key) => {
            let event = find_event(connection, &key)?;
            let event = event.ok_or_else(|| StoreError::NotFound { what: "event", id: key.id.to_string() })?;
            let all = select_candidates!("WHERE d.event = ?1 ORDER BY d.number");
            let found = rows::all(connection, all, [event], read)?;
            let possible = |it: &Candidate| !it.webhook_deleted && it.kind != AttemptKind::Test;
            Ok(found.into_iter().filter(possible).collect())
        }
    }
}

/// The number of an attempt's delivery; the attempt has ended, is in flight, or was cut short.
fn delivery_of(connection: &Connection, id: AttemptId) -> Result<Option<i64>> {
    for sql in [
        "SELECT delivery FROM attempts WHERE id = ?1",
        "SELECT delivery FROM work WHERE claim IS NOT NULL AND attempt = ?1",
        "SELECT delivery FROM work WHERE claim IS NULL AND attempt IS NOT NULL AND attempt = ?1",
    ] {
        if let Some(delivery) = rows::value(connection, sql, params![id])? {
            return Ok(Some(delivery));
        }
    }
    Ok(None)
}

impl Candidate {
    /// Checks that it can be retried now.
    fn check(&self) -> Result<()> {
        if self.webhook_deleted {
            return Err(StoreError::WebhookDeleted(self.webhook_id));
        }
        if self.kind == AttemptKind::Test {
            return Err(StoreError::TestNotRetried(self.id));
        }
        if let Some(attempt) = self.in_flight {
            return Err(StoreError::InFlight { delivery: self.id, attempt });
        }
        if self.body_kept { Ok(()) } else { Err(StoreError::BodyNotKept(self.id)) }
    }

    /// Makes its next attempt a manual one, due now. If that fails, a delivery that had ended ends again; one that had
    /// succeeded stays succeeded, because the receiver has it.
    fn prepare(&self, connection: &Connection, now: Timestamp) -> Result<()> {
        if self.waits {
            return rows::execute(
                connection,
                "UPDATE work SET kind = ?2, due_at = ?3 WHERE delivery = ?1",
                params![self.delivery, AttemptKind::Manual, now],
            )
            .map(drop);
        }
        let ends_as = match self.status {
            DeliveryStatus::Succeeded => DeliveryStatus::Succeeded,
            _ => DeliveryStatus::Exhausted,
        };
        reopen(connection, self.delivery)?;
        rows::execute(
            connection,
            "INSERT INTO work (delivery, webhook, event_type, kind, try, due_at, ends_as)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![self.delivery, self.webhook, self.event_type, AttemptKind::Manual, self.attempts + 1, now, ends_as],
        )
        .map(drop)
    }
}

/// Makes an ended delivery pending again. The caller must add its work.
pub fn reopen(connection: &Connection, delivery: i64) -> Result<()> {
    rows::execute(
        connection,
        "UPDATE deliveries SET status = ?2, finished_at = NULL WHERE number = ?1",
        params![delivery, DeliveryStatus::Pending],
    )
    .map(drop)
}
