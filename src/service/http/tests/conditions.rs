use super::*;

#[tokio::test]
async fn the_same_request_with_the_same_key_is_done_once() {
    let service = Service::new().await;
    let key = [("idempotency-key", "add-1")];
    let first = service.ask("POST", "/v1/webhooks", &key, Some(new_webhook("ERP"))).await.of_status(201);
    let again = service.ask("POST", "/v1/webhooks", &key, Some(new_webhook("ERP"))).await.of_status(201);
    assert_eq!(again.json()["id"], first.json()["id"]);
    assert_eq!(again.header("location"), first.header("location"));

    let key = [("idempotency-key", "send-1")];
    let first = service.ask("POST", "/v1/events", &key, Some(clocking())).await.of_status(202).json();
    let again = service.ask("POST", "/v1/events", &key, Some(clocking())).await.of_status(202).json();
    assert_eq!(again, first, "though its id was made here");
    assert_eq!(service.get("/v1/events").await.json()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn changes_and_deletions_can_be_repeated_too() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}", service.add("ERP").await);
    let etag = service.get(&path).await.header("etag").to_owned();
    let headers = [("idempotency-key", "edit-1"), ("if-match", &*etag)];
    for _ in 0..2 {
        let reply = service.ask("PATCH", &path, &headers, Some(json!({"name": "Chat"}))).await.of_status(200);
        assert_eq!(reply.json()["name"], "Chat");
    }
    for _ in 0..2 {
        service.ask("DELETE", &path, &[("idempotency-key", "delete-1")], None).await.of_status(204);
    }
    for _ in 0..2 {
        let key = [("idempotency-key", "settings-1")];
        let body = Some(json!({"globalVersion": "v2"}));
        assert_eq!(service.ask("PUT", "/v1/settings", &key, body).await.of_status(200).json()["version"], "v2");
    }
}

#[tokio::test]
async fn another_request_with_the_same_key_is_refused() {
    let service = Service::new().await;
    let id = service.add("Chat").await;
    let key = [("idempotency-key", "k")];
    service.ask("POST", "/v1/webhooks", &key, Some(new_webhook("ERP"))).await.of_status(201);
    let other_body = service.ask("POST", "/v1/webhooks", &key, Some(new_webhook("Payroll"))).await.of_status(409);
    other_body.problem("idempotency_key_reused");
    let other_path = service.ask("POST", "/v1/events", &key, Some(clocking())).await.of_status(409);
    other_path.problem("idempotency_key_reused");
    let path = format!("/v1/webhooks/{id}");
    let other_method = service.ask("DELETE", &path, &key, None).await.of_status(409);
    other_method.problem("idempotency_key_reused");
    service.get(&path).await.of_status(200);
    assert_eq!(service.get("/v1/webhooks").await.json()["data"].as_array().unwrap().len(), 2);
    assert_eq!(service.get("/v1/events").await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let service = Service::new().await;
    let key = [("idempotency-key", "k")];
    let mut wrong = new_webhook("ERP");
    wrong["url"] = json!("http://erp.example.com");
    service.ask("POST", "/v1/webhooks", &key, Some(wrong)).await.of_status(422);
    service.ask("POST", "/v1/webhooks", &key, Some(new_webhook("ERP"))).await.of_status(201);
}

#[tokio::test]
async fn a_key_is_up_to_255_visible_characters() {
    let service = Service::new().await;
    for (at, good) in ["a", "7b1f!~", &"k".repeat(255)].into_iter().enumerate() {
        let name = format!("ERP {at}");
        service
            .ask("POST", "/v1/webhooks", &[("idempotency-key", good)], Some(new_webhook(&name)))
            .await
            .of_status(201);
    }
    for wrong in ["", "a b", "é", &"k".repeat(256)] {
        let reply = service.ask("POST", "/v1/webhooks", &[("idempotency-key", wrong)], Some(new_webhook("Chat"))).await;
        assert!(reply.of_status(400).fault("bad_request").to_lowercase().starts_with("idempotency-key: must be"));
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let reply = service.ask("POST", "/v1/webhooks", &twice, Some(new_webhook("Chat"))).await.of_status(400);
    assert_eq!(reply.fault("bad_request"), "idempotency-key: is there more than once");
}
