//! Compares lists of attempts with a brute force over a few hundred random attempts.

use std::time::Duration;

use super::{
    Source,
    world::{Dice, Ending, World, filters, first_page, new_webhook, walk},
};
use crate::{
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus, CodeFilter},
        delivery::{DeliveryStatus, MOST_ATTEMPTS},
        event::EventType,
        query::{AttemptQuery, EventQuery, WebhookQuery},
        time::Timestamp,
        webhook::NewWebhook,
    },
    service::store::{Change, InstanceId, Next, StartedTest},
};

const ENDINGS: [Ending; 6] = [
    Ending::Answered(200),
    Ending::Answered(204),
    Ending::Answered(404),
    Ending::Answered(500),
    Ending::Answered(503),
    Ending::Refused,
];

/// Makes attempts of all kinds at random times; returns them in the order of their end, newest first.
pub(super) async fn random_history(world: &World, dice: &mut Dice, rounds: usize) -> (Vec<Attempt>, InstanceId) {
    let instance = world.join().await;
    let mut webhooks = Vec::new();
    for (at, wanted) in [["*"], ["user.*"], ["attendance.*"], ["user.deleted"]].iter().enumerate() {
        let new = NewWebhook { events: filters(wanted), ..new_webhook(&format!("Receiver {at}")) };
        webhooks.push(world.add(new).await.unwrap().id);
    }
    let mut ended = Vec::new();
    for _ in 0..rounds {
        // Sometimes the clock is set back.
        let step = dice.below(400_000_000) as i64 - 60_000_000;
        world.clock.set(Timestamp::from_micros(world.now().as_micros() + step));
        world.event(EventType::KNOWN[dice.below(6)]).await;
        let mut claims = world.claim(instance, 1 + dice.below(4)).await;
        if dice.below(8) == 0 {
            let test = world.test_of(webhooks[dice.below(4)], instance);
            let StartedTest::New(claim) = world.store.start_test(test, Change::at(world.now(), None)).await.unwrap()
            else {
                panic!("it is new")
            };
            claims.push(*claim);
        }
        for claim in claims {
            let ending = ENDINGS[dice.below(ENDINGS.len())];
            let next = match ending {
                Ending::Answered(200..=299) => Next::End(DeliveryStatus::Succeeded),
                _ if claim.number == MOST_ATTEMPTS => Next::End(DeliveryStatus::Exhausted),
                _ => Next::Retry(world.now().plus(Duration::from_secs(dice.below(600) as u64))),
            };
            assert!(world.end_after(&claim, ending, next, dice.below(900) as u64).await);
            ended.push(claim.attempt_id);
        }
    }
    let mut history = Vec::new();
    for id in ended.into_iter().rev() {
        let attempt = world.store.attempt(id).await.unwrap().unwrap();
        history.push(Attempt { request: None, response: None, ..attempt });
    }
    (history, instance)
}

fn passes(query: &AttemptQuery, attempt: &Attempt) -> bool {
    fn is<T: PartialEq>(wanted: &Option<T>, found: &T) -> bool {
        wanted.as_ref().is_none_or(|wanted| wanted == found)
    }
    is(&query.webhook, &attempt.webhook_id)
        && is(&query.event_id, &attempt.event_id)
        && is(&query.delivery, &attempt.delivery_id)
        && is(&query.status, &attempt.status)
        && is(&query.event, &attempt.event_type)
        && is(&query.kind, &attempt.kind)
        && query.code.is_none_or(|code| attempt.http_status.is_some_and(|s| s >= code.from && s <= code.to))
        && query.since.is_none_or(|since| attempt.started_at >= since)
        && query.until.is_none_or(|until| attempt.started_at < until)
}

