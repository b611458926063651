use super::*;

const TOKEN: &str = "invented-admin-token";

async fn guarded() -> Service {
    Service::with_auth(Auth::admin_token(&TOKEN.to_owned().into())).await
}

/// Every operation of the document, with valid ids in its path.
pub(super) fn operations() -> Vec<(Method, String, openapi::Operation)> {
    let document = document();
    let id_of = |path: &str| match path.split('/').nth(2) {
        Some("attempts") => "at_01h455vb4pex5vsknk084sn02q",
        Some("deliveries") => "dl_01h455vb4pex5vsknk084sn02q",
        Some("events") => "tm_0199c1d2e3f4758697a8b9cadbecfd0e",
        Some("tokens") => "tk_01h455vb4pex5vsknk084sn02q",
        _ => "wh_k3v9m2x7qd",
    };
    let operations = openapi::operations(&document);
    operations.map(|(path, method, it)| (method, path.replace("{id}", id_of(path)), it.clone())).collect()
}

#[tokio::test]
async fn every_operation_under_v1_needs_the_token() {
    let service = guarded().await;
    let (closed, open): (Vec<_>, Vec<_>) =
        operations().into_iter().partition(|(.., operation)| openapi::needs_token(operation));
    assert!(closed.len() > 20, "{}", closed.len());
    for (method, path, _) in closed {
        for headers in
            [&[][..], &[("authorization", "Bearer invented-admin-tokem")], &[("authorization", "Basic YTpi")]]
        {
            let reply = service.ask(method.as_str(), &path, headers, None).await.of_status(401);
            reply.problem("unauthorized");
            assert_eq!(reply.header("www-authenticate"), "Bearer", "{method} {path}");
        }
        let headers = [("authorization", &*format!("bearer {TOKEN}"))];
        let reply = service.ask(method.as_str(), &path, &headers, None).await;
        assert!(!matches!(reply.status, 401 | 405 | 500), "{method} {path}: {}", reply.status);
    }
    for (method, path, _) in open {
        assert!(!path.starts_with("/v1/") && path != "/metrics", "{path} is open");
        service.ask(method.as_str(), &path, &[], None).await.of_status(200);
    }
}

#[tokio::test]
async fn health_and_documentation_are_open() {
    let service = guarded().await;
    for path in ["/livez", "/readyz", "/openapi.json", "/docs"] {
        service.get(path).await.of_status(200);
    }
    assert_eq!(
        service.get("/readyz").await.json(),
        json!({"status": "ok", "database": "ok", "delivery": "off", "disk": "ample"})
    );
}

#[tokio::test]
async fn a_service_that_is_being_stopped_is_not_ready() {
    let service = guarded().await;
    service.state.metrics.round_began();
    assert_eq!(service.get("/readyz").await.json()["delivery"], "running");
    service.state.engine.drain().await.unwrap();
    let reply = service.get("/readyz").await.of_status(503);
    assert_eq!(reply.fault("unavailable"), "service: it is being stopped");
    assert_eq!(reply.json()["detail"], "the service is not ready: service: it is being stopped");
    service.get("/livez").await.of_status(200);
}

#[tokio::test]
async fn the_metrics_need_the_token_and_hold_no_secret() {
    let service = guarded().await;
    let headers = [("authorization", &*format!("Bearer {TOKEN}"))];
    let mut new = new_webhook("Payroll");
    new["secret"] = json!("tmkey_abcdefghijklmnopqrstuvwxyz012345");
    service.ask("POST", "/v1/webhooks", &headers, Some(new)).await.of_status(201);
    service.ask("POST", "/v1/events", &headers, Some(clocking())).await.of_status(202);
    service
        .ask("POST", "/v1/events", &headers, Some(json!({"type": "user.inserted", "data": {}})))
        .await
        .of_status(202);
    service.ask("BREW", "/nowhere/tmkey_x", &headers, None).await;
    service.get("/metrics").await.of_status(401).problem("unauthorized");
    service.clock.forward(Duration::from_secs(90));
    let reply = service.ask("GET", "/metrics", &headers, None).await.of_status(200);
    assert_eq!(reply.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let text = String::from_utf8(reply.body).unwrap();
    for line in [
        "tm_hooks_events_accepted_total{type=\"attendance.inserted\"} 1",
        "tm_hooks_events_accepted_total{type=\"user.inserted\"} 1",
        "tm_hooks_deliveries_made_total 1",
        "tm_hooks_queue_deliveries{webhook=\"enabled\"} 1",
        "tm_hooks_queue_oldest_due_seconds 90",
        "tm_hooks_webhooks{state=\"enabled\"} 1",
        "tm_hooks_http_requests_total{method=\"POST\",route=\"/v1/events\",status=\"2xx\"} 2",
        "tm_hooks_http_requests_total{method=\"other\",route=\"unknown\",status=\"4xx\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("tmkey_") && !text.contains(TOKEN) && !text.contains("example.com"), "{text}");
}

#[tokio::test]
async fn the_caller_can_ask_who_it_is() {
    let service = guarded().await;
    let headers = [("authorization", &*format!("Bearer {TOKEN}"))];
    let me = service.ask("GET", "/v1/me", &headers, None).await.of_status(200);
    assert_eq!(me.json(), json!({"name": "admin", "tokenId": null, "scopes": ["admin"], "expiresAt": null}));
}
