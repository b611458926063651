//! A client of the service's API: single requests, and many at once.

use reqwest::{Client, Method};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::service::{Served, TOKEN};

/// A client of one service.
pub struct Api {
    url: String,
    client: Client,
    runtime: Runtime,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub status: u16,
    pub body: String,
}

impl Answered {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Checks that the answer has this status.
    #[track_caller]
    pub fn of_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }
}

impl Api {
    pub fn of(served: &Served) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let client = Client::builder().no_proxy().timeout(super::PATIENCE).build().unwrap();
        Api { url: served.url.clone(), client, runtime }
    }

    fn asking(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> impl Future<Output = Option<Answered>> + Send + 'static + use<> {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(TOKEN);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        async move {
            let answer = request.send().await.ok()?;
            Some(Answered { status: answer.status().as_u16(), body: answer.text().await.ok()? })
        }
    }

    /// Sends a `GET`; none if nobody answers.
    pub fn try_get(&self, path: &str) -> Option<Answered> {
        self.runtime.block_on(self.asking(Method::GET, path, &[], None))
    }

    /// Sends a `GET`, and again if nobody answers, because a connection may just have been closed.
    pub fn get(&self, path: &str) -> Answered {
        super::until("an answer", || self.try_get(path))
    }

    pub fn post(&self, path: &str, body: Value) -> Answered {
        self.runtime.block_on(self.asking(Method::POST, path, &[], Some(&body))).unwrap()
    }

    /// Sends any request.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answered {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.runtime.block_on(self.asking(method, path, &[], body)).unwrap()
    }

    /// Sends these bytes as JSON.
    pub fn post_bytes(&self, path: &str, body: Vec<u8>) -> Answered {
        let request = self.client.post(format!("{}{path}", self.url)).bearer_auth(TOKEN).body(body);
        let request = request.header("content-type", "application/json");
        self.runtime.block_on(async move {
            let answer = request.send().await.unwrap();
            Answered { status: answer.status().as_u16(), body: answer.text().await.unwrap() }
        })
    }

    /// Sends the same request `times` times at once; returns the answers when all have arrived.
    pub fn post_at_once(&self, times: usize, path: &str, headers: &[(&str, &str)], body: &Value) -> Vec<Answered> {
        self.begin(times, path, headers, body)()
    }

    /// Starts the same request `times` times at once; returns a function that waits for the answers.
    pub fn begin(
        &self,
        times: usize,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> impl FnOnce() -> Vec<Answered> {
        let begin = |_| self.runtime.spawn(self.asking(Method::POST, path, headers, Some(body)));
        let begun: Vec<_> = (0..times).map(begin).collect();
        move || begun.into_iter().map(|request| self.runtime.block_on(request).unwrap().unwrap()).collect()
    }

    /// Adds a webhook and returns its id.
    pub fn add(&self, name: &str, url: &str, events: &str) -> String {
        let new = serde_json::json!({"name": name, "url": url, "events": [events]});
        self.post("/v1/webhooks", new).of_status(201).json()["id"].as_str().unwrap().to_owned()
    }

    /// Sends an event and returns its id.
    pub fn send(&self, event_type: &str) -> String {
        let event = serde_json::json!({"type": event_type, "data": {"userFullName": "Mara Beispiel"}});
        self.post("/v1/events", event).of_status(202).json()["id"].as_str().unwrap().to_owned()
    }

    /// The number of waiting deliveries of all webhooks.
    pub fn pending(&self) -> u64 {
        let webhooks = self.get("/v1/webhooks?limit=250").of_status(200).json();
        webhooks["data"].as_array().unwrap().iter().map(|it| it["pendingDeliveries"].as_u64().unwrap()).sum()
    }

    /// All attempts that match these filters, newest first: `status=failed`.
    pub fn attempts(&self, filters: &str) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/v1/attempts?limit=250&{filters}{cursor}")).of_status(200).json();
            found.extend(page["data"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { return found };
            cursor = format!("&cursor={next}");
        }
    }
}