/// Takes filters from a random attempt, so that most combinations find something.
fn random_query(dice: &mut Dice, history: &[Attempt]) -> AttemptQuery {
    let sample = history[dice.below(history.len())].clone();
    let other = history[dice.below(history.len())].started_at;
    let mut chosen = || dice.below(5) == 0;
    let status = sample.http_status.unwrap_or(404);
    AttemptQuery {
        webhook: chosen().then_some(sample.webhook_id),
        event_id: chosen().then_some(sample.event_id),
        delivery: chosen().then_some(sample.delivery_id),
        status: chosen().then_some(sample.status),
        event: chosen().then_some(sample.event_type),
        kind: chosen().then_some(sample.kind),
        code: match (chosen(), chosen()) {
            (true, true) => Some(CodeFilter { from: status / 100 * 100, to: status / 100 * 100 + 99 }),
            (true, false) => Some(CodeFilter { from: status, to: status }),
            _ => None,
        },
        since: chosen().then_some(sample.started_at.min(other)),
        until: chosen().then_some(sample.started_at.max(other)),
        limit: None,
        cursor: None,
    }
}

pub(super) async fn every_filter_finds_what_a_brute_force_finds(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(2);
    let (history, _) = random_history(&world, &mut dice, 100).await;
    assert!(history.len() > 200, "{}", history.len());
    let mut found_something = 0;
    for round in 0..100 {
        let query = if round == 0 { AttemptQuery::default() } else { random_query(&mut dice, &history) };
        let limit = 3 + dice.below(if round % 2 == 0 { 15 } else { 247 }) as u64;
        let found = walk(limit, async |page| world.store.attempts(query.clone(), page).await).await;
        let expected: Vec<_> = history.iter().filter(|attempt| passes(&query, attempt)).cloned().collect();
        found_something += usize::from(!expected.is_empty());
        assert_eq!(found, expected, "round {round}: {query:?}");
    }
    assert!(found_something > 60, "{found_something}");
}

pub(super) async fn what_waits_is_counted_as_a_brute_force_counts_it(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(6);
    let (_, instance) = random_history(&world, &mut dice, 60).await;
    world.claim(instance, 3).await;
    let mut waiting = Vec::new();
    for event in walk(250, async |page| world.store.events(EventQuery::default(), page).await).await {
        let deliveries = world.store.event(event.id.into()).await.unwrap().unwrap().deliveries.unwrap();
        waiting.extend(deliveries.into_iter().filter_map(|delivery| {
            let due_at = delivery.next_attempt_at.filter(|_| delivery.status == DeliveryStatus::Pending)?;
            Some((delivery.webhook_id, due_at))
        }));
    }
    assert!(waiting.len() > 10, "{}", waiting.len());
    let webhooks = world.store.webhooks(WebhookQuery::default(), first_page(50), world.now()).await.unwrap();
    for webhook in webhooks.data {
        let expected = waiting.iter().filter(|(id, _)| *id == webhook.id).count() as u64;
        assert_eq!(webhook.pending_deliveries, expected, "{}", webhook.name);
    }
    for ahead in [0, 60, 300, 600] {
        let at = world.now().plus(Duration::from_secs(ahead));
        let queue = world.store.queue(at).await.unwrap();
        let due = waiting.iter().filter(|(_, due_at)| *due_at <= at);
        assert_eq!((queue.pending, queue.due), (waiting.len() as u64, due.clone().count() as u64));
        assert_eq!(queue.oldest_due_at, due.map(|(_, due_at)| *due_at).min());
    }
    let soonest = waiting.iter().map(|(_, due_at)| *due_at).min();
    assert_eq!(world.claim_beside(instance, 0, &[]).await.next_due, soonest);
}

pub(super) async fn what_matches_nothing_is_an_empty_page(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(3);
    let (history, _) = random_history(&world, &mut dice, 20).await;
    let all = AttemptQuery::default;
    let future = world.now().plus(Duration::from_secs(86_400));
    let past = Timestamp::from_seconds(0);
    for query in [
        AttemptQuery { code: Some("418".parse().unwrap()), ..all() },
        AttemptQuery { kind: Some(AttemptKind::Recover), ..all() },
        AttemptQuery { since: Some(future), ..all() },
        AttemptQuery { until: Some(past), ..all() },
        AttemptQuery { webhook: Some("wh_0000000000".parse().unwrap()), ..all() },
        AttemptQuery { webhook: Some(history[0].webhook_id), code: Some("3xx".parse().unwrap()), ..all() },
        AttemptQuery { delivery: Some("dl_00000000000000000000000001".parse().unwrap()), ..all() },
        AttemptQuery { event_id: Some(format!("tm_{:032x}", 1).parse().unwrap()), ..all() },
        AttemptQuery { status: Some(AttemptStatus::Pending), ..all() },
    ] {
        let found = walk(50, async |page| world.store.attempts(query.clone(), page).await).await;
        assert_eq!(found, [], "{query:?}");
    }
}

