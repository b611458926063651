//! Tests failing webhooks: who is served first, who is paused, and who is disabled.

use std::time::Duration;

use super::{
    Source,
    world::{Ending, World},
};
use crate::{
    domain::{
        delivery::DeliveryStatus,
        event::EventType,
        health::{Breaker, Notice, Warning},
        ids::WebhookId,
        patch::Patch,
        time::Timestamp,
        webhook::{DisabledReason, Webhook, WebhookPatch, WebhookStatus},
    },
    service::store::{Change, Claim, ClaimRequest, Claimed, Completed, Completion, InstanceId, Next},
};

const HOUR: u64 = 3600;

impl World {
    async fn shown(&self, id: WebhookId) -> Webhook {
        self.store.webhook(id, self.now()).await.unwrap().unwrap()
    }

    /// Claims as the engine does.
    async fn claim_as(&self, instance: InstanceId, most_in_trouble: usize, most_unproven: usize) -> Claimed {
        let request = ClaimRequest {
            instance,
            now: self.now(),
            most: 512,
            most_in_trouble,
            most_per_webhook: 8,
            most_unproven,
            capacities: Vec::new(),
        };
        self.store.claim(request).await.unwrap()
    }

    fn failed(&self, claim: &Claim, retry_after: u64) -> Completion {
        let next = Next::Retry(self.now().plus(Duration::from_secs(retry_after)));
        self.completion(claim, Ending::Answered(500), next)
    }

    /// Fails an attempt that began when it was claimed; returns its notice.
    async fn fails(&self, claim: &Claim, retry_after: u64) -> Option<(WebhookId, Notice)> {
        let completion = Completion { started_at: self.now(), ..self.failed(claim, retry_after) };
        match self.store.complete([completion].into()).await.unwrap()[0] {
            Completed::Recorded(notice) => notice,
            Completed::Overtaken => panic!("its claim was held"),
        }
    }

    /// Lets the webhook fail until its breaker opens, one delivery a time; each then waits for an hour.
    async fn open_breaker(&self, instance: InstanceId) {
        for _ in 0..10 {
            self.event(EventType::USER_INSERTED).await;
            let claim = self.claim(instance, 1).await.remove(0);
            self.fails(&claim, HOUR).await;
        }
    }

    async fn move_to(&self, id: WebhookId, url: &str) -> Webhook {
        self.patch(id, WebhookPatch { url: Patch::Value(url.to_owned()), ..WebhookPatch::default() }).await
    }

    fn later(&self, seconds: u64) -> Timestamp {
        self.now().plus(Duration::from_secs(seconds))
    }
}

pub(super) async fn what_a_receiver_asks_for_holds_its_whole_webhook(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.webhook(&["*"]).await;
    world.event(EventType::USER_INSERTED).await;
    world.event(EventType::USER_INSERTED).await;
    let [first, second] = <[Claim; 2]>::try_from(world.claim(instance, 2).await).unwrap();
    let until = world.later(600);
    let held = Completion { hold: Some(until), ..world.failed(&first, 5) };
    world.store.complete([held].into()).await.unwrap();
    world.event(EventType::USER_INSERTED).await;
    let nothing = world.claim_beside(instance, 10, &[]).await;
    assert_eq!((nothing.claims.len(), nothing.next_due), (0, Some(until)), "it is told when it can go on");
    world.succeed(&second).await;
    assert_eq!(world.shown(webhook.id).await.held_until, Some(until), "a success does not end it");
    world.advance(599);
    assert!(world.claim(instance, 10).await.is_empty());
    world.advance(1);
    let shown = world.shown(webhook.id).await;
    assert_eq!((shown.held_until, shown.status), (None, WebhookStatus::Enabled));
    let claims = world.claim(instance, 10).await;
    assert_eq!(claims.iter().map(|claim| claim.number).collect::<Vec<_>>(), [1, 2], "no try was lost");
    assert!(claims.iter().all(|claim| claim.due_at == until), "what was held was not late");
}

