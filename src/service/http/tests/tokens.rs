use super::*;

const ADMIN: &str = "invented-admin-token";

async fn guarded() -> Service {
    Service::with_auth(Auth::admin_token(&ADMIN.to_owned().into())).await
}

impl Service {
    async fn with(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.ask(method, path, &[("authorization", &*format!("Bearer {token}"))], body).await
    }

    /// Creates a token with these scopes; returns the answer.
    async fn token(&self, name: &str, scopes: &[&str]) -> Value {
        let new = json!({"name": name, "scopes": scopes});
        self.with(ADMIN, "POST", "/v1/tokens", Some(new)).await.of_status(201).json()
    }
}

fn text(issued: &Value) -> &str {
    issued["token"].as_str().unwrap()
}

#[tokio::test]
async fn a_token_is_shown_once_and_does_what_its_scopes_say() {
    let service = guarded().await;
    let issued = service.token("CI", &["webhooks:write", "events:write"]).await;
    assert!(text(&issued).starts_with("tmtoken_") && text(&issued).len() == 51, "{issued}");
    let added = service.with(text(&issued), "POST", "/v1/webhooks", Some(new_webhook("Payroll"))).await;
    let path = format!("/v1/webhooks/{}", added.of_status(201).json()["id"].as_str().unwrap());
    service.with(text(&issued), "GET", &path, None).await.of_status(200);
    service.with(text(&issued), "POST", "/v1/events", Some(clocking())).await.of_status(202);
    let refused = service.with(text(&issued), "GET", &format!("{path}/secret"), None).await.of_status(403);
    let problem = refused.problem("missing_scope");
    assert_eq!(problem["detail"], "the token lacks the scope secrets:read; it has webhooks:write, events:write");
    let rotate = service.with(text(&issued), "POST", &format!("{path}/secret"), None).await.of_status(403);
    assert!(rotate.json()["detail"].as_str().unwrap().contains("secrets:read"));
    service.with(text(&issued), "GET", "/v1/tokens", None).await.of_status(403);

    let me = service.with(text(&issued), "GET", "/v1/me", None).await.of_status(200).json();
    let expected = json!({
        "name": "CI", "tokenId": issued["id"], "scopes": ["webhooks:write", "events:write"], "expiresAt": null
    });
    assert_eq!(me, expected);
    let listed = service.with(ADMIN, "GET", "/v1/tokens", None).await.of_status(200);
    assert!(!String::from_utf8(listed.body.clone()).unwrap().contains(text(&issued)), "only once");
    assert_eq!(listed.json()["data"][0]["name"], "CI");
}

