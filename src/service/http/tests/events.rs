use super::*;

#[tokio::test]
async fn an_event_is_taken_in_and_can_be_looked_at() {
    let service = Service::new().await;
    let webhook = service.add("ERP").await;
    let mut event = clocking();
    event["occurredAt"] = json!("2026-11-23T09:30:00+01:00");
    event["data"]["recordHash"] = serde_json::from_str("-6917529027641081857").unwrap();
    event["data"]["own"] = json!({"kept": [1.50, null]});
    let accepted = service.post("/v1/events", event.clone()).await.of_status(202);
    let id = accepted.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(accepted.header("location"), format!("/v1/events/{id}"));
    let planned = accepted.json()["deliveries"][0].clone();
    assert_eq!((&planned["webhookId"], &planned["version"]), (&json!(webhook), &json!("v1")));

    let shown = service.get(&format!("/v1/events/{id}")).await.of_status(200).json();
    assert_eq!(shown["data"].to_string(), event["data"].to_string(), "as it was sent, digit by digit");
    assert_eq!(shown["occurredAt"], "2026-11-23T08:30:00.000Z");
    assert_eq!(shown["acceptedAt"], "2026-11-23T12:00:00.000Z");
    assert_eq!(shown["deliveries"][0]["id"], planned["id"]);

    let delivery = service.get(&format!("/v1/deliveries/{}", planned["id"].as_str().unwrap())).await.of_status(200);
    assert_eq!((&delivery.json()["eventId"], &delivery.json()["status"]), (&json!(id), &json!("pending")));

    let listed = service.get("/v1/events?type=attendance.inserted").await.of_status(200).json();
    assert_eq!(listed["data"][0]["id"], id);
    assert!(listed["data"][0].get("data").is_none());
    assert_eq!(service.get("/v1/events?type=user.deleted").await.json()["data"], json!([]));
}

#[tokio::test]
async fn an_id_may_be_any_and_stands_encoded_in_paths() {
    let service = Service::new().await;
    service.add("ERP").await;
    let id = r#"a/b?c#d%25"\'"#;
    let mut event = clocking();
    event["id"] = json!(id);
    let accepted = service.post("/v1/events", event.clone()).await.of_status(202);
    assert_eq!(
        (&accepted.json()["id"], accepted.header("location")),
        (&json!(id), "/v1/events/a%2Fb%3Fc%23d%2525%22%5C%27")
    );
    let path = accepted.header("location");
    assert_eq!(service.get(path).await.of_status(200).json()["id"], id);
    let attempts = service.post(&format!("{path}/retry"), json!({})).await.of_status(202).json();
    assert_eq!(attempts["deliveries"].as_array().unwrap().len(), 1);
    let found = service.get("/v1/attempts?eventId=a%2Fb%3Fc%23d%2525%22%5C%27").await.of_status(200).json();
    assert_eq!(found["data"][0]["eventId"], id);
    let problem = service.get("/v1/events/a%2Fb").await.of_status(404).problem("not_found");
    assert!(problem["detail"].as_str().unwrap().contains("a/b"), "{problem}");
    event["data"]["clockingType"] = json!("Out");
    let problem = service.post("/v1/events", event).await.of_status(409).problem("event_id_reused");
    assert_eq!(problem["conflictingId"], id);
}

