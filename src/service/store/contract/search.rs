//! Tests that a search looks at the data of every event that is kept, and tells how much that was.

use futures_util::future::join_all;

use super::{
    Source,
    world::{Dice, World, first_page},
};
use crate::{
    domain::{
        event::EventType, event_page::LookedAt, ids::EventId, page::PageRequest, payload::EventData, query::EventQuery,
        record::Event, time::Timestamp,
    },
    service::store::{AcceptEvent, Change, Retention},
};

/// People, as they are asked for and as they stand in data.
const PEOPLE: [(&str, &str); 4] = [
    ("KIM ø", r#""userFullName":"Kim Ø""#),
    ("李 小明", r#""userFirstName":"李","userLastName":"小明""#),
    ("0012345", r#""userCardNumber":"0012345""#),
    ("7d3f9b52-41c8-4e06-9a7b-2f5c81d0e634", r#""userId":"7D3F9B52-41C8-4E06-9A7B-2F5C81D0E634""#),
];

/// Stores an event with this data as JSON.
async fn send(world: &World, event_type: EventType, json: &str) -> EventId {
    let data: EventData = serde_json::from_str(json).unwrap();
    let event = AcceptEvent { data, ..world.new_event(event_type) };
    world.store.accept_event(event, Change::at(world.now(), None)).await.unwrap().id
}

fn of(person: usize) -> EventQuery {
    EventQuery { user: Some(PEOPLE[person].0.to_owned()), ..EventQuery::default() }
}

/// Searches in pages of this size, to the end.
async fn search(world: &World, query: &EventQuery, mut page: PageRequest) -> (Vec<Event>, LookedAt) {
    let (mut found, mut looked_at) = (Vec::new(), LookedAt::default());
    loop {
        let read = world.store.search_events(query.clone(), page.clone()).await.unwrap();
        assert!(read.data.len() <= page.limit.get());
        found.extend(read.data);
        looked_at = looked_at.and(read.looked_at.unwrap());
        match read.next {
            None => return (found, looked_at),
            next => page.cursor = next,
        }
    }
}

struct Sent {
    id: EventId,
    event_type: EventType,
    at: Timestamp,
    person: usize,
    has_data: bool,
}

/// Sends events about people, one of them an unknown type, over some days; the data of the older ones is gone.
async fn history(world: &World, dice: &mut Dice) -> Vec<Sent> {
    let types = ["user.inserted", "attendance.inserted", "door.opened"].map(|name| name.parse::<EventType>().unwrap());
    let mut sent = Vec::new();
    for number in 0..160 {
        // Sometimes the clock is set back.
        let step = dice.below(6000) as i64 - 1000;
        world.clock.set(Timestamp::from_micros(world.now().as_micros() + step * 1_000_000));
        let (event_type, person) = (types[dice.below(3)], dice.below(PEOPLE.len()));
        let id = send(world, event_type, &format!(r#"{{"comment":"{number}",{}}}"#, PEOPLE[person].1)).await;
        sent.push(Sent { id, event_type, at: world.now(), person, has_data: true });
    }
    let keep = Retention { bodies: std::time::Duration::from_secs(2 * 86_400), ..Retention::default() };
    while world.store.tidy(world.now().into(), keep).await.unwrap().more {}
    for event in &mut sent {
        event.has_data = world.store.event(event.id.into()).await.unwrap().unwrap().data.is_some();
    }
    let kept = sent.iter().filter(|event| event.has_data).count();
    assert!((30..130).contains(&kept), "{kept}");
    sent.reverse();
    sent
}

pub(super) async fn a_person_is_found_as_a_brute_force_would(source: &dyn Source) {
    let world = World::new(source).await;
    world.webhook(&["user.*"]).await;
    let mut dice = Dice::new(5);
    let sent = history(&world, &mut dice).await;
    for round in 0..80 {
        let person = dice.below(PEOPLE.len());
        let mut moment = |likely: usize| (dice.below(3) < likely).then(|| sent[dice.below(sent.len())].at);
        let (since, until) = (moment(1), moment(1));
        let event_type = (dice.below(3) == 0).then(|| sent[dice.below(sent.len())].event_type);
        let query = EventQuery { event_type, since, until, data: Some(round % 2 == 0), ..of(person) };
        let (found, looked_at) = search(&world, &query, first_page(1 + dice.below(30) as u64)).await;
        let asked: Vec<&Sent> = sent
            .iter()
            .filter(|event| event_type.is_none_or(|wanted| wanted == event.event_type))
            .filter(|event| since.is_none_or(|since| event.at >= since) && until.is_none_or(|until| event.at < until))
            .collect();
        let expected = asked.iter().filter(|event| event.has_data && event.person == person);
        assert!(found.iter().map(|event| event.id).eq(expected.map(|event| event.id)), "round {round}: {query:?}");
        assert!(found.iter().all(|event| event.data.is_some() == (round % 2 == 0)));
        let expected = LookedAt {
            events: asked.len() as u64,
            without_data: asked.iter().filter(|event| !event.has_data).count() as u64,
            damaged: 0,
            from: asked.iter().map(|event| event.at).min(),
            until: asked.iter().map(|event| event.at).max(),
        };
        assert_eq!(looked_at, expected, "round {round}: {query:?}");
    }
}

pub(super) async fn all_events_are_given_whole(source: &dyn Source) {
    let world = World::new(source).await;
    world.webhook(&["user.*"]).await;
    world.webhook(&["user.*"]).await;
    let sent = history(&world, &mut Dice::new(6)).await;
    let query = EventQuery { data: Some(true), ..EventQuery::default() };
    let (found, looked_at) = search(&world, &query, first_page(33)).await;
    assert_eq!((found.len(), looked_at.events), (sent.len(), sent.len() as u64));
    for (found, sent) in found.into_iter().zip(sent) {
        assert_eq!(Some(found), world.store.event(sent.id.into()).await.unwrap());
    }
}

pub(super) async fn a_search_goes_on_while_events_pour_in(source: &dyn Source) {
    let world = World::new(source).await;
    let mut at_first = Vec::new();
    for number in 0..120 {
        let id = send(&world, EventType::USER_UPDATED, &format!("{{{}}}", PEOPLE[number % 3].1)).await;
        at_first.extend((number % 3 == 1).then_some(id));
    }
    at_first.reverse();
    let (mut page, mut found, mut looked_at) = (first_page(3), Vec::new(), LookedAt::default());
    loop {
        let read = world.store.search_events(of(1), page.clone()).await.unwrap();
        found.extend(read.data.into_iter().map(|event| event.id));
        looked_at = looked_at.and(read.looked_at.unwrap());
        let Some(next) = read.next else { break };
        page.cursor = Some(next);
        for person in [1, 2, 1] {
            send(&world, EventType::USER_UPDATED, &format!("{{{}}}", PEOPLE[person].1)).await;
        }
    }
    assert_eq!((found, looked_at.events), (at_first, 120), "each once, in order, and nothing that came later");
}

pub(super) async fn a_page_of_a_search_looks_at_a_bounded_number(source: &dyn Source) {
    let world = World::new(source).await;
    let one = send(&world, EventType::USER_UPDATED, &format!("{{{}}}", PEOPLE[0].1)).await;
    let others = (0..2_100).map(|_| send(&world, EventType::USER_UPDATED, r#"{"userFullName":"Somebody else"}"#));
    join_all(others).await;
    let first = world.store.search_events(of(0), first_page(50)).await.unwrap();
    assert_eq!((first.data, first.looked_at.unwrap().events), (Vec::new(), 2_000));
    let page = PageRequest { cursor: Some(first.next.unwrap()), ..first_page(50) };
    let second = world.store.search_events(of(0), page).await.unwrap();
    let found: Vec<EventId> = second.data.into_iter().map(|event| event.id).collect();
    assert_eq!((found, second.looked_at.unwrap().events, second.next), (vec![one], 101, None));
}

pub(super) async fn a_page_of_whole_events_has_a_bounded_size(source: &dyn Source) {
    let world = World::new(source).await;
    let long = "x".repeat(200 * 1024);
    for number in 0..30 {
        send(&world, EventType::USER_UPDATED, &format!(r#"{{"comment":"{number} {long}",{}}}"#, PEOPLE[0].1)).await;
    }
    for query in [of(0), EventQuery::default()] {
        let query = EventQuery { data: Some(true), ..query };
        let first = world.store.search_events(query.clone(), first_page(250)).await.unwrap();
        assert_eq!(first.data.len(), 21, "4 MiB and not much more");
        let (found, looked_at) = search(&world, &query, first_page(250)).await;
        assert_eq!((found.len(), looked_at.events), (30, 30));
    }
}
