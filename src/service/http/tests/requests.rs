//! Tests what holds for all requests: their ids, headers, parameters, bodies and methods.

use super::*;

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let service = Service::new().await;
    let ids = [service.get("/livez").await, service.get("/v1/webhooks").await, service.get("/nowhere").await]
        .map(|reply| reply.header("x-request-id").to_owned());
    assert!(ids.iter().all(|id| id.len() == 36 && id.starts_with("req_")), "{ids:?}");
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
}

#[tokio::test]
async fn answers_are_not_kept_by_caches_nor_guessed_at() {
    let service = Service::new().await;
    for path in ["/v1/webhooks", "/v1/webhooks/wh_k3v9m2x7qd", "/v1/nothing"] {
        let reply = service.get(path).await;
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn answers_are_dated_by_the_clock_that_signatures_are_dated_by() {
    let service = Service::new().await;
    for path in ["/livez", "/v1/webhooks", "/nowhere"] {
        assert_eq!(service.get(path).await.header("date"), "Mon, 23 Nov 2026 12:00:00 GMT", "{path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_which_ones_there_are() {
    let service = Service::new().await;
    let reply = service.ask("PUT", "/v1/webhooks", &[], Some(json!({}))).await.of_status(405);
    reply.problem("method_not_allowed");
    let mut allowed: Vec<_> = reply.header("allow").split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn head_answers_as_get_without_a_body() {
    let service = Service::new().await;
    for (path, status) in [("/v1/webhooks", 200), ("/v1/webhooks/wh_k3v9m2x7qd", 404), ("/docs", 200)] {
        let get = service.get(path).await.of_status(status);
        let head = service.ask("HEAD", path, &[], None).await.of_status(status);
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert_eq!(head.header("content-length"), get.body.len().to_string());
    }
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let service = Service::new().await;
    let id = service.add("ERP").await;
    for (path, fault) in [
        ("/v1/attempts?statsu=failed", "statsu: is not a parameter (did you mean \"status\"?)"),
        (
            "/v1/events?since=2026-11-23T17:40:00+01:00",
            "since: \"2026-11-23T17:40:00 01:00\" is not a time in RFC 3339, such as 2026-11-23T17:40:00Z; a + in a query \
             is a blank: write %2B",
        ),
        ("/v1/attempts?status=lost", "status: \"lost\" is not an attempt's status; there are pending"),
        ("/v1/attempts?code=7xx", "code: \"7xx\" is not an HTTP status"),
        ("/v1/attempts?event=user.*", "event: \"user.*\" cannot be the name of an event type"),
        ("/v1/attempts?since=yesterday", "since: \"yesterday\" is not a time"),
        ("/v1/attempts?webhook=ERP", "webhook: \"ERP\" is not a webhook's id"),
        ("/v1/attempts?status=failed&status=failed", "status: is there more than once"),
        ("/v1/webhooks?limit=0", "limit: must be from 1 to 250"),
        ("/v1/webhooks?limit=251", "limit: must be from 1 to 250"),
        ("/v1/webhooks?limit=-1", "limit: must be a whole number"),
        ("/v1/webhooks?limit=", "limit: must be a whole number"),
        ("/v1/webhooks?enabled=yes", "enabled: must be true or false"),
        ("/v1/webhooks?sort=url", "sort: \"url\" is not a sort order; there are created, name, error-rate"),
        ("/v1/webhooks?cursor=!", "cursor: the cursor cannot be read"),
        ("/v1/events?kind=test", "kind: is not a parameter"),
        ("/v1/stats?by=month", "by: \"month\" is not a grouping"),
        ("/v1/settings?a=1", "a: is not a parameter; there are none here"),
        (&format!("/v1/webhooks/{id}?a=1"), "a: is not a parameter; there are none here"),
        (&format!("/v1/webhooks/{id}/attempts?webhook={id}"), "webhook: is not a parameter"),
        (&format!("/v1/webhooks/{id}/stats?webhook={id}"), "webhook: is not a parameter"),
    ] {
        let reply = service.get(path).await.of_status(400);
        assert!(reply.fault("bad_request").starts_with(fault), "{path} gives {}", reply.fault("bad_request"));
    }
    let reply = service.post("/v1/webhooks?dryRun=true", new_webhook("Chat")).await.of_status(400);
    assert!(reply.fault("bad_request").starts_with("dryRun: is not a parameter"));
}

#[tokio::test]
async fn a_body_must_be_json_and_say_so() {
    let service = Service::new().await;
    for wrong in ["", "{", "{\"name\":\"ERP\"", "name=ERP", "{\"name\": \"a\"} x", "\u{feff}{}"] {
        let problem = service.post_raw("/v1/webhooks", wrong).await;
        assert!(matches!(problem.status, 400 | 422), "{wrong}: {}", problem.status);
    }
    let problem = service.post_raw("/v1/webhooks", "{nonsense").await.of_status(400).problem("bad_request");
    assert!(problem["detail"].as_str().unwrap().starts_with("the body is not valid JSON: "), "{problem}");

    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
        let request = Request::post("/v1/webhooks").header("content-type", content_type);
        let reply =
            service.send(request.body(Body::from(new_webhook("ERP").to_string())).unwrap()).await.of_status(415);
        assert!(reply.problem("unsupported_media_type")["detail"].as_str().unwrap().contains(content_type));
    }
    let request = Request::post("/v1/webhooks").body(Body::from(new_webhook("ERP").to_string())).unwrap();
    service.send(request).await.of_status(415).problem("unsupported_media_type");
    assert_eq!(service.get("/v1/webhooks").await.json()["data"], json!([]));

    let request = Request::post("/v1/webhooks").header("content-type", "Application/JSON; charset=utf-8");
    service.send(request.body(Body::from(new_webhook("ERP").to_string())).unwrap()).await.of_status(201);
}

#[tokio::test]
async fn a_field_given_twice_is_refused() {
    let service = Service::new().await;
    let reply = service.post_raw("/v1/webhooks", r#"{"name":"a","name":"b"}"#).await.of_status(422);
    assert_eq!(reply.fault("invalid"), "name: is there more than once");
}
