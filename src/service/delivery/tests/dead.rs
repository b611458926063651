//! Tests a thousand dead receivers beside a living one.

use super::{receiver::Receiver, *};
use crate::{
    domain::attempt::{AttemptKind, AttemptStatus},
    service::delivery::in_flight::MOST_IN_TROUBLE,
};

/// The number of receivers that never answer.
const HANGING: usize = 500;
/// The number of receivers that refuse connections.
const REFUSING: usize = 500;
/// The number of events for each of them.
const EVENTS: usize = 8;
/// A limit longer than in other tests, because there is work for a thousand receivers. It is still far below what the
/// dead ones would need, whose requests alone hang for 20 s each.
const LONG_PATIENCE: Duration = Duration::from_secs(60);

/// An address that refuses connections, because a socket on another address holds its port while it lives.
fn refusing() -> (String, std::net::TcpListener) {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    (format!("http://127.0.0.2:{port}"), taken)
}

#[tokio::test]
async fn a_thousand_dead_receivers_do_not_hold_up_one_that_lives() {
    let (world, mut living, mut hanging) = (World::new(), Receiver::status(204).await, Receiver::holding().await);
    let (refused, _taken) = refusing();
    let lives = world.add(&living.url).await.id;
    world.accept(EventType::USER_DELETED).await;
    world.deliver().await;
    living.next().await;
    for number in 0..HANGING.max(REFUSING) {
        world.add(&format!("{}/{number}", hanging.url)).await;
        world.add(&format!("{refused}/{number}")).await;
    }
    let delivering = world.engine.start();
    let mut sent = Vec::new();
    for _ in 0..EVENTS {
        sent.push(world.accept(EventType::USER_INSERTED).await.to_string());
    }
    let mut came = Vec::new();
    tokio::time::timeout(LONG_PATIENCE, async {
        while came.len() < EVENTS {
            came.push(living.next_whenever().await.header("webhook-id").to_owned());
            assert!(hanging.unseen() <= MOST_IN_TROUBLE, "{} hang", hanging.unseen());
        }
    })
    .await
    .expect("the living one waits for the dead");
    came.sort();
    sent.sort();
    assert_eq!(came, sent, "each once");

    // The dead receivers take only the places that they may have.
    tokio::time::timeout(LONG_PATIENCE, async {
        while hanging.unseen() < MOST_IN_TROUBLE / 2 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the dead are tried too");
    assert!(hanging.unseen() <= MOST_IN_TROUBLE, "{} hang", hanging.unseen());
    for _ in 0..EVENTS {
        world.accept(EventType::USER_UPDATED).await;
        tokio::time::timeout(LONG_PATIENCE, living.next_whenever()).await.expect("it is served all the same");
    }
    assert!(hanging.unseen() <= MOST_IN_TROUBLE, "{} hang", hanging.unseen());
    let its_own = AttemptQuery {
        webhook: Some(lives),
        status: Some(AttemptStatus::Failed),
        kind: Some(AttemptKind::Event),
        ..AttemptQuery::default()
    };
    assert!(world.attempts(its_own).await.is_empty());
    world.engine.interrupt().await.unwrap();
    within(delivering).await.unwrap();
}
