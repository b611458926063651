use super::*;

const KNOWN: &str = "tmkey_abcdefghijklmnopqrstuvwxyz012345";

#[tokio::test]
async fn a_secret_is_shown_rotated_and_revoked() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}/secret", service.add("ERP").await);
    let shown = service.get(&path).await.of_status(200);
    assert_eq!(shown.header("cache-control"), "no-store");
    let first = shown.json()["secret"].clone();
    assert_eq!(shown.json()["previous"], Value::Null);
    service.ask("DELETE", &format!("{path}/previous"), &[], None).await.of_status(404).problem("not_found");

    let rotated = service.post(&path, json!({"overlapSeconds": 60})).await.of_status(200).json();
    assert_ne!(rotated["secret"], first);
    assert_eq!(rotated["previous"], json!({"secret": first, "expiresAt": "2026-11-23T12:01:00.000Z"}));
    for overlap in [0, 60] {
        let refused = service.post(&path, json!({"overlapSeconds": overlap})).await.of_status(409);
        let detail = refused.problem("rotation_under_way")["detail"].to_string();
        assert!(detail.contains("is valid until 2026-11-23T12:01:00"), "{detail}");
    }
    assert_eq!(service.get(&path).await.json(), rotated, "what was promised holds");

    service.ask("DELETE", &format!("{path}/previous"), &[], None).await.of_status(204);
    assert_eq!(service.get(&path).await.json(), json!({"secret": rotated["secret"], "previous": null}));
}

#[tokio::test]
async fn an_overlap_is_a_day_unless_asked_for_and_ends() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}/secret", service.add("ERP").await);
    let rotated = service.ask("POST", &path, &[], None).await.of_status(200).json();
    assert_eq!(rotated["previous"]["expiresAt"], "2026-11-24T12:00:00.000Z");
    service.clock.forward(Duration::from_secs(86_400));
    assert_eq!(service.get(&path).await.json()["previous"], Value::Null);

    let too_long = service.post(&path, json!({"overlapSeconds": 2_592_001})).await.of_status(422);
    assert!(too_long.fault("invalid").starts_with("overlapSeconds: must be at most"));
    let fraction = service.post(&path, json!({"overlapSeconds": 60.5})).await.of_status(422);
    assert!(fraction.fault("invalid").starts_with("overlapSeconds: must be a whole number of 0 or more"));
    let negative = service.post(&path, json!({"overlapSeconds": -1})).await.of_status(422);
    assert!(negative.fault("invalid").starts_with("overlapSeconds: must be a whole number of 0 or more"));
    assert_eq!(service.get(&path).await.json()["secret"], rotated["secret"]);
}

#[tokio::test]
async fn a_secret_both_sides_know_can_be_given() {
    let service = Service::new().await;
    let mut new = new_webhook("ERP");
    new["secret"] = json!(KNOWN);
    let added = service.post("/v1/webhooks", new).await.of_status(201);
    assert!(!String::from_utf8_lossy(&added.body).contains(KNOWN));
    let path = format!("/v1/webhooks/{}/secret", added.json()["id"].as_str().unwrap());
    assert_eq!(service.get(&path).await.json()["secret"], KNOWN);
}

#[tokio::test]
async fn a_secret_in_the_wrong_place_is_not_repeated() {
    let service = Service::new().await;
    let mut new = new_webhook("ERP");
    new["headers"] = json!(KNOWN);
    let reply = service.post("/v1/webhooks", new).await.of_status(422);
    assert_eq!(reply.fault("invalid"), "headers: must be an object, not a string");
    assert!(!String::from_utf8_lossy(&reply.body).contains(KNOWN));
}

#[tokio::test]
async fn rotating_again_with_the_same_key_shows_the_same_secret() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}/secret", service.add("ERP").await);
    let key = [("idempotency-key", "rotate-1")];
    let first = service.ask("POST", &path, &key, None).await.of_status(200).json();
    assert_eq!(service.ask("POST", &path, &key, None).await.of_status(200).json(), first);
}

#[tokio::test]
async fn a_whole_number_may_be_spelled_with_a_fraction() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}/secret", service.add("ERP").await);
    let rotated = service.post(&path, json!({"overlapSeconds": 60.0})).await.of_status(200).json();
    assert_eq!(rotated["previous"]["expiresAt"], "2026-11-23T12:01:00.000Z");
}
