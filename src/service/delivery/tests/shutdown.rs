//! Tests the end of an engine: it finishes what is in flight, and nothing stays claimed.

use super::{receiver::Receiver, *};
use crate::domain::attempt::AttemptStatus;
use crate::service::store::Change;

#[tokio::test]
async fn shutdown_finishes_what_is_in_flight_and_leaves_the_rest_to_others() {
    let (world, mut receiver) = (World::new(), Receiver::holding().await);
    let webhook = world.add(&receiver.url).await;
    world.accept(EventType::ATTENDANCE_INSERTED).await;
    // Only a test is in flight, so nothing else is claimed before the engine is stopped.
    let (engine, event) = (world.engine.clone(), world.new_event(EventType::TEST));
    let change = Change::at(world.clock.now(), None);
    let testing = tokio::spawn(async move { engine.test(webhook.id, event, None, change).await });
    receiver.next().await;
    let engine = world.engine.clone();
    let stopping = tokio::spawn(async move { engine.shutdown().await });
    tokio::task::yield_now().await;
    assert_eq!(world.store.queue(world.clock.now()).await.unwrap().instances, 1, "it left with an attempt in flight");
    assert!(!stopping.is_finished());
    within(world.engine.start()).await.unwrap();

    receiver.release(2);
    within(stopping).await.unwrap().unwrap();
    let tested = within(testing).await.unwrap().unwrap();
    assert_eq!(world.store.attempt(tested).await.unwrap().unwrap().status, AttemptStatus::Succeeded);
    let queue = world.store.queue(world.clock.now()).await.unwrap();
    assert_eq!((queue.pending, queue.due, queue.instances), (1, 1, 0));
    assert_eq!(receiver.unseen(), 0);

    within(world.another_engine().run_until_idle()).await.unwrap();
    receiver.next().await;
    assert_eq!(world.store.queue(world.clock.now()).await.unwrap().pending, 0);
}

#[tokio::test]
async fn an_engine_that_is_stopped_while_it_claims_sends_nothing_twice() {
    for turns in 0..12 {
        let (world, mut receiver) = (World::new(), Receiver::status(204).await);
        world.add(&receiver.url).await;
        world.accept(EventType::ATTENDANCE_INSERTED).await;
        let delivering = world.engine.start();
        // Each call of the store lets the engine go one step further.
        for _ in 0..turns {
            world.store.ping().await.unwrap();
        }
        within(world.engine.shutdown()).await.unwrap();
        within(delivering).await.unwrap();
        within(world.another_engine().run_until_idle()).await.unwrap();
        receiver.next().await;
        assert_eq!(receiver.unseen(), 0, "sent twice when stopped after {turns} turns");
        assert_eq!(world.attempts(AttemptQuery::default()).await.len(), 1, "after {turns} turns");
    }
}
