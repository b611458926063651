//! Tests that manual retries and recoveries skip and repeat nothing, whatever happens between two steps.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use super::{
    Source,
    world::{Dice, Ending, World, first_page, idempotency_key, new_webhook, walk},
};
use crate::{
    domain::{
        attempt::{AttemptKind, AttemptStatus},
        delivery::DeliveryStatus,
        event::EventType,
        ids::{DeliveryId, EventId, RecoveryId, WebhookId},
        patch::Patch,
        query::AttemptQuery,
        random::{Random, SystemRandom},
        recovery::{Recovery, RecoveryEstimate, RecoveryStatus, RecoveryWhat},
        time::Timestamp,
        version::Version,
        webhook::{NewWebhook, WebhookPatch},
    },
    service::store::{
        AddRecovery, Change, Claim, IdempotencyKey, InstanceId, ManualRetry, Next, RecoveryWindow, Result, RetryTarget,
        StartedRetry, StoreError,
    },
};

const EXHAUSTED: Next = Next::End(DeliveryStatus::Exhausted);

impl World {
    pub(super) async fn retry(&self, target: RetryTarget, instance: InstanceId) -> Result<StartedRetry> {
        self.retry_with_key(target, instance, None).await
    }

    async fn retry_with_key(
        &self,
        target: RetryTarget,
        instance: InstanceId,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StartedRetry> {
        self.store.start_retry(ManualRetry { target, instance }, Change::at(self.now(), idempotency_key)).await
    }

    async fn retry_one(&self, delivery: DeliveryId, instance: InstanceId) -> Claim {
        let mut started = self.retry(RetryTarget::Delivery(delivery), instance).await.unwrap();
        assert_eq!((started.claims.len(), started.retried.deliveries.len()), (1, 1));
        started.claims.remove(0)
    }

    async fn status(&self, delivery: DeliveryId) -> (DeliveryStatus, u32) {
        let delivery = self.store.delivery(delivery).await.unwrap().unwrap();
        (delivery.status, delivery.attempts)
    }

    /// The whole past up to now.
    pub(super) fn window(&self, webhook: Option<WebhookId>) -> RecoveryWindow {
        let until = self.now().plus(Duration::from_micros(1));
        RecoveryWindow { webhook, since: Timestamp::from_seconds(0), until, what: RecoveryWhat::Both }
    }

    pub(super) async fn recover(&self, window: RecoveryWindow, rate: Option<f64>) -> Recovery {
        let random: &dyn Random = &SystemRandom;
        let add = AddRecovery { id: RecoveryId::new(self.now(), random.bytes()), window, rate };
        self.store.add_recovery(add, Change::at(self.now(), None)).await.unwrap()
    }

    async fn estimate(&self, window: RecoveryWindow) -> RecoveryEstimate {
        self.store.estimate_recovery(window).await.unwrap()
    }

    pub(super) async fn advance_all(&self) {
        while self.store.advance_recovery(self.now()).await.unwrap() {}
    }

    async fn recovery(&self, id: RecoveryId) -> Recovery {
        self.store.recovery(id).await.unwrap().unwrap()
    }
}

pub(super) async fn a_retry_replaces_the_planned_one_and_the_schedule_goes_on(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let delivery = world.event(EventType::USER_INSERTED).await.deliveries[0].id;
    let instance = world.join().await;
    let first = world.claim(instance, 1).await.remove(0);
    let in_flight = world.retry(RetryTarget::Delivery(delivery), instance).await;
    assert!(matches!(in_flight, Err(StoreError::InFlight { attempt, .. }) if attempt == first.attempt_id));
    world.fail(&first, 300).await;

    let by_hand = world.retry_one(delivery, instance).await;
    assert_eq!((by_hand.kind, by_hand.number, by_hand.body.bytes()), (AttemptKind::Manual, 2, first.body.bytes()));
    let shown = world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap();
    assert_eq!(shown.pending_deliveries, 0, "nothing waits beside it");
    world.fail(&by_hand, 60).await;
    assert_eq!(world.status(delivery).await, (DeliveryStatus::Pending, 2));
    world.advance(59);
    assert!(world.claim(instance, 1).await.is_empty());
    world.advance(1);
    let third = world.claim(instance, 9).await.remove(0);
    assert_eq!((third.kind, third.number), (AttemptKind::Retry, 3));
    world.succeed(&third).await;
    world.advance(1_000);
    assert!(world.claim(instance, 9).await.is_empty(), "the planned retry was replaced");

    let of_attempt = world.retry(RetryTarget::Attempt(first.attempt_id), instance).await.unwrap();
    assert_eq!((of_attempt.claims[0].delivery_id, of_attempt.claims[0].number), (delivery, 4));
}

pub(super) async fn what_had_ended_is_tried_once_and_a_success_stays_one(source: &dyn Source) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let [succeeded, exhausted] = [EventType::USER_INSERTED; 2].map(|it| world.event(it));
    let [succeeded, exhausted] = [succeeded.await.deliveries[0].id, exhausted.await.deliveries[0].id];
    let instance = world.join().await;
    for claim in world.claim(instance, 2).await {
        if claim.delivery_id == succeeded {
            world.succeed(&claim).await;
        } else {
            assert!(world.end(&claim, Ending::Answered(503), EXHAUSTED).await);
        }
    }
    for (delivery, status) in [(succeeded, DeliveryStatus::Succeeded), (exhausted, DeliveryStatus::Exhausted)] {
        let claim = world.retry_one(delivery, instance).await;
        assert_eq!(claim.number, 2);
        assert_eq!(world.status(delivery).await, (DeliveryStatus::Pending, 1));
        world.fail(&claim, 300).await;
        assert_eq!(world.status(delivery).await, (status, 2), "it is not tried again by itself");
        world.succeed(&world.retry_one(delivery, instance).await).await;
        assert_eq!(world.status(delivery).await, (DeliveryStatus::Succeeded, 3));
    }
    let history = world.attempts(AttemptQuery { delivery: Some(succeeded), ..AttemptQuery::default() }, 10).await;
    let ends: Vec<_> = history.iter().map(|attempt| (attempt.number, attempt.status)).collect();
    use AttemptStatus::{Failed, Succeeded};
    assert_eq!(ends, [(3, Succeeded), (2, Failed), (1, Succeeded)], "its earlier success stays in the history");
}