#[tokio::test]
async fn each_operation_needs_the_scopes_it_says_it_needs() {
    let service = guarded().await;
    let every = crate::domain::token::Scope::ALL.iter().map(|scope| scope.as_str());
    let mut tokens = std::collections::BTreeMap::new();
    for scope in every {
        tokens.insert(scope, text(&service.token(&format!("for {scope}"), &[scope]).await).to_owned());
    }
    let both = text(&service.token("both", &["webhooks:write", "secrets:read"]).await).to_owned();
    for (method, path, operation) in super::access::operations() {
        if !openapi::needs_token(&operation) {
            continue;
        }
        let needed = openapi::scopes(&operation);
        let ask = async |token: &str| service.with(token, method.as_str(), &path, None).await;
        for (scope, token) in &tokens {
            let includes = |needed: &String| {
                let reads = scope.strip_suffix(":write").map(|of| format!("{of}:read"));
                needed == scope || *scope == "admin" || reads.as_ref() == Some(needed)
            };
            let reply = ask(token).await;
            let allowed = needed.iter().all(includes);
            assert_eq!(reply.status != 403, allowed, "{method} {path} with {scope}: {}", reply.status);
            if !allowed {
                let missing = needed.iter().find(|needed| !includes(needed)).unwrap();
                let detail = reply.problem("missing_scope")["detail"].to_string();
                assert!(detail.contains(&format!("lacks the scope {missing};")), "{detail}");
            }
        }
        if needed.len() == 2 {
            assert_ne!(ask(&both).await.status, 403, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_revoked_and_an_expired_token_open_nothing() {
    let service = guarded().await;
    let issued = service.token("CI", &["webhooks:read"]).await;
    service.with(text(&issued), "GET", "/v1/webhooks", None).await.of_status(200);
    let path = format!("/v1/tokens/{}", issued["id"].as_str().unwrap());
    service.with(ADMIN, "DELETE", &path, None).await.of_status(204);
    service.with(text(&issued), "GET", "/v1/webhooks", None).await.of_status(401).problem("unauthorized");
    service.with(ADMIN, "DELETE", &path, None).await.of_status(404).problem("not_found");

    let soon = json!({"name": "soon", "scopes": ["webhooks:read"], "expiresAt": "2026-11-23T12:01:00Z"});
    let issued = service.with(ADMIN, "POST", "/v1/tokens", Some(soon)).await.of_status(201).json();
    service.clock.forward(Duration::from_secs(59));
    service.with(text(&issued), "GET", "/v1/webhooks", None).await.of_status(200);
    service.clock.forward(Duration::from_secs(1));
    let expired = service.with(text(&issued), "GET", "/v1/webhooks", None).await.of_status(401);
    assert_eq!(expired.problem("unauthorized")["detail"], "the token has expired; ask for a new one");
}

#[tokio::test]
async fn tokens_of_another_process_are_noticed() {
    let service = guarded().await;
    service.token("here", &["webhooks:read"]).await;
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let text = crate::domain::token::TokenText::generate(&*random);
    let add = crate::service::store::AddToken {
        id: crate::domain::ids::TokenId::new(service.clock.now(), random.bytes()),
        new: serde_json::from_value(json!({"name": "beside", "scopes": ["webhooks:read"]})).unwrap(),
        digest: text.digest(),
    };
    let change = || crate::service::store::Change::at(service.clock.now(), None);
    let token = service.state.store.add_token(add, change()).await.unwrap();
    let ask = async || service.with(text.expose(), "GET", "/v1/webhooks", None).await.status;
    assert_eq!(ask().await, 200, "one that is not known is looked for at once");
    service.state.store.revoke_token(token.id, change()).await.unwrap();
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while ask().await != 401 {
        assert!(std::time::Instant::now() < deadline, "the revocation is never noticed");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    let service = guarded().await;
    let issued = service.token("CI", &["webhooks:read"]).await;
    let last_used = async || {
        // Its write was queued before this one.
        service.state.store.ping().await.unwrap();
        service.with(ADMIN, "GET", "/v1/tokens", None).await.json()["data"][0]["lastUsedAt"].clone()
    };
    assert_eq!(last_used().await, Value::Null);
    let ask = async || {
        service.with(text(&issued), "GET", "/v1/webhooks", None).await.of_status(200);
        tokio::task::yield_now().await;
    };
    ask().await;
    assert_eq!(last_used().await, "2026-11-23T12:00:00.000Z");
    service.clock.forward(Duration::from_secs(59));
    ask().await;
    assert_eq!(last_used().await, "2026-11-23T12:00:00.000Z");
    service.clock.forward(Duration::from_secs(1));
    ask().await;
    assert_eq!(last_used().await, "2026-11-23T12:01:00.000Z");
}

#[tokio::test]
async fn a_repeated_request_gives_the_same_token_another_text() {
    let service = guarded().await;
    let bearer = format!("Bearer {ADMIN}");
    let headers = [("authorization", &*bearer), ("idempotency-key", "k")];
    let new = json!({"name": "CI", "scopes": ["webhooks:read"]});
    let first = service.ask("POST", "/v1/tokens", &headers, Some(new.clone())).await.of_status(201).json();
    service.with(text(&first), "GET", "/v1/webhooks", None).await.of_status(200);
    let second = service.ask("POST", "/v1/tokens", &headers, Some(new.clone())).await.of_status(201).json();
    assert_eq!(second["id"], first["id"]);
    service.with(text(&first), "GET", "/v1/webhooks", None).await.of_status(401);
    service.with(text(&second), "GET", "/v1/webhooks", None).await.of_status(200);
    let taken = service.with(ADMIN, "POST", "/v1/tokens", Some(new)).await.of_status(409);
    assert_eq!(taken.problem("name_taken")["conflictingId"], first["id"]);
    let wrong = json!({"name": "", "scopes": []});
    let wrong = service.with(ADMIN, "POST", "/v1/tokens", Some(wrong)).await.of_status(422);
    assert_eq!(wrong.problem("invalid")["errors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn who_asks_too_often_is_told_to_wait_and_nobody_else() {
    let auth = Auth::admin_token(&ADMIN.to_owned().into()).rate_limited(Duration::from_secs(600));
    let service = Service::with_auth(auth).await;
    let issued = service.token("CI", &["webhooks:read"]).await;
    let refused = service.with(ADMIN, "GET", "/v1/webhooks", None).await.of_status(429);
    refused.problem("rate_limited");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((590..=600).contains(&wait), "{wait}");
    service.with(text(&issued), "GET", "/v1/webhooks", None).await.of_status(200);
    service.with(text(&issued), "GET", "/v1/webhooks", None).await.of_status(429);
    for _ in 0..3 {
        service.get("/livez").await.of_status(200);
    }
}

#[tokio::test]
async fn each_token_has_idempotency_keys_of_its_own() {
    let service = guarded().await;
    let scopes = ["webhooks:write", "events:write"];
    let (payroll, ci) = (service.token("Payroll", &scopes).await, service.token("CI", &scopes).await);
    let ask = async |token: &str, path: &str, key: &str, body: Value| {
        let headers = [("authorization", &*format!("Bearer {token}")), ("idempotency-key", key)];
        service.ask("POST", path, &headers, Some(body)).await
    };
    let callers = [text(&payroll), text(&ci), ADMIN];
    let mut ids = std::collections::BTreeSet::new();
    for token in callers {
        let first = ask(token, "/v1/events", "k", clocking()).await.of_status(202).json();
        let again = ask(token, "/v1/events", "k", clocking()).await.of_status(202).json();
        assert_eq!(again, first);
        ids.insert(first["id"].to_string());
    }
    assert_eq!(ids.len(), callers.len(), "somebody got the answer of another one");

    for (token, name) in callers.into_iter().zip(["A", "B", "C"]) {
        ask(token, "/v1/webhooks", "w", new_webhook(name)).await.of_status(201);
        let other = ask(token, "/v1/webhooks", "w", new_webhook("D")).await.of_status(409);
        other.problem("idempotency_key_reused");
    }
    let the_same = ask(text(&ci), "/v1/webhooks", "w2", new_webhook("A")).await.of_status(409);
    the_same.problem("name_taken");
}