pub(super) async fn enabling_and_a_new_url_end_a_hold_and_forget_failures(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.webhook(&["*"]).await;
    for number in 0..2 {
        world.event(EventType::USER_INSERTED).await;
        let claim = world.claim(instance, 1).await.remove(0);
        let held = Completion { hold: Some(world.later(600)), ..world.failed(&claim, 5) };
        world.store.complete([held].into()).await.unwrap();
        let failing = world.shown(webhook.id).await;
        assert_eq!((failing.failing_since, failing.failures_in_a_row), (Some(world.now()), 1));
        assert_eq!(failing.disables_at, Some(world.later(120 * HOUR)));
        world.advance(10);
        assert!(world.claim(instance, 10).await.is_empty());
        let fresh = if number == 0 {
            let off = world.switch(webhook.id, false).await;
            assert_eq!((off.disabled_at, off.held_until, off.disables_at), (Some(world.now()), None, None));
            world.switch(webhook.id, true).await
        } else {
            world.move_to(webhook.id, "https://new.example.com/hooks").await
        };
        assert_eq!((fresh.status, fresh.failing_since, fresh.held_until), (WebhookStatus::Enabled, None, None));
        assert_eq!((fresh.failures_in_a_row, fresh.disables_at, fresh.disabled_at), (0, None, None));
        for claim in world.claim(instance, 10).await {
            world.succeed(&claim).await;
        }
    }
}

pub(super) async fn an_answer_of_the_url_before_says_nothing(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.webhook(&["*"]).await;
    for _ in 0..2 {
        world.event(EventType::USER_INSERTED).await;
    }
    let claims = world.claim(instance, 2).await;
    world.move_to(webhook.id, "https://new.example.com/hooks").await;
    let gone = Completion { disable: Some(DisabledReason::Gone), ..world.failed(&claims[0], 5) };
    world.store.complete([gone].into()).await.unwrap();
    let shown = world.shown(webhook.id).await;
    assert_eq!((shown.enabled, shown.failing_since, shown.failed24h), (true, None, 1));
    world.succeed(&claims[1]).await;
    world.event(EventType::USER_INSERTED).await;
    assert!(world.claim(instance, 1).await[0].in_trouble, "the new one has not succeeded yet");
}

pub(super) async fn an_open_breaker_lets_one_probe_through_after_longer_and_longer_pauses(source: &dyn Source) {
    let world = World::new(source).await;
    let (instance, other) = (world.join().await, world.join().await);
    let webhook = world.webhook(&["*"]).await;
    world.open_breaker(instance).await;
    let open = world.shown(webhook.id).await;
    assert_eq!((open.breaker, open.held_until), (Breaker::Open, Some(world.later(5))));
    for _ in 0..5 {
        world.event(EventType::USER_INSERTED).await;
    }
    for pause in [5, 10, 20, 40] {
        assert_eq!(world.claim_as(instance, 512, 8).await.next_due, Some(world.later(pause)));
        world.advance(pause);
        let mut claimed = world.claim_as(instance, 512, 8).await;
        assert_eq!(
            (claimed.claims.len(), claimed.next_due),
            (1, None),
            "one in flight, and no more until it has ended"
        );
        assert!(world.claim_as(other, 512, 8).await.claims.is_empty(), "in all processes");
        world.fails(&claimed.claims.remove(0), HOUR).await;
    }
    world.advance(80);
    let probe = world.claim_as(other, 512, 8).await.claims.remove(0);
    world.event(EventType::USER_INSERTED).await;
    world.succeed(&probe).await;
    let closed = world.shown(webhook.id).await;
    assert_eq!((closed.breaker, closed.held_until, closed.failures_in_a_row), (Breaker::Closed, None, 0));
    assert_eq!(world.claim_as(instance, 512, 8).await.claims.len(), 1);
}

