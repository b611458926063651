//! A thousand dead receivers beside one that lives.

use super::{receiver::Receiver, *};
use crate::{
    domain::attempt::{AttemptKind, AttemptStatus},
    service::delivery::flight::MOST_IN_TROUBLE,
};

/// How many receivers never answer, and how many refuse the connection.
const HANGING: usize = 500;
const REFUSING: usize = 500;
/// How many events all of them get.
const EVENTS: usize = 8;
/// There is work for a thousand: longer than other tests may take, and still far from what the dead would need, whose
/// requests alone hang for 20 s each.
const LONG_PATIENCE: Duration = Duration::from_secs(60);

/// An address that refuses connections: its port is taken by a socket on another one as long as that lives.
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

    // The places that the dead may have are taken, and no more.
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