pub(super) async fn pages_neither_repeat_nor_skip_while_attempts_end(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(4);
    let (history, instance) = random_history(&world, &mut dice, 15).await;
    for _ in 0..8 {
        world.event(EventType::USER_INSERTED).await;
    }
    let mut claims = world.claim(instance, 12).await;
    assert!(claims.len() >= 10);
    let shown_at_first: Vec<_> =
        claims.iter().map(|claim| claim.attempt_id).chain(history.iter().map(|a| a.id)).collect();
    let mut read = Vec::new();
    let mut page = first_page(3);
    loop {
        let answer = world.store.attempts(AttemptQuery::default(), page.clone()).await.unwrap();
        read.extend(answer.data.into_iter().map(|attempt| attempt.id));
        // Between two pages an attempt in flight ends, and newer ones begin and end.
        if let Some(claim) = (!claims.is_empty()).then(|| claims.remove(dice.below(claims.len()))) {
            world.end(&claim, Ending::Refused, Next::End(DeliveryStatus::Exhausted)).await;
            world.event(EventType::USER_DELETED).await;
            for newer in world.claim(instance, 2).await {
                world.end(&newer, Ending::Refused, Next::End(DeliveryStatus::Exhausted)).await;
            }
        }
        match answer.next {
            None => break,
            next => page.cursor = next,
        }
    }
    let mut expected = shown_at_first.clone();
    let mut sorted = read.clone();
    expected.sort_unstable();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
}

pub(super) async fn those_in_flight_come_first_and_pass_the_filters(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["user.*"]).await;
    let other = world.webhook(&["attendance.*"]).await;
    let instance = world.join().await;
    world.event(EventType::USER_INSERTED).await;
    world.succeed(&world.claim(instance, 1).await[0]).await;
    world.event(EventType::USER_INSERTED).await;
    world.event(EventType::ATTENDANCE_INSERTED).await;
    let [first, second] = world.claim(instance, 2).await.try_into().unwrap();
    let ids = async |query: AttemptQuery| {
        let found = world.attempts(query, 50).await;
        found.into_iter().map(|attempt| attempt.id).collect::<Vec<_>>()
    };
    let all = AttemptQuery::default;
    assert_eq!(ids(all()).await[..2], [second.attempt_id, first.attempt_id]);
    assert_eq!(ids(all()).await.len(), 3);
    let pending = AttemptQuery { status: Some(AttemptStatus::Pending), ..all() };
    assert_eq!(ids(pending).await, [second.attempt_id, first.attempt_id]);
    assert_eq!(ids(AttemptQuery { webhook: Some(other.id), ..all() }).await, [second.attempt_id]);
    assert_eq!(ids(AttemptQuery { webhook: Some(webhook.id), ..all() }).await[0], first.attempt_id);
    assert_eq!(ids(AttemptQuery { code: Some("2xx".parse().unwrap()), ..all() }).await.len(), 1);
    assert_eq!(ids(AttemptQuery { status: Some(AttemptStatus::Failed), ..all() }).await, []);
    assert_eq!(ids(AttemptQuery { event_id: Some(first.event_id), ..all() }).await, [first.attempt_id]);
    assert_eq!(ids(AttemptQuery { until: Some(world.now()), ..all() }).await.len(), 1);
    let tests = AttemptQuery { kind: Some(AttemptKind::Test), ..all() };
    assert_eq!(ids(tests).await, []);
}
