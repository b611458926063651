//! Events: taken in once, listed, read.

use super::{
    Source,
    world::{Dice, World, filters, new_webhook, walk},
};
use crate::{
    domain::{
        delivery::MOST_ATTEMPTS, event::EventType, ids::EventId, payload::EventData, query::EventQuery,
        time::Timestamp, webhook::NewWebhook,
    },
    service::store::{AcceptEvent, Change, StoreError},
};

pub(super) async fn the_same_event_again_is_answered_as_the_first_time(source: &dyn Source) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let event = world.new_event(EventType::USER_INSERTED);
    let first = world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
    world.webhook(&["*"]).await;
    world.advance(7 * 86_400);
    let again = world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
    assert_eq!(again, first);
    let other = AcceptEvent { content_hash: [8; 32], ..event.clone() };
    let other = world.store.accept_event(other, Change::at(world.now(), None)).await;
    assert!(matches!(other, Err(StoreError::EventIdReused(id)) if id == event.id), "{other:?}");
    let recorded = world.store.event(event.id).await.unwrap().unwrap();
    assert_eq!(recorded.deliveries.unwrap().len(), 1);
}

pub(super) async fn only_enabled_webhooks_that_want_it_get_it(source: &dyn Source) {
    let world = World::new(source).await;
    let exact = world.webhook(&["user.inserted"]).await;
    let about = world.webhook(&["attendance.*", "user.*"]).await;
    world.webhook(&["attendance.*", "user.deleted"]).await;
    world.add(NewWebhook { enabled: false, events: filters(&["*"]), ..new_webhook("Off") }).await.unwrap();
    let accepted = world.event(EventType::USER_INSERTED).await;
    let got: Vec<_> = accepted.deliveries.iter().map(|delivery| delivery.webhook_id).collect();
    assert_eq!(got, [exact.id, about.id]);
    let event = world.store.event(accepted.id).await.unwrap().unwrap();
    let deliveries = event.deliveries.unwrap();
    assert!(deliveries.iter().map(|delivery| delivery.id).eq(accepted.deliveries.iter().map(|delivery| delivery.id)));
    let first = &deliveries[0];
    assert_eq!((first.attempts, first.max_attempts, first.in_flight, first.test), (0, MOST_ATTEMPTS, false, false));
    assert_eq!(first.next_attempt_at, Some(world.now()));
    assert_eq!(world.store.delivery(first.id).await.unwrap().as_ref(), Some(first));
    assert_eq!(world.store.queue(world.now()).await.unwrap().due, 2);
}

pub(super) async fn what_was_sent_is_kept_to_the_last_digit(source: &dyn Source) {
    let world = World::new(source).await;
    let json = r#"{"unknown":{"b":1,"a":12345678901234567890123},"recordHash":-9223372036854775807}"#;
    let data: EventData = serde_json::from_str(json).unwrap();
    let event = AcceptEvent { data, ..world.new_event(EventType::ATTENDANCE_INSERTED) };
    world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
    let kept = world.store.event(event.id).await.unwrap().unwrap().data.unwrap();
    assert_eq!(serde_json::to_string(&kept).unwrap(), json);
}

pub(super) async fn unknown_ids_are_not_found(source: &dyn Source) {
    let world = World::new(source).await;
    assert_eq!(world.store.event(EventId::from_bytes([1; 16])).await.unwrap(), None);
    let [dl, at] = ["dl_00000000000000000000000001", "at_00000000000000000000000001"];
    assert_eq!(world.store.delivery(dl.parse().unwrap()).await.unwrap(), None);
    assert_eq!(world.store.attempt(at.parse().unwrap()).await.unwrap(), None);
}

pub(super) async fn events_are_listed_as_a_brute_force_would(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(1);
    let mut taken_in = Vec::new();
    for _ in 0..150 {
        // The clock is set back at times.
        let step = dice.below(1200) as i64 - 200;
        world.clock.set(Timestamp::from_micros(world.now().as_micros() + step * 1_000_000));
        let event_type = EventType::KNOWN[dice.below(6)];
        taken_in.push((world.event(event_type).await.id, event_type, world.now()));
    }
    taken_in.reverse();
    let moments: Vec<Timestamp> = taken_in.iter().map(|(_, _, at)| *at).collect();
    for round in 0..60 {
        let mut moment = |likely: usize| (dice.below(3) < likely).then(|| moments[dice.below(moments.len())]);
        let (since, until) = (moment(1), moment(1));
        let event_type = (dice.below(2) == 0).then(|| EventType::KNOWN[dice.below(7)]);
        let query = EventQuery { event_type, since, until, ..EventQuery::default() };
        let limit = 1 + dice.below(40) as u64;
        let found = walk(limit, async |page| world.store.events(query.clone(), page).await).await;
        let expected = taken_in.iter().filter(|(_, kind, at)| {
            event_type.is_none_or(|wanted| wanted == *kind)
                && since.is_none_or(|since| *at >= since)
                && until.is_none_or(|until| *at < until)
        });
        assert!(found.iter().map(|event| event.id).eq(expected.map(|(id, ..)| *id)), "round {round}: {query:?}");
        assert!(found.iter().all(|event| event.data.is_none() && event.deliveries.is_none()));
        assert!(found.is_sorted_by(|one, other| one.sequence > other.sequence));
    }
}
