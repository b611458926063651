//! Tests that claims of ended instances are freed, and those of living ones never.

use super::{
    Source,
    world::{World, idempotency_key},
};
use crate::{
    domain::{
        attempt::{AttemptKind, AttemptStatus},
        delivery::DeliveryStatus,
        event::EventType,
    },
    service::store::{Change, StartedTest, StoreError},
};

pub(super) async fn claims_of_the_dead_are_freed_and_those_of_the_living_never(source: &dyn Source) {
    let world = World::new(source).await;
    let victim = world.beside(source).await;
    world.webhook(&["*"]).await;
    world.event(EventType::USER_INSERTED).await;
    world.event(EventType::USER_INSERTED).await;
    let [living, dead] = [world.join().await, victim.join().await];
    let kept = world.claim(living, 1).await.remove(0);
    let lost = victim.claim(dead, 1).await.remove(0);
    assert_eq!(world.store.queue(world.now()).await.unwrap().instances, 2);
    world.advance(30 * 86_400);
    assert_eq!(world.store.free_abandoned(world.now()).await.unwrap(), 0, "both live, however long it takes");
    assert_eq!(victim.store.free_abandoned(world.now()).await.unwrap(), 0);

    drop(victim);
    assert_eq!(world.store.queue(world.now()).await.unwrap().instances, 1, "the dead does not count");
    assert_eq!(world.store.free_abandoned(world.now()).await.unwrap(), 1);
    assert_eq!(world.store.free_abandoned(world.now()).await.unwrap(), 0);
    let again = world.claim(living, 10).await;
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].delivery_id, again[0].number), (lost.delivery_id, 1));
    world.succeed(&kept).await;
    world.succeed(&again[0]).await;
}

pub(super) async fn leaving_gives_everything_back(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    world.event(EventType::USER_INSERTED).await;
    let instance = world.join().await;
    let claim = world.claim(instance, 1).await.remove(0);
    let pending = async || world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap().pending_deliveries;
    assert_eq!(pending().await, 0, "it does not wait, it is in flight");
    assert!(world.store.delivery(claim.delivery_id).await.unwrap().unwrap().in_flight);
    world.store.leave(instance).await.unwrap();
    world.store.leave(instance).await.unwrap();
    assert_eq!(pending().await, 1);
    let delivery = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
    assert_eq!((delivery.in_flight, delivery.attempts, delivery.status), (false, 0, DeliveryStatus::Pending));
    assert_eq!(world.store.queue(world.now()).await.unwrap().instances, 0);
}

pub(super) async fn one_that_was_struck_off_joins_anew_and_keeps_what_it_is_sending(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    for _ in 0..3 {
        world.event(EventType::USER_INSERTED).await;
    }
    let instance = world.join().await;
    let claims = world.claim(instance, 3).await;
    let [sending, others, waiting] = &claims[..] else { panic!("{claims:?}") };
    // Other processes do this when they take it for dead.
    world.store.leave(instance).await.unwrap();
    let other = world.join().await;
    let taken = world.claim(other, 1).await.remove(0);
    let taken_before = if taken.delivery_id == sending.delivery_id { others } else { sending };
    let kept = if taken.delivery_id == sending.delivery_id { sending } else { others };
    assert_eq!(taken.attempt_id, kept.attempt_id, "the oldest comes first");

    let held = claims[..2].iter().map(|claim| (claim.claim, claim.attempt_id)).collect();
    let again = world.store.rejoin(instance, held, world.now()).await.unwrap();
    let pending = async || world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap().pending_deliveries;
    assert_eq!(pending().await, 1, "only what it was not sending waits");
    let next = super::world::Ending::Answered(204);
    let end = crate::service::store::Next::End(DeliveryStatus::Succeeded);
    assert!(!world.end(kept, next, end).await, "somebody else has it now");
    world.succeed(taken_before).await;
    world.succeed(&taken).await;
    let claimed = world.claim(again, 5).await;
    assert_eq!(claimed.iter().map(|claim| claim.attempt_id).collect::<Vec<_>>(), [waiting.attempt_id]);
    world.succeed(&claimed[0]).await;
    assert_eq!(world.store.queue(world.now()).await.unwrap().pending, 0);
}

pub(super) async fn a_test_is_sent_to_a_disabled_webhook_and_once(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["user.deleted"]).await;
    let off = crate::domain::webhook::WebhookPatch {
        enabled: crate::domain::patch::Patch::Value(false),
        ..Default::default()
    };
    world.store.update_webhook(webhook.id, off, None, Change::at(world.now(), None)).await.unwrap();
    let instance = world.join().await;
    let test = world.test_of(webhook.id, instance);
    let started = world.store.start_test(test.clone(), Change::at(world.now(), idempotency_key("t", 1))).await.unwrap();
    let StartedTest::New(claim) = started else { panic!("{started:?}") };
    assert_eq!((claim.kind, claim.number), (AttemptKind::Test, 1));
    assert_eq!(claim.event_type, EventType::TEST);
    let shown = world.store.attempt(claim.attempt_id).await.unwrap().unwrap();
    assert_eq!((shown.kind, shown.status, shown.max_attempts), (AttemptKind::Test, AttemptStatus::Pending, 1));
    world.succeed(&claim).await;
    let delivery = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
    assert_eq!((delivery.test, delivery.status, delivery.attempts), (true, DeliveryStatus::Succeeded, 1));

    let reused = world.store.start_test(test, Change::at(world.now(), None)).await;
    assert!(matches!(reused, Err(StoreError::EventIdReused(_))), "{reused:?}");
    let mut nobody = world.test_of("wh_0000000000".parse().unwrap(), instance);
    nobody.version = Some(crate::domain::version::Version::V2);
    let unknown = world.store.start_test(nobody, Change::at(world.now(), None)).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { what: "webhook", .. })), "{unknown:?}");
    let mut other_version = world.test_of(webhook.id, instance);
    other_version.version = Some(crate::domain::version::Version::V2);
    let StartedTest::New(claim) = world.store.start_test(other_version, Change::at(world.now(), None)).await.unwrap()
    else {
        panic!("it is new")
    };
    assert_eq!(claim.version, Some(crate::domain::version::Version::V2));
}

pub(super) async fn a_test_that_was_cut_short_is_given_up(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    let started =
        world.store.start_test(world.test_of(webhook.id, instance), Change::at(world.now(), None)).await.unwrap();
    let StartedTest::New(claim) = started else { panic!("{started:?}") };
    world.store.leave(instance).await.unwrap();
    assert_eq!(world.store.attempt(claim.attempt_id).await.unwrap(), None);
    let delivery = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
    assert_eq!(delivery.status, DeliveryStatus::Cancelled);
    let successor = world.join().await;
    assert!(world.claim(successor, 1).await.is_empty(), "a test was made twice");
}
