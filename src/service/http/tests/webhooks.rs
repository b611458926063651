use super::*;

#[tokio::test]
async fn a_webhook_lives_from_adding_to_deleting() {
    let service = Service::new().await;
    let added = service.post("/v1/webhooks", new_webhook("ERP")).await.of_status(201);
    let webhook = added.json();
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    assert_eq!(added.header("location"), path);
    assert_eq!(added.header("etag"), format!("\"{}\"", webhook["revision"]));
    assert_eq!(webhook["enabled"], true);
    assert_eq!((&webhook["version"], &webhook["versionSource"]), (&json!("v1"), &json!("latest")));
    assert!(webhook.get("secret").is_none());

    let read = service.get(&path).await.of_status(200);
    assert_eq!(read.json(), webhook);
    assert_eq!(read.header("etag"), added.header("etag"));

    let change = json!({"name": "Payroll", "enabled": false, "pinnedVersion": "v2", "events": ["*"], "scheme": "sha1"});
    let changed = service.ask("PATCH", &path, &[("if-match", read.header("etag"))], Some(change)).await.of_status(200);
    assert_ne!(changed.header("etag"), read.header("etag"));
    let webhook = changed.json();
    assert_eq!((&webhook["name"], &webhook["enabled"]), (&json!("Payroll"), &json!(false)));
    assert_eq!((&webhook["version"], &webhook["versionSource"]), (&json!("v2"), &json!("pinned")));
    assert_eq!(webhook["url"], "https://erp.example.com/timemoto", "it was not named");
    assert_eq!(webhook["disabledReason"], "manual");

    assert_eq!(webhook["scheme"], "sha1 key=secret place=before message=raw encoding=hex", "as it is printed");

    let unpinned = service.ask("PATCH", &path, &[], Some(json!({"pinnedVersion": null}))).await.of_status(200);
    assert_eq!((&unpinned.json()["pinnedVersion"], &unpinned.json()["scheme"]), (&Value::Null, &webhook["scheme"]));
    let both = service.ask("PATCH", &path, &[], Some(json!({"scheme": null}))).await.of_status(200);
    assert_eq!(both.json()["scheme"], Value::Null);
    assert_ne!(both.header("etag"), unpinned.header("etag"));

    let deleted = service.ask("DELETE", &path, &[], None).await.of_status(204);
    assert!(deleted.body.is_empty());
    service.get(&path).await.of_status(404).problem("not_found");
    service.ask("DELETE", &path, &[], None).await.of_status(404).problem("not_found");
    assert_eq!(service.get("/v1/webhooks").await.json(), json!({"data": [], "next": null}));
}

#[tokio::test]
async fn a_stale_etag_changes_nothing() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}", service.add("ERP").await);
    let first = service.get(&path).await.header("etag").to_owned();
    let renamed = service.ask("PATCH", &path, &[("if-match", &first)], Some(json!({"name": "Payroll"}))).await;
    renamed.of_status(200);

    let body = Some(json!({"name": "Chat"}));
    service
        .ask("PATCH", &path, &[("if-match", &first)], body.clone())
        .await
        .of_status(412)
        .problem("precondition_failed");
    service.ask("DELETE", &path, &[("if-match", &first)], None).await.of_status(412).problem("precondition_failed");
    assert_eq!(service.get(&path).await.json()["name"], "Payroll");

    for garbage in ["3", "\"three\"", "W/\"3\"", "\"1\", \"2\""] {
        let reply = service.ask("PATCH", &path, &[("if-match", garbage)], body.clone()).await.of_status(400);
        assert!(reply.fault("bad_request").starts_with("If-Match: must be the ETag"), "{garbage}");
    }
    service.ask("PATCH", &path, &[("if-match", "*")], body).await.of_status(200);
    service.ask("DELETE", &path, &[("if-match", "*")], None).await.of_status(204);
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let service = Service::new().await;
    let first = service.add("ERP").await;
    let second = service.add("Chat").await;
    let problem = service.post("/v1/webhooks", new_webhook("ERP")).await.of_status(409).problem("name_taken");
    assert_eq!(problem["conflictingId"], first);
    let path = format!("/v1/webhooks/{second}");
    service.ask("PATCH", &path, &[], Some(json!({"name": "ERP"}))).await.of_status(409).problem("name_taken");
}