pub(super) async fn a_new_webhook_begins_slowly(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    world.webhook(&["*"]).await;
    for _ in 0..20 {
        world.event(EventType::USER_INSERTED).await;
    }
    let claims = world.claim_as(instance, 512, 2).await.claims;
    assert_eq!(claims.len(), 2);
    assert!(claims.iter().all(|claim| claim.in_trouble));
    assert!(world.claim_as(instance, 512, 2).await.claims.is_empty());
    world.fails(&claims[0], HOUR).await;
    assert_eq!(world.claim_as(instance, 512, 2).await.claims.len(), 1);
    world.succeed(&claims[1]).await;
    let claims = world.claim_as(instance, 512, 2).await.claims;
    assert_eq!(claims.len(), 8, "it has succeeded");
    assert!(claims.iter().all(|claim| !claim.in_trouble));
}

pub(super) async fn a_thousand_dead_webhooks_do_not_delay_a_live_one(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let live = world.webhook(&["user.*"]).await;
    world.event(EventType::USER_INSERTED).await;
    world.succeed(&world.claim(instance, 1).await[0]).await;
    for _ in 0..1_000 {
        world.webhook(&["attendance.*"]).await;
    }
    world.event(EventType::ATTENDANCE_INSERTED).await;
    let mut failing = 0;
    while failing < 1_000 {
        let claims = world.claim_as(instance, 256, 2).await.claims;
        assert!((1..=256).contains(&claims.len()), "{}", claims.len());
        failing += claims.len();
        for claim in claims {
            assert!(claim.in_trouble);
            world.fails(&claim, 5).await;
        }
    }
    world.advance(100);
    world.event(EventType::USER_INSERTED).await;
    let claimed = world.claim_as(instance, 3, 2).await;
    let first: Vec<_> = claimed.claims.iter().map(|claim| (claim.webhook_id == live.id, claim.in_trouble)).collect();
    assert_eq!(first, [(true, false), (false, true), (false, true), (false, true)]);
    assert_eq!(claimed.next_due, None, "there is no room for those in trouble, and nothing else");
    world.event(EventType::USER_INSERTED).await;
    let full = world.claim_as(instance, 0, 2).await;
    assert_eq!((full.claims.len(), full.claims[0].webhook_id, full.next_due), (1, live.id, None));
    let new = world.webhook(&["user.*"]).await;
    world.event(EventType::USER_UPDATED).await;
    let claimed = world.claim_as(instance, 2, 2).await.claims;
    assert_eq!(claimed.iter().filter(|claim| claim.webhook_id == new.id).count(), 1, "it goes before those that fail");
}

pub(super) async fn five_days_without_success_disable_after_two_warnings(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.webhook(&["*"]).await;
    for _ in 0..3 {
        world.event(EventType::USER_INSERTED).await;
    }
    let mut notices = Vec::new();
    for hour in 0..=130 {
        let (reopened, instance) = (world.beside(source).await, instance);
        // If the store can be shared, another process must see the same.
        let world = if source.is_shared() && hour % 40 == 39 { &reopened } else { &world };
        for claim in world.claim_as(instance, 512, 2).await.claims {
            notices.extend(world.fails(&claim, HOUR).await.map(|(id, notice)| (hour, id, notice)));
        }
        world.advance(HOUR);
    }
    let id = webhook.id;
    assert_eq!(
        notices,
        [
            (60, id, Notice::Warned(Warning::HalfTime)),
            (108, id, Notice::Warned(Warning::NearTheEnd)),
            (120, id, Notice::Disabled)
        ]
    );
    let disabled = world.shown(id).await;
    assert_eq!((disabled.enabled, disabled.disabled_reason), (false, Some(DisabledReason::Failing)));
    assert_eq!(disabled.disabled_at, Some(world.now().minus(Duration::from_secs(11 * HOUR))));
    assert_eq!(disabled.pending_deliveries, 3, "they are held, and it is not deleted");
    let enabled = world.switch(id, true).await;
    assert_eq!((enabled.status, enabled.failures_in_a_row, enabled.disabled_at), (WebhookStatus::Enabled, 0, None));
}

