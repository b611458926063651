//! Tests receivers that ask for a pause, and receivers that need one.

use super::{
    receiver::{Answer, Receiver},
    *,
};
use crate::domain::{
    attempt::AttemptKind,
    health::Breaker,
    webhook::{DisabledReason, WebhookStatus},
};
use crate::service::store::Change;

#[tokio::test]
async fn retry_after_of_429_and_503_holds_the_whole_webhook() {
    for status in [429, 503] {
        let (world, asks) = (World::new(), Answer::status(status, "retry-after: 600\r\n"));
        let mut receiver = Receiver::answering([asks, Answer::status(204, "")]).await;
        let webhook = world.deliver_one_to(&receiver.url).await;
        receiver.next().await;
        let until = end_of(&world.newest().await).plus(Duration::from_secs(600));
        assert_eq!(world.webhook(webhook.id).await.held_until, Some(until), "{status}");

        world.accept(EventType::USER_INSERTED).await;
        world.clock.set(until.minus(Duration::from_millis(2)));
        world.deliver().await;
        assert_eq!(receiver.unseen(), 0, "{status}: it was not left alone");
        world.clock.set(until.plus(Duration::from_millis(2)));
        world.deliver().await;
        assert_eq!(receiver.unseen(), 2, "{status}");
        assert_eq!(world.webhook(webhook.id).await.status, WebhookStatus::Enabled, "{status}");
    }
}

#[tokio::test]
async fn what_does_not_say_for_how_long_holds_nothing() {
    for headers in ["", "retry-after: soon\r\n", "retry-after: Sun Nov  6 08:49:37 1994\r\n"] {
        let (world, mut receiver) = (World::new(), Receiver::answering([Answer::status(503, headers)]).await);
        let webhook = world.deliver_one_to(&receiver.url).await;
        assert_eq!(world.webhook(webhook.id).await.held_until, None, "{headers}");
        world.accept(EventType::USER_INSERTED).await;
        world.deliver().await;
        assert_eq!(receiver.unseen(), 2, "{headers}");
        receiver.next().await;
    }
}

#[tokio::test]
async fn a_receiver_that_fails_every_time_is_only_probed_until_it_succeeds() {
    let broken = (0..12).map(|_| Answer::status(500, ""));
    let (world, mut receiver) = (World::new(), Receiver::answering(broken.chain([Answer::status(204, "")])).await);
    let webhook = world.add(&receiver.url).await;
    for _ in 0..10 {
        world.accept(EventType::USER_INSERTED).await;
    }
    world.deliver().await;
    assert_eq!(receiver.unseen(), 10);
    let shown = world.webhook(webhook.id).await;
    assert_eq!((shown.breaker, shown.failures_in_a_row), (Breaker::Open, 10));
    for _ in 0..20 {
        world.accept(EventType::USER_UPDATED).await;
    }
    for probes in 1..=2 {
        let until = world.webhook(webhook.id).await.held_until.unwrap();
        world.clock.set(until);
        world.deliver().await;
        assert_eq!(receiver.unseen(), 10 + probes);
    }
    let until = world.webhook(webhook.id).await.held_until.unwrap();
    world.clock.set(until);
    world.deliver().await;
    let shown = world.webhook(webhook.id).await;
    assert_eq!((shown.breaker, shown.failures_in_a_row, shown.status), (Breaker::Closed, 0, WebhookStatus::Enabled));
    assert!(receiver.unseen() >= 10 + 2 + 18, "{}", receiver.unseen());
    let retried = world.attempts(AttemptQuery::default()).await;
    assert!(retried.iter().all(|attempt| attempt.number == 1 || attempt.kind == AttemptKind::Retry));
}

#[tokio::test]
async fn gone_disables_with_its_time_and_enabling_begins_anew() {
    let (world, receiver) =
        (World::new(), Receiver::answering([Answer::status(410, ""), Answer::status(204, "")]).await);
    let webhook = world.deliver_one_to(&receiver.url).await;
    let shown = world.webhook(webhook.id).await;
    assert_eq!((shown.disabled_reason, shown.disabled_at), (Some(DisabledReason::Gone), Some(world.clock.now())));
    let on = crate::domain::webhook::WebhookPatch {
        enabled: crate::domain::patch::Patch::Value(true),
        ..crate::domain::webhook::WebhookPatch::default()
    };
    world.clock.advance(Duration::from_secs(60));
    world.store.update_webhook(webhook.id, on, None, Change::at(world.clock.now(), None)).await.unwrap();
    world.deliver().await;
    let shown = world.webhook(webhook.id).await;
    assert_eq!((shown.status, shown.disabled_at, shown.failing_since), (WebhookStatus::Enabled, None, None));
}
