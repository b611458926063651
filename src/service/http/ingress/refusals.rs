//! Notes refused requests in bounded memory and disk, whatever is sent.
//!
//! Of each source a few refused requests at once, and then one a second, are written; all are counted. Writing never
//! delays an answer. A sender whose requests are refused too often is told to wait; a genuine request never is.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{header, request::Parts};

use super::answer::{RefusedRequest, code};
use crate::{
    domain::{
        attempt::Header,
        secret::MASK,
        source::{LONGEST_REFUSED, Outcome, ReceivedRequest, RefusedBecause, RequestAsCame},
        time::Timestamp,
    },
    service::store::{Receipt, Store},
};

/// How many refused requests of a source are written at once, and how many seconds pass between two later ones.
const WRITTEN: Rate = Rate { at_once: 20, seconds_apart: 1 };
/// How many requests of one address are refused before it is told to wait.
const ANSWERED: Rate = Rate { at_once: 60, seconds_apart: 1 };
/// The most requests that wait to be written.
const MOST_PENDING: usize = 64;
/// The most addresses that are remembered; beyond that those are forgotten that have not sent lately.
const MOST_ADDRESSES: usize = 10_000;
/// The shortest time between two writes.
const BETWEEN_WRITES: Duration = Duration::from_secs(1);
/// The most bytes of a header's value that are kept.
const LONGEST_VALUE: usize = 8 * 1024;

struct Rate {
    at_once: u32,
    seconds_apart: u64,
}

impl Rate {
    /// Whether one more is within the rate; `even_at` is when the rate is met again.
    fn admits(&self, even_at: &mut Instant, now: Instant) -> bool {
        let apart = Duration::from_secs(self.seconds_apart);
        let next = (*even_at).max(now) + apart;
        let is_within = next.duration_since(now) <= apart * self.at_once;
        if is_within {
            *even_at = next;
        }
        is_within
    }
}

/// A refused request.
pub(super) struct Refusal<'a> {
    pub parts: &'a Parts,
    pub address: &'a str,
    pub body: &'a [u8],
    pub size: usize,
    pub reason: RefusedBecause,
}

/// Notes refused requests.
pub(super) struct Refusals {
    store: Arc<dyn Store>,
    state: Mutex<PendingRefusals>,
}

struct PendingRefusals {
    receipts: Vec<Receipt>,
    counts: HashMap<i64, u64>,
    newest_at: Timestamp,
    is_writing: bool,
    /// By the number of the source.
    written: HashMap<i64, Instant>,
    /// By source and address.
    answered: HashMap<(i64, String), Instant>,
}

impl Refusals {
    pub fn new(store: Arc<dyn Store>) -> Self {
        let state = PendingRefusals {
            receipts: Vec::new(),
            counts: HashMap::new(),
            newest_at: Timestamp::from_seconds(0),
            is_writing: false,
            written: HashMap::new(),
            answered: HashMap::new(),
        };
        Refusals { store, state: Mutex::new(state) }
    }

    /// Notes a refused request of the source with this number, and says how it is answered.
    pub fn note(self: &Arc<Self>, source: i64, refusal: &Refusal<'_>, now: Timestamp) -> RefusedRequest {
        let (reason, begin) = self.state.lock().unwrap_or_else(PoisonError::into_inner).note(source, refusal, now);
        if begin {
            tokio::spawn(Arc::clone(self).write());
        }
        RefusedRequest::of(reason)
    }

    /// Writes what is pending until nothing is.
    async fn write(self: Arc<Self>) {
        loop {
            let (receipts, counts, now) = {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                if state.counts.is_empty() {
                    state.is_writing = false;
                    return;
                }
                (mem::take(&mut state.receipts), mem::take(&mut state.counts), state.newest_at)
            };
            if let Err(error) = self.store.note_refused(receipts, counts.into_iter().collect(), now).await {
                tracing::warn!(%error, "the service cannot note refused requests of sources");
            }
            tokio::time::sleep(BETWEEN_WRITES).await;
        }
    }
}

impl PendingRefusals {
    fn note(&mut self, source: i64, refusal: &Refusal<'_>, now: Timestamp) -> (RefusedBecause, bool) {
        let at = Instant::now();
        let reason =
            if self.is_answered(source, refusal.address, at) { refusal.reason } else { RefusedBecause::TooMany };
        self.newest_at = now;
        *self.counts.entry(source).or_default() += 1;
        let even_at = self.written.entry(source).or_insert(at);
        if self.receipts.len() < MOST_PENDING && WRITTEN.admits(even_at, at) {
            self.receipts.push(Receipt { source, received: received(refusal, reason, now) });
        }
        (reason, !mem::replace(&mut self.is_writing, true))
    }

    /// Whether an address is answered as usual, and not told to wait.
    fn is_answered(&mut self, source: i64, address: &str, at: Instant) -> bool {
        if self.answered.len() >= MOST_ADDRESSES {
            self.answered.retain(|_, even_at| *even_at > at);
            if self.answered.len() >= MOST_ADDRESSES {
                return true;
            }
        }
        ANSWERED.admits(self.answered.entry((source, address.to_owned())).or_insert(at), at)
    }
}

fn received(refusal: &Refusal<'_>, reason: RefusedBecause, now: Timestamp) -> ReceivedRequest {
    let Refusal { parts, address, body, size, .. } = refusal;
    ReceivedRequest {
        status: code(reason).status(),
        reason: Some(reason),
        address: (!address.is_empty()).then(|| (*address).to_owned()),
        request: Some(RequestAsCame::of(headers(parts), body, LONGEST_REFUSED)),
        ..ReceivedRequest::taken(now, Outcome::Refused, *size)
    }
}

/// A request's headers; credentials that are no signature are masked.
fn headers(parts: &Parts) -> Vec<Header> {
    let is_hidden =
        |name: &header::HeaderName| [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION].contains(name);
    let shown = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        let value = String::from_utf8_lossy(&value.as_bytes()[..value.len().min(LONGEST_VALUE)]).into_owned();
        Header { name: name.to_string(), value: if is_hidden(name) { MASK.to_owned() } else { value } }
    };
    parts.headers.iter().map(shown).collect()
}