pub(super) async fn a_retry_runs_on_a_disabled_webhook_and_not_on_a_deleted_one(source: &dyn Source) {
    let world = World::new(source).await;
    let [one, other] = [world.webhook(&["*"]).await, world.webhook(&["*"]).await];
    let event = world.event(EventType::USER_INSERTED).await;
    let delivery = event.deliveries.iter().find(|planned| planned.webhook_id == one.id).unwrap().id;
    let instance = world.join().await;
    world.switch(one.id, false).await;
    let claim = world.retry_one(delivery, instance).await;
    world.fail(&claim, 5).await;
    world.advance(10);
    assert_eq!(world.claim(instance, 9).await.len(), 1, "the other's alone: its own next try is held");

    // The process dies during the next attempt, which stays a manual retry and is held like all work of a disabled
    // webhook.
    let cut_short = world.retry_one(delivery, instance).await;
    world.store.leave(instance).await.unwrap();
    let instance = world.join().await;
    assert_eq!(world.claim(instance, 9).await.len(), 1);
    world.switch(one.id, true).await;
    let again = world.claim(instance, 9).await.remove(0);
    assert_eq!((again.kind, again.attempt_id), (AttemptKind::Manual, cut_short.attempt_id));
    world.succeed(&again).await;

    world.store.delete_webhook(one.id, None, Change::at(world.now(), None)).await.unwrap();
    let deleted = world.retry(RetryTarget::Delivery(delivery), instance).await;
    assert!(matches!(deleted, Err(StoreError::WebhookDeleted(id)) if id == one.id));
    let in_flight = world.retry(RetryTarget::Event(event.id.into()), instance).await;
    assert!(matches!(in_flight, Err(StoreError::InFlight { .. })), "all or none");
    world.store.delete_webhook(other.id, None, Change::at(world.now(), None)).await.unwrap();
    let none = world.retry(RetryTarget::Event(event.id.into()), instance).await.unwrap();
    assert!(none.claims.is_empty(), "to webhooks that still exist");
}

