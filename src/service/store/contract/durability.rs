//! Tests that the next process finds everything that was acknowledged.

use super::{
    Source,
    world::{World, idempotency_key},
};
use crate::{
    domain::{event::EventType, query::AttemptQuery, version::Version},
    service::store::{Change, StoreError},
};

pub(super) async fn everything_is_there_after_reopening(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    world.store.set_global_version(Some(Version::V2), Change::at(world.now(), None)).await.unwrap();
    let event = world.new_event(EventType::USER_INSERTED);
    let accepted =
        world.store.accept_event(event.clone(), Change::at(world.now(), idempotency_key("k", 1))).await.unwrap();
    let claim = world.claim(instance, 1).await.remove(0);
    world.fail(&claim, 5).await;
    let secrets = world.store.secrets(webhook.id, world.now()).await.unwrap();
    let shown = world.store.webhook(webhook.id, world.now()).await.unwrap();
    let history = world.attempts(AttemptQuery::default(), 10).await;

    let reopened = world.beside(source).await;
    drop(world);
    assert_eq!(reopened.store.webhook(webhook.id, reopened.now()).await.unwrap(), shown);
    assert_eq!(reopened.store.secrets(webhook.id, reopened.now()).await.unwrap(), secrets);
    assert_eq!(reopened.store.global_version().await.unwrap(), Some(Version::V2));
    assert_eq!(reopened.attempts(AttemptQuery::default(), 10).await, history);
    let again =
        reopened.store.accept_event(event.clone(), Change::at(reopened.now(), idempotency_key("k", 1))).await.unwrap();
    assert_eq!(again, accepted);
    let reused = reopened.store.accept_event(event, Change::at(reopened.now(), idempotency_key("k", 2))).await;
    assert!(matches!(reused, Err(StoreError::IdempotencyKeyReused)));
    let next = reopened.event(EventType::USER_INSERTED).await;
    let [first, second] = [accepted.id, next.id].map(|id| reopened.store.event(id.into()));
    assert!(first.await.unwrap().unwrap().sequence < second.await.unwrap().unwrap().sequence);
    reopened.advance(5);
    let instance = reopened.join().await;
    let claims = reopened.claim(instance, 10).await;
    assert_eq!(claims.iter().map(|claim| claim.number).collect::<Vec<_>>(), [1, 2]);
    assert!(claims.iter().all(|later| later.claim.0 > claim.claim.0), "no claim's number is used again");
}

pub(super) async fn what_another_process_changes_counts_at_once(source: &dyn Source) {
    let serve = World::new(source).await;
    let command = serve.beside(source).await;
    assert!(serve.event(EventType::USER_INSERTED).await.deliveries.is_empty());
    let webhook = command.webhook(&["user.inserted"]).await;
    let accepted = serve.event(EventType::USER_INSERTED).await;
    assert_eq!(accepted.deliveries.len(), 1);
    command.store.set_global_version(Some(Version::V2), Change::at(command.now(), None)).await.unwrap();
    assert_eq!(serve.event(EventType::USER_INSERTED).await.deliveries[0].version, Some(Version::V2));
    command.store.delete_webhook(webhook.id, None, Change::at(command.now(), None)).await.unwrap();
    assert!(serve.event(EventType::USER_INSERTED).await.deliveries.is_empty());
}

pub(super) async fn it_answers_a_ping(source: &dyn Source) {
    World::new(source).await.store.ping().await.unwrap();
}
