//! Tests the test deliveries that people request.

use super::{receiver::Receiver, *};
use crate::domain::{
    attempt::{AttemptError, AttemptKind, AttemptStatus},
    delivery::DeliveryStatus,
    patch::Patch,
    query::StatsQuery,
    webhook::WebhookPatch,
};
use crate::service::store::Change;

#[tokio::test]
async fn a_disabled_webhook_is_tested_once_and_its_error_rate_does_not_know() {
    let (world, mut receiver) = (World::new(), Receiver::status(503).await);
    let webhook = world.add(&receiver.url).await;
    let off = WebhookPatch { enabled: Patch::Value(false), ..WebhookPatch::default() };
    world.store.update_webhook(webhook.id, off, None, Change::at(world.clock.now(), None)).await.unwrap();

    let event = world.new_event(EventType::TEST);
    let id = within(world.engine.test(webhook.id, event, None, Change::at(world.clock.now(), None))).await.unwrap();
    let attempt = world.store.attempt(id).await.unwrap().unwrap();
    assert_eq!((attempt.kind, attempt.status), (AttemptKind::Test, AttemptStatus::Failed));
    assert_eq!((attempt.error, attempt.http_status), (Some(AttemptError::UnexpectedStatus), Some(503)));
    assert_eq!((attempt.number, attempt.next_retry_at), (1, None));
    let delivery = world.delivery_of(&attempt).await;
    assert_eq!((delivery.test, delivery.status), (true, DeliveryStatus::Exhausted));
    receiver.next().await;

    let tested = world.webhook(webhook.id).await;
    assert_eq!((tested.attempts24h, tested.failed24h, tested.error_rate), (0, 0, None));
    let stats = world.store.stats(StatsQuery::default(), world.clock.now()).await.unwrap();
    assert_eq!((stats.attempts, stats.error_rate), (0, None));
    world.clock.advance(Duration::from_secs(86_400));
    world.deliver().await;
    assert_eq!(receiver.unseen(), 0, "a test was tried again");
}

#[tokio::test]
async fn a_test_that_arrives_succeeds() {
    let (world, mut receiver) = (World::new(), Receiver::status(204).await);
    let webhook = world.add(&receiver.url).await;
    let event = world.new_event(EventType::TEST);
    let id =
        within(world.engine.test(webhook.id, event.clone(), None, Change::at(world.clock.now(), None))).await.unwrap();
    assert_eq!(receiver.next().await.header("webhook-id"), event.id.to_string());
    assert_eq!(world.store.attempt(id).await.unwrap().unwrap().status, AttemptStatus::Succeeded);
}

#[tokio::test]
async fn a_test_is_made_to_its_end_when_the_caller_hangs_up() {
    let (world, mut receiver) = (World::new(), Receiver::status(204).await);
    let webhook = world.deliver_one_to(&receiver.url).await;
    receiver.next().await;
    let event = world.new_event(EventType::TEST);
    let id = event.id.to_string();
    let change = crate::service::store::Change::at(world.clock.now(), None);
    let asking = world.engine.test(webhook.id, event, None, change);
    assert!(futures_util::FutureExt::now_or_never(asking).is_none(), "the store is asked, and nobody waits");
    assert_eq!(receiver.next().await.header("webhook-id"), id);
    within(world.engine.shutdown()).await.unwrap();
    let tested = world.newest().await;
    assert_eq!((tested.kind, tested.status), (AttemptKind::Test, AttemptStatus::Succeeded));
}
