//! Tests manual retries and recoveries as clients see them.

use super::*;
use crate::domain::delivery::MOST_ATTEMPTS;

/// Adds a webhook with a receiver that answers with this status; returns its id.
async fn add_answering(service: &Service, name: &str, status: u16) -> String {
    let mut new = new_webhook(name);
    new["url"] = json!(testing::receiver(status).await);
    service.post("/v1/webhooks", new).await.of_status(201).json()["id"].as_str().unwrap().to_owned()
}

async fn send(service: &Service) -> Value {
    service.post("/v1/events", clocking()).await.of_status(202).json()
}

async fn deliver(service: &Service) {
    service.state.engine.run_until_idle().await.unwrap();
}

async fn post(service: &Service, path: String) -> Reply {
    service.ask("POST", &path, &[], None).await
}

async fn enable(service: &Service, id: &str, enabled: bool) {
    let path = format!("/v1/webhooks/{id}");
    service.ask("PATCH", &path, &[], Some(json!({ "enabled": enabled }))).await.of_status(200);
}

#[tokio::test]
async fn a_retry_answers_with_the_attempt_that_is_made() {
    let service = Service::new().await;
    let webhook = add_answering(&service, "ERP", 503).await;
    let event = send(&service).await;
    let delivery = event["deliveries"][0]["id"].as_str().unwrap();
    deliver(&service).await;
    let first = service.get("/v1/attempts").await.json()["data"][0].clone();
    enable(&service, &webhook, false).await;

    for (number, path) in [
        (2, format!("/v1/attempts/{}/retry", first["id"].as_str().unwrap())),
        (3, format!("/v1/deliveries/{delivery}/retry")),
        (4, format!("/v1/events/{}/retry", event["id"].as_str().unwrap())),
    ] {
        let retried = post(&service, path).await.of_status(202).json()["deliveries"][0].clone();
        assert_eq!((&retried["deliveryId"], &retried["webhookId"]), (&json!(delivery), &json!(webhook)));
        assert_eq!((&retried["eventId"], &retried["number"]), (&event["id"], &json!(number)));
        deliver(&service).await;
        let path = format!("/v1/attempts/{}", retried["attemptId"].as_str().unwrap());
        let attempt = service.get(&path).await.of_status(200).json();
        assert_eq!((&attempt["kind"], &attempt["number"]), (&json!("manual"), &json!(number)));
        assert_eq!((&attempt["status"], &attempt["httpStatus"]), (&json!("failed"), &json!(503)));
    }
    let shown = service.get(&format!("/v1/deliveries/{delivery}")).await.of_status(200).json();
    assert_eq!(
        (&shown["status"], &shown["attempts"], &shown["nextAttemptAt"]),
        (&json!("pending"), &json!(4), &json!(null))
    );
}

