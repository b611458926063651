use super::*;

const TOKEN: &str = "invented-admin-token";

async fn guarded() -> Service {
    Service::with_auth(Auth::admin_token(&TOKEN.to_owned().into())).await
}

/// Every operation of the document, with ids that are well formed.
fn operations() -> Vec<(Method, String)> {
    let document = document();
    let id_of = |path: &str| match path.split('/').nth(2) {
        Some("attempts") => "at_01h455vb4pex5vsknk084sn02q",
        Some("deliveries") => "dl_01h455vb4pex5vsknk084sn02q",
        Some("events") => "tm_0199c1d2e3f4758697a8b9cadbecfd0e",
        _ => "wh_k3v9m2x7qd",
    };
    openapi::operations(&document).map(|(path, method, _)| (method, path.replace("{id}", id_of(path)))).collect()
}

#[tokio::test]
async fn every_operation_under_v1_needs_the_token() {
    let service = guarded().await;
    let (closed, open): (Vec<_>, Vec<_>) = operations().into_iter().partition(|(_, path)| path.starts_with("/v1/"));
    assert!(closed.len() > 20, "{closed:?}");
    for (method, path) in closed {
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
    for (method, path) in open {
        service.ask(method.as_str(), &path, &[], None).await.of_status(200);
    }
}

#[tokio::test]
async fn health_and_documentation_are_open() {
    let service = guarded().await;
    for path in ["/livez", "/readyz", "/openapi.json", "/docs"] {
        service.get(path).await.of_status(200);
    }
    assert_eq!(service.get("/readyz").await.json(), json!({"status": "ok"}));
}

#[tokio::test]
async fn the_caller_can_ask_who_it_is() {
    let service = guarded().await;
    let headers = [("authorization", &*format!("Bearer {TOKEN}"))];
    let me = service.ask("GET", "/v1/me", &headers, None).await.of_status(200);
    assert_eq!(me.json(), json!({"name": "admin", "scopes": ["admin"]}));
}