pub(super) async fn a_retry_is_made_once_a_key_and_never_of_a_test(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let event = world.event(EventType::USER_INSERTED).await;
    let instance = world.join().await;
    let target = RetryTarget::Event(event.id.into());
    let first = world.retry_with_key(target.clone(), instance, idempotency_key("k", 1)).await.unwrap();
    let again = world.retry_with_key(target, instance, idempotency_key("k", 1)).await.unwrap();
    assert_eq!((again.retried, again.claims.len()), (first.retried, 0));
    assert_eq!(first.claims[0].number, 1, "a retry may be the first try");

    let test =
        world.store.start_test(world.test_of(webhook.id, instance), Change::at(world.now(), None)).await.unwrap();
    let crate::service::store::StartedTest::New(test) = test else { panic!("{test:?}") };
    world.succeed(&test).await;
    let refused = world.retry(RetryTarget::Attempt(test.attempt_id), instance).await;
    assert!(matches!(refused, Err(StoreError::TestNotRetried(_))));
    let random: &dyn Random = &SystemRandom;
    let nobody = EventId::new(world.now(), random.bytes());
    let missing = world.retry(RetryTarget::Event(nobody.into()), instance).await;
    assert!(matches!(missing, Err(StoreError::NotFound { what: "event", .. })));
}

pub(super) async fn a_recovery_delivers_what_failed_and_what_was_missed(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["user.*"]).await;
    let instance = world.join().await;
    let failed = world.event(EventType::USER_INSERTED).await.deliveries[0].id;
    let pending = world.event(EventType::USER_INSERTED).await.deliveries[0].id;
    for claim in world.claim(instance, 2).await {
        let next = if claim.delivery_id == failed {
            EXHAUSTED
        } else {
            Next::Retry(world.now().plus(Duration::from_secs(900)))
        };
        assert!(world.end(&claim, Ending::Refused, next).await);
    }
    world.switch(webhook.id, false).await;
    let missed = world.event(EventType::USER_UPDATED).await.id;
    world.event(EventType::ATTENDANCE_INSERTED).await;
    let off = world.store.estimate_recovery(world.window(Some(webhook.id))).await;
    assert!(matches!(off, Err(StoreError::WebhookDisabled(id)) if id == webhook.id));
    world.switch(webhook.id, true).await;
    let patch = WebhookPatch { pinned_version: Patch::Value(Version::V2), ..WebhookPatch::default() };
    world.store.update_webhook(webhook.id, patch, None, Change::at(world.now(), None)).await.unwrap();

    let estimate = world.estimate(world.window(None)).await;
    let expected = RecoveryEstimate { deliveries: 2, failed: 1, missed: 1, skipped: 0, waiting: 1, complete: true };
    assert_eq!(estimate, expected);
    let recovery = world.recover(world.window(None), None).await;
    assert_eq!((recovery.status, recovery.made), (RecoveryStatus::Running, 0));
    world.advance_all().await;
    let claims = world.claim(instance, 9).await;
    assert_eq!(claims.len(), 2);
    for claim in &claims {
        assert_eq!(claim.kind, AttemptKind::Recover);
        if claim.event_id == missed {
            assert_eq!((claim.number, claim.version), (1, Some(Version::V2)), "in the version in force now");
            assert!(!claim.body.bytes().unwrap().is_empty());
        } else {
            assert_eq!((claim.delivery_id, claim.number, claim.version), (failed, 2, Some(Version::V1)));
        }
        world.fail(claim, 60).await;
    }
    let recovery = world.recovery(recovery.id).await;
    assert_eq!((recovery.status, recovery.made, recovery.failed), (RecoveryStatus::Finished, 2, 2));
    assert_eq!((recovery.pending, recovery.finished_at), (0, Some(world.now())));
    assert_eq!(world.status(failed).await, (DeliveryStatus::Exhausted, 2), "it was tried once more");
    assert_eq!(world.status(pending).await, (DeliveryStatus::Pending, 1), "it has its own schedule");
    world.advance(60);
    let next = world.claim(instance, 9).await;
    assert_eq!(
        next.iter().map(|claim| (claim.event_id, claim.kind)).collect::<Vec<_>>(),
        [(missed, AttemptKind::Retry)]
    );
    world.succeed(&next[0]).await;
    assert_eq!(world.recovery(recovery.id).await, recovery, "later tries are the schedule's");
    assert_eq!(world.estimate(RecoveryWindow { what: RecoveryWhat::Missed, ..world.window(None) }).await.deliveries, 0);
}

