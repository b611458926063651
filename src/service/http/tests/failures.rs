//! Tests how the service's own failures look to callers.

use std::{io, sync::Mutex};

use axum::routing::get;
use tracing_subscriber::fmt::MakeWriter;

use super::{
    problem::{ApiError, ApiResult},
    *,
};
use crate::service::store::StoreError;

/// A service with routes that fail.
async fn failing() -> Service {
    let service = Service::new().await;
    let fail = |error: fn() -> StoreError| get(move || async move { ApiResult::<()>::Err(ApiError::from(error())) });
    let routes = axum::Router::new()
        .route("/v1/panics", get(panics))
        .route("/v1/internal", fail(|| StoreError::Internal("no such table: attempts".to_owned())))
        .route("/v1/full", fail(|| StoreError::DiskFull("/var/data/hooks.db".to_owned())))
        .route("/v1/unavailable", fail(|| StoreError::Unavailable("/var/data/hooks.db is locked".to_owned())));
    Service { router: wrap(routes, parameters::KnownParameters::of(&[]), service.state.clone()), ..service }
}

async fn panics() {
    panic!("the worst happened");
}

#[tokio::test]
async fn our_own_failures_say_nothing_of_their_cause() {
    let service = failing().await;
    for path in ["/v1/panics", "/v1/internal"] {
        let reply = service.get(path).await.of_status(500);
        let problem = reply.problem("internal");
        assert_eq!(problem["detail"], "the service failed; its log says why, under this requestId", "{path}");
    }
    service.get("/v1/panics").await.of_status(500);
}

#[tokio::test]
async fn a_busy_database_asks_to_try_again() {
    let reply = failing().await.get("/v1/unavailable").await.of_status(503);
    assert_eq!(reply.header("retry-after"), "1");
    assert!(!reply.problem("unavailable")["detail"].as_str().unwrap().contains("hooks.db"));
}

#[tokio::test]
async fn a_full_disk_is_named_with_what_to_do() {
    let reply = failing().await.get("/v1/full").await.of_status(503);
    assert_eq!(reply.header("retry-after"), "1");
    let problem = reply.problem("unavailable");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("disk") && detail.contains("is full") && detail.contains("free some space"), "{detail}");
    assert!(!detail.contains("hooks.db"), "{detail}");
}

/// A log that the test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap().lines().map(str::to_owned).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn the_log_has_the_cause_once_and_nothing_of_what_was_sent() {
    let log = Log::default();
    // `tracing` caches for all threads which levels have a listener. Without a listener for all levels, a parallel test
    // could cache that there is none.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let service = failing().await;
    // The log belongs to this thread, which is the only one of a test's runtime.
    let guard = tracing::subscriber::set_default(subscriber);
    let headers = [("authorization", "Bearer secret-word"), ("idempotency-key", "secret-word")];
    let reply = service.ask("GET", "/v1/internal?secret=word", &headers, None).await.of_status(500);
    drop(guard);
    let lines = log.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains(reply.header("x-request-id"))), "{lines:?}");
    assert!(lines[0].contains("ERROR") && lines[0].contains("no such table: attempts"), "{}", lines[0]);
    assert!(lines[1].contains("method=GET path=\"/v1/internal\" status=500 duration_ms="), "{}", lines[1]);
    assert!(!lines.iter().any(|line| line.contains("secret")), "{lines:?}");
}
