//! Tests the way from an event to the history of its delivery.

use std::{slice, time::Duration};

use super::{
    Source,
    world::{Ending, World},
};
use crate::{
    domain::{
        attempt::{Attempt, AttemptError, AttemptKind, AttemptStatus, Header, ReceivedResponse, SentRequest},
        delivery::DeliveryStatus,
        event::EventType,
        payload::{Envelope, EventData, render},
        query::AttemptQuery,
        version::Version,
        webhook::DisabledReason,
    },
    service::store::{Completed, Completion, Exchange, Next},
};

pub(super) async fn an_event_is_delivered_and_its_history_seen(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["attendance.*"]).await;
    world.webhook(&["user.deleted"]).await;
    let instance = world.join().await;

    let accepted = world.event(EventType::ATTENDANCE_INSERTED).await;
    let planned = &accepted.deliveries[0];
    assert_eq!((accepted.deliveries.len(), planned.webhook_id, planned.version), (1, webhook.id, Some(Version::V1)));
    let event = world.store.event(accepted.id.into()).await.unwrap().unwrap();
    assert_eq!(event.data, Some(EventData::example(EventType::ATTENDANCE_INSERTED)));

    let claims = world.claim(instance, 10).await;
    let claim = &claims[0];
    assert_eq!((claims.len(), claim.number, claim.kind), (1, 1, AttemptKind::Event));
    let envelope = Envelope {
        id: accepted.id,
        event_type: EventType::ATTENDANCE_INSERTED,
        occurred_at: world.now(),
        dispatched_at: world.now(),
    };
    let body = claim.body.bytes().unwrap();
    assert_eq!(body, render(Version::V1, &envelope, event.sequence.unwrap(), &event.data.unwrap()));
    assert_eq!(world.store.secrets(webhook.id, world.now()).await.unwrap().as_ref(), Some(&claim.recipient.secrets));

    let pending = world.store.attempt(claim.attempt_id).await.unwrap().unwrap();
    assert_eq!((pending.status, pending.duration_ms), (AttemptStatus::Pending, None));
    assert_eq!(pending.request.unwrap().body.unwrap().as_bytes(), body);
    assert_eq!(world.attempts(AttemptQuery::default(), 10).await[0].id, claim.attempt_id);

    let retry_at = world.now().plus(Duration::from_secs(5));
    assert!(world.end(claim, Ending::Refused, Next::Retry(retry_at)).await);
    let failed = world.store.attempt(claim.attempt_id).await.unwrap().unwrap();
    assert_eq!((failed.status, failed.error), (AttemptStatus::Failed, Some(AttemptError::ConnectionRefused)));
    assert_eq!((failed.next_retry_at, failed.duration_ms, failed.response), (Some(retry_at), Some(35), None));
    assert!(world.claim(instance, 10).await.is_empty(), "it is not due yet");

    world.advance(5);
    let again = &world.claim(instance, 10).await[0];
    assert_eq!((again.number, again.kind, again.delivery_id), (2, AttemptKind::Retry, claim.delivery_id));
    assert_eq!(again.body.bytes().unwrap(), body);
    assert_ne!(again.attempt_id, claim.attempt_id);
    world.succeed(again).await;

    let succeeded = world.store.attempt(again.attempt_id).await.unwrap().unwrap();
    assert_eq!((succeeded.status, succeeded.http_status), (AttemptStatus::Succeeded, Some(204)));
    assert_eq!(succeeded.response.unwrap().body, "well received");
    let listed = world.attempts(AttemptQuery::default(), 1).await;
    assert_eq!(listed.iter().map(|a| a.id).collect::<Vec<_>>(), [again.attempt_id, claim.attempt_id]);
    assert_eq!(listed[1].next_retry_at, None, "only the newest attempt has a next");
    let delivery = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
    assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Succeeded, 2));
    assert_eq!(delivery.finished_at, Some(world.now()));
    assert!(world.claim(instance, 10).await.is_empty());
}

