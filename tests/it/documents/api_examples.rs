//! Checks the examples of the API's document and of the page at `/docs`: a real service is asked for each operation,
//! and its answer is compared with `src/service/http/openapi/examples.json`, or written there.
//!
//! Ids, secrets, signatures and the time of the next attempt differ in each run, so fixed ones of the same form replace
//! them. Of a list only the first entry is kept.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::common::{
    Home,
    api::Api,
    receiver::{Receiver, answer, status},
    service::{Served, sqlite},
    until,
};

use super::pages::{place, read, renewing};

const EXAMPLES: &str = "src/service/http/openapi/examples.json";
/// The name of the example of a refusal, which belongs to no operation.
const REFUSED: &str = "refused";
const NOW: &str = "2026-11-25T16:55:00Z";
/// The host that the examples show for their receivers.
const RECEIVERS: &str = "https://erp.example.com/timemoto";
/// The metric that stands for all of them.
const METRIC: &str = "tm_hooks_events_accepted_total";

/// A service, and the examples taken from it.
struct Story {
    api: Api,
    receiver: Receiver,
    kept: Map<String, Value>,
}

impl Story {
    /// Sends a request, and keeps it with its answer under the operation's name.
    #[track_caller]
    fn keep(&mut self, operation: &str, method: &str, path: &str, body: Option<Value>) -> Value {
        let answered = self.api.ask(method, path, body.as_ref());
        assert_eq!(answered.status < 300, operation != REFUSED, "{operation}: {}", answered.body);
        let whole = serde_json::from_str(&answered.body).unwrap_or_else(|_| json!(answered.body));
        let mut kept = json!({"method": method, "path": path});
        kept.as_object_mut().unwrap().extend(body.map(|body| ("request".to_owned(), body)));
        kept["status"] = json!(answered.status);
        if !answered.body.is_empty() {
            kept["answer"] = shortened(whole.clone());
        }
        self.kept.insert(operation.to_owned(), kept);
        whole
    }

    /// Waits until `count` attempts have ended, and returns the newest.
    fn attempt(&self, count: usize) -> Value {
        until("an attempt to end", || {
            let attempts = self.api.attempts("");
            let ended = attempts.iter().filter(|attempt| attempt["status"] != "pending").count();
            (ended >= count).then(|| attempts[0].clone())
        })
    }

    fn webhooks(&mut self) -> String {
        let (url, bot) = (self.receiver.url(), self.receiver.url().replace("/hooks", "/bot"));
        let new = json!({"name": "ERP", "url": url, "events": ["attendance.*"]});
        let webhook = self.keep("addWebhook", "POST", "/v1/webhooks", Some(new));
        self.api.add("Chat bot", &bot, "user.*");
        let path = format!("/v1/webhooks/{}", text(&webhook["id"]));
        self.keep("listWebhooks", "GET", "/v1/webhooks?sort=name&limit=10", None);
        self.keep("getWebhook", "GET", &path, None);
        let change = json!({"events": ["attendance.*", "user.deleted"], "pinnedVersion": "v2"});
        self.keep("updateWebhook", "PATCH", &path, Some(change));
        path
    }

    fn deliveries(&mut self, webhook: &str) {
        let data = json!({"clockingType": "In", "userFullName": "Mara Example"});
        let event = json!({"type": "attendance.inserted", "data": data});
        let event = self.keep("sendEvent", "POST", "/v1/events", Some(event));
        self.attempt(1);
        self.keep("testWebhook", "POST", &format!("{webhook}/test"), Some(json!({"type": "attendance.inserted"})));
        self.keep("getEvent", "GET", &format!("/v1/events/{}", text(&event["id"])), None);
        self.keep("listEvents", "GET", "/v1/events?user=mara%20example&limit=10", None);
        self.keep("listAttemptsOfWebhook", "GET", &format!("{webhook}/attempts?limit=10"), None);
        self.api.send("user.inserted");
        let failed = self.attempt(3);
        let (attempt, delivery) = (text(&failed["id"]), text(&failed["deliveryId"]));
        self.keep("listAttempts", "GET", "/v1/attempts?status=failed&limit=10", None);
        self.keep("getAttempt", "GET", &format!("/v1/attempts/{attempt}"), None);
        self.keep("getDelivery", "GET", &format!("/v1/deliveries/{delivery}"), None);
        self.keep("getQueue", "GET", "/v1/queue", None);
        self.keep("retryAttempt", "POST", &format!("/v1/attempts/{attempt}/retry"), None);
        self.attempt(4);
        self.keep("retryDelivery", "POST", &format!("/v1/deliveries/{delivery}/retry"), None);
        self.attempt(5);
        self.keep("retryEvent", "POST", &format!("/v1/events/{}/retry", text(&failed["eventId"])), None);
        self.attempt(6);
        self.keep("getStats", "GET", "/v1/stats?by=event", None);
        self.keep("getStatsOfWebhook", "GET", &format!("{webhook}/stats?by=day"), None);
    }