pub(super) async fn a_recovery_keeps_to_its_rate_and_can_be_stopped(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    world.switch(webhook.id, false).await;
    for _ in 0..250 {
        world.event(EventType::USER_INSERTED).await;
    }
    world.switch(webhook.id, true).await;
    let recovery = world.recover(world.window(Some(webhook.id)), Some(2.0)).await;
    assert!(world.store.advance_recovery(world.now()).await.unwrap());
    let half_way = world.recovery(recovery.id).await;
    assert_eq!((half_way.looked, half_way.made), (0, 0), "nothing failed");
    assert!(world.store.advance_recovery(world.now()).await.unwrap());
    assert_eq!(world.recovery(recovery.id).await.made, 200, "one step is bounded");
    let instance = world.join().await;
    assert_eq!(world.claim(instance, 100).await.len(), 1);
    world.advance(2);
    assert_eq!(world.claim(instance, 100).await.len(), 4);

    let stopped = world.store.cancel_recovery(recovery.id, Change::at(world.now(), None)).await.unwrap();
    assert_eq!((stopped.status, stopped.finished_at), (RecoveryStatus::Cancelled, Some(world.now())));
    assert!(!world.store.advance_recovery(world.now()).await.unwrap());
    world.store.delete_webhook(webhook.id, None, Change::at(world.now(), None)).await.unwrap();
    let stopped = world.recovery(recovery.id).await;
    assert_eq!((stopped.made, stopped.cancelled, stopped.pending), (200, 195, 5), "five are in flight");
    assert_eq!(stopped.status, RecoveryStatus::Cancelled);

    let other = world.recover(world.window(None), None).await;
    let all = walk(1, async |page| world.store.recoveries(page).await).await;
    assert_eq!(all.iter().map(|it| it.id).collect::<Vec<_>>(), [other.id, recovery.id], "the newest first");
    assert_eq!(world.store.recoveries(first_page(2)).await.unwrap().next, None);
}

/// The expected deliveries by event and webhook.
type Expected = BTreeSet<(EventId, WebhookId)>;

pub(super) async fn recoveries_of_random_histories_equal_a_brute_force(source: &dyn Source) {
    let (mut world, mut dice) = (World::new(source).await, Dice::new(7));
    let mut events = Vec::new();
    for _ in 0..4 {
        events.extend(random_history(&world, &mut dice).await);
        world.advance(1);
        let [since, until] = random_window(&world, &mut dice);
        let window = RecoveryWindow { webhook: None, since, until, what: RecoveryWhat::ALL[dice.below(3)] };
        let (expected, before) = brute_force(&world, &events, &window).await;
        let estimate = world.estimate(window.clone()).await;
        assert_eq!((estimate.deliveries, estimate.complete), (expected.len() as u64, true), "{window:?}");

        let recovery = world.recover(window, None).await;
        let mut instance = world.join().await;
        let mut made = BTreeMap::<_, usize>::new();
        // The recovery's steps and its deliveries alternate, and sometimes the process changes.
        loop {
            let more = world.store.advance_recovery(world.now()).await.unwrap();
            if source.is_shared() && dice.below(3) == 0 {
                world = world.beside(source).await;
                world.store.free_abandoned(world.now()).await.unwrap();
                instance = world.join().await;
            }
            let claimed = world.claim_beside(instance, 40, &[]).await;
            if !more && claimed.claims.is_empty() {
                // A failing webhook is paused for minutes at most; deliveries that failed early here are due in days.
                let Some(due) = claimed.next_due.filter(|due| due.since(world.now()) < Duration::from_secs(3600))
                else {
                    break;
                };
                world.clock.advance(due.since(world.now()));
            }
            for claim in claimed.claims {
                if claim.kind == AttemptKind::Recover {
                    *made.entry((claim.event_id, claim.webhook_id)).or_default() += 1;
                }
                if dice.below(3) == 0 {
                    assert!(world.end(&claim, Ending::Answered(500), EXHAUSTED).await);
                } else {
                    world.succeed(&claim).await;
                }
            }
        }
        assert!(made.values().all(|times| *times == 1), "nothing is repeated");
        assert_eq!(made.into_keys().collect::<Expected>(), expected, "nothing is skipped");
        let recovery = world.recovery(recovery.id).await;
        assert_eq!((recovery.status, recovery.made), (RecoveryStatus::Finished, expected.len() as u64));
        assert_eq!(recovery.succeeded + recovery.failed, recovery.made);
        let mut after = 0;
        for event in &events {
            after += world.store.event((*event).into()).await.unwrap().unwrap().deliveries.unwrap().len();
        }
        assert!(after >= before && after <= before + expected.len());
        world.store.leave(instance).await.unwrap();
    }
}