pub(super) async fn too_few_events_or_a_success_do_not_disable(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let (few, now_and_then) = (world.webhook(&["user.*"]).await, world.webhook(&["attendance.*"]).await);
    for _ in 0..2 {
        world.event(EventType::USER_INSERTED).await;
    }
    for _ in 0..4 {
        world.event(EventType::ATTENDANCE_INSERTED).await;
    }
    for hour in 0..200 {
        for claim in world.claim_as(instance, 512, 8).await.claims {
            if hour == 100
                && claim.webhook_id == now_and_then.id
                && world.shown(claim.webhook_id).await.failures_in_a_row > 0
            {
                world.succeed(&claim).await;
            } else {
                assert!(!matches!(world.fails(&claim, HOUR).await, Some((_, Notice::Disabled))));
            }
        }
        world.advance(HOUR);
    }
    for webhook in [few, now_and_then] {
        let shown = world.shown(webhook.id).await;
        assert!(shown.enabled && shown.failures_in_a_row >= 20, "{shown:?}");
    }
}

pub(super) async fn tests_neither_count_nor_wait(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let webhook = world.webhook(&["*"]).await;
    world.open_breaker(instance).await;
    let before = world.shown(webhook.id).await;
    for ending in [Ending::Answered(500), Ending::Answered(204)] {
        let started =
            world.store.start_test(world.test_of(webhook.id, instance), Change::at(world.now(), None)).await.unwrap();
        let super::super::StartedTest::New(test) = started else { panic!("{started:?}") };
        assert!(world.end(&test, ending, Next::End(DeliveryStatus::Exhausted)).await);
    }
    assert_eq!(world.shown(webhook.id).await, before);
}

pub(super) async fn many_overdue_retries_are_spread_when_a_service_starts(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    for _ in 0..150 {
        world.webhook(&["user.*"]).await;
    }
    world.webhook(&["attendance.*"]).await;
    world.event(EventType::USER_INSERTED).await;
    let claims = world.claim(instance, 512).await;
    let (few, many) = claims.split_at(90);
    for claim in few {
        world.fails(claim, 5).await;
    }
    world.store.leave(instance).await.unwrap();
    let instance = world.join().await;
    world.advance(60);
    for claim in many {
        assert!(!world.end(claim, Ending::Answered(500), Next::Retry(world.now())).await, "it was given back");
    }
    for claim in world.claim(instance, 512).await {
        world.fails(&claim, 5).await;
    }
    world.event(EventType::ATTENDANCE_INSERTED).await;
    world.advance(600);

    let beside = world.join().await;
    assert_eq!(world.claim(beside, 512).await.len(), 151, "somebody delivers: nothing is overdue for want of that");
    world.store.leave(beside).await.unwrap();
    world.store.leave(instance).await.unwrap();
    let alone = world.join().await;
    let at_once = world.claim(alone, 512).await;
    assert!((1..20).contains(&at_once.len()), "{}", at_once.len());
    assert_eq!(at_once.iter().filter(|claim| claim.number == 1).count(), 1, "what was never tried goes at once");
    world.advance(15);
    let half = world.claim(alone, 512).await.len();
    assert!((40..110).contains(&half), "{half}");
    world.advance(15);
    assert_eq!(at_once.len() + half + world.claim(alone, 512).await.len(), 151, "all within 30 s");
}

pub(super) async fn few_overdue_retries_go_at_once(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    for _ in 0..100 {
        world.webhook(&["*"]).await;
    }
    world.event(EventType::USER_INSERTED).await;
    for claim in world.claim(instance, 512).await {
        world.fails(&claim, 5).await;
    }
    world.store.leave(instance).await.unwrap();
    world.advance(60);
    let alone = world.join().await;
    assert_eq!(world.claim(alone, 512).await.len(), 100);
}
