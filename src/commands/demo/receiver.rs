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
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    routing::post,
};

use crate::{
    domain::{attempt::Header, scheme::SchemeChoice, secret::Secret, time::Clock},
    signing::{DEFAULT_TOLERANCE, Request, SharedSecret, verdict::Check},
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

    /// Whether a request is genuine in both ways.
    fn verify(&self, name: &str, headers: &HeaderMap, body: &[u8]) -> bool {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(secret) = secrets.get(name).map(SharedSecret::from) else { return false };
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            Some(Header { name: name.to_string(), value: value.to_str().ok()?.to_owned() })
        };
        let request = Request { url: None, headers: headers.iter().filter_map(header).collect(), body: body.to_vec() };
        let (now, tolerance) = (self.clock.now(), Some(DEFAULT_TOLERANCE));
        let schemes = secret.schemes(&SchemeChoice::Both);
        let mut verdicts =
            schemes.iter().map(|scheme| Check { scheme, secret: &secret, previous: &[], now, tolerance }.of(&request));
        verdicts.all(|verdict| verdict.is_genuine())
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
