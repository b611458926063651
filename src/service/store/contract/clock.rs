//! Tests that a temporarily wrong clock disables, deletes and holds nothing.

use std::time::Duration;

use super::{
    Source,
    world::{Ending, World, idempotency_key},
};
use crate::{
    domain::{
        event::EventType,
        health::Notice,
        time::Timestamp,
        trust::{Believed, Doubt},
    },
    service::store::{BelievedAges, Change, Completed, Next, StoreError},
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 365 * 24 * 3600;

impl World {
    /// Stores the trusted times of a process that has seen the clock jump ahead from `right` to now.
    async fn doubts(&self, right: Timestamp) {
        let believed = Believed { time: right, doubt: Some(Doubt { clock: self.now(), waited: Duration::ZERO }) };
        self.store.keep_believed_ages(BelievedAges { now: believed, missed: believed }).await.unwrap();
    }

    /// Stores the trusted times of a process whose clock is right.
    async fn believes(&self) {
        let believed = Believed { time: self.now(), doubt: None };
        self.store.keep_believed_ages(BelievedAges { now: believed, missed: believed }).await.unwrap();
    }
}

pub(super) async fn a_jump_of_the_clock_disables_nothing(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.webhook(&["*"]).await;
    for _ in 0..3 {
        world.event(EventType::USER_INSERTED).await;
    }
    let fail_for = async |hours: u64| {
        let mut notices = Vec::new();
        for _ in 0..hours {
            for claim in world.claim(instance, 3).await {
                let next = Next::Retry(world.now().plus(Duration::from_secs(HOUR)));
                let completion = world.completion(&claim, Ending::Answered(500), next);
                let [Completed::Recorded(notice)] = world.store.complete([completion].into()).await.unwrap()[..] else {
                    panic!("its claim was held")
                };
                notices.extend(notice.map(|(_, notice)| notice));
            }
            world.advance(HOUR);
        }
        notices
    };
    fail_for(40).await;
    let right = world.now();
    world.advance(6 * DAY);
    world.doubts(right).await;
    let told = fail_for(3).await;
    let shown = world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap();
    assert!(shown.enabled && shown.failures_in_a_row > 20 && !told.contains(&Notice::Disabled), "{told:?} {shown:?}");
    world.believes().await;
    assert_eq!(fail_for(1).await, [Notice::Disabled], "it goes on from there");
}

pub(super) async fn a_jump_of_the_clock_ends_no_key(source: &dyn Source) {
    let world = World::new(source).await;
    let accept = async |content| {
        let change = Change::at(world.now(), idempotency_key("k", content));
        world.store.accept_event(world.new_event(EventType::USER_INSERTED), change).await
    };
    let first = accept(1).await.unwrap();
    world.advance(HOUR);
    let right = world.now();
    world.advance(6 * DAY);
    world.doubts(right).await;
    assert_eq!(accept(1).await.unwrap(), first);
    assert!(matches!(accept(2).await, Err(StoreError::IdempotencyKeyReused)));
    world.believes().await;
    assert!(accept(2).await.is_ok(), "it counts for a day");
}

pub(super) async fn what_a_wrong_clock_has_planned_is_brought_back(source: &dyn Source) {
    let world = World::new(source).await;
    let right = world.now();
    world.advance(YEAR);
    let (asked, broken, retried) = (
        world.webhook(&["user.inserted"]).await,
        world.webhook(&["user.updated"]).await,
        world.webhook(&["user.deleted"]).await,
    );
    let instance = world.join().await;
    for event_type in [EventType::USER_INSERTED, EventType::USER_UPDATED, EventType::USER_DELETED] {
        world.event(event_type).await;
    }
    for claim in world.claim(instance, 3).await {
        let mut ended =
            world.completion(&claim, Ending::Answered(503), Next::Retry(world.now().plus(Duration::from_secs(5))));
        if claim.webhook_id == asked.id {
            ended.hold = Some(world.now().plus(Duration::from_secs(600)));
        }
        world.store.complete([ended].into()).await.unwrap();
    }
    for _ in 0..9 {
        world.advance(5);
        for claim in world.claim_beside(instance, 1, &[(asked.id, 0), (retried.id, 0)]).await.claims {
            world.fail(&claim, 5).await;
        }
    }
    assert!(
        world.store.webhook(broken.id, world.now()).await.unwrap().unwrap().held_until.is_some(),
        "its breaker is open"
    );
    // This event is accepted by the wrong clock and never tried.
    world.event(EventType::USER_DELETED).await;

    world.clock.set(right);
    let held = async |id| world.store.webhook(id, world.now()).await.unwrap().unwrap().held_until;
    assert_eq!(held(asked.id).await, Some(right.plus(Duration::from_secs(3600))), "never longer than its rule");
    assert!(world.claim(instance, 9).await.is_empty());
    world.store.replan(world.now(), true).await.unwrap();
    let next: Vec<_> = world.claim(instance, 9).await.iter().map(|claim| (claim.webhook_id, claim.number)).collect();
    assert_eq!(next, [(retried.id, 1)], "what was never tried is due now");
    assert!(held(asked.id).await.unwrap() <= right.plus(Duration::from_secs(600)));
    world.advance(5);
    let mut next: Vec<_> =
        world.claim(instance, 9).await.iter().map(|claim| (claim.webhook_id, claim.number)).collect();
    next.sort_by_key(|(_, number)| *number);
    assert_eq!(next, [(retried.id, 2), (broken.id, 11)], "as long from now as it was from its last try");
    world.advance(600);
    assert_eq!(world.claim(instance, 9).await.len(), 1, "what the receiver had asked for is over");
}

pub(super) async fn what_is_planned_by_a_right_clock_stays(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    for wait in [5, 300, 24 * 3600] {
        world.event(EventType::USER_INSERTED).await;
        let claim = world.claim(instance, 1).await.remove(0);
        world.fail(&claim, wait).await;
    }
    world.advance(1);
    let page = async || world.attempts(crate::domain::query::AttemptQuery::default(), 10).await;
    let before: Vec<_> = page().await.iter().map(|attempt| attempt.next_retry_at).collect();
    for doubtful in [true, false] {
        world.store.replan(world.now(), doubtful).await.unwrap();
        let after: Vec<_> = page().await.iter().map(|attempt| attempt.next_retry_at).collect();
        assert_eq!(after, before);
    }
    // After the clock was set back by a minute, nothing is due later than planned.
    world.clock.set(world.now().minus(Duration::from_secs(60)));
    world.store.replan(world.now(), true).await.unwrap();
    let after: Vec<_> = page().await.iter().map(|attempt| attempt.next_retry_at.unwrap()).collect();
    let now = world.now();
    assert_eq!(after, [24 * 3600, 300, 5].map(|wait| now.plus(Duration::from_secs(wait))), "{:?}", webhook.id);
}
