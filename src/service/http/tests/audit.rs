use super::*;
use crate::service::store::Retention;

const ADMIN: &str = "invented-admin-token";

impl Service {
    async fn as_admin(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.ask(method, path, &[("authorization", &*format!("Bearer {ADMIN}"))], body).await
    }

    /// The audit log's entries, oldest first.
    async fn audit(&self, query: &str) -> Vec<Value> {
        let page = self.as_admin("GET", &format!("/v1/audit{query}"), None).await.of_status(200).json();
        page["data"].as_array().unwrap().iter().rev().cloned().collect()
    }
}

#[tokio::test]
async fn every_change_is_noted_once_with_who_and_what_and_no_secret() {
    let service = Service::with_auth(Auth::admin_token(&ADMIN.to_owned().into())).await;
    let new = json!({"name": "CI", "scopes": ["webhooks:write", "secrets:read"]});
    let issued = service.as_admin("POST", "/v1/tokens", Some(new)).await.of_status(201).json();
    let bearer = format!("Bearer {}", issued["token"].as_str().unwrap());
    let as_ci = [("authorization", &*bearer), ("idempotency-key", "k")];
    let mut hook = new_webhook("Payroll");
    hook["headers"] = json!({"X-Key": "an-invented-key"});
    hook["secret"] = json!("tmkey_abcdefghijklmnopqrstuvwxyz012345");
    let added = service.ask("POST", "/v1/webhooks", &as_ci, Some(hook.clone())).await.of_status(201);
    service.ask("POST", "/v1/webhooks", &as_ci, Some(hook)).await.of_status(201);
    let id = added.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/webhooks/{id}");
    let patch = json!({"name": "Pay", "headers": {"X-Key": "another-invented-key"}});
    let changed = service.as_admin("PATCH", &path, Some(patch.clone())).await.of_status(200);
    service.as_admin("PATCH", &path, Some(patch)).await.of_status(200);
    service.as_admin("PATCH", &path, Some(json!({"enabled": false}))).await.of_status(200);
    service.as_admin("GET", &format!("{path}/secret"), None).await.of_status(200);
    service.as_admin("POST", &format!("{path}/secret"), None).await.of_status(200);
    service.as_admin("PUT", "/v1/settings", Some(json!({"globalVersion": "v2"}))).await.of_status(200);
    service.as_admin("DELETE", &path, None).await.of_status(204);

    let entries = service.audit("").await;
    let actions: Vec<&str> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let expected = [
        "token.create",
        "webhook.add",
        "webhook.update",
        "webhook.disable",
        "secret.read",
        "secret.rotate",
        "settings.update",
        "webhook.delete",
    ];
    assert_eq!(actions, expected, "what changed nothing, or was a repetition, is not noted");
    let (added_entry, update) = (&entries[1], &entries[2]);
    assert_eq!((&added_entry["actor"], &added_entry["tokenId"]), (&json!("CI"), &issued["id"]));
    assert_eq!(added_entry["requestId"], added.header("x-request-id"));
    assert_eq!((&update["actor"], &update["tokenId"]), (&json!("admin"), &Value::Null));
    assert_eq!(update["requestId"], changed.header("x-request-id"));
    let before = json!({"name": "Payroll", "headers": {"X-Key": "••••••••"}});
    let after = json!({"name": "Pay", "headers": {"X-Key": "•••••••• (set)"}});
    assert_eq!((&update["before"], &update["after"]), (&before, &after));
    let all = serde_json::to_string(&entries).unwrap();
    for secret in ["tmkey_", "invented-key", issued["token"].as_str().unwrap()] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }

    assert_eq!(service.audit("?actor=CI").await.len(), 1);
    assert_eq!(service.audit(&format!("?actor={}", issued["id"].as_str().unwrap())).await.len(), 1);
    assert_eq!(service.audit("?target=Payroll").await.len(), 1, "by the name it had");
    assert_eq!(service.audit(&format!("?target={id}")).await.len(), 6);
    assert_eq!(service.audit("?until=2026-11-23T12:00:00Z").await.len(), 0);
    let first = service.as_admin("GET", "/v1/audit?limit=3", None).await.json();
    assert_eq!(first["data"][0]["action"], "webhook.delete");
    let next = service.audit(&format!("?cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!(next.len(), 5);
    service.ask("GET", "/v1/audit", &as_ci, None).await.of_status(403).problem("missing_scope");
}

#[tokio::test]
async fn what_is_refused_leaves_no_entry_and_old_ones_go_after_13_months() {
    let service = Service::with_auth(Auth::admin_token(&ADMIN.to_owned().into())).await;
    for status in [201, 409] {
        service.as_admin("POST", "/v1/webhooks", Some(new_webhook("Payroll"))).await.of_status(status);
    }
    assert_eq!(service.audit("").await.len(), 1);
    let tidy = async || {
        while service.state.store.tidy(service.clock.now().into(), Retention::default()).await.unwrap().more {}
        service.audit("").await.len()
    };
    service.clock.forward(Duration::from_secs(365 * 86_400));
    assert_eq!(tidy().await, 1);
    service.clock.forward(Duration::from_secs(40 * 86_400));
    assert_eq!(tidy().await, 0);
}
