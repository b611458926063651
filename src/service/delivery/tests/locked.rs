//! Tests another process that locks the database for longer than this one waits.

use super::{receiver::Receiver, *};
use crate::{domain::attempt::AttemptStatus, service::store::StoreError};

#[tokio::test]
async fn what_cannot_be_stored_is_refused_and_what_was_answered_is_recorded_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hooks.db");
    // The service waits ten seconds instead.
    let store = store::open_impatient(path.clone(), Duration::from_millis(1)).await;
    let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(START)));
    let engine = engine(store.clone(), clock.clone(), NetGuard::local());
    let (world, mut receiver) = (World { store, clock, engine }, Receiver::holding().await);
    world.add(&receiver.url).await;
    let first = world.accept(EventType::USER_INSERTED).await;
    let delivering = world.engine.start();
    receiver.next().await;

    let other = rusqlite::Connection::open(&path).unwrap();
    other.busy_timeout(PATIENCE).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    for _ in 0..3 {
        let event = world.new_event(EventType::USER_UPDATED);
        let refused = world.store.accept_event(event, Change::at(world.clock.now(), None)).await;
        assert!(matches!(&refused, Err(error @ StoreError::Unavailable(_)) if error.is_temporary()), "{refused:?}");
    }
    receiver.release(2);
    assert_eq!(world.newest().await.status, AttemptStatus::Pending, "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();

    let second = world.accept(EventType::USER_DELETED).await;
    world.engine.wake();
    assert_eq!(receiver.next().await.header("webhook-id"), second.to_string());
    within(world.engine.shutdown()).await.unwrap();
    within(delivering).await.unwrap();
    let recorded = world.attempts(AttemptQuery::default()).await;
    let mut events: Vec<_> = recorded.iter().map(|attempt| (attempt.event_id, attempt.status)).collect();
    events.sort_by_key(|(event, _)| *event != first);
    assert_eq!(events, [(first, AttemptStatus::Succeeded), (second, AttemptStatus::Succeeded)]);
    assert_eq!(receiver.unseen(), 0);
}
