//! Tests when a failed delivery is tried again, and when no longer.

use super::{
    receiver::{Answer, Receiver},
    *,
};
use crate::domain::{
    attempt::{AttemptError, AttemptKind, AttemptStatus},
    delivery::{DeliveryStatus, MOST_ATTEMPTS, SCHEDULE},
    webhook::DisabledReason,
};

#[tokio::test]
async fn a_failed_delivery_is_tried_again_when_its_time_has_come_not_before() {
    let world = World::new();
    let mut receiver = Receiver::answering([Answer::status(503, ""), Answer::status(204, "")]).await;
    world.deliver_one_to(&receiver.url).await;
    receiver.next().await;
    let first = world.newest().await;
    assert_eq!((first.status, first.error), (AttemptStatus::Failed, Some(AttemptError::UnexpectedStatus)));
    assert_eq!(first.http_status, Some(503));
    let (least, most) = (Duration::from_secs(5), Duration::from_secs(6));
    assert!((least..=most).contains(&wait_after(&first)), "{:?}", wait_after(&first));
    assert_eq!(world.delivery_of(&first).await.next_attempt_at, first.next_retry_at);

    let due = first.next_retry_at.unwrap();
    world.clock.set(due.minus(Duration::from_micros(1)));
    world.deliver().await;
    assert_eq!(receiver.unseen(), 0, "it was tried too early");
    world.clock.set(due);
    world.deliver().await;
    receiver.next().await;
    let second = world.newest().await;
    assert_eq!((second.number, second.kind, second.status), (2, AttemptKind::Retry, AttemptStatus::Succeeded));
    assert_eq!(second.delivery_id, first.delivery_id);
    assert_eq!(world.delivery_of(&second).await.status, DeliveryStatus::Succeeded);
}

#[tokio::test]
async fn ten_failures_exhaust_a_delivery() {
    let (world, mut receiver) = (World::new(), Receiver::status(500).await);
    world.deliver_one_to(&receiver.url).await;
    for wait in SCHEDULE {
        let attempt = world.newest().await;
        let waited = wait_after(&attempt);
        assert!((wait..=wait.mul_f64(1.2)).contains(&waited), "{waited:?} after attempt {}", attempt.number);
        world.clock.set(attempt.next_retry_at.unwrap());
        world.deliver().await;
    }
    let last = world.newest().await;
    assert_eq!((last.number, last.next_retry_at), (MOST_ATTEMPTS, None));
    let delivery = world.delivery_of(&last).await;
    assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Exhausted, MOST_ATTEMPTS));
    assert_eq!((delivery.next_attempt_at, delivery.finished_at), (None, Some(world.clock.now())));

    world.clock.advance(Duration::from_secs(30 * 86_400));
    world.deliver().await;
    for number in 1..=MOST_ATTEMPTS {
        assert_eq!(receiver.next().await.header("webhook-attempt"), number.to_string());
    }
    assert_eq!(receiver.unseen(), 0);
}

#[tokio::test]
async fn retry_after_may_only_delay() {
    for (asked, least, most) in [("600", 600, 600), ("0", 5, 6)] {
        let world = World::new();
        let receiver = Receiver::answering([Answer::status(429, &format!("retry-after: {asked}\r\n"))]).await;
        world.deliver_one_to(&receiver.url).await;
        let waited = wait_after(&world.newest().await);
        assert!((Duration::from_secs(least)..=Duration::from_secs(most)).contains(&waited), "{asked}: {waited:?}");
    }
}

#[tokio::test]
async fn gone_disables_the_webhook() {
    let (world, mut receiver) = (World::new(), Receiver::status(410).await);
    let added = world.deliver_one_to(&receiver.url).await;
    receiver.next().await;
    assert_eq!(world.newest().await.error, Some(AttemptError::Gone));
    let webhook = world.webhook(added.id).await;
    assert_eq!((webhook.enabled, webhook.disabled_reason), (false, Some(DisabledReason::Gone)));

    world.clock.advance(Duration::from_secs(86_400));
    world.accept(EventType::USER_INSERTED).await;
    world.deliver().await;
    assert_eq!(receiver.unseen(), 0);
}
