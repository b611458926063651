//! Tests idempotency keys.

use std::sync::Arc;

use super::world::first_page;
use super::{
    Source,
    world::{World, idempotency_key, new_webhook},
};
use crate::{
    domain::{
        event::EventType,
        ids::TokenId,
        patch::Patch,
        query::{EventQuery, WebhookQuery},
        random::{Random, SystemRandom},
        webhook::WebhookPatch,
    },
    service::store::{Actor, Change, Retention, StartedTest, StoreError},
};

pub(super) async fn a_repeated_request_is_done_once(source: &dyn Source) {
    let world = World::new(source).await;
    let added = world.add_with_key(new_webhook("Payroll"), idempotency_key("add", 1)).await.unwrap();
    let again = world.add_with_key(new_webhook("Payroll"), idempotency_key("add", 1)).await.unwrap();
    assert_eq!(again, added);

    let off = WebhookPatch { enabled: Patch::Value(false), ..WebhookPatch::default() };
    let update = async |key| {
        world
            .store
            .update_webhook(added.id, off.clone(), Some(1), Change::at(world.now(), idempotency_key(key, 2)))
            .await
    };
    let changed = update("change").await.unwrap();
    assert_eq!(update("change").await.unwrap(), changed, "though the revision has changed since");
    assert!(matches!(update("another").await, Err(StoreError::RevisionMismatch { .. })));

    let event = |world: &World| world.new_event(EventType::USER_INSERTED);
    let first =
        world.store.accept_event(event(&world), Change::at(world.now(), idempotency_key("event", 3))).await.unwrap();
    let second =
        world.store.accept_event(event(&world), Change::at(world.now(), idempotency_key("event", 3))).await.unwrap();
    assert_eq!(second, first, "though the service would give it another id");

    let delete = async || {
        world.store.delete_webhook(added.id, None, Change::at(world.now(), idempotency_key("delete", 4))).await
    };
    delete().await.unwrap();
    delete().await.unwrap();
}

pub(super) async fn a_repeated_test_is_the_same_attempt(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    let start = async || {
        world
            .store
            .start_test(world.test_of(webhook.id, instance), Change::at(world.now(), idempotency_key("t", 1)))
            .await
    };
    let StartedTest::New(claim) = start().await.unwrap() else { panic!("it is new") };
    let StartedTest::Before(attempt) = start().await.unwrap() else { panic!("it was begun before") };
    assert_eq!(attempt, claim.attempt_id);
    assert!(world.store.attempt(attempt).await.unwrap().is_some());
}

pub(super) async fn a_key_belongs_to_one_request(source: &dyn Source) {
    let world = World::new(source).await;
    world.add_with_key(new_webhook("A"), idempotency_key("k", 1)).await.unwrap();
    let other = world.add_with_key(new_webhook("B"), idempotency_key("k", 2)).await;
    assert!(matches!(other, Err(StoreError::IdempotencyKeyReused)), "{other:?}");
    let failed = world.add_with_key(new_webhook("A"), idempotency_key("fails", 1)).await;
    assert!(matches!(failed, Err(StoreError::NameTaken { .. })));
    world.add_with_key(new_webhook("C"), idempotency_key("fails", 2)).await.unwrap();
    let page = world.store.webhooks(WebhookQuery::default(), first_page(50), world.now()).await.unwrap();
    assert_eq!(page.data.len(), 2, "what failed left neither an effect nor its key");
}

pub(super) async fn each_caller_has_keys_of_its_own(source: &dyn Source) {
    let world = World::new(source).await;
    let random: &dyn Random = &SystemRandom;
    let token = |name: &str| Actor::Token { id: TokenId::new(world.now(), random.bytes()), name: name.into() };
    // Two tokens may have the same name one after the other.
    let callers = [Actor::Local, Actor::Admin, token("CI"), token("CI")];
    let accept = async |actor: &Actor, content| {
        let change = Change { actor: actor.clone(), ..Change::at(world.now(), idempotency_key("k", content)) };
        world.store.accept_event(world.new_event(EventType::USER_INSERTED), change).await
    };
    let mut first = Vec::new();
    for (caller, content) in callers.iter().zip([1, 1, 1, 2]) {
        first.push(accept(caller, content).await.unwrap());
    }
    let events = world.store.events(EventQuery::default(), first_page(50)).await.unwrap();
    assert_eq!(events.data.len(), callers.len(), "somebody got the answer of another one");
    for ((caller, content), first) in callers.iter().zip([1, 1, 1, 2]).zip(first) {
        assert_eq!(accept(caller, content).await.unwrap(), first);
        assert!(matches!(accept(caller, 3).await, Err(StoreError::IdempotencyKeyReused)));
    }
}

pub(super) async fn keys_count_for_a_day(source: &dyn Source) {
    let world = World::new(source).await;
    for name in ["A", "B", "C"] {
        world.add_with_key(new_webhook(name), idempotency_key(name, 1)).await.unwrap();
        world.advance(1);
    }
    world.advance(86_400 - 2);
    let forgotten = async || world.store.tidy(world.now().into(), Retention::default()).await.unwrap().removed;
    assert_eq!(forgotten().await, 2);
    assert_eq!(forgotten().await, 0, "the third is younger than a day");
    world.advance(1);
    let again = world.add_with_key(new_webhook("D"), idempotency_key("C", 2)).await;
    assert!(again.is_ok(), "a day later the key is free though nobody has forgotten it: {again:?}");
    assert_eq!(forgotten().await, 0, "its record is the new one");
}

pub(super) async fn a_hundred_at_once_have_one_effect(source: &dyn Source) {
    let world = Arc::new(World::new(source).await);
    world.webhook(&["*"]).await;
    let requests = (0..100).map(|_| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let event = world.new_event(EventType::USER_INSERTED);
            world.store.accept_event(event, Change::at(world.now(), idempotency_key("same", 1))).await.unwrap()
        })
    });
    let mut answers = Vec::new();
    for request in requests.collect::<Vec<_>>() {
        answers.push(request.await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let events = world.store.events(EventQuery::default(), first_page(50)).await.unwrap();
    assert_eq!(events.data.len(), 1);
    assert_eq!(world.store.queue(world.now()).await.unwrap().pending, 1);
}