#[tokio::test]
async fn bad_input_names_the_field_and_adds_nothing() {
    let service = Service::new().await;
    let with = |field: &str, value: Value| {
        let mut new = new_webhook("ERP");
        new[field] = value;
        new
    };
    let too_many: Value = (0..21).map(|at| (format!("x-{at}"), json!("1"))).collect::<serde_json::Map<_, _>>().into();
    for (body, fault) in [
        (with("url", json!("http://erp.example.com")), "url: "),
        (with("url", json!("ftp://erp.example.com")), "url: must start with https://"),
        (with("url", json!("https://ada@erp.example.com")), "url: must not contain a user"),
        (with("url", json!("https://erp.example.com/#top")), "url: must not have a fragment"),
        (with("url", json!("erp")), "url: is not a URL"),
        (with("url", json!("https://192.168.1.7/")), "url: "),
        (with("name", json!(" ")), "name: must not be empty"),
        (with("name", json!("x".repeat(101))), "name: has more than 100"),
        (with("name", json!(7)), "name: must be a string, not this number"),
        (with("events", json!([])), "events: must name at least one"),
        (with("events", json!(["*", "*"])), "events[1]: names * twice"),
        (with("events", json!(["user.*.deleted"])), "events[0]: \"user.*.deleted\" is not an event filter: "),
        (with("events", json!(["user deleted"])), "events[0]: \"user deleted\" is not an event filter: "),
        (with("events", json!(["test"])), "events[0]: a webhook cannot subscribe"),
        (with("events", json!("*")), "events: must be an array, not a string"),
        (with("pinnedVersion", json!("v9")), "pinnedVersion: \"v9\" is not a version; the versions are v1, v2"),
        (
            with("scheme", json!("hmac-sha256 key=rot13")),
            "scheme: it is no scheme: \"rot13\" is not a form of the key; ",
        ),
        (with("scheme", json!("github")), "scheme: it is no scheme: \"github\" is no algorithm; "),
        (with("scheme", json!("")), "scheme: it is no scheme: it is empty"),
        (with("scheme", json!(7)), "scheme: must be a string, not this number"),
        (with("scheme", json!("hmac-sha256 key=hex")), "scheme: takes the secret for hex"),
        (with("headers", json!({"Host": "x"})), "headers.Host: is set by the service itself"),
        (with("headers", json!({"x": "a\r\nb: c"})), "headers.x: must be"),
        (with("headers", too_many), "headers: are more than 20"),
        (with("secret", json!("tmkey_short")), "secret: a secret is tmkey_ and 32 letters and digits"),
        (with("enabled", json!("yes")), "enabled: must be a boolean, not a string"),
        (with("colour", json!("red")), "colour: is not a field; the fields are name, url"),
        (with("event", json!([])), "event: is not a field (did you mean \"events\"?)"),
        (json!({"url": "https://erp.example.com"}), "name: is missing"),
        (json!(["ERP", "https://erp.example.com", ["*"]]), "body: must be a JSON object"),
    ] {
        let reply = service.post("/v1/webhooks", body.clone()).await.of_status(422);
        assert!(reply.fault("invalid").starts_with(fault), "{body} gives {}", reply.fault("invalid"));
    }
    assert_eq!(service.get("/v1/webhooks").await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_wrong_change_changes_nothing() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}", service.add("ERP").await);
    let before = service.get(&path).await.json();
    for (change, fault) in [
        (json!({"name": "Chat", "colour": "red"}), "colour: is not a field"),
        (json!({"name": "Chat", "url": "http://chat.example.com"}), "url: "),
        (json!({"name": null}), "name: must not be null"),
        (json!({"events": ["*.insert"]}), "events[0]: \"*.insert\" is not an event filter"),
        (json!({"revision": 9}), "revision: is not a field"),
    ] {
        let reply = service.ask("PATCH", &path, &[], Some(change.clone())).await.of_status(422);
        assert!(reply.fault("invalid").starts_with(fault), "{change} gives {}", reply.fault("invalid"));
    }
    assert_eq!(service.get(&path).await.json(), before);
}