#[tokio::test]
async fn the_same_id_with_the_same_content_is_answered_as_the_first_time() {
    let service = Service::new().await;
    service.add("ERP").await;
    let mut event = clocking();
    event["id"] = json!("tm_0199c1d2e3f4758697a8b9cadbecfd0e");
    let first = service.post("/v1/events", event.clone()).await.of_status(202).json();
    service.clock.forward(Duration::from_secs(60));
    assert_eq!(service.post("/v1/events", event.clone()).await.of_status(202).json(), first);

    event["data"]["clockingType"] = json!("Out");
    let problem = service.post("/v1/events", event.clone()).await.of_status(409).problem("event_id_reused");
    assert_eq!(problem["conflictingId"], event["id"]);
    assert_eq!(service.get("/v1/events").await.json()["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn bad_events_are_refused_and_not_kept() {
    let service = Service::new().await;
    let with = |field: &str, value: Value| {
        let mut event = clocking();
        event[field] = value;
        event
    };
    for (body, fault) in [
        (
            with("type", json!("attendance inserted")),
            "type: \"attendance inserted\" cannot be the name of an event type",
        ),
        (with("type", json!("")), "type: \"\" cannot be the name of an event type"),
        (with("type", json!("tmhooks.webhook.disabled")), "type: \"tmhooks.webhook.disabled\" cannot be sent"),
        (with("type", json!("test")), "type: \"test\" cannot be sent to all; POST /v1/webhooks/{id}/test"),
        (with("id", json!("a b")), "id: \"a b\" is not an event's id: 1 to 128 printable ASCII characters"),
        (with("id", json!("x".repeat(129))), "id: \"xxx"),
        (with("occurredAt", json!("noon")), "occurredAt: \"noon\" is not a time"),
        (with("data", json!([])), "data: "),
        (with("data", json!({"clockingType": 3})), "data.clockingType: "),
        (with("payload", json!({})), "payload: is not a field"),
        (json!({"type": "attendance.inserted"}), "data: is missing"),
        (json!({"data": {}}), "type: is missing"),
    ] {
        let reply = service.post("/v1/events", body.clone()).await.of_status(422);
        assert!(reply.fault("invalid").starts_with(fault), "{body} gives {}", reply.fault("invalid"));
    }
    assert_eq!(service.get("/v1/events").await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_type_that_nobody_knows_is_taken_in_and_shown() {
    let service = Service::new().await;
    let all = json!({"name": "ERP", "url": "https://erp.example.com/timemoto", "events": ["nobodys.*"]});
    let webhook = service.post("/v1/webhooks", all).await.of_status(201).json()["id"].clone();
    let data = json!({"week": 48, "isDeleted": "no", "timeLogged": 5});
    let event = json!({"type": "nobodys.published", "data": data});
    let accepted = service.post("/v1/events", event).await.of_status(202).json();
    assert_eq!((&accepted["deliveries"][0]["webhookId"], accepted.get("warnings")), (&webhook, None));
    let shown = service.get(&format!("/v1/events/{}", accepted["id"].as_str().unwrap())).await.of_status(200).json();
    assert_eq!((&shown["type"], &shown["data"]), (&json!("nobodys.published"), &data));
    let listed = service.get("/v1/events?type=nobodys.published").await.of_status(200).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    let types = service.get("/v1/event-types").await.of_status(200).json();
    let last = types["data"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["type"], &last["subscribable"], &last["example"]),
        (&json!("nobodys.published"), &json!(true), &json!({}))
    );

    let slip = json!({"type": "attendance.insert", "data": {}});
    let accepted = service.post("/v1/events", slip).await.of_status(202).json();
    let told = "attendance.insert is no known type, and is sent as it is; did you mean \"attendance.inserted\"?";
    assert_eq!(accepted["warnings"], json!([{"field": "type", "message": told}]));
}

#[tokio::test]
async fn what_is_too_large_or_too_deep_is_refused_with_the_limit() {
    let service = Service::new().await;
    let of_size = |size: usize| {
        let mut event = clocking();
        event["data"] = json!({ "comment": "x".repeat(size - r#"{"comment":""}"#.len()) });
        event
    };
    service.post("/v1/events", of_size(256 * 1024)).await.of_status(202);
    let large = service.post("/v1/events", of_size(256 * 1024 + 1)).await.of_status(413).problem("too_large");
    assert!(large["detail"].as_str().unwrap().contains("256 KiB"));
    let body = service.post("/v1/events", of_size(1024 * 1024)).await.of_status(413).problem("too_large");
    assert_eq!(body["detail"], "the body is larger than 1 MiB");

    let deep = |levels: usize| {
        format!(r#"{{"type":"user.updated","data":{{"own":{}{}}}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1))
    };
    let accepted = service.post_raw("/v1/events", deep(120)).await.of_status(202).json();
    let shown = service.get(&format!("/v1/events/{}", accepted["id"].as_str().unwrap())).await.of_status(200);
    assert!(serde_json::from_slice::<Value>(&shown.body).is_ok(), "what was taken in can be read back");
    let reply = service.post_raw("/v1/events", deep(121)).await.of_status(422);
    assert!(reply.fault("invalid").starts_with("data.own: is nested too deep: data may have at most 120 levels"));
    for levels in [128, 129, 10_000] {
        let reply = service.post_raw("/v1/events", deep(levels)).await.of_status(422);
        assert!(reply.fault("invalid").contains("nested too deep: data may have at most 120 levels"));
    }
    assert_eq!(service.get("/v1/events").await.json()["data"].as_array().unwrap().len(), 2);
}
