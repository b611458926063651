//! Tests what a receiver gets: the documented headers and both signatures over the raw body.

use super::{
    receiver::{Answer, Received, Receiver},
    *,
};
use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind, AttemptStatus, Header},
        delivery::DeliveryStatus,
        patch::Patch,
        scheme::SchemeChoice,
        secret::MASK,
        version::Version,
        webhook::WebhookPatch,
    },
    service::store::Change,
    signing::{
        self, DEFAULT_TOLERANCE, SharedSecret,
        verdict::{Check, Code},
    },
};

/// What a receiver with this secret finds of both signatures at `now`.
fn verify(secret: &Secret, request: &Received, now: Timestamp) -> [Code; 2] {
    let header = |(name, value): (&String, &String)| Header { name: name.clone(), value: value.clone() };
    let headers = request.headers.iter().map(header).collect();
    let request = signing::Request { url: None, headers, body: request.body.to_vec() };
    let secret = &SharedSecret::from(secret);
    let judge = |choice| {
        let scheme = &secret.schemes(&choice)[0];
        Check { scheme, secret, previous: &[], now, tolerance: Some(DEFAULT_TOLERANCE) }.of(&request).code
    };
    [judge(SchemeChoice::Timemoto), judge(SchemeChoice::Standard)]
}

#[tokio::test]
async fn a_delivery_is_signed_twice_and_named_by_its_headers() {
    let (world, mut receiver) = (World::new(), Receiver::status(204).await);
    let webhook = world.add(&receiver.url).await;
    let event = world.accept(EventType::ATTENDANCE_INSERTED).await;
    world.deliver().await;

    let request = receiver.next().await;
    let secret = world.store.secrets(webhook.id, world.clock.now()).await.unwrap().unwrap().secret;
    assert_eq!(verify(&secret, &request, world.clock.now()), [Code::Genuine; 2]);
    for (name, value) in [
        ("content-type", "application/json"),
        ("user-agent", concat!("tm-hooks/", env!("CARGO_PKG_VERSION"))),
        ("webhook-id", &event.to_string()),
        ("webhook-timestamp", &START.to_string()),
        ("webhook-version", "v1"),
        ("webhook-attempt", "1"),
        ("x-tenant", "blue"),
    ] {
        assert_eq!(request.header(name), value, "{name}");
    }

    let attempt = world.newest().await;
    assert_eq!((attempt.status, attempt.kind), (AttemptStatus::Succeeded, AttemptKind::Event));
    assert_eq!((attempt.http_status, attempt.error, attempt.next_retry_at), (Some(204), None, None));
    assert_eq!(world.delivery_of(&attempt).await.status, DeliveryStatus::Succeeded);
    let sent = attempt.request.unwrap();
    assert_eq!((sent.url, sent.body.unwrap().into_bytes()), (receiver.url, request.body.clone()));
    for header in &sent.headers {
        let own = header.name.eq_ignore_ascii_case("x-tenant");
        let expected = if own { MASK } else { request.header(&header.name.to_ascii_lowercase()) };
        assert_eq!(header.value, expected, "{}", header.name);
    }
    assert_eq!(sent.headers.len(), 9);
}

#[tokio::test]
async fn a_retry_uses_the_secret_and_url_of_now_and_the_body_of_then() {
    let (world, mut before, mut after) = (World::new(), Receiver::status(503).await, Receiver::status(204).await);
    let webhook = world.deliver_one_to(&before.url).await;
    let first = before.next().await;
    let now = world.clock.now();
    let old = world.store.secrets(webhook.id, now).await.unwrap().unwrap().secret;

    let random: &dyn Random = &SystemRandom;
    let new = Secret::generate(random);
    let overlap_ends = now.plus(Duration::from_secs(1));
    world.store.rotate_secret(webhook.id, new.clone(), overlap_ends, Change::at(now, None)).await.unwrap();
    let patch = WebhookPatch { url: Patch::Value(after.url.clone()), ..WebhookPatch::default() };
    world.store.update_webhook(webhook.id, patch, None, Change::at(now, None)).await.unwrap();
    world.store.set_global_version(Some(Version::V2), Change::at(now, None)).await.unwrap();
    world.clock.advance(Duration::from_secs(6));
    world.deliver().await;

    let second = after.next().await;
    assert_eq!(before.unseen(), 0);
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("webhook-version"), "v1");
    assert_eq!(verify(&new, &second, world.clock.now()), [Code::Genuine; 2]);
    assert_eq!(verify(&old, &second, world.clock.now()), [Code::WrongSecret; 2]);
    assert_eq!(world.newest().await.request.unwrap().url, after.url);
}

#[tokio::test]
async fn a_retry_is_signed_anew_over_the_same_bytes() {
    let world = World::new();
    let mut receiver = Receiver::answering([Answer::status(503, ""), Answer::status(204, "")]).await;
    let webhook = world.deliver_one_to(&receiver.url).await;
    world.clock.advance(Duration::from_secs(6));
    world.deliver().await;

    let (first, second) = (receiver.next().await, receiver.next().await);
    let secret = world.store.secrets(webhook.id, world.clock.now()).await.unwrap().unwrap().secret;
    assert_eq!(verify(&secret, &second, world.clock.now()), [Code::Genuine; 2]);
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(second.header("webhook-timestamp"), (START + 6).to_string());
    assert_ne!(second.header("webhook-signature"), first.header("webhook-signature"));
    assert_eq!((first.header("webhook-attempt"), second.header("webhook-attempt")), ("1", "2"));
}

/// A scheme that signs what a delivery does not have makes no request, and says so; the next one is signed as the webhook
/// says then.
#[tokio::test]
async fn what_cannot_be_signed_is_not_sent_and_is_no_fault_of_the_receiver() {
    let (world, mut receiver) = (World::new(), Receiver::status(204).await);
    let webhook = world.add(&receiver.url).await;
    let scheme = async |scheme: Patch<SchemeChoice>| {
        let patch = WebhookPatch { scheme, ..WebhookPatch::default() };
        world.store.update_webhook(webhook.id, patch, None, Change::at(world.clock.now(), None)).await.unwrap()
    };
    scheme(Patch::Value("hmac-sha256 message={header:X-Gone}{raw}".parse().unwrap())).await;
    world.accept(EventType::ATTENDANCE_INSERTED).await;
    world.deliver().await;
    let attempt = world.newest().await;
    assert_eq!((attempt.status, attempt.error), (AttemptStatus::Failed, Some(AttemptError::Internal)));
    let detail = attempt.error_detail.unwrap();
    assert_eq!(detail, "it cannot be signed by the webhook's scheme: the request has no header X-Gone");
    assert_eq!(receiver.unseen(), 0);
    let shown = scheme(Patch::Null).await;
    assert_eq!((shown.failing_since, shown.scheme), (None, None));
    world.accept(EventType::ATTENDANCE_INSERTED).await;
    world.deliver().await;
    assert_ne!(receiver.next().await.header("timemoto-signature"), "");
}
