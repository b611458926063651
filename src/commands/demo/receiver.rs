//! The demo's receivers: they verify every request, keep a ledger, and one of them is down for a while.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};

use crate::{
    domain::{secret::Secret, time::Clock},
    signing,
};

/// The number of requests that Chat bot refuses before it recovers: all of its first attempts and a retry.
pub const OUTAGE: usize = 6;

/// The receivers' path for Chat bot.
pub const CHAT: &str = "chat";
/// The receivers' path for Payroll.
pub const PAYROLL: &str = "payroll";

/// A received request.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Whether both of its signatures are right.
    pub verified: bool,
}

/// The state of the receivers.
pub struct Receivers {
    secrets: Mutex<HashMap<&'static str, Secret>>,
    ledger: Mutex<Vec<Entry>>,
    refused: AtomicUsize,
    clock: Arc<dyn Clock>,
}

impl Receivers {
    /// Makes receivers without secrets.
    pub fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Receivers { secrets: Mutex::default(), ledger: Mutex::default(), refused: AtomicUsize::new(0), clock })
    }

    /// Gives a receiver the secret of its webhook.
    pub fn learn(&self, name: &'static str, secret: Secret) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(name, secret);
    }

    /// Returns all received requests.
    pub fn ledger(&self) -> Vec<Entry> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns their routes.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new().route("/{name}", post(receive)).with_state(self)
    }

    fn verify(&self, name: &str, headers: &HeaderMap, body: &[u8]) -> bool {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(secret) = secrets.get(name) else { return false };
        let standard = signing::verify_standard(
            secret,
            header(signing::WEBHOOK_ID),
            header(signing::WEBHOOK_TIMESTAMP),
            header(signing::WEBHOOK_SIGNATURE),
            body,
            self.clock.now(),
            Some(signing::DEFAULT_TOLERANCE),
        );
        signing::verify_timemoto(secret, body, header(signing::TIMEMOTO_SIGNATURE)) && standard.is_ok()
    }
}

async fn receive(
    State(receivers): State<Arc<Receivers>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let verified = receivers.verify(&name, &headers, &body);
    receivers.ledger.lock().unwrap_or_else(PoisonError::into_inner).push(Entry { verified });
    if !verified {
        return (StatusCode::UNAUTHORIZED, "the signature is wrong");
    }
    if name == CHAT && receivers.refused.fetch_add(1, Ordering::SeqCst) < OUTAGE {
        return (StatusCode::SERVICE_UNAVAILABLE, "restarting");
    }
    (StatusCode::NO_CONTENT, "")
}