#[tokio::test]
async fn a_retry_with_the_same_key_is_made_once() {
    let service = Service::new().await;
    add_answering(&service, "ERP", 200).await;
    let path = format!("/v1/events/{}/retry", send(&service).await["id"].as_str().unwrap());
    let key = [("idempotency-key", "retry-1")];
    let first = service.ask("POST", &path, &key, None).await.of_status(202).json();
    assert_eq!(service.ask("POST", &path, &key, None).await.of_status(202).json(), first);
    deliver(&service).await;
    assert_eq!(service.get("/v1/attempts").await.json()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_retried_is_a_conflict_with_its_reason() {
    let service = Service::new().await;
    let webhook = add_answering(&service, "ERP", 200).await;
    let test = post(&service, format!("/v1/webhooks/{webhook}/test")).await.of_status(200).json();
    let refused = post(&service, format!("/v1/attempts/{}/retry", test["id"].as_str().unwrap())).await.of_status(409);
    refused.problem("test_not_retried");
    let event = send(&service).await;
    deliver(&service).await;
    service.ask("DELETE", &format!("/v1/webhooks/{webhook}"), &[], None).await.of_status(204);
    let delivery = event["deliveries"][0]["id"].as_str().unwrap();
    let refused = post(&service, format!("/v1/deliveries/{delivery}/retry")).await.of_status(409);
    assert_eq!(refused.problem("webhook_deleted")["conflictingId"], json!(webhook));
    let none = post(&service, format!("/v1/events/{}/retry", event["id"].as_str().unwrap())).await.of_status(202);
    assert_eq!(none.json(), json!({"deliveries": []}));
    for path in ["attempts/at_01h455vb4pex5vsknk084sn02q", "deliveries/dl_01h455vb4pex5vsknk084sn02q"] {
        post(&service, format!("/v1/{path}/retry")).await.of_status(404).problem("not_found");
    }
}

#[tokio::test]
async fn a_recovery_is_counted_begun_and_looked_at() {
    let service = Service::new().await;
    let webhook = add_answering(&service, "ERP", 200).await;
    enable(&service, &webhook, false).await;
    send(&service).await;
    send(&service).await;
    let ask = |dry_run: bool| json!({"webhookId": webhook, "since": "2026-11-23T11:00:00Z", "dryRun": dry_run});
    service.post("/v1/recoveries", ask(false)).await.of_status(409).problem("webhook_disabled");
    enable(&service, &webhook, true).await;
    let estimate = service.post("/v1/recoveries", ask(true)).await.of_status(200).json();
    assert_eq!(
        estimate,
        json!({"deliveries": 2, "failed": 0, "missed": 2, "skipped": 0, "waiting": 0, "complete": true})
    );
    assert_eq!(service.get("/v1/recoveries").await.of_status(200).json(), json!({"data": [], "next": null}));

    let begun = service.post("/v1/recoveries", ask(false)).await.of_status(202);
    let path = begun.header("location").to_owned();
    let begun = begun.json();
    assert_eq!((&begun["status"], &begun["what"], &begun["made"]), (&json!("running"), &json!("both"), &json!(0)));
    deliver(&service).await;
    let ended = service.get(&path).await.of_status(200).json();
    assert_eq!((&ended["status"], &ended["made"], &ended["succeeded"]), (&json!("finished"), &json!(2), &json!(2)));
    assert_eq!(service.get("/v1/recoveries").await.of_status(200).json()["data"], json!([ended]));
    let attempts = service.get("/v1/attempts?kind=recover").await.of_status(200).json();
    assert_eq!(attempts["data"].as_array().unwrap().len(), 2);
    assert_eq!(post(&service, format!("{path}/cancel")).await.of_status(200).json(), ended, "it has ended already");
}

#[tokio::test]
async fn what_has_failed_for_good_is_tried_once_more() {
    let service = Service::new().await;
    add_answering(&service, "ERP", 500).await;
    send(&service).await;
    for _ in 0..MOST_ATTEMPTS {
        deliver(&service).await;
        service.clock.forward(Duration::from_secs(30 * 3600));
    }
    let ask = json!({"since": "2026-11-23T11:00:00Z", "what": "failed", "rate": 10});
    let path = service.post("/v1/recoveries", ask).await.of_status(202).header("location").to_owned();
    deliver(&service).await;
    let ended = service.get(&path).await.of_status(200).json();
    assert_eq!((&ended["status"], &ended["made"], &ended["failed"]), (&json!("finished"), &json!(1), &json!(1)));
    let newest = service.get("/v1/attempts").await.json()["data"][0].clone();
    assert_eq!(
        (&newest["kind"], &newest["number"], &newest["maxAttempts"]),
        (&json!("recover"), &json!(11), &json!(11))
    );
}

#[tokio::test]
async fn a_wrong_recovery_is_refused_field_by_field() {
    let service = Service::new().await;
    for (ask, fault) in [
        (json!({"since": "2026-11-23T13:00:00Z"}), "since: must be before until, and in the past"),
        (json!({"since": "2026-11-23T11:00:00Z", "until": "2026-11-23T10:00:00Z"}), "since: must be before until"),
        (json!({"since": "2026-11-23T11:00:00Z", "rate": 0}), "rate: must be"),
        (json!({"since": "2026-11-23T11:00:00Z", "rate": -1.5}), "rate: must be"),
        (json!({"since": "yesterday"}), "since: "),
        (json!({"since": "2026-11-23T11:00:00Z", "what": "all"}), "what: "),
    ] {
        let reply = service.post("/v1/recoveries", ask).await.of_status(422);
        assert!(reply.fault("invalid").starts_with(fault), "{}", reply.fault("invalid"));
    }
    let nobody = json!({"webhookId": "wh_k3v9m2x7qd", "since": "2026-11-23T11:00:00Z"});
    service.post("/v1/recoveries", nobody).await.of_status(404).problem("not_found");
    service.get("/v1/recoveries/rc_01h455vb4pex5vsknk084sn02q").await.of_status(404).problem("not_found");
}