/// Unusual headers: each differs from the others and from the defaults.
fn headers(of: &str) -> Vec<Header> {
    let header = |name: &str, value: String| Header { name: name.to_owned(), value };
    vec![
        header("X-Again", format!("{of} 1")),
        header("X-Again", format!("{of} 2")),
        header("Empty", String::new()),
        header("x-\u{e4}", "\"quoted\", \\ and \u{1f512}\n".to_owned()),
    ]
}

pub(super) async fn every_field_of_a_completion_is_read_back(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    world.event(EventType::USER_DELETED).await;
    world.advance(3);
    let claim = world.claim(instance, 1).await.remove(0);
    let response =
        ReceivedResponse { headers: headers("answer"), body: "\u{0}half a\r\n\"".to_owned(), truncated: true };
    let completion = Completion {
        claim: claim.claim,
        attempt_id: claim.attempt_id,
        http_status: Some(799),
        error: Some(AttemptError::TlsWrongName),
        error_detail: Some("it said \u{201c}no\u{201d}\n\tand '; DROP TABLE".to_owned()),
        started_at: world.now().minus(Duration::from_micros(1_234_567)),
        finished_at: world.now().plus(Duration::from_micros(7)),
        exchange: Exchange {
            url: webhook.url.clone(),
            request_headers: headers("request"),
            response: Some(response.clone()),
        },
        next: Next::Retry(world.now().plus(Duration::from_micros(86_400_000_001))),
        hold: Some(world.now().plus(Duration::from_micros(1_000_003))),
        disable: None,
    };
    assert!(matches!(world.store.complete([completion.clone()].into()).await.unwrap()[..], [Completed::Recorded(_)]));

    let Next::Retry(next_retry_at) = completion.next else { unreachable!() };
    let request = SentRequest {
        url: completion.exchange.url.clone(),
        headers: completion.exchange.request_headers.clone(),
        body: Some(String::from_utf8(claim.body.bytes().unwrap().to_vec()).unwrap()),
    };
    let expected = Attempt {
        id: completion.attempt_id,
        delivery_id: claim.delivery_id,
        webhook_id: webhook.id,
        event_id: claim.event_id,
        event_type: EventType::USER_DELETED,
        kind: AttemptKind::Event,
        number: 1,
        max_attempts: 10,
        status: AttemptStatus::Failed,
        http_status: completion.http_status,
        error: completion.error,
        error_detail: completion.error_detail.clone(),
        started_at: completion.started_at,
        duration_ms: Some(1_234),
        next_retry_at: Some(next_retry_at),
        version: Some(Version::V1),
        request: Some(request),
        response: Some(response),
    };
    assert_eq!(world.store.attempt(claim.attempt_id).await.unwrap(), Some(expected.clone()));
    let listed = Attempt { request: None, response: None, ..expected };
    assert_eq!(world.attempts(AttemptQuery::default(), 9).await, slice::from_ref(&listed));
    let shown = world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap();
    assert_eq!((shown.held_until, shown.last_attempt_at), (completion.hold, Some(completion.finished_at)));

    world.advance(86_401);
    let claim = world.claim(instance, 1).await.remove(0);
    assert_eq!((claim.delivery_id, claim.number, claim.due_at), (listed.delivery_id, 2, next_retry_at));
    let end = Next::End(DeliveryStatus::Exhausted);
    let gone =
        Completion { disable: Some(DisabledReason::Gone), ..world.completion(&claim, Ending::Answered(410), end) };
    world.store.complete([gone].into()).await.unwrap();
    let shown = world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap();
    assert_eq!((shown.enabled, shown.disabled_reason), (false, Some(DisabledReason::Gone)));
    let delivery = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
    assert_eq!((delivery.status, delivery.finished_at), (DeliveryStatus::Exhausted, Some(world.now())));
}
