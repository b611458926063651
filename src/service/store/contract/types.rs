//! Tests hundreds of unknown event types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    Source,
    world::{World, first_page, walk},
};
use crate::{
    domain::{
        delivery::DeliveryStatus,
        event::EventType,
        ids::EventId,
        json::JsonObject,
        payload::EventData,
        query::{AttemptQuery, EventQuery, StatsQuery, WebhookQuery},
        record::AcceptedEvent,
        stats::GroupBy,
    },
    service::store::{AcceptEvent, Change, Next, StoreError},
};

use super::world::Ending;

/// More types than have facets of their own.
const MANY: usize = 320;

fn of(name: &str) -> EventType {
    name.parse().unwrap()
}

fn own_data(n: usize) -> EventData {
    let text =
        format!(r#"{{"n":{n},"timeLogged":5,"isDeleted":"no","big":123456789012345678901.50,"n2":[null,{{}}]}}"#);
    EventData::check(of("planning.published"), JsonObject::parse(&text).unwrap()).unwrap()
}

async fn send(world: &World, event_type: EventType, n: usize) -> AcceptedEvent {
    let event = AcceptEvent { data: own_data(n), ..world.new_event(event_type) };
    world.store.accept_event(event, Change::at(world.now(), None)).await.unwrap()
}

/// Checks that webhooks that want them get them with unchanged data.
pub(super) async fn types_that_nobody_knows_are_carried(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let all = world.webhook(&["*"]).await.id;
    let group = world.webhook(&["planning.*"]).await.id;
    let one = world.webhook(&["planning.shift.added", "user.*"]).await.id;
    let known = world.webhook(&["attendance.*"]).await.id;
    let notices = world.webhook(&["tmhooks.*"]).await.id;
    for (name, wanted) in [
        ("planning.published", vec![all, group]),
        ("planning.shift.added", vec![all, group, one]),
        ("Planning.published", vec![all]),
        ("planning", vec![all]),
        ("a\"b\\c", vec![all]),
        ("tmhooks.webhook.disabled", vec![notices]),
        ("test", vec![]),
        ("attendance.inserted", vec![all, known]),
    ] {
        let accepted =
            world.store.accept_event(world.new_event(of(name)), Change::at(world.now(), None)).await.unwrap();
        let made: Vec<_> = accepted.deliveries.iter().map(|delivery| delivery.webhook_id).collect();
        assert_eq!(made, wanted, "{name}");
        let event = world.store.event(accepted.id.into()).await.unwrap().unwrap();
        assert_eq!(event.event_type, of(name));
    }
    let accepted = send(&world, of("a\"b\\c"), 4).await;
    let event = world.store.event(accepted.id.into()).await.unwrap().unwrap();
    assert_eq!(event.data, Some(own_data(4)), "nothing is checked or lost");
    let claims = world.claim(instance, 100).await;
    let body = |claim: &crate::service::store::Claim| {
        serde_json::from_slice::<serde_json::Value>(&claim.body.bytes().unwrap()).unwrap()
    };
    let claim = claims.iter().find(|claim| claim.event_id == accepted.id).unwrap();
    assert_eq!((claim.event_type, body(claim)["event"].clone()), (of("a\"b\\c"), json!("a\"b\\c")));
    let sent = String::from_utf8(claim.body.bytes().unwrap().to_vec()).unwrap();
    assert!(sent.ends_with(&format!("\"data\":{}}}", own_data(4).object().as_str())), "{sent}");
    for claim in &claims {
        world.succeed(claim).await;
    }
    let finished = world.store.attempt(claim.attempt_id).await.unwrap().unwrap();
    assert_eq!(finished.event_type, of("a\"b\\c"));
}

/// Checks that lists and statistics distinguish them, however many there are.
pub(super) async fn hundreds_of_types_are_told_apart(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.webhook(&["*"]).await.id;
    let types: Vec<EventType> = (0..MANY).map(|n| of(&format!("many.n{n}"))).collect();
    let mut sent = BTreeMap::new();
    for (n, event_type) in types.iter().enumerate() {
        let accepted = send(&world, *event_type, n).await;
        sent.insert(*event_type, accepted.id);
    }
    // Every second one fails: never ten in a row, which would open the breaker.
    let failing: BTreeSet<EventId> = types.iter().skip(1).step_by(2).map(|event_type| sent[event_type]).collect();
    loop {
        let claims = world.claim(instance, 100).await;
        if claims.is_empty() {
            break;
        }
        for claim in claims {
            if failing.contains(&claim.event_id) {
                let end = Next::End(DeliveryStatus::Exhausted);
                assert!(world.end(&claim, Ending::Answered(404), end).await);
            } else {
                world.succeed(&claim).await;
            }
        }
    }
    assert_eq!(world.store.event_types().await.unwrap(), types, "in the order in which they were met");
    for event_type in [0, 1, 250, 255, 256, 257, MANY - 1].map(|n| types[n]) {
        for webhook in [None, Some(webhook)] {
            let query = AttemptQuery { event: Some(event_type), webhook, ..AttemptQuery::default() };
            let found = world.attempts(query, 10).await;
            assert_eq!(found.iter().map(|it| it.event_id).collect::<Vec<_>>(), [sent[&event_type]], "{event_type}");
        }
        let query = EventQuery { event_type: Some(event_type), ..EventQuery::default() };
        let listed = walk(10, async |page| world.store.events(query.clone(), page).await).await;
        assert_eq!(listed.iter().map(|event| event.id).collect::<Vec<_>>(), [sent[&event_type]]);
    }
    let failed = AttemptQuery { code: Some("404".parse().unwrap()), ..AttemptQuery::default() };
    assert_eq!(world.attempts(failed, 250).await.len(), failing.len());
    let by_event = StatsQuery { by: Some(GroupBy::Event), ..StatsQuery::default() };
    let stats = world.store.stats(by_event, world.now()).await.unwrap();
    let mut named: Vec<_> = types.iter().map(|event_type| event_type.to_string()).collect();
    named.sort();
    assert_eq!(stats.groups.iter().map(|group| group.key.clone()).collect::<Vec<_>>(), named);
    assert!(stats.groups.iter().all(|group| group.attempts == 1));
}

/// Checks that an unseen type matches nothing and that a search for it leaves no trace.
pub(super) async fn a_type_that_was_never_seen_matches_nothing(source: &dyn Source) {
    let world = World::new(source).await;
    world.webhook(&["never.*", "*"]).await;
    let never = Some(of("never.seen"));
    send(&world, of("seen"), 1).await;
    let attempts = AttemptQuery { event: never, ..AttemptQuery::default() };
    assert!(world.attempts(attempts, 10).await.is_empty());
    let events = EventQuery { event_type: never, ..EventQuery::default() };
    assert!(world.store.events(events, first_page(10)).await.unwrap().data.is_empty());
    let wants = WebhookQuery { event: never, ..WebhookQuery::default() };
    assert_eq!(world.store.webhooks(wants, first_page(10), world.now()).await.unwrap().data.len(), 1);
    assert_eq!(world.store.event_types().await.unwrap(), [of("seen")]);
}

/// Checks that a refused event adds no type, and that the next event of that type is stored as that type.
pub(super) async fn a_refused_event_leaves_no_type(source: &dyn Source) {
    let world = World::new(source).await;
    let first = AcceptEvent { data: own_data(1), ..world.new_event(of("kept")) };
    world.store.accept_event(first.clone(), Change::at(world.now(), None)).await.unwrap();
    let again = AcceptEvent { event_type: of("refused"), ..first };
    let refused = world.store.accept_event(again.clone(), Change::at(world.now(), None)).await;
    assert!(matches!(refused, Err(StoreError::EventIdReused(_))), "{refused:?}");
    assert_eq!(world.store.event_types().await.unwrap(), [of("kept")]);
    let other = AcceptEvent { id: world.new_event(of("other")).id, event_type: of("other"), ..again.clone() };
    world.store.accept_event(other, Change::at(world.now(), None)).await.unwrap();
    let id = world.new_event(of("refused")).id;
    let event = AcceptEvent { id, ..again };
    world.store.accept_event(event, Change::at(world.now(), None)).await.unwrap();
    assert_eq!(world.store.event(id.into()).await.unwrap().unwrap().event_type, of("refused"));
    assert_eq!(world.store.event_types().await.unwrap(), ["kept", "other", "refused"].map(of));
}