    fn recoveries(&mut self, webhook: &str) {
        self.api.ask("PATCH", webhook, Some(&json!({"enabled": false}))).of_status(200);
        self.api.send("attendance.updated");
        self.api.ask("PATCH", webhook, Some(&json!({"enabled": true}))).of_status(200);
        let id = webhook.rsplit('/').next().unwrap();
        let begin = json!({"webhookId": id, "since": "2026-11-25T16:00:00Z"});
        let recovery = self.keep("addRecovery", "POST", "/v1/recoveries", Some(begin.clone()));
        let path = format!("/v1/recoveries/{}", text(&recovery["id"]));
        until("the recovery to end", || (self.api.get(&path).json()["status"] == "finished").then_some(()));
        self.attempt(7);
        self.keep("getRecovery", "GET", &path, None);
        self.keep("listRecoveries", "GET", "/v1/recoveries", None);
        self.keep("cancelRecovery", "POST", &format!("{path}/cancel"), None);
    }

    fn sources(&mut self) {
        let new = json!({
            "name": "Acme", "secret": "tmkey_abcdefghijklmnopqrstuvwxyz012345", "expectWithinSeconds": 86400,
            "expectDays": "mon-fri", "timeZone": "Europe/Amsterdam"
        });
        let source = self.keep("addSource", "POST", "/v1/sources", Some(new));
        let path = format!("/v1/sources/{}", text(&source["id"]));
        let forged = json!({"id": "tm_01a213a1caa07e48b8a5ee53df6141c2", "event": "attendance.inserted"});
        self.api.ask("POST", text(&source["url"]), Some(&forged)).of_status(401);
        let received = format!("{path}/received?outcome=refused&limit=10");
        until("the refused request to be noted", || {
            self.api.get(&received).json()["data"].as_array().is_some_and(|noted| !noted.is_empty()).then_some(())
        });
        // Its headers and its address are those of this test, so it is kept without the request.
        self.keep("listReceived", "GET", &format!("{path}/received?outcome=accepted&limit=10"), None);
        self.keep("listSources", "GET", "/v1/sources", None);
        self.keep("getSource", "GET", &path, None);
        self.keep("updateSource", "PATCH", &path, Some(json!({"scheme": "timemoto", "redeliverChanged": true})));
        self.keep("deleteSource", "DELETE", &path, None);
    }

    fn the_rest(&mut self, webhook: &str) {
        self.keep("getSecret", "GET", &format!("{webhook}/secret"), None);
        self.keep("rotateSecret", "POST", &format!("{webhook}/secret"), Some(json!({"overlapSeconds": 86400})));
        self.keep("revokePreviousSecret", "DELETE", &format!("{webhook}/secret/previous"), None);
        self.keep("listEventTypes", "GET", "/v1/event-types", None);
        self.keep("listVersions", "GET", "/v1/versions", None);
        self.keep("getSettings", "GET", "/v1/settings", None);
        self.keep("putSettings", "PUT", "/v1/settings", Some(json!({"globalVersion": "v2"})));
        let token = json!({"name": "ci", "scopes": ["webhooks:read"], "expiresAt": "2027-02-23T00:00:00Z"});
        let token = self.keep("addToken", "POST", "/v1/tokens", Some(token));
        self.keep("listTokens", "GET", "/v1/tokens", None);
        self.keep("revokeToken", "DELETE", &format!("/v1/tokens/{}", text(&token["id"])), None);
        self.keep("getMe", "GET", "/v1/me", None);
        self.keep("listAudit", "GET", "/v1/audit?limit=10", None);
        self.keep("deleteWebhook", "DELETE", webhook, None);
        self.keep(REFUSED, "GET", webhook, None);
        self.keep("live", "GET", "/livez", None);
        self.keep("ready", "GET", "/readyz", None);
        self.keep("getMetrics", "GET", "/metrics", None);
    }
}

