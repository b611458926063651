//! Tests claims that are made with their deliveries and handed over, and claims that are given back.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{Source, world::World};
use crate::{
    domain::{delivery::DeliveryStatus, event::EventType, ids::WebhookId, webhook::Webhook},
    service::store::{Change, Claim, ClaimSink, InstanceId},
};

/// Takes as many claims as it has capacity for.
#[derive(Default)]
struct Hands {
    room: Mutex<usize>,
    taken: Mutex<Vec<Claim>>,
}

impl Hands {
    fn taken(&self) -> Vec<Claim> {
        std::mem::take(&mut *self.taken.lock().unwrap())
    }

    fn room(&self) -> usize {
        *self.room.lock().unwrap()
    }
}

impl ClaimSink for Hands {
    fn reserve(&self, _: WebhookId) -> bool {
        let mut room = self.room.lock().unwrap();
        let free = *room > 0;
        *room -= usize::from(free);
        free
    }

    fn give_back(&self, _: WebhookId) {
        *self.room.lock().unwrap() += 1;
    }

    fn take(&self, claims: Vec<Claim>) {
        self.taken.lock().unwrap().extend(claims);
    }
}

/// A webhook that has received an event, and a sink with this capacity.
async fn ready(world: &World, room: usize) -> (Webhook, InstanceId, Arc<Hands>) {
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    world.event(EventType::USER_INSERTED).await;
    let first = world.claim(instance, 1).await.remove(0);
    world.succeed(&first).await;
    let hands = Arc::new(Hands { room: Mutex::new(room), ..Hands::default() });
    world.store.hand_over(instance, Some(hands.clone())).await.unwrap();
    (webhook, instance, hands)
}

pub(super) async fn a_delivery_is_handed_over_where_there_is_room(source: &dyn Source) {
    let world = World::new(source).await;
    let (webhook, instance, hands) = ready(&world, 1).await;
    let accepted = world.event(EventType::USER_UPDATED).await;
    let handed = hands.taken().remove(0);
    assert_eq!((handed.webhook_id, handed.number, handed.due_at), (webhook.id, 1, world.now()));
    assert_eq!(handed.delivery_id, accepted.deliveries[0].id);
    assert!(world.store.delivery(handed.delivery_id).await.unwrap().unwrap().in_flight);
    assert!(world.claim(instance, 10).await.is_empty(), "nobody else claims it");

    world.event(EventType::USER_DELETED).await;
    assert!(hands.taken().is_empty(), "there is no room");
    let waiting = world.claim(instance, 10).await.remove(0);
    assert_ne!(waiting.delivery_id, handed.delivery_id);
    assert_eq!(
        (handed.recipient.url.as_str(), &handed.recipient.secrets),
        (waiting.recipient.url.as_str(), &waiting.recipient.secrets)
    );
    assert_eq!(
        (handed.recipient.headers.clone(), handed.version),
        (waiting.recipient.headers.clone(), waiting.version)
    );
    assert!(handed.body.bytes().unwrap().starts_with(br#"{"id":"tm_"#), "{:?}", handed.body);
    for claim in [handed, waiting] {
        world.succeed(&claim).await;
        let delivery = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
        assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Succeeded, 1));
    }
    assert_eq!(world.store.queue(world.now()).await.unwrap().pending, 0);
}

pub(super) async fn nothing_is_handed_over_past_what_waits_or_has_failed(source: &dyn Source) {
    let world = World::new(source).await;
    let (_, instance, hands) = ready(&world, 5).await;
    world.event(EventType::USER_UPDATED).await;
    let failing = hands.taken().remove(0);
    world.fail(&failing, 60).await;
    world.event(EventType::USER_UPDATED).await;
    assert!(hands.taken().is_empty(), "its newest attempt failed");
    let tried = world.claim(instance, 1).await.remove(0);
    world.succeed(&tried).await;
    world.event(EventType::USER_UPDATED).await;
    assert!(hands.taken().is_empty(), "a retry waits");
    world.advance(60);
    for claim in world.claim(instance, 5).await {
        world.succeed(&claim).await;
    }
    world.event(EventType::USER_UPDATED).await;
    assert_eq!(hands.taken().len(), 1);
}

pub(super) async fn room_is_given_back_when_nothing_comes_of_it(source: &dyn Source) {
    let world = World::new(source).await;
    let (_, instance, hands) = ready(&world, 5).await;
    let event = world.new_event(EventType::USER_UPDATED);
    world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
    world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
    let other = crate::service::store::AcceptEvent { occurred_at: Some(world.now()), ..event };
    world.store.accept_event(other, Change::at(world.now(), None)).await.unwrap_err();
    assert_eq!((hands.taken().len(), hands.room()), (1, 4), "the same event is one delivery");
    world.store.hand_over(instance, None).await.unwrap();
    world.event(EventType::USER_UPDATED).await;
    assert_eq!((hands.taken().len(), hands.room()), (0, 4));
    world.store.leave(instance).await.unwrap();
    let successor = world.join().await;
    assert_eq!(world.claim(successor, 5).await.len(), 2, "what was handed over is free when its instance is gone");
}

pub(super) async fn a_claim_that_is_given_back_waits_as_before(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    world.event(EventType::USER_INSERTED).await;
    let due_at = world.now();
    let instance = world.join().await;
    world.advance(3);
    let claimed = world.claim(instance, 5).await.remove(0);
    world.store.release(vec![claimed.claim]).await.unwrap();
    world.store.release(vec![claimed.claim]).await.unwrap();
    let waiting = world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap().pending_deliveries;
    assert_eq!(waiting, 1);
    assert_eq!(world.store.queue(world.now()).await.unwrap().oldest_due_at, Some(due_at));
    assert!(!world.end(&claimed, super::world::Ending::Refused, next_minute(&world)).await, "it is not held any more");
    let again = world.claim(instance, 5).await.remove(0);
    assert_eq!((again.attempt_id, again.number, again.due_at), (claimed.attempt_id, 1, due_at));
    assert_ne!(again.claim, claimed.claim);
}

fn next_minute(world: &World) -> crate::service::store::Next {
    crate::service::store::Next::Retry(world.now().plus(Duration::from_secs(60)))
}
