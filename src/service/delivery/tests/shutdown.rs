//! Tests the end of an engine: it finishes what is in flight, and nothing stays claimed.

use super::{
    receiver::{Answer, Receiver},
    *,
};
use crate::domain::attempt::{AttemptError, AttemptStatus};
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

#[tokio::test]
async fn what_has_no_answer_when_a_service_stops_is_no_attempt_and_is_made_again() {
    let (world, mut receiver) = (World::new(), Receiver::holding().await);
    let webhook = world.add(&receiver.url).await;
    world.accept(EventType::ATTENDANCE_INSERTED).await;
    let delivering = world.engine.start();
    let first = receiver.next().await;
    let in_flight = world.newest().await;
    world.engine.cut_short();
    within(world.engine.shutdown()).await.unwrap();
    within(delivering).await.unwrap();

    let query = || AttemptQuery { status: Some(AttemptStatus::Failed), ..AttemptQuery::default() };
    assert_eq!(world.attempts(query()).await, [], "it was counted");
    assert_eq!(world.webhook(webhook.id).await.last_attempt_at, None);
    let queue = world.store.queue(world.clock.now()).await.unwrap();
    assert_eq!((queue.pending, queue.due, queue.instances), (1, 1, 0));

    // The one that was cut short waits there too.
    receiver.release(2);
    within(world.another_engine().run_until_idle()).await.unwrap();
    let again = receiver.next().await;
    assert_eq!((again.header("webhook-id"), &again.body), (first.header("webhook-id"), &first.body));
    let made = world.newest().await;
    assert_eq!((made.id, made.number, made.status), (in_flight.id, 1, AttemptStatus::Succeeded));
    assert_eq!(world.attempts(AttemptQuery::default()).await.len(), 1);
}

#[tokio::test]
async fn whose_head_is_in_has_succeeded_when_a_service_stops() {
    let answer = "HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\nbegun".to_owned();
    let (world, mut receiver) = (World::new(), Receiver::answering([Answer::Whole(answer)]).await);
    world.add(&receiver.url).await;
    world.accept(EventType::ATTENDANCE_INSERTED).await;
    let delivering = world.engine.start();
    receiver.next().await;
    // What was said waits in our socket: by then the runtime has looked there more than once.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    world.engine.cut_short();
    within(world.engine.shutdown()).await.unwrap();
    within(delivering).await.unwrap();
    let made = world.newest().await;
    assert_eq!((made.status, made.http_status), (AttemptStatus::Succeeded, Some(202)));
    assert_eq!(world.store.queue(world.clock.now()).await.unwrap().pending, 0);
}

#[tokio::test]
async fn a_test_has_an_attempt_when_a_service_stops() {
    let (world, mut receiver) = (World::new(), Receiver::holding().await);
    let webhook = world.add(&receiver.url).await;
    let (engine, event) = (world.engine.clone(), world.new_event(EventType::TEST));
    let change = Change::at(world.clock.now(), None);
    let testing = tokio::spawn(async move { engine.test(webhook.id, event, None, change).await });
    receiver.next().await;
    world.engine.cut_short();
    within(world.engine.shutdown()).await.unwrap();
    let tested = within(testing).await.unwrap().unwrap();
    let tested = world.store.attempt(tested).await.unwrap().unwrap();
    assert_eq!((tested.status, tested.error), (AttemptStatus::Failed, Some(AttemptError::Interrupted)));
}