fn told() -> Map<String, Value> {
    let home = Home::at(NOW);
    let clock = home.clock();
    let receiver = Receiver::answering(move |_, received| {
        clock.go_on(31);
        let mut response = match received.path.as_str() {
            "/bot" => answer(401, r#"{"ok":false,"code":"SIGNATURE_INVALID"}"#),
            _ => status(204),
        };
        let date = axum::http::HeaderValue::from_static("Wed, 25 Nov 2026 16:55:00 GMT");
        response.headers_mut().insert("date", date);
        response
    });
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    let mut story = Story { api: Api::of(&served), receiver, kept: Map::new() };
    let webhook = story.webhooks();
    story.deliveries(&webhook);
    story.recoveries(&webhook);
    story.sources();
    story.the_rest(&webhook);
    let told = serde_json::to_string(&story.kept).unwrap();
    let address = format!("http://{}", story.receiver.address());
    let told = told.replace(&format!("{address}/hooks"), RECEIVERS).replace(&address, "https://chat.example.com");
    serde_json::from_str(&constant(&told.replace(&story.receiver.address().to_string(), "192.0.2.7:443"))).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The first entry of a list, and one metric.
fn shortened(mut whole: Value) -> Value {
    if let Some(Value::Array(entries)) = whole.get_mut("data") {
        entries.truncate(1);
        return whole;
    }
    match whole {
        Value::String(text) => {
            let told = text.lines().filter(|line| line.contains(METRIC));
            json!(told.map(|line| format!("{line}\n")).collect::<String>())
        }
        other => other,
    }
}

/// The values that differ in each run: the text before each, and the value that replaces the first one.
const DRAWN: [(&str, &str); 12] = [
    ("wh_", "k3v9m2x7qd"),
    ("src_", "7c1zr4t9we"),
    ("at_", "01m89t3jn0f0jabfqb9rjh5w4n"),
    ("dl_", "01m89t3jn0a4jw8frk2c5x7m9e"),
    ("rc_", "01m89t3jpyfq9tba1gvq1p3rbv"),
    ("tk_", "01m89t3jq8d6kx2y7c4wm5e0ra"),
    ("tm_", "01a213a1caa07e48b8a5ee53df6141c2"),
    ("req_", "9c257fb4e8dafce2330208775554fa9e"),
    ("tmkey_", "abcdefghijklmnopqrstuvwxyz012345"),
    ("tmtoken_", "abcdefghijklmnopqrstuvwxyz0123456789abcdefg"),
    ("Timemoto-Signature\",\"value\":\"", "12b8d8649710322ce7c1710fa75c2af00187c1e9bda02e9bcaeab1a5683f4b99"),
    ("v1,", "UtOO0OozjMwsP2y53ACkCgTBlFIUbvlPk6Q+OYpKyyM="),
];

/// Another value of the same form. All secrets in the documentation are the same.
fn turned(shown: &str, number: usize) -> String {
    let bare = shown.trim_end_matches('=');
    let (kept, end) = bare.split_at(bare.len() - 9);
    let (front, back) = end.split_at(if bare.starts_with("abc") { 0 } else { number % 9 });
    format!("{kept}{back}{front}{}", &shown[bare.len()..])
}

fn constant(text: &str) -> String {
    let mut text = text.to_owned();
    for (begin, shown) in DRAWN {
        let letter = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        let mut drawn: Vec<String> = Vec::new();
        for rest in text.split(begin).skip(1) {
            let letters: String = rest.chars().take(shown.len()).take_while(|c| letter(*c)).collect();
            if letters.len() == shown.len() && !drawn.contains(&letters) {
                drawn.push(letters);
            }
        }
        // The replacement has two steps, because a shown value may equal another drawn one.
        let place = |number: usize| format!("{begin}<{number}>");
        for (number, letters) in drawn.iter().enumerate() {
            text = text.replace(&format!("{begin}{letters}"), &place(number));
        }
        for number in 0..drawn.len() {
            text = text.replace(&place(number), &format!("{begin}{}", turned(shown, number)));
        }
    }
    // The random part of the next attempt's time is replaced, too.
    ["\"nextRetryAt\":\"", "\"nextAttemptAt\":\""].iter().fold(text, |text, begin| {
        let mut parts = text.split(begin);
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |text, part| {
            format!("{text}{begin}2026-11-25T16:55:05.812Z\"{}", part.split_once('"').unwrap().1)
        })
    })
}

#[test]
fn each_operation_has_the_example_that_a_service_gives() {
    let fresh = serde_json::to_string_pretty(&told()).unwrap() + "\n";
    if renewing() {
        return std::fs::write(place(EXAMPLES), fresh).unwrap();
    }
    let kept = read(EXAMPLES);
    let first = kept.lines().zip(fresh.lines()).find(|(kept, fresh)| kept != fresh);
    assert!(kept == fresh, "{EXAMPLES}: {first:?}\nRENEW_DOCUMENTS=1 cargo test --locked --test it documents");
}

#[test]
fn no_operation_is_without_an_example() {
    let document: Value = serde_json::from_str(&read("docs/openapi.json")).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let named = operations.map(|operation| text(&operation["operationId"]));
    let documented: BTreeSet<&str> = named.chain([REFUSED]).collect();
    let examples: Map<String, Value> = serde_json::from_str(&read(EXAMPLES)).unwrap();
    assert_eq!(documented, examples.keys().map(String::as_str).collect());
}
