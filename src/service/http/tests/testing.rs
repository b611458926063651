//! Tests test deliveries to a receiver on this machine.

use axum::routing::post;
use tokio::net::TcpListener;

use super::*;

/// Starts a receiver that answers with this status; returns its URL.
pub(super) async fn receiver(status: u16) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let status = http::StatusCode::from_u16(status).unwrap();
    let router = Router::new().route("/hooks", post(move || async move { (status, "{\"seen\":true}") }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn add_for(service: &Service, url: &str) -> String {
    let mut new = new_webhook("ERP");
    new["url"] = json!(url);
    service.post("/v1/webhooks", new).await.of_status(201).json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_test_answers_with_the_finished_attempt() {
    let service = Service::new().await;
    let id = add_for(&service, &receiver(200).await).await;
    let attempt = service.ask("POST", &format!("/v1/webhooks/{id}/test"), &[], None).await.of_status(200).json();
    assert_eq!((&attempt["kind"], &attempt["eventType"]), (&json!("test"), &json!("test")));
    assert_eq!((&attempt["status"], &attempt["httpStatus"]), (&json!("succeeded"), &json!(200)));
    assert_eq!(attempt["response"]["body"], "{\"seen\":true}");
    let body: Value = serde_json::from_str(attempt["request"]["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["id"], &body["event"]), (&attempt["eventId"], &json!("test")));

    let shown = service.get(&format!("/v1/attempts/{}", attempt["id"].as_str().unwrap())).await.of_status(200);
    assert_eq!(shown.json(), attempt);
    for path in [format!("/v1/webhooks/{id}/attempts?kind=test"), "/v1/attempts?code=2xx".to_owned()] {
        assert_eq!(service.get(&path).await.of_status(200).json()["data"][0]["id"], attempt["id"]);
    }
}

#[tokio::test]
async fn a_receiver_that_refuses_is_no_problem_of_the_request() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}/test", add_for(&service, &receiver(401).await).await);
    let request = json!({"type": "user.inserted", "data": {"userFirstName": "Ada"}, "version": "v2"});
    let attempt = service.post(&path, request).await.of_status(200).json();
    assert_eq!((&attempt["status"], &attempt["httpStatus"]), (&json!("failed"), &json!(401)));
    assert_eq!((&attempt["version"], &attempt["nextRetryAt"]), (&json!("v2"), &Value::Null));
    assert!(attempt["request"]["body"].as_str().unwrap().contains("Ada"));
}

#[tokio::test]
async fn a_test_with_the_same_key_is_sent_once() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}/test", add_for(&service, &receiver(200).await).await);
    let key = [("idempotency-key", "test-1")];
    let first = service.ask("POST", &path, &key, None).await.of_status(200).json();
    assert_eq!(service.ask("POST", &path, &key, None).await.of_status(200).json(), first);
    let other = service.ask("POST", &path, &key, Some(json!({"version": "v2"}))).await.of_status(409);
    other.problem("idempotency_key_reused");
}

#[tokio::test]
async fn a_wrong_test_sends_nothing() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}/test", add_for(&service, &receiver(200).await).await);
    for (request, fault) in [
        (json!({"type": "user.*"}), "type: \"user.*\" cannot be the name of an event type"),
        (json!({"type": "user.inserted", "data": {"userFirstName": 1}}), "data.userFirstName: "),
        (json!({"version": "v3"}), "version: \"v3\" is not a version"),
    ] {
        let reply = service.post(&path, request).await.of_status(422);
        assert!(reply.fault("invalid").starts_with(fault), "{}", reply.fault("invalid"));
    }
    assert_eq!(service.get("/v1/attempts").await.json()["data"], json!([]));
    let nobody = service.ask("POST", "/v1/webhooks/wh_k3v9m2x7qd/test", &[], None).await.of_status(404);
    nobody.problem("not_found");
}
