//! Tests that events are accepted once, listed and read.

use super::{
    Source,
    world::{Dice, World, filters, first_page, new_webhook, walk},
};
use crate::{
    domain::{
        delivery::MOST_ATTEMPTS,
        event::EventType,
        ids::EventId,
        payload::{Envelope, EventData, render},
        query::{AttemptQuery, EventQuery},
        time::Timestamp,
        version::Version,
        webhook::NewWebhook,
    },
    service::store::{AcceptEvent, Change, Retention, RetryTarget, StoreError},
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
    let other = AcceptEvent { occurred_at: Some(world.now()), ..event.clone() };
    let other = world.store.accept_event(other, Change::at(world.now(), None)).await;
    assert!(matches!(&other, Err(StoreError::EventIdReused(id)) if **id == event.id), "{other:?}");
    let recorded = world.store.event(event.id.into()).await.unwrap().unwrap();
    assert_eq!(recorded.deliveries.unwrap().len(), 1);
}

pub(super) async fn an_event_may_have_any_id(source: &dyn Source) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let instance = world.join().await;
    let own = "tm_0199c1d2e3f4758697a8b9cadbecfd0e";
    let longest = "x".repeat(EventId::LONGEST);
    for text in [own, &own.to_uppercase(), &own[..34], "7", r#"a/b?c#d%25"\'"#, "NULL", "0199", "x'00'", &longest] {
        let id: EventId = text.parse().unwrap();
        let event = AcceptEvent { id, ..world.new_event(EventType::USER_INSERTED) };
        let first = world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
        let again = world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
        assert_eq!((again, first.id), (first, id));
        let other = AcceptEvent { occurred_at: Some(Timestamp::from_seconds(1)), ..event };
        let other = world.store.accept_event(other, Change::at(world.now(), None)).await;
        assert!(matches!(other, Err(StoreError::EventIdReused(other)) if *other == id), "{text}");

        let event = world.store.event(id.into()).await.unwrap().unwrap();
        assert_eq!((event.id, event.deliveries.unwrap()[0].event_id), (id, id));
        let claims = world.claim(instance, 9).await;
        assert_eq!((claims.len(), claims[0].event_id), (1, id));
        world.succeed(&claims[0]).await;
        let retried = world.retry(RetryTarget::Event(id.into()), instance).await.unwrap();
        assert_eq!(retried.claims[0].event_id, id);
        world.succeed(&retried.claims[0]).await;

        let of_it = AttemptQuery { event_id: Some(id), ..AttemptQuery::default() };
        let attempts = world.store.attempts(of_it, first_page(50)).await.unwrap().data;
        assert!(attempts.iter().map(|attempt| attempt.event_id).eq([id, id]), "{text}");
        let listed = world.store.events(EventQuery::default(), first_page(1)).await.unwrap().data;
        assert_eq!(listed[0].id, id);
    }
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
    let event = world.store.event(accepted.id.into()).await.unwrap().unwrap();
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
    let kept = world.store.event(event.id.into()).await.unwrap().unwrap().data.unwrap();
    assert_eq!(serde_json::to_string(&kept).unwrap(), json);
}

/// Sends data of this type, with its fields in any order, and reads it back.
async fn kept(world: &World, event_type: EventType, json: &str) -> String {
    let data: EventData = serde_json::from_str(json).unwrap();
    let event = AcceptEvent { data, ..world.new_event(event_type) };
    world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
    let kept = world.store.event(event.id.into()).await.unwrap().unwrap().data.unwrap();
    serde_json::to_string(&kept).unwrap()
}