#[tokio::test]
async fn headers_are_merged_and_stay_few() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}", service.add("ERP").await);
    let headers = |from: usize, to: usize| -> Value {
        let headers = (from..to).map(|at| (format!("x-{at}"), json!("secret word")));
        json!({ "headers": headers.collect::<serde_json::Map<_, _>>() })
    };
    let set = service.ask("PATCH", &path, &[], Some(headers(0, 20))).await.of_status(200);
    assert!(!String::from_utf8_lossy(&set.body).contains("secret word"));
    let one_more = service.ask("PATCH", &path, &[], Some(headers(20, 21))).await.of_status(422);
    assert_eq!(one_more.fault("invalid"), "headers: would be more than 20");
    let instead = json!({"headers": {"X-0": null, "x-20": "word"}});
    let names = service.ask("PATCH", &path, &[], Some(instead)).await.of_status(200).json();
    assert_eq!(names["headers"].as_object().unwrap().len(), 20);
}

/// A scheme may sign a header that the webhook adds, which then has to stay, and puts its signature into no such header.
#[tokio::test]
async fn a_scheme_and_the_webhooks_own_headers_fit_together() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}", service.add("ERP").await);
    let patch = async |change: Value| service.ask("PATCH", &path, &[], Some(change)).await;
    let scheme = "hmac-sha256 message={header:X-Tenant}{raw} header=X-Signature";
    let refused = patch(json!({ "scheme": scheme })).await.of_status(422);
    assert!(refused.fault("invalid").starts_with("scheme: signs the header X-Tenant, which nothing sets"));
    patch(json!({ "scheme": scheme, "headers": {"x-tenant": "blue"} })).await.of_status(200);
    for (change, fault) in [
        (json!({"headers": {"X-TENANT": null}}), "scheme: signs the header X-Tenant, which nothing sets"),
        (json!({"headers": {"x-signature": "1"}}), "scheme: puts the signature into X-Signature, which is one of"),
        (json!({"scheme": "sha1 header=X-Tenant"}), "scheme: puts the signature into X-Tenant, which is one of"),
    ] {
        let refused = patch(change.clone()).await.of_status(422);
        assert!(refused.fault("invalid").starts_with(fault), "{change}: {}", refused.fault("invalid"));
    }
    patch(json!({"scheme": null, "headers": {"X-TENANT": null}})).await.of_status(200);
}

#[tokio::test]
async fn a_value_that_stands_for_a_hidden_one_changes_nothing() {
    let service = Service::new().await;
    let path = format!("/v1/webhooks/{}", service.add("Payroll").await);
    let masked = json!({"url": "https://a.example/?token=%E2%80%A2%e2%80%a2%E2%80%A2%E2%80%A2"});
    let problem = service.ask("PATCH", &path, &[], Some(masked)).await.of_status(422).problem("masked_value");
    assert_eq!(problem["errors"][0]["field"], "url");
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let service = Service::new().await;
    for name in ["Ada", "Büro", "Chat"] {
        service.clock.forward(Duration::from_secs(1));
        service.add(name).await;
    }
    let names = |reply: &Reply| -> Vec<String> {
        let page = reply.json();
        page["data"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&service.get("/v1/webhooks").await), ["Chat", "Büro", "Ada"]);
    assert_eq!(names(&service.get("/v1/webhooks?sort=name&limit=250").await), ["Ada", "Büro", "Chat"]);
    assert_eq!(names(&service.get("/v1/webhooks?name=B%C3%BCro").await), ["Büro"]);
    assert_eq!(names(&service.get("/v1/webhooks?enabled=false").await), [""; 0]);
    assert_eq!(names(&service.get("/v1/webhooks?event=user.deleted").await), [""; 0]);

    let first = service.get("/v1/webhooks?limit=2").await.of_status(200);
    let next = first.json()["next"].as_str().unwrap().to_owned();
    let second = service.get(&format!("/v1/webhooks?limit=2&cursor={next}")).await.of_status(200);
    assert_eq!(names(&second), ["Ada"]);
    assert_eq!(second.json()["next"], Value::Null);
}
