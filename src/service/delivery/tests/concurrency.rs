//! Tests several deliveries at once.

use super::{receiver::Receiver, *};
use crate::domain::attempt::AttemptStatus;

/// The documented limit.
const MOST_PER_WEBHOOK: usize = 8;

#[tokio::test]
async fn a_slow_webhook_has_eight_requests_in_flight_and_holds_up_no_other() {
    let (world, mut slow, mut good) = (World::new(), Receiver::holding().await, Receiver::status(204).await);
    world.add_for(&slow.url, "attendance.*").await;
    let good_id = world.add_for(&good.url, "user.*").await.id;
    slow.release(1);
    // Both webhooks succeed first, because a new webhook begins with fewer requests.
    for (receiver, event_type) in [(&mut slow, EventType::ATTENDANCE_UPDATED), (&mut good, EventType::USER_UPDATED)] {
        world.accept(event_type).await;
        world.deliver().await;
        receiver.next().await;
    }
    for _ in 0..MOST_PER_WEBHOOK + 2 {
        world.accept(EventType::ATTENDANCE_INSERTED).await;
    }
    let delivering = world.engine.start();
    for _ in 0..MOST_PER_WEBHOOK {
        slow.next().await;
    }
    world.accept(EventType::USER_INSERTED).await;
    world.engine.wake();
    good.next().await;
    let in_flight = AttemptQuery { status: Some(AttemptStatus::Pending), ..AttemptQuery::default() };
    let mut held = world.attempts(in_flight).await;
    held.retain(|attempt| attempt.webhook_id != good_id);
    assert_eq!((held.len(), slow.unseen()), (MOST_PER_WEBHOOK, 0));

    slow.release(1);
    slow.next().await;
    assert_eq!(slow.unseen(), 0, "one answer makes one place");
    slow.release(MOST_PER_WEBHOOK + 1);
    slow.next().await;
    within(world.engine.shutdown()).await.unwrap();
    within(delivering).await.unwrap();
    let delivered = AttemptQuery { status: Some(AttemptStatus::Succeeded), ..AttemptQuery::default() };
    assert_eq!(world.attempts(delivered).await.len(), MOST_PER_WEBHOOK + 5);
}

#[tokio::test]
async fn a_receiver_that_is_well_gets_events_as_they_are_accepted() {
    let (world, mut receiver) = (World::new(), Receiver::status(204).await);
    world.deliver_one_to(&receiver.url).await;
    receiver.next().await;
    let delivering = world.engine.start();
    // The engine has looked for work and sleeps until something wakes it.
    while world.store.queue(world.clock.now()).await.unwrap().instances == 0 {
        tokio::task::yield_now().await;
    }
    let mut sent = Vec::new();
    for _ in 0..100 {
        sent.push(world.accept(EventType::USER_INSERTED).await.to_string());
    }
    let mut came = Vec::new();
    for _ in 0..100 {
        came.push(receiver.next().await.header("webhook-id").to_owned());
    }
    sent.sort();
    came.sort();
    assert_eq!(came, sent, "each once");
    within(world.engine.shutdown()).await.unwrap();
    within(delivering).await.unwrap();
    assert_eq!(world.store.queue(world.clock.now()).await.unwrap().pending, 0);
}
