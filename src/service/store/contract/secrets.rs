//! Tests secrets and the global version.

use std::time::Duration;

use super::{
    Source,
    world::{World, idempotency_key, new_webhook},
};
use crate::{
    domain::{
        event::EventType,
        random::SystemRandom,
        secret::{PreviousSecret, Secret, Secrets},
        version::{Version, VersionSource},
        webhook::NewWebhook,
    },
    service::store::{Change, StoreError},
};

pub(super) async fn both_secrets_live_while_one_is_rotated(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    let live = async || world.store.secrets(webhook.id, world.now()).await.unwrap().unwrap();
    let [second, third] = [(); 2].map(|()| Secret::generate(&SystemRandom));
    let first = live().await.secret;
    let ends = world.now().plus(Duration::from_secs(60));
    world.store.rotate_secret(webhook.id, second.clone(), ends, Change::at(world.now(), None)).await.unwrap();
    let rotating =
        Secrets { secret: second.clone(), previous: Some(PreviousSecret { secret: first, expires_at: ends }) };
    assert_eq!(live().await, rotating);
    world.event(EventType::USER_INSERTED).await;
    assert_eq!(world.claim(instance, 1).await[0].recipient.secrets, rotating);

    let early = world.store.rotate_secret(webhook.id, third.clone(), ends, Change::at(world.now(), None)).await;
    assert!(
        matches!(early, Err(StoreError::RotationUnderWay { id, until }) if (id, until) == (webhook.id, ends)),
        "the first secret was promised to be valid: {early:?}"
    );
    assert_eq!(live().await, rotating);
    world.advance(60);
    assert_eq!(live().await, Secrets::only(second.clone()), "the overlap has ended");

    let ends = world.now().plus(Duration::from_secs(60));
    world
        .store
        .rotate_secret(webhook.id, third.clone(), ends, Change::at(world.now(), idempotency_key("r", 1)))
        .await
        .unwrap();
    let again = Secret::generate(&SystemRandom);
    world.store.rotate_secret(webhook.id, again, ends, Change::at(world.now(), idempotency_key("r", 1))).await.unwrap();
    assert_eq!(live().await.secret, third, "a repeated request rotates once");
    assert_eq!(live().await.previous.unwrap().secret, second);
}

pub(super) async fn an_overlap_can_be_ended(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let revoke = async || world.store.revoke_previous_secret(webhook.id, Change::at(world.now(), None)).await;
    assert!(matches!(revoke().await, Err(StoreError::NotFound { .. })), "there is none");
    let second = Secret::generate(&SystemRandom);
    let ends = world.now().plus(Duration::from_secs(60));
    world.store.rotate_secret(webhook.id, second.clone(), ends, Change::at(world.now(), None)).await.unwrap();
    revoke().await.unwrap();
    assert_eq!(world.store.secrets(webhook.id, world.now()).await.unwrap(), Some(Secrets::only(second.clone())));
    world.store.rotate_secret(webhook.id, second.clone(), world.now(), Change::at(world.now(), None)).await.unwrap();
    assert!(matches!(revoke().await, Err(StoreError::NotFound { .. })), "there was no overlap");

    let nobody = "wh_0000000000".parse().unwrap();
    let unknown = world.store.rotate_secret(nobody, second, ends, Change::at(world.now(), None)).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { what: "webhook", .. })), "{unknown:?}");
    assert_eq!(world.store.secrets(nobody, world.now()).await.unwrap(), None);
}

pub(super) async fn the_global_version_is_for_those_without_a_pin(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let free = world.add(new_webhook("Free")).await.unwrap();
    let pinned = NewWebhook { pinned_version: Some(Version::V1), ..new_webhook("Pinned") };
    let pinned = world.add(pinned).await.unwrap();
    assert_eq!(world.store.global_version().await.unwrap(), None);
    let before = world.event(EventType::USER_INSERTED).await;
    world.store.set_global_version(Some(Version::V2), Change::at(world.now(), idempotency_key("v", 1))).await.unwrap();
    assert_eq!(world.store.global_version().await.unwrap(), Some(Version::V2));
    let shown = world.store.webhook(free.id, world.now()).await.unwrap().unwrap();
    assert_eq!((shown.version, shown.version_source), (Version::V2, VersionSource::Global));

    let after = world.event(EventType::USER_INSERTED).await;
    let of = |webhook| after.deliveries.iter().find(|d| d.webhook_id == webhook).unwrap().version;
    assert_eq!((of(free.id), of(pinned.id)), (Some(Version::V2), Some(Version::V1)));
    for claim in world.claim(instance, 10).await {
        let frozen =
            if claim.event_id == before.id || claim.webhook_id == pinned.id { Version::V1 } else { Version::V2 };
        assert_eq!(claim.version, Some(frozen), "what was accepted before keeps its version");
        let says_so = String::from_utf8_lossy(&claim.body.bytes().unwrap()).contains(r#""version":"v2""#);
        assert_eq!(says_so, frozen == Version::V2, "and its body");
    }
    world.store.set_global_version(None, Change::at(world.now(), None)).await.unwrap();
    assert_eq!(world.event(EventType::USER_INSERTED).await.deliveries[0].version, Some(Version::V1));
}
