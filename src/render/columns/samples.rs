//! Shared code of the columns' tests: a sample attempt, a sample webhook, a sample source, and the check that no column is missing.

use serde_json::json;

use crate::{
    domain::{attempt::Attempt, source::Source, time::Timestamp, webhook::Webhook},
    render::Record,
};

/// The current time of the samples.
pub const NOW: i64 = 1_795_455_600;

/// Makes an invented attempt that failed.
pub fn attempt() -> Attempt {
    serde_json::from_value(json!({
        "id": "at_06f8k2v0c1q4jt3xw9b7n5m8ed", "deliveryId": "dl_06f8k2v0c1q4jt3xw9b7n5m8ed",
        "webhookId": "wh_7c1zr8t0wb", "eventId": "tm_0199c1d2e3f4758697a8b9cadbecfd0e",
        "eventType": "attendance.inserted", "kind": "retry", "number": 2, "maxAttempts": 10, "status": "failed",
        "httpStatus": 503, "error": "unexpected_status", "errorDetail": null,
        "startedAt": Timestamp::from_seconds(NOW - 12), "durationMs": 41,
        "nextRetryAt": Timestamp::from_seconds(NOW + 288), "version": "v1",
        "request": {"url": "https://bot.example.com/tm", "headers": [], "body": null},
        "response": {"headers": [], "body": "busy", "truncated": false}
    }))
    .unwrap()
}

/// Makes an invented webhook.
pub fn webhook(id: &str, name: &str, url: &str) -> Webhook {
    let at = Timestamp::from_seconds(NOW - 86_400);
    serde_json::from_value(json!({
        "id": id, "name": name, "url": url, "events": ["attendance.*", "user.deleted"], "enabled": true,
        "headers": {}, "scheme": null, "pinnedVersion": null, "version": "v1", "versionSource": "latest", "status": "enabled",
        "errorRate": 0.0, "attempts24h": 412, "failed24h": 0, "pendingDeliveries": 0, "createdAt": at,
        "updatedAt": at, "lastAttemptAt": Timestamp::from_seconds(NOW - 125), "disabledReason": null, "disabledAt": null,
        "failingSince": null, "failuresInARow": 0, "disablesAt": null, "heldUntil": null, "breaker": "closed",
        "revision": 1
    }))
    .unwrap()
}

/// Makes an invented source that has all fields.
pub fn source(id: &str, name: &str) -> Source {
    let at = Timestamp::from_seconds(NOW - 86_400);
    serde_json::from_value(json!({
        "id": id, "name": name, "enabled": true, "scheme": "hmac-sha256", "state": "ready",
        "url": format!("https://hooks.example.com/in/{id}"), "hasSecret": true, "expectWithinSeconds": 86400,
        "expectDays": "mon-fri", "timeZone": "Europe/Berlin", "redeliverChanged": false, "lastGenuineAt": at,
        "isSilent": false, "refused24h": 1204, "kept": 0, "createdAt": at, "updatedAt": at, "revision": 1,
        "sequences": {"first": 5, "last": 9090, "missing": 3},
        "departures": [{"type": "user.deleted", "field": "shift", "what": "is not known", "count": 2, "lastAt": at}],
        "lacking": [{"requests": 3, "what": "no header holds a signature", "next": ["look at its headers"]}]
    }))
    .unwrap()
}

/// Checks that every field of the JSON form has one column.
pub fn every_field_has_a_column<T: Record>(record: &T) {
    let value = serde_json::to_value(record).unwrap();
    let names: Vec<&str> = T::columns().iter().map(|column| column.name).collect();
    for field in value.as_object().unwrap().keys() {
        assert!(names.contains(&field.as_str()), "the field {field} has no column");
    }
    for name in &names {
        assert_eq!(names.iter().filter(|other| other == &name).count(), 1, "the column {name} stands twice");
    }
}
