use std::sync::Arc;

use super::*;
use crate::{
    domain::{
        attempt::AttemptStatus,
        delivery::DeliveryStatus,
        health::{Breaker, MOST_UNPROVEN},
        ids::{DeliveryId, EventId, WebhookId},
        page::{Limit, PageRequest},
        query::AttemptQuery,
        random::SystemRandom,
        recovery::RecoveryWhat,
        time::Timestamp,
        webhook::WebhookStatus,
    },
    service::store::{
        ClaimRequest, InstanceId, RecoveryWindow, Store,
        sqlite::{Location, SqliteStore},
    },
};

#[test]
fn a_newer_database_and_a_foreign_one_are_refused_unchanged() {
    let mut ours = Connection::open_in_memory().unwrap();
    migrate(&mut ours).unwrap();
    migrate(&mut ours).unwrap();
    ours.pragma_update(None, "user_version", 99).unwrap();
    assert!(migrate(&mut ours).unwrap_err().to_string().contains("newer tm-hooks"));

    let mut foreign = Connection::open_in_memory().unwrap();
    foreign.execute_batch("CREATE TABLE cats (name TEXT)").unwrap();
    assert!(migrate(&mut foreign).unwrap_err().to_string().contains("another program"));
    let tables: i64 = foreign.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

/// What a service of the first schema left: a webhook that does well, one whose newest attempt failed, one that was
/// disabled, one that was never tried. An event for each of them, one delivered, one to be tried again, one held, one
/// due. Times are seconds since 1970, as the tests below name them.
const OF_THE_FIRST_SCHEMA: &str = "
    INSERT INTO webhooks (id, name, url, events, headers, enabled, disabled_reason, secret, revision, created_at,
        updated_at)
    SELECT 'wh_000000000' || value, 'Webhook ' || value, 'https://receiver.example.com/' || value, '[\"*\"]', '{}',
        value <> 3, CASE value WHEN 3 THEN 'manual' END,
        CAST('tmkey_' || '0123456789abcdef0123456789abcdef' AS BLOB), 1, 1000000, 2000000
    FROM json_each('[1, 2, 3, 4]');
    INSERT INTO lanes (webhook, state, waiting, next_due, last_attempt_at, last_failed, last_success_at) VALUES
        (1, 1, 0, NULL, 9000000, FALSE, 9000000), (2, 1, 1, 20000000, 9000000, TRUE, NULL),
        (3, 0, 1, 5000000, NULL, NULL, NULL), (4, 1, 1, 5000000, NULL, NULL, NULL);
    INSERT INTO events (id, type, occurred_at, accepted_at, content_hash)
        VALUES (zeroblob(16), 4, 5000000, 5000000, zeroblob(32));
    INSERT INTO time_blocks VALUES (2, 1, 0, 0, 9000000), (2, 2, 0, 0, 9000000), (2, 3, 0, 0, 9000000),
        (1, 1, 0, 0, 9000000), (1, 2, 0, 0, 9000000), (1, 3, 0, 0, 9000000);
    INSERT INTO event_data (event, data) VALUES (1, '{}');
    INSERT INTO bodies (slot, body) VALUES (17, CAST('{\"id\":\"frozen\"}' AS BLOB));
    INSERT INTO deliveries (id, event, webhook, version, kind, status, attempts, created_at, finished_at) VALUES
        (x'00000000000000000000000000000001', 1, 1, 1, 1, 1, 1, 5000000, 9000000),
        (x'00000000000000000000000000000002', 1, 2, 1, 1, 0, 1, 5000000, NULL),
        (x'00000000000000000000000000000003', 1, 3, 1, 1, 0, 0, 5000000, NULL),
        (x'00000000000000000000000000000004', 1, 4, 1, 1, 0, 0, 5000000, NULL);
    INSERT INTO work (delivery, webhook, event_type, kind, try, due_at) VALUES
        (2, 2, 4, 2, 2, 20000000), (3, 3, 4, 1, 1, 5000000), (4, 4, 4, 1, 1, 5000000);
    INSERT INTO attempts (id, delivery, webhook, facet, try, claim, error, started_at, finished_at) VALUES
        (x'00000000000000000000000000000011', 1, 1, (16 + 4) * 2048 + 204, 1, 1, NULL, 8000000, 9000000),
        (x'00000000000000000000000000000012', 2, 2, (16 + 4) * 2048 + 1503, 1, 2, 'unexpected_status', 8000000, 9000000);
    UPDATE sequences SET value = 2 WHERE name = 'claim';";

/// A database as the program's first schema left it.
fn first_schema(location: &std::path::Path) {
    let connection = Connection::open(location).unwrap();
    connection.execute_batch(STEPS[0]).unwrap();
    connection.execute_batch(OF_THE_FIRST_SCHEMA).unwrap();
    connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
}

fn webhook(number: u8) -> WebhookId {
    format!("wh_000000000{number}").parse().unwrap()
}

/// Claims what is due; the webhooks of the claims, in their order.
async fn claimed(store: &SqliteStore, instance: InstanceId, now: Timestamp) -> Vec<WebhookId> {
    let request = ClaimRequest {
        instance,
        now,
        most: 10,
        most_in_trouble: 10,
        most_per_webhook: 8,
        most_unproven: MOST_UNPROVEN,
        rooms: Vec::new(),
    };
    let claims = store.claim(request).await.unwrap().claims;
    assert!(claims.iter().all(|claim| claim.body == "{\"id\":\"frozen\"}" && claim.claim.0 > 2), "{claims:?}");
    claims.into_iter().map(|claim| claim.webhook_id).collect()
}

#[tokio::test]
async fn a_database_of_the_first_schema_is_brought_up_to_date_and_works() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hooks.db");
    first_schema(&path);
    let store = SqliteStore::open(Location::File(path), Arc::new(SystemRandom)).unwrap();
    let now = Timestamp::from_seconds(10);

    let mut shown = Vec::new();
    for number in 1..=4 {
        let found = store.webhook(webhook(number), now).await.unwrap().unwrap();
        shown.push((found.status, found.failing_since, found.failures_in_a_row, found.disabled_at));
        assert_eq!((found.breaker, found.held_until), (Breaker::Closed, None));
    }
    let (failed_at, disabled_at) = (Timestamp::from_seconds(9), Timestamp::from_seconds(2));
    let expected = [
        (WebhookStatus::Enabled, None, 0, None),
        (WebhookStatus::Failing, Some(failed_at), 1, None),
        (WebhookStatus::Disabled, None, 0, Some(disabled_at)),
        (WebhookStatus::Enabled, None, 0, None),
    ];
    assert_eq!(shown, expected);

    let page = PageRequest { limit: Limit::new(10).unwrap(), cursor: None };
    let attempts = store.attempts(AttemptQuery::default(), page).await.unwrap().data;
    let statuses: Vec<_> = attempts.iter().map(|attempt| (attempt.status, attempt.http_status)).collect();
    assert_eq!(statuses, [(AttemptStatus::Failed, Some(503)), (AttemptStatus::Succeeded, Some(204))]);
    let delivered = store.delivery(DeliveryId::from_bytes(1_u128.to_be_bytes())).await.unwrap().unwrap();
    assert_eq!((delivered.status, delivered.attempts), (DeliveryStatus::Succeeded, 1));
    assert_eq!(store.event(EventId::from_bytes([0; 16])).await.unwrap().unwrap().deliveries.unwrap().len(), 4);

    let instance = store.join(now).await.unwrap();
    assert_eq!(claimed(&store, instance, now).await, [webhook(4)], "the only one that is due and not held");
    assert_eq!(claimed(&store, instance, Timestamp::from_seconds(20)).await, [webhook(2)], "its planned retry");
    let window =
        RecoveryWindow { webhook: None, since: Timestamp::from_seconds(0), until: now, what: RecoveryWhat::Both };
    let estimate = store.estimate_recovery(window).await.unwrap();
    assert_eq!((estimate.deliveries, estimate.skipped), (0, 0), "nothing was missed, and nothing has failed for good");
}
