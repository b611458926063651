//! Tests a clock that is set an hour ahead or back while deliveries wait or are under way.

use super::{
    receiver::{Answer, Receiver},
    *,
};
use crate::domain::{
    attempt::AttemptStatus,
    query::{EventQuery, StatsQuery},
    stats::error_rate,
};

const HOUR: Duration = Duration::from_secs(3600);

impl World {
    /// Sets the clock an hour ahead or back.
    fn set_clock(&self, ahead: bool) {
        let now = self.clock.now();
        self.clock.set(if ahead { now.plus(HOUR) } else { now.minus(HOUR) });
    }
}

/// All requests that a receiver has seen: the event's id and the attempt's number.
async fn ledger(receiver: &mut Receiver) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    while receiver.unseen() > 0 {
        let request = receiver.next().await;
        seen.push((request.header("webhook-id").to_owned(), request.header("webhook-attempt").to_owned()));
    }
    seen.sort();
    seen
}

#[tokio::test]
async fn what_waits_is_delivered_once_whichever_way_the_clock_is_set() {
    for ahead in [true, false] {
        let world = World::new();
        let mut receiver = Receiver::answering([Answer::status(503, ""), Answer::status(204, "")]).await;
        let webhook = world.deliver_one_to(&receiver.url).await;
        let retried = world.newest().await.event_id.to_string();
        // The first delivery waits for its retry, these wait for their first attempt.
        let mut sent = vec![(retried.clone(), "1".to_owned()), (retried, "2".to_owned())];
        for _ in 0..3 {
            sent.push((world.accept(EventType::USER_INSERTED).await.to_string(), "1".to_owned()));
        }
        world.set_clock(ahead);
        for _ in 0..3 {
            sent.push((world.accept(EventType::USER_UPDATED).await.to_string(), "1".to_owned()));
        }
        world.deliver().await;
        // With a clock set back, planned requests arrive at most an hour later, and never earlier.
        if !ahead {
            assert!(receiver.unseen() < sent.len());
            world.clock.advance(HOUR + Duration::from_secs(7));
            world.deliver().await;
        }
        sent.sort();
        assert_eq!(ledger(&mut receiver).await, sent, "ahead: {ahead}");
        world.clock.advance(HOUR);
        world.deliver().await;
        assert_eq!(receiver.unseen(), 0, "nothing is left");

        let shown = world.webhook(webhook.id).await;
        assert_eq!((shown.attempts24h, shown.failed24h), (8, 1), "ahead: {ahead}");
        let stats = world.store.stats(StatsQuery::default(), world.clock.now()).await.unwrap();
        assert_eq!((stats.attempts, stats.error_rate), (8, error_rate(1, 8)), "ahead: {ahead}");
    }
}

#[tokio::test]
async fn a_clock_set_during_an_attempt_delays_no_retry() {
    for ahead in [true, false] {
        let (world, mut receiver) = (World::new(), Receiver::holding_with(503).await);
        world.add(&receiver.url).await;
        world.accept(EventType::USER_INSERTED).await;
        let engine = world.engine.clone();
        let delivering = tokio::spawn(async move { engine.run_until_idle().await });
        receiver.next().await;
        world.set_clock(ahead);
        let now = world.clock.now();
        receiver.release(1);
        within(delivering).await.unwrap().unwrap();

        let first = world.newest().await;
        assert_eq!((first.status, end_of(&first) <= now), (AttemptStatus::Failed, true), "ahead: {ahead}");
        assert!(first.duration_ms.unwrap() < 60_000, "it took {:?} ms", first.duration_ms);
        assert!(now.since(end_of(&first)) < Duration::from_millis(2), "it is counted where the clock stands now");
        let due = first.next_retry_at.unwrap();
        assert!((now.plus(Duration::from_secs(5))..=now.plus(Duration::from_secs(6))).contains(&due), "{due} at {now}");
        world.clock.set(due.minus(Duration::from_micros(1)));
        world.deliver().await;
        assert_eq!(receiver.unseen(), 0, "it was tried too early");
        world.clock.set(due);
        receiver.release(1);
        world.deliver().await;
        assert_eq!(receiver.next().await.header("webhook-attempt"), "2");
    }
}

#[tokio::test]
async fn lists_and_windows_are_whole_though_times_do_not_rise() {
    let (world, receiver) = (World::new(), Receiver::status(204).await);
    world.add(&receiver.url).await;
    let mut accepted = Vec::new();
    for step in [None, Some(true), Some(false), Some(false), Some(true)] {
        if let Some(ahead) = step {
            world.set_clock(ahead);
        }
        for _ in 0..4 {
            accepted.push((world.accept(EventType::USER_INSERTED).await, world.clock.now()));
            world.clock.advance(Duration::from_secs(1));
            world.deliver().await;
        }
    }
    // The clock that was set back held up the last ones.
    world.clock.advance(2 * HOUR);
    world.deliver().await;
    accepted.reverse();
    let ids: Vec<EventId> = accepted.iter().map(|(id, _)| *id).collect();
    let (mut events, mut attempts) = (Vec::new(), Vec::new());
    let mut page = PageRequest { limit: Limit::new(3).unwrap(), cursor: None };
    loop {
        let found = world.store.events(EventQuery::default(), page.clone()).await.unwrap();
        events.extend(found.data.into_iter().map(|event| event.id));
        let Some(next) = found.next else { break };
        page.cursor = Some(next);
    }
    assert_eq!(events, ids, "in the order they were taken in");
    page.cursor = None;
    loop {
        let found = world.store.attempts(AttemptQuery::default(), page.clone()).await.unwrap();
        attempts.extend(found.data.into_iter().map(|attempt| attempt.event_id));
        let Some(next) = found.next else { break };
        page.cursor = Some(next);
    }
    attempts.sort();
    let mut once = ids;
    once.sort();
    assert_eq!(attempts, once, "each event has one attempt");
    for (_, at) in &accepted {
        let query = EventQuery { since: Some(*at), ..EventQuery::default() };
        let all = PageRequest { limit: Limit::new(100).unwrap(), cursor: None };
        let found = world.store.events(query, all).await.unwrap().data.len();
        assert_eq!(found, accepted.iter().filter(|(_, other)| other >= at).count(), "since {at}");
    }
}
