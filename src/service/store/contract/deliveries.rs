//! From an event to the history of its delivery.

use std::time::Duration;

use super::{
    Source,
    world::{Ending, World},
};
use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind, AttemptStatus},
        delivery::DeliveryStatus,
        event::EventType,
        payload::{Envelope, EventData, render},
        query::AttemptQuery,
        version::Version,
    },
    service::store::Next,
};

pub(super) async fn an_event_is_delivered_and_its_history_seen(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["attendance.*"]).await;
    world.webhook(&["user.deleted"]).await;
    let instance = world.join().await;

    let accepted = world.event(EventType::AttendanceInserted).await;
    let planned = &accepted.deliveries[0];
    assert_eq!((accepted.deliveries.len(), planned.webhook_id, planned.version), (1, webhook.id, Version::V1));
    let event = world.store.event(accepted.id).await.unwrap().unwrap();
    assert_eq!(event.data, Some(EventData::example(EventType::AttendanceInserted)));

    let claims = world.claim(instance, 10).await;
    let claim = &claims[0];
    assert_eq!((claims.len(), claim.number, claim.kind), (1, 1, AttemptKind::Event));
    let envelope = Envelope {
        id: accepted.id,
        event_type: EventType::AttendanceInserted,
        sequence: event.sequence,
        occurred_at: world.now(),
        dispatched_at: world.now(),
    };
    assert_eq!(claim.body, render(Version::V1, &envelope, &event.data.unwrap()));
    assert_eq!(world.store.secrets(webhook.id, world.now()).await.unwrap().as_ref(), Some(&claim.recipient.secrets));

    let pending = world.store.attempt(claim.attempt_id).await.unwrap().unwrap();
    assert_eq!((pending.status, pending.duration_ms), (AttemptStatus::Pending, None));
    assert_eq!(pending.request.unwrap().body.unwrap().as_bytes(), claim.body);
    assert_eq!(world.attempts(AttemptQuery::default(), 10).await[0].id, claim.attempt_id);

    let retry_at = world.now().plus(Duration::from_secs(5));
    assert!(world.end(claim, Ending::Refused, Next::Retry(retry_at)).await);
    let failed = world.store.attempt(claim.attempt_id).await.unwrap().unwrap();
    assert_eq!((failed.status, failed.error), (AttemptStatus::Failed, Some(AttemptError::ConnectionRefused)));
    assert_eq!((failed.next_retry_at, failed.duration_ms, failed.response), (Some(retry_at), Some(35), None));
    assert!(world.claim(instance, 10).await.is_empty(), "it is not due yet");

    world.advance(5);
    let again = &world.claim(instance, 10).await[0];
    assert_eq!((again.number, again.kind, again.delivery_id), (2, AttemptKind::Retry, claim.delivery_id));
    assert_eq!(again.body, claim.body);
    assert_ne!(again.attempt_id, claim.attempt_id);
    world.succeed(again).await;

    let succeeded = world.store.attempt(again.attempt_id).await.unwrap().unwrap();
    assert_eq!((succeeded.status, succeeded.http_status), (AttemptStatus::Succeeded, Some(204)));
    assert_eq!(succeeded.response.unwrap().body, "well received");
    let listed = world.attempts(AttemptQuery::default(), 1).await;
    assert_eq!(listed.iter().map(|a| a.id).collect::<Vec<_>>(), [again.attempt_id, claim.attempt_id]);
    assert_eq!(listed[1].next_retry_at, None, "only the newest attempt has a next");
    let delivery = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
    assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Succeeded, 2));
    assert_eq!(delivery.finished_at, Some(world.now()));
    assert!(world.claim(instance, 10).await.is_empty());
}
