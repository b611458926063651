//! Deliveries that are claimed as they are made, if nothing waits in their webhook's queue and this process's engine
//! has capacity for them.

use super::subscribers::Subscriber;
use crate::{
    domain::ids::{AttemptId, DeliveryId, EventId},
    service::store::{
        Body, Claim, Result,
        sqlite::{
            deliveries::{self, ClaimOnInsert, NewDelivery, webhook_queues},
            writer::session::Session,
        },
    },
};

/// Stores a delivery whose first attempt is already claimed, and hands the claim over with the commit. None, with
/// nothing stored, if it must wait.
pub fn claimed(
    session: &mut Session,
    event_id: EventId,
    new: NewDelivery,
    subscriber: &Subscriber,
    body: &Body,
) -> Result<Option<DeliveryId>> {
    let queue = webhook_queues::get(&session.connection, new.webhook)?;
    if !queue.is_some_and(|queue| queue.is_clear(new.created_at)) {
        return Ok(None);
    }
    let Some(instance) = session.handover.reserve(subscriber.id) else { return Ok(None) };
    let stored = store(session, event_id, new, subscriber, body, instance);
    if stored.is_err() {
        session.handover.cancel(subscriber.id);
    }
    stored.map(Some)
}

fn store(
    session: &mut Session,
    event_id: EventId,
    new: NewDelivery,
    subscriber: &Subscriber,
    body: &Body,
    instance: i64,
) -> Result<DeliveryId> {
    let NewDelivery { event: _, event_type, webhook: _, version, body: _, kind, created_at } = new;
    let claim = session.next_claim()?;
    let attempt_id = AttemptId::new(created_at, session.random_bytes());
    let (_, delivery_id) =
        deliveries::insert(session, new, Some(ClaimOnInsert { claim, attempt: attempt_id, instance }))?;
    session.handover.add(Claim {
        claim,
        delivery_id,
        attempt_id,
        webhook_id: subscriber.id,
        in_trouble: false,
        due_at: created_at,
        event_id,
        event_type,
        kind,
        number: 1,
        version,
        recipient: subscriber.recipient.live_at(created_at),
        body: body.clone(),
    });
    Ok(delivery_id)
}