/// Switches webhooks on and off while events arrive; some of their deliveries fail for good.
async fn random_history(world: &World, dice: &mut Dice) -> Vec<EventId> {
    let instance = world.join().await;
    let mut webhooks = Vec::new();
    let mut events = Vec::new();
    for _ in 0..400 {
        world.advance(dice.below(3) as u64);
        match dice.below(12) {
            0 if webhooks.len() < 5 => {
                let events = [&["*"][..], &["user.*"], &["attendance.inserted"]][dice.below(3)];
                webhooks.push(world.webhook(events).await.id);
            }
            1 | 2 if !webhooks.is_empty() => {
                let webhook = webhooks[dice.below(webhooks.len())];
                world.switch(webhook, dice.below(2) == 0).await;
            }
            3 | 4 => {
                for claim in world.claim(instance, 20).await {
                    match dice.below(3) {
                        0 => world.succeed(&claim).await,
                        1 => world.fail(&claim, 1_000_000).await,
                        _ => assert!(world.end(&claim, Ending::Answered(500), EXHAUSTED).await),
                    }
                }
            }
            _ => {
                let types = [EventType::USER_INSERTED, EventType::ATTENDANCE_INSERTED, EventType::ATTENDANCE_DELETED];
                events.push(world.event(types[dice.below(3)]).await.id);
            }
        }
    }
    for claim in world.claim(instance, 512).await {
        assert!(world.end(&claim, Ending::Refused, EXHAUSTED).await);
    }
    world.store.leave(instance).await.unwrap();
    events
}

fn random_window(world: &World, dice: &mut Dice) -> [Timestamp; 2] {
    let ago = |dice: &mut Dice| world.now().minus(Duration::from_secs(dice.below(300) as u64));
    let (one, other) = (ago(dice), ago(dice));
    [one.min(other).minus(Duration::from_secs(60)), one.max(other)]
}

/// What a recovery of the window must deliver, and the number of deliveries before it.
async fn brute_force(world: &World, events: &[EventId], window: &RecoveryWindow) -> (Expected, usize) {
    let query = crate::domain::query::WebhookQuery { enabled: Some(true), ..Default::default() };
    let webhooks = world.store.webhooks(query, first_page(50), world.now()).await.unwrap().data;
    let webhooks: HashMap<WebhookId, _> = webhooks.into_iter().map(|webhook| (webhook.id, webhook)).collect();
    let within = |at: Timestamp| at >= window.since && at < window.until;
    let (mut expected, mut before) = (Expected::new(), 0);
    for id in events {
        let event = world.store.event((*id).into()).await.unwrap().unwrap();
        let deliveries = event.deliveries.unwrap();
        before += deliveries.len();
        for webhook in webhooks.values() {
            let made = deliveries.iter().find(|delivery| delivery.webhook_id == webhook.id);
            let wanted = match made {
                Some(made) => {
                    window.what.failed()
                        && made.status == DeliveryStatus::Exhausted
                        && made.finished_at.is_some_and(within)
                }
                None => {
                    window.what.missed()
                        && within(event.accepted_at)
                        && webhook.created_at <= event.accepted_at
                        && webhook.events.iter().any(|filter| filter.matches(event.event_type))
                }
            };
            if wanted {
                expected.insert((*id, webhook.id));
            }
        }
    }
    (expected, before)
}

pub(super) async fn an_event_made_to_test_one_webhook_is_nobody_elses(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    world.add(NewWebhook { enabled: true, ..new_webhook("Other") }).await.unwrap();
    let instance = world.join().await;
    let mut test = world.test_of(webhook.id, instance);
    test.event = world.new_event(EventType::USER_INSERTED);
    let started = world.store.start_test(test, Change::at(world.now(), None)).await.unwrap();
    let crate::service::store::StartedTest::New(claim) = started else { panic!("{started:?}") };
    assert!(world.end(&claim, Ending::Answered(500), EXHAUSTED).await);
    world.advance(1);
    let estimate = world.estimate(world.window(None)).await;
    assert_eq!(estimate, RecoveryEstimate { complete: true, ..RecoveryEstimate::default() });
}
