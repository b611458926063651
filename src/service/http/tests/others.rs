use super::*;
use crate::domain::event::EventType;

#[tokio::test]
async fn the_catalogues_are_whole_lists() {
    let service = Service::new().await;
    let types = service.get("/v1/event-types").await.of_status(200).json();
    assert_eq!(types["next"], Value::Null);
    let types = types["data"].as_array().unwrap();
    assert_eq!(types.len(), EventType::KNOWN.len());
    assert_eq!(types[0]["type"], "attendance.inserted");
    assert!(types.iter().all(|it| it["example"].is_object()));
    let versions = service.get("/v1/versions").await.of_status(200).json();
    assert_eq!(versions["data"][0]["isDefault"], true);
    assert_eq!(versions["data"][1]["stability"], "preview");
}

#[tokio::test]
async fn the_global_version_is_set_and_cleared() {
    let service = Service::new().await;
    let id = service.add("ERP").await;
    let initial = json!({"globalVersion": null, "version": "v1", "versionSource": "latest"});
    assert_eq!(service.get("/v1/settings").await.of_status(200).json(), initial);
    let set = service.ask("PUT", "/v1/settings", &[], Some(json!({"globalVersion": "v2"}))).await.of_status(200);
    assert_eq!(set.json(), json!({"globalVersion": "v2", "version": "v2", "versionSource": "global"}));
    assert_eq!(service.get("/v1/versions").await.json()["data"][1]["isDefault"], true);
    assert_eq!(service.get(&format!("/v1/webhooks/{id}")).await.json()["versionSource"], "global");

    let reply = service.ask("PUT", "/v1/settings", &[], Some(json!({}))).await.of_status(422);
    assert!(reply.fault("invalid").starts_with("globalVersion: is missing"));
    let reply = service.ask("PUT", "/v1/settings", &[], Some(json!({"globalVersion": "v7"}))).await.of_status(422);
    assert!(reply.fault("invalid").starts_with("globalVersion: \"v7\" is not a version"));
    let cleared = service.ask("PUT", "/v1/settings", &[], Some(json!({"globalVersion": null}))).await.of_status(200);
    assert_eq!(cleared.json(), initial);
}

#[tokio::test]
async fn error_rates_and_the_queue_are_shown() {
    let service = Service::new().await;
    let id = service.add("ERP").await;
    service.post("/v1/events", clocking()).await.of_status(202);
    let stats = service.get("/v1/stats?by=day&since=2026-11-20T00:00:00Z").await.of_status(200).json();
    assert_eq!((&stats["attempts"], &stats["errorRate"], &stats["by"]), (&json!(0), &Value::Null, &json!("day")));
    let stats = service.get(&format!("/v1/webhooks/{id}/stats")).await.of_status(200).json();
    assert_eq!(stats["webhookId"], id);
    service.get("/v1/webhooks/wh_k3v9m2x7qd/stats").await.of_status(404).problem("not_found");
    let queue = service.get("/v1/queue").await.of_status(200).json();
    assert_eq!((&queue["pending"], &queue["due"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let service = Service::new().await;
    for path in [
        "/v1/webhooks/wh_k3v9m2x7qd",
        "/v1/webhooks/Payroll",
        "/v1/webhooks/wh_k3v9m2x7qd/secret",
        "/v1/webhooks/wh_k3v9m2x7qd/attempts",
        "/v1/attempts/at_01h455vb4pex5vsknk084sn02q",
        "/v1/attempts/dl_01h455vb4pex5vsknk084sn02q",
        "/v1/deliveries/dl_01h455vb4pex5vsknk084sn02q",
        "/v1/events/tm_0199c1d2e3f4758697a8b9cadbecfd0e",
        "/v1/events/1",
    ] {
        service.get(path).await.of_status(404).problem("not_found");
    }
    // The answer for an unknown path does not say what was looked for.
    for path in ["/v1/webhook", "/v1/webhooks/", "/v1/v1/webhooks/wh_k3v9m2x7qd", "/docs/v1/me?limit=1", "/"] {
        service.get(path).await.of_status(404).problem("no_such_path");
    }
    let path = "/v1/webhooks/wh_k3v9m2x7qd";
    service.ask("PATCH", path, &[], Some(json!({}))).await.of_status(404).problem("not_found");
    service.post(&format!("{path}/secret"), json!({})).await.of_status(404).problem("not_found");
}
