//! Tests sources: their administration, and what senders get for their requests.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::*;

const SECRET: &str = "tmkey_an-invented-secret-of-a-sender";

fn hex_hmac(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn event(number: u64) -> String {
    format!(r#"{{"id":"tm_{number:032x}","event":"planning.inserted","sequence":{number},"data":{{"n": {number}}}}}"#)
}

impl Service {
    async fn source(&self, new: Value) -> Value {
        self.post("/v1/sources", new).await.of_status(201).json()
    }

    /// Delivers a body to a source's address with this signature.
    async fn deliver(&self, source: &Value, body: &str, signature: &str) -> Reply {
        let path = source["url"].as_str().unwrap();
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request.header("timemoto-signature", signature).body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn deliver_signed(&self, source: &Value, body: &str) -> Reply {
        self.deliver(source, body, &hex_hmac(SECRET, body)).await
    }

    async fn source_now(&self, source: &Value) -> Value {
        self.get(&format!("/v1/sources/{}", source["id"].as_str().unwrap())).await.of_status(200).json()
    }

    /// What came to a source, once this many requests are noted.
    async fn received(&self, source: &Value, query: &str, number: usize) -> Vec<Value> {
        let path = format!("/v1/sources/{}/received?{query}", source["id"].as_str().unwrap());
        loop {
            let found = self.get(&path).await.of_status(200).json()["data"].as_array().unwrap().clone();
            if found.len() >= number {
                return found;
            }
            tokio::task::yield_now().await;
        }
    }
}

fn known() -> Value {
    json!({"name": "Acme", "secret": SECRET, "scheme": "timemoto"})
}

#[tokio::test]
async fn a_source_is_administered_like_a_webhook() {
    let service = Service::new().await;
    let reply = service.post("/v1/sources", known()).await.of_status(201);
    let source = reply.json();
    let path = format!("/v1/sources/{}", source["id"].as_str().unwrap());
    assert_eq!((reply.header("location"), reply.header("etag")), (path.as_str(), "\"1\""));
    assert_eq!(source["url"], format!("/in/{}", source["id"].as_str().unwrap()));
    assert_eq!((&source["state"], &source["hasSecret"]), (&json!("ready"), &json!(true)));
    assert!(!String::from_utf8_lossy(&reply.body).contains(SECRET));
    service.post("/v1/sources", known()).await.of_status(409).problem("name_taken");
    for (wrong, fault) in [
        (json!({"name": "src_x"}), "name: must not begin with src_"),
        (json!({"name": "X", "secret": "short"}), "secret: a sender's secret has at least 8"),
        (json!({"name": "X", "scheme": "rot13"}), "scheme: "),
        (json!({"name": "X", "expectDays": "always"}), "expectDays: "),
        (json!({"name": "X", "expectWithinSeconds": 1}), "expectWithinSeconds: "),
    ] {
        let reply = service.post("/v1/sources", wrong).await.of_status(422);
        assert!(reply.fault("invalid").starts_with(fault), "{}", reply.fault("invalid"));
    }
    let changed = service.ask("PATCH", &path, &[("if-match", "\"1\"")], Some(json!({"enabled": false}))).await;
    assert_eq!(changed.of_status(200).json()["enabled"], false);
    service.ask("PATCH", &path, &[("if-match", "\"1\"")], Some(json!({"enabled": true}))).await.of_status(412);
    assert_eq!(service.get("/v1/sources?name=Acme").await.json()["data"][0]["id"], source["id"]);
    service.ask("DELETE", &path, &[], None).await.of_status(204);
    service.get(&path).await.of_status(404).problem("not_found");
}

#[tokio::test]
async fn only_what_is_signed_gets_in() {
    let service = Service::new().await;
    let source = service.source(known()).await;
    let body = event(1);
    let genuine = hex_hmac(SECRET, &body);
    for forged in ["", "x", &genuine[1..], &genuine.to_uppercase(), &hex_hmac("another secret", &body), SECRET] {
        service.deliver(&source, &body, forged).await.of_status(401).problem("not_genuine");
    }
    service.deliver(&source, &event(2), &genuine).await.of_status(401);
    let taken = service.deliver(&source, &body, &genuine).await.of_status(200);
    assert_eq!(taken.json(), json!({"outcome": "accepted"}));
    let again = service.deliver(&source, &body, &genuine).await.of_status(200);
    assert_eq!(again.json(), json!({"outcome": "repeated"}));
    let shown = service.get(&format!("/v1/events/tm_{:032x}", 1)).await.of_status(200).json();
    assert_eq!((&shown["source"], &shown["sequence"], &shown["data"]["n"]), (&json!("Acme"), &json!(1), &json!(1)));
    let refused = service.received(&source, "outcome=refused", 7).await;
    assert_eq!((&refused[0]["reason"], &refused[0]["status"]), (&json!("forged"), &json!(401)));
    assert_eq!(refused[0]["request"]["body"], event(2));
    let seen = service.source_now(&source).await;
    assert_eq!((&seen["refused24h"], &seen["sequences"]["last"]), (&json!(7), &json!(1)));
    assert_eq!(service.get("/v1/event-types").await.json()["data"][7]["type"], "planning.inserted");
}

#[tokio::test]
async fn who_delivers_is_told_what_is_wrong() {
    let service = Service::new().await;
    let source = service.source(known()).await;
    let path = source["url"].as_str().unwrap();
    let send = async |headers: &[(&str, &str)], body: &str| {
        let mut request = Request::post(path).header("timemoto-signature", hex_hmac(SECRET, body));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        service.send(request.body(Body::from(body.to_owned())).unwrap()).await
    };
    let form = [("content-type", "application/x-www-form-urlencoded")];
    send(&form, &event(1)).await.of_status(415).problem("unsupported_media_type");
    send(&[("content-encoding", "gzip")], &event(1)).await.of_status(415);
    for body in ["", "[]", "{}", r#"{"id":"tm_1","event":"tmhooks.x"}"#, r#"{"id":"a b","event":"x"}"#] {
        send(&[], body).await.of_status(422).problem("no_envelope");
    }
    send(&[], &format!(r#"{{"id":"x","event":"y","data":{{"a":"{}"}}}}"#, "x".repeat(300_000))).await.of_status(413);
    send(&[], r#"{"id":"x","event":"y","data":{"a":"large enough"}}"#).await.of_status(200);
    for unknown in ["/in/src_0000000000", "/in/acme", "/in/wh_0000000000"] {
        service.post(unknown, json!({})).await.of_status(404).problem("not_found");
    }
    assert_eq!(service.get(path).await.of_status(405).header("allow"), "POST");
    let off = json!({"enabled": false});
    let api = format!("/v1/sources/{}", source["id"].as_str().unwrap());
    service.ask("PATCH", &api, &[], Some(off)).await.of_status(200);
    service.deliver_signed(&source, &event(3)).await.of_status(404).problem("not_found");
}

#[tokio::test]
async fn a_scheme_is_learnt_from_two_requests() {
    let service = Service::new().await;
    let source = service.source(json!({"name": "Acme", "secret": SECRET})).await;
    assert_eq!((&source["state"], &source["scheme"]), (&json!("learning"), &json!("learn")));
    let sign = |body: &str| format!("v1={}", hex_hmac(&SECRET[6..], &format!("{body}\n")));
    service.deliver(&source, &event(1), &hex_hmac("guessed", &event(1))).await.of_status(401);
    let kept = service.deliver(&source, &event(1), &sign(&event(1))).await.of_status(200);
    assert_eq!(kept.json(), json!({"outcome": "kept"}));
    assert_eq!(service.deliver(&source, &event(1), &sign(&event(1))).await.json(), json!({"outcome": "repeated"}));
    assert_eq!(service.get("/v1/events").await.json()["data"], json!([]));
    service.received(&source, "outcome=refused", 1).await;
    let learning = service.source_now(&source).await;
    assert_eq!((&learning["kept"], &learning["lacking"][0]["requests"]), (&json!(1), &json!(1)));
    assert!(learning["lacking"][0]["what"].as_str().unwrap().contains("constructions"), "{learning}");
    let accepted = service.deliver(&source, &event(2), &sign(&event(2))).await.of_status(200);
    assert_eq!(accepted.json(), json!({"outcome": "accepted"}));
    let ready = service.source_now(&source).await;
    assert_eq!(ready["state"], "ready");
    assert_eq!(ready["scheme"], "hmac-sha256 key=bare message={raw}\\n encoding=hex prefix=v1=");
    let events = service.get("/v1/events").await.json();
    let sequences: Vec<_> = events["data"].as_array().unwrap().iter().map(|event| event["sequence"].clone()).collect();
    assert_eq!(sequences, [json!(2), json!(1)]);
    service.deliver(&source, &event(3), &hex_hmac(SECRET, &event(3))).await.of_status(401);
    service.deliver(&source, &event(3), &sign(&event(3))).await.of_status(200);
}

#[tokio::test]
async fn without_a_secret_nothing_gets_in_until_it_is_set_and_none_takes_all() {
    let service = Service::new().await;
    let source = service.source(json!({"name": "Acme"})).await;
    assert_eq!(source["hasSecret"], false);
    service.deliver_signed(&source, &event(1)).await.of_status(401).problem("not_genuine");
    assert_eq!(service.received(&source, "", 1).await[0]["reason"], "no_secret");
    let path = format!("/v1/sources/{}", source["id"].as_str().unwrap());
    service.ask("PATCH", &path, &[], Some(json!({"secret": SECRET}))).await.of_status(200);
    assert_eq!(service.deliver_signed(&source, &event(1)).await.of_status(200).json()["outcome"], "kept");
    let open = service.source(json!({"name": "Open", "scheme": "none"})).await;
    assert_eq!(service.deliver(&open, &event(1), "").await.of_status(200).json()["outcome"], "accepted");
}

#[tokio::test]
async fn who_is_refused_too_often_has_to_wait_and_a_genuine_request_never() {
    let service = Service::new().await;
    let source = service.source(known()).await;
    for number in 0..60 {
        service.deliver(&source, &event(number), "forged").await.of_status(401);
    }
    let late = service.deliver(&source, &event(61), "forged").await.of_status(429);
    late.problem("rate_limited");
    assert_eq!(late.header("retry-after"), "60");
    service.deliver_signed(&source, &event(62)).await.of_status(200);
    assert!(service.received(&source, "outcome=refused&limit=250", 20).await.len() <= 22, "few are written");
}

#[tokio::test]
async fn the_ingress_has_nothing_but_the_addresses_of_sources() {
    let service = Service::new().await;
    let source = service.source(known()).await;
    let outside = Service { router: ingress_router(service.state.clone()), ..service };
    outside.get("/livez").await.of_status(200);
    for path in ["/v1/sources", "/v1/me", "/metrics", "/openapi.json", "/docs", "/readyz", "/"] {
        outside.get(path).await.of_status(404).problem("no_such_path");
    }
    outside.deliver_signed(&source, &event(1)).await.of_status(200);
    let path = format!("{}?tenant=7", source["url"].as_str().unwrap());
    let request = Request::post(path).header("timemoto-signature", hex_hmac(SECRET, &event(2)));
    outside.send(request.body(Body::from(event(2))).unwrap()).await.of_status(200);
}

#[tokio::test]
async fn scopes_tell_who_may_see_and_change_sources() {
    let service = Service::with_auth(Auth::admin_token(&"the-admin-token".to_owned().into())).await;
    let as_admin = [("authorization", "Bearer the-admin-token")];
    let token = async |scope: &str| {
        let new = json!({"name": scope.replace(':', " "), "scopes": [scope]});
        let token = service.ask("POST", "/v1/tokens", &as_admin, Some(new)).await.of_status(201).json();
        format!("Bearer {}", token["token"].as_str().unwrap())
    };
    let (read, write, other) =
        (token("sources:read").await, token("sources:write").await, token("webhooks:write").await);
    let list = async |token: &str| service.ask("GET", "/v1/sources", &[("authorization", token)], None).await;
    list(&read).await.of_status(200);
    list(&write).await.of_status(200);
    list(&other).await.of_status(403).problem("missing_scope");
    let add = async |token: &str| service.ask("POST", "/v1/sources", &[("authorization", token)], Some(known())).await;
    add(&read).await.of_status(403);
    let source = add(&write).await.of_status(201).json();
    service.deliver_signed(&source, &event(1)).await.of_status(200);
}
