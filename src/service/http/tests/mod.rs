//! Tests the whole router with a real store in memory.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::{
    domain::{
        random::{Random, SystemRandom},
        time::{Clock, Timestamp},
    },
    net_guard::NetGuard,
    service::{
        delivery::Engine,
        metrics::Metrics,
        store::{self, Location},
    },
};

mod access;
mod audit;
mod conditions;
mod document;
mod events;
mod failures;
mod others;
mod recoveries;
mod requests;
mod secrets;
mod sources;
mod testing;
mod tokens;
mod webhooks;

/// A clock that stands still until a test moves it.
struct TestClock(AtomicI64);

impl TestClock {
    fn forward(&self, by: Duration) {
        self.0.fetch_add(by.as_micros() as i64, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// The time 2026-11-23T12:00:00Z.
const NOON: i64 = 1_795_435_200;

/// The service as clients see it.
struct Service {
    router: Router,
    state: AppState,
    clock: Arc<TestClock>,
}

impl Service {
    /// A service that needs no token and may deliver to this machine.
    async fn new() -> Self {
        Self::with_auth(Auth::not_needed()).await
    }

    async fn with_auth(auth: Auth) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(NOON * 1_000_000)));
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let metrics: Arc<Metrics> = Arc::default();
        let store = store::open(Location::Memory, None, random.clone(), metrics.clone()).unwrap();
        let guard = NetGuard::local();
        let engine = Engine::new(store.clone(), clock.clone(), random.clone(), guard.clone(), metrics.clone(), 512);
        let ingress = Ingress::new(store.clone(), Senders::default(), None);
        let state = Arc::new(App { store, clock: clock.clone(), random, guard, engine, auth, ingress, metrics });
        Service { router: router(state.clone()), state, clock }
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        self.ask("POST", path, &[], Some(body)).await
    }

    /// Sends a request with these headers and an optional JSON body.
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Reply {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// Sends a body as it is.
    async fn post_raw(&self, path: &str, body: impl Into<String>) -> Reply {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.into())).unwrap()).await
    }

    /// Adds a webhook and returns its id.
    async fn add(&self, name: &str) -> String {
        let reply = self.post("/v1/webhooks", new_webhook(name)).await.of_status(201);
        reply.json()["id"].as_str().unwrap().to_owned()
    }
}

fn new_webhook(name: &str) -> Value {
    json!({"name": name, "url": "https://erp.example.com/timemoto", "events": ["attendance.*"]})
}

fn clocking() -> Value {
    json!({"type": "attendance.inserted", "data": {"clockingType": "In", "userFullName": "Ada Beispiel"}})
}

/// The answer to a request.
struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    /// Checks that the answer has this status.
    #[track_caller]
    fn of_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)))
    }

    #[track_caller]
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("there is no {name}")).to_str().unwrap()
    }

    /// The problem, checked to have this code and the code's status.
    #[track_caller]
    fn problem(&self, code: &str) -> Value {
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["type"], format!("/docs#{code}"));
        assert_eq!(problem["requestId"], self.header("x-request-id"));
        assert_eq!(self.header("content-type"), "application/problem+json");
        problem
    }

    /// The first field error of a problem: `url: must be …`.
    #[track_caller]
    fn fault(&self, code: &str) -> String {
        let problem = self.problem(code);
        let error = &problem["errors"][0];
        format!("{}: {}", error["field"].as_str().unwrap_or_default(), error["message"].as_str().unwrap_or_default())
    }
}
