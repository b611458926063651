//! Tests claims: who gets which delivery, and who may complete it.

use std::{collections::HashSet, ops::Range, sync::Arc, time::Duration};

use super::{
    Source,
    world::{Ending, MOST_PER_WEBHOOK, World, new_webhook},
};
use crate::{
    domain::{
        delivery::DeliveryStatus,
        event::EventType,
        ids::WebhookId,
        patch::Patch,
        query::AttemptQuery,
        webhook::{NewWebhook, WebhookPatch},
    },
    service::store::{Change, Claim, Next, StoreError},
};

fn of(claims: &[Claim], webhook: WebhookId) -> impl Iterator<Item = &Claim> {
    claims.iter().filter(move |claim| claim.webhook_id == webhook)
}

pub(super) async fn the_oldest_comes_first_and_nobody_too_often(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let busy = world.webhook(&["user.*"]).await;
    let quiet = world.webhook(&["attendance.*"]).await;
    for _ in 0..20 {
        world.event(EventType::USER_INSERTED).await;
        world.advance(1);
    }
    world.event(EventType::ATTENDANCE_INSERTED).await;
    let claimed = world.claim_beside(instance, 512, &[]).await;
    assert_eq!(of(&claimed.claims, busy.id).count(), MOST_PER_WEBHOOK);
    assert_eq!(of(&claimed.claims, quiet.id).count(), 1, "it does not wait behind the busy one");
    assert_eq!(claimed.next_due, None, "the busy one is saturated and left out");

    let none = world.claim_beside(instance, 512, &[(busy.id, 0)]).await;
    assert!(none.claims.is_empty() && none.next_due.is_none());
    let room = world.claim_beside(instance, 512, &[(busy.id, 3)]).await;
    assert_eq!((room.claims.len(), room.next_due), (3, None));
    let few = world.claim_beside(instance, 2, &[]).await;
    assert_eq!(few.claims.len(), 2);
    assert!(few.next_due.is_some_and(|due| due <= world.now()), "more is due at once");

    let sequence: Vec<_> = [claimed.claims, room.claims, few.claims]
        .iter()
        .flat_map(|claims| of(claims, busy.id).map(|claim| claim.event_id))
        .collect();
    assert!(sequence.is_sorted(), "the oldest first: event ids rise with their time");
    assert_eq!(sequence.iter().collect::<HashSet<_>>().len(), 13, "none is claimed twice");
}

pub(super) async fn the_oldest_of_all_webhooks_comes_first(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    for _ in 0..3 {
        world.webhook(&["*"]).await;
    }
    for _ in 0..4 {
        world.event(EventType::USER_INSERTED).await;
        world.advance(1);
    }
    let claims = world.claim(instance, 7).await;
    assert_eq!(claims.len(), 7);
    let first = claims[0].event_id;
    assert_eq!(claims.iter().filter(|claim| claim.event_id == first).count(), 2, "the oldest of who had a turn");
    let rest = world.claim(instance, 100).await;
    assert_eq!(rest.len(), 5);
    assert_eq!(rest.iter().filter(|claim| claim.event_id == first).count(), 1);
}

pub(super) async fn a_backlog_has_a_few_at_a_time_while_others_wait(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let busy = [world.webhook(&["user.*"]).await, world.webhook(&["user.*"]).await];
    let quiet = world.webhook(&["attendance.*"]).await;
    for _ in 0..5 {
        world.event(EventType::USER_INSERTED).await;
        world.advance(1);
    }
    world.event(EventType::ATTENDANCE_INSERTED).await;
    let order: Vec<_> = world.claim(instance, 100).await.iter().map(|claim| (claim.webhook_id, claim.due_at)).collect();
    let row = |webhook: WebhookId, seconds: Range<u64>| {
        let began = world.now().minus(Duration::from_secs(5));
        seconds.map(move |second| (webhook, began.plus(Duration::from_secs(second))))
    };
    let [one, other] = [busy[0].id, busy[1].id];
    let rows = [row(one, 0..4), row(other, 0..4), row(one, 4..5), row(other, 4..5), row(quiet.id, 5..6)];
    assert_eq!(order, rows.into_iter().flatten().collect::<Vec<_>>());
    assert!(world.claim_beside(instance, 100, &[]).await.next_due.is_none(), "no queue has anything left");
}