pub(super) async fn data_is_shown_as_it_was_given(source: &dyn Source) {
    let world = World::new(source).await;
    for json in [
        "{}",
        r#"{"isDeleted":null}"#,
        r#"{"own":{"a":[1.10,-0,1e+400]},"userLastName":"é\n\u0000","userId":null,"isDeleted":true,"clientId":null,"x":""}"#,
        r#"{"userFirstName":"Sam","userId":null,"\"":{},"é":[[]]}"#,
    ] {
        for event_type in [EventType::USER_INSERTED, EventType::USER_DELETED, EventType::ATTENDANCE_UPDATED] {
            assert_eq!(kept(&world, event_type, json).await, json, "{event_type}");
        }
    }
    let wide: Vec<String> = (0..3_000).map(|n| format!(r#""field {n}":{n}"#)).collect();
    let wide = format!(r#"{{{},"userId":null}}"#, wide.join(","));
    assert_eq!(kept(&world, EventType::USER_UPDATED, &wide).await, wide);
}

pub(super) async fn an_id_is_remembered_when_its_body_is_gone(source: &dyn Source) {
    let world = World::new(source).await;
    let event = world.new_event(EventType::USER_INSERTED);
    let accept =
        async |event: &AcceptEvent| world.store.accept_event(event.clone(), Change::at(world.now(), None)).await;
    let first = accept(&event).await.unwrap();
    world.advance(8 * 86_400);
    while world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
    assert_eq!(world.store.event(event.id.into()).await.unwrap().unwrap().data, None);
    assert_eq!(accept(&event).await.unwrap(), first);
    let other = AcceptEvent { data: EventData::example(EventType::USER_DELETED), ..event };
    assert!(matches!(accept(&other).await, Err(StoreError::EventIdReused(_))));
}

pub(super) async fn whoever_gets_a_version_gets_the_same_bytes(source: &dyn Source) {
    let world = World::new(source).await;
    for version in [Version::V2, Version::V1, Version::V2, Version::V1] {
        let name = format!("Webhook {}", world.number());
        world.add(NewWebhook { pinned_version: Some(version), ..new_webhook(&name) }).await.unwrap();
    }
    let instance = world.join().await;
    for event_type in [EventType::USER_DELETED, EventType::ATTENDANCE_INSERTED] {
        let event = AcceptEvent { occurred_at: Some(Timestamp::from_seconds(5)), ..world.new_event(event_type) };
        world.store.accept_event(event.clone(), Change::at(world.now(), None)).await.unwrap();
        let sequence = world.store.event(event.id.into()).await.unwrap().unwrap().sequence;
        let envelope =
            Envelope { id: event.id, event_type, occurred_at: Timestamp::from_seconds(5), dispatched_at: world.now() };
        let claims = world.claim(instance, 9).await;
        assert_eq!(claims.len(), 4);
        for claim in claims {
            let expected = render(claim.version.unwrap(), &envelope, sequence.unwrap(), &event.data);
            assert_eq!(claim.body.bytes().unwrap(), expected);
            let shown = world.store.attempt(claim.attempt_id).await.unwrap().unwrap();
            assert_eq!(shown.request.unwrap().body.unwrap().as_bytes(), expected);
            world.succeed(&claim).await;
        }
    }
}

pub(super) async fn unknown_ids_are_not_found(source: &dyn Source) {
    let world = World::new(source).await;
    assert_eq!(world.store.event(EventId::from_bytes([1; 16]).into()).await.unwrap(), None);
    let [dl, at] = ["dl_00000000000000000000000001", "at_00000000000000000000000001"];
    assert_eq!(world.store.delivery(dl.parse().unwrap()).await.unwrap(), None);
    assert_eq!(world.store.attempt(at.parse().unwrap()).await.unwrap(), None);
}

pub(super) async fn events_are_listed_as_a_brute_force_would(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(1);
    let mut taken_in = Vec::new();
    for _ in 0..150 {
        // Sometimes the clock is set back.
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

/// Checks two processes that accept events at the same time: the sequence rises with each process's events, no two
/// events share a number, and the body contains the same number.
pub(super) async fn two_processes_accept_in_one_order(source: &dyn Source) {
    let one = World::new(source).await;
    let other = one.beside(source).await;
    let webhook = one.webhook(&["*"]).await.id;
    let instance = one.join().await;
    let mut accepted = [Vec::new(), Vec::new()];
    for round in 0..40 {
        if round % 10 == 5 {
            // A plan made during this change must be made again.
            let ((), ..) = tokio::join!(
                async { drop(other.webhook(&["user.*"]).await) },
                one.event(EventType::ATTENDANCE_INSERTED)
            );
        }
        let (first, second) =
            tokio::join!(one.event(EventType::ATTENDANCE_INSERTED), other.event(EventType::ATTENDANCE_DELETED));
        accepted[0].push(first.id);
        accepted[1].push(second.id);
    }
    let mut all = std::collections::BTreeSet::new();
    for ids in &accepted {
        let mut last = 0;
        for id in ids {
            let sequence = one.store.event((*id).into()).await.unwrap().unwrap().sequence.unwrap();
            assert!(sequence > last && all.insert(sequence), "{sequence} after {last}");
            last = sequence;
        }
    }
    while let claims @ [_, ..] = &one.claim(instance, 50).await[..] {
        for claim in claims {
            let event = one.store.event(claim.event_id.into()).await.unwrap().unwrap();
            let body: serde_json::Value = serde_json::from_slice(&claim.body.bytes().unwrap()).unwrap();
            assert_eq!((claim.webhook_id, body["sequence"].as_u64()), (webhook, event.sequence));
            one.succeed(claim).await;
        }
    }
}