pub(super) async fn what_is_new_does_not_wait_behind_all_backlogs(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    for _ in 0..30 {
        world.webhook(&["user.*"]).await;
    }
    for _ in 0..20 {
        world.event(EventType::USER_INSERTED).await;
        world.advance(1);
    }
    let quiet = [world.webhook(&["attendance.*"]).await, world.webhook(&["attendance.*"]).await];
    world.event(EventType::ATTENDANCE_INSERTED).await;
    let mut claimed = Vec::new();
    // A round of four at a time by 32 webhooks takes eight claims of sixteen, and each fourth claim goes round.
    for _ in 0..8 * 4 {
        claimed.extend(world.claim(instance, 16).await);
    }
    assert_eq!(claimed.len(), 8 * 4 * 16, "who goes round takes as many");
    for webhook in quiet {
        assert_eq!(of(&claimed, webhook.id).count(), 1, "its delivery is newer than the 88 that still wait");
    }
    let distinct: HashSet<_> = claimed.iter().map(|claim| claim.delivery_id).collect();
    assert_eq!(distinct.len(), claimed.len());
    assert_eq!(world.claim(instance, 512).await.len(), 30 * 20 + 2 - claimed.len());
}

pub(super) async fn the_next_due_time_is_told(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let [one, other] = [world.webhook(&["user.*"]).await, world.webhook(&["attendance.*"]).await];
    world.event(EventType::USER_INSERTED).await;
    world.event(EventType::ATTENDANCE_INSERTED).await;
    for claim in world.claim(instance, 10).await {
        world.fail(&claim, if claim.webhook_id == one.id { 5 } else { 60 }).await;
    }
    let due = |seconds| Some(world.now().plus(Duration::from_secs(seconds)));
    assert_eq!(world.claim_beside(instance, 10, &[]).await.next_due, due(5));
    let saturated = world.claim_beside(instance, 10, &[(one.id, 0)]).await;
    assert_eq!(saturated.next_due, due(60));
    let off = WebhookPatch { enabled: Patch::Value(false), ..WebhookPatch::default() };
    world.store.update_webhook(other.id, off, None, Change::at(world.now(), None)).await.unwrap();
    let both = world.claim_beside(instance, 0, &[(one.id, 0)]).await;
    assert_eq!(both.next_due, None, "a disabled webhook's is not told");
    let queue = world.store.queue(world.now()).await.unwrap();
    assert_eq!((queue.pending, queue.due, queue.oldest_due_at), (1, 0, None));
    let later = due(9).unwrap();
    let queue = world.store.queue(later).await.unwrap();
    assert_eq!((queue.pending, queue.due, queue.oldest_due_at), (1, 1, due(5)));
}

pub(super) async fn a_claim_has_the_url_headers_and_secret_of_now(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.add(NewWebhook { url: "https://old.example.com".into(), ..new_webhook("A") }).await.unwrap();
    world.event(EventType::USER_INSERTED).await;
    let first = world.claim(instance, 1).await.remove(0);
    world.fail(&first, 5).await;
    world.advance(5);
    let patch = WebhookPatch {
        url: Patch::Value("https://new.example.com".to_owned()),
        headers: Patch::Value([("X-New".to_owned(), Some("1".to_owned()))].into()),
        ..WebhookPatch::default()
    };
    world.store.update_webhook(webhook.id, patch, None, Change::at(world.now(), None)).await.unwrap();
    let second = world.claim(instance, 1).await.remove(0);
    assert_eq!(
        (second.recipient.url.as_str(), second.recipient.headers["X-New"].as_str()),
        ("https://new.example.com", "1")
    );
    assert_eq!(second.body.bytes(), first.body.bytes());
}

pub(super) async fn a_completion_without_its_claim_changes_nothing(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    world.webhook(&["*"]).await;
    world.event(EventType::USER_INSERTED).await;
    let claim = world.claim(instance, 1).await.remove(0);
    world.store.leave(instance).await.unwrap();
    let successor = world.join().await;
    let again = world.claim(successor, 1).await.remove(0);
    assert_ne!(again.claim, claim.claim);
    assert_eq!((again.number, again.attempt_id), (1, claim.attempt_id), "the try that was cut short is not counted");

    let ended = Next::End(DeliveryStatus::Exhausted);
    assert!(!world.end(&claim, Ending::Answered(500), ended).await, "the claim is somebody else's");
    world.succeed(&again).await;
    assert!(!world.end(&again, Ending::Answered(500), ended).await, "a claim is completed once");
    let delivery = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
    assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Succeeded, 1));
    assert_eq!(world.attempts(AttemptQuery::default(), 10).await.len(), 1);
}

pub(super) async fn a_retry_of_a_webhook_that_was_disabled_meanwhile_is_held(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.webhook(&["*"]).await;
    world.event(EventType::USER_INSERTED).await;
    let claim = world.claim(instance, 1).await.remove(0);
    let switch = |on| WebhookPatch { enabled: Patch::Value(on), ..WebhookPatch::default() };
    world.store.update_webhook(webhook.id, switch(false), None, Change::at(world.now(), None)).await.unwrap();
    world.fail(&claim, 5).await;
    world.advance(100);
    assert!(world.claim(instance, 1).await.is_empty());
    assert_eq!(world.store.attempt(claim.attempt_id).await.unwrap().unwrap().next_retry_at, None, "it is held");
    world.store.update_webhook(webhook.id, switch(true), None, Change::at(world.now(), None)).await.unwrap();
    assert_eq!(world.store.attempt(claim.attempt_id).await.unwrap().unwrap().next_retry_at, Some(world.now()));
    assert_eq!(world.claim(instance, 1).await[0].number, 2);
}

pub(super) async fn racing_instances_never_claim_the_same(source: &dyn Source) {
    let world = World::new(source).await;
    let mut rivals = Vec::from_iter(if source.is_shared() { Some(Arc::new(world.beside(source).await)) } else { None });
    rivals.push(Arc::new(world));
    for _ in 0..10 {
        rivals[0].webhook(&["*"]).await;
    }
    for _ in 0..5 {
        rivals[0].event(EventType::USER_INSERTED).await;
    }
    let claimers = (0..8).map(|at| {
        let world = Arc::clone(&rivals[at % rivals.len()]);
        tokio::spawn(async move {
            let instance = world.join().await;
            let mut claimed = Vec::new();
            loop {
                let claims = world.claim(instance, 3).await;
                if claims.is_empty() {
                    return claimed;
                }
                claimed.extend(claims.into_iter().map(|claim| (claim.delivery_id, claim.claim)));
            }
        })
    });
    let mut claimed = Vec::new();
    for claimer in claimers.collect::<Vec<_>>() {
        claimed.extend(claimer.await.unwrap());
    }
    assert_eq!(claimed.len(), 50);
    assert_eq!(claimed.iter().map(|(delivery, _)| delivery).collect::<HashSet<_>>().len(), 50);
    assert_eq!(claimed.iter().map(|(_, claim)| claim).collect::<HashSet<_>>().len(), 50);
}

pub(super) async fn only_who_has_joined_can_claim(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    world.store.leave(instance).await.unwrap();
    let test = world.store.start_test(world.test_of(webhook.id, instance), Change::at(world.now(), None)).await;
    assert!(matches!(test, Err(StoreError::NotFound { what: "instance", .. })), "{test:?}");
}

pub(super) async fn new_work_is_announced(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let arrived = world.store.work_arrived();
    world.event(EventType::USER_INSERTED).await;
    arrived.notified().await;
    let instance = world.join().await;
    world.claim(instance, 1).await;
    world.store.leave(instance).await.unwrap();
    arrived.notified().await;
    let off = WebhookPatch { enabled: Patch::Value(false), ..WebhookPatch::default() };
    let on = WebhookPatch { enabled: Patch::Value(true), ..WebhookPatch::default() };
    world.store.update_webhook(webhook.id, off, None, Change::at(world.now(), None)).await.unwrap();
    world.store.update_webhook(webhook.id, on, None, Change::at(world.now(), None)).await.unwrap();
    arrived.notified().await;
}
