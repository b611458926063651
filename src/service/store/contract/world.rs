//! A store with a clock that stands still, and short ways to fill it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::Source;
use crate::{
    domain::{
        attempt::{Attempt, AttemptError, Header, ReceivedResponse},
        delivery::DeliveryStatus,
        event::{EventFilter, EventType},
        ids::{EventId, WebhookId},
        page::{Limit, Page, PageRequest},
        patch::Patch,
        payload::EventData,
        query::AttemptQuery,
        random::{Random, SystemRandom},
        record::AcceptedEvent,
        secret::Secret,
        time::{Clock, ManualClock, Timestamp},
        webhook::{NewWebhook, Webhook, WebhookPatch},
    },
    service::store::{
        AcceptEvent, AddWebhook, Change, Claim, ClaimRequest, Claimed, Completed, Completion, Exchange, IdempotencyKey,
        InstanceId, Next, Result, Store, TestDelivery,
    },
};

/// The time 2026-11-23T17:40:00Z in seconds; it is the start of a five-minute bucket.
pub(super) const START: i64 = 1_795_455_600;

/// The most requests in flight of one webhook in these tests.
pub(super) const MOST_PER_WEBHOOK: usize = 8;

/// A store and its clock.
pub(super) struct World {
    pub store: Arc<dyn Store>,
    pub clock: Arc<ManualClock>,
    made: AtomicU64,
}

/// The way a test ends an attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ending {
    /// The receiver answered with this status.
    Answered(u16),
    /// The receiver refused the connection.
    Refused,
}

impl World {
    pub async fn new(source: &dyn Source) -> World {
        let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(START)));
        World { store: source.open().await, clock, made: AtomicU64::new(0) }
    }

    /// Another handle on the same data, with the same clock.
    pub async fn beside(&self, source: &dyn Source) -> World {
        let made = AtomicU64::new(self.made.load(Ordering::SeqCst) + 1_000_000);
        World { store: source.open().await, clock: Arc::clone(&self.clock), made }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub fn number(&self) -> u64 {
        self.made.fetch_add(1, Ordering::SeqCst)
    }

    /// Adds an enabled webhook that wants these events.
    pub async fn webhook(&self, events: &[&str]) -> Webhook {
        let name = format!("Webhook {}", self.number());
        self.add(NewWebhook { events: filters(events), ..new_webhook(&name) }).await.unwrap()
    }

    pub async fn add(&self, new: NewWebhook) -> Result<Webhook> {
        self.add_with_key(new, None).await
    }

    pub async fn add_with_key(&self, new: NewWebhook, idempotency_key: Option<IdempotencyKey>) -> Result<Webhook> {
        let random: &dyn Random = &SystemRandom;
        let id = WebhookId::from_random(random.bytes());
        let add = AddWebhook { id, new, secret: Secret::generate(random) };
        self.store.add_webhook(add, Change::at(self.now(), idempotency_key)).await
    }

    pub async fn patch(&self, id: WebhookId, patch: WebhookPatch) -> Webhook {
        self.store.update_webhook(id, patch, None, Change::at(self.now(), None)).await.unwrap()
    }

    /// Enables or disables a webhook.
    pub async fn switch(&self, id: WebhookId, on: bool) -> Webhook {
        self.patch(id, WebhookPatch { enabled: Patch::Value(on), ..WebhookPatch::default() }).await
    }

    /// Stores an event of this type.
    pub async fn event(&self, event_type: EventType) -> AcceptedEvent {
        self.store.accept_event(self.new_event(event_type), Change::at(self.now(), None)).await.unwrap()
    }

    pub fn new_event(&self, event_type: EventType) -> AcceptEvent {
        let random: &dyn Random = &SystemRandom;
        AcceptEvent {
            id: EventId::new(self.now(), random.bytes()),
            event_type,
            data: EventData::example(event_type),
            occurred_at: None,
            relayed: None,
        }
    }

    pub async fn join(&self) -> InstanceId {
        self.store.join(self.now()).await.unwrap()
    }

    /// Claims with nothing in flight.
    pub async fn claim(&self, instance: InstanceId, most: usize) -> Vec<Claim> {
        self.claim_beside(instance, most, &[]).await.claims
    }

    /// Claims with these capacities for some webhooks.
    pub async fn claim_beside(&self, instance: InstanceId, most: usize, capacities: &[(WebhookId, usize)]) -> Claimed {
        let request = ClaimRequest {
            instance,
            now: self.now(),
            most,
            most_in_trouble: usize::MAX,
            most_per_webhook: MOST_PER_WEBHOOK,
            most_unproven: usize::MAX,
            capacities: capacities.to_vec(),
        };
        self.store.claim(request).await.unwrap()
    }

    /// A test delivery of a webhook.
    pub fn test_of(&self, webhook: WebhookId, instance: InstanceId) -> TestDelivery {
        TestDelivery { webhook_id: webhook, event: self.new_event(EventType::TEST), version: None, instance }
    }

    /// Ends an attempt now; `next` says how the delivery goes on.
    pub async fn end(&self, claim: &Claim, ending: Ending, next: Next) -> bool {
        self.store.complete([self.completion(claim, ending, next)].into()).await.unwrap()[0] != Completed::Overtaken
    }

    /// Ends an attempt now, `millis` milliseconds after it began.
    pub async fn end_after(&self, claim: &Claim, ending: Ending, next: Next, millis: u64) -> bool {
        let ended = self.completion(claim, ending, next);
        let started_at = ended.finished_at.minus(Duration::from_millis(millis));
        self.store.complete([Completion { started_at, ..ended }].into()).await.unwrap()[0] != Completed::Overtaken
    }

    /// Ends an attempt with success.
    pub async fn succeed(&self, claim: &Claim) {
        assert!(self.end(claim, Ending::Answered(204), Next::End(DeliveryStatus::Succeeded)).await);
    }

    /// Ends an attempt with a failure; the delivery is tried again after `retry_after` seconds.
    pub async fn fail(&self, claim: &Claim, retry_after: u64) {
        let next = Next::Retry(self.now().plus(Duration::from_secs(retry_after)));
        assert!(self.end(claim, Ending::Answered(503), next).await);
    }

    pub fn completion(&self, claim: &Claim, ending: Ending, next: Next) -> Completion {
        let (http_status, error) = match ending {
            Ending::Answered(status @ 200..=299) => (Some(status), None),
            Ending::Answered(status) => (Some(status), Some(AttemptError::UnexpectedStatus)),
            Ending::Refused => (None, Some(AttemptError::ConnectionRefused)),
        };
        let response = http_status.map(|_| ReceivedResponse {
            headers: vec![Header { name: "content-type".to_owned(), value: "text/plain".to_owned() }],
            body: "well received".to_owned(),
            truncated: false,
        });
        Completion {
            claim: claim.claim,
            attempt_id: claim.attempt_id,
            http_status,
            error,
            error_detail: error.map(|error| format!("in detail: {error}")),
            started_at: self.now().minus(Duration::from_millis(35)),
            finished_at: self.now(),
            exchange: Exchange { url: claim.recipient.url.clone(), request_headers: Vec::new(), response },
            next,
            hold: None,
            disable: None,
        }
    }

    /// All matching attempts, read in pages of this size.
    pub async fn attempts(&self, query: AttemptQuery, limit: u64) -> Vec<Attempt> {
        walk(limit, async |page| self.store.attempts(query.clone(), page).await).await
    }
}

/// Reads all entries of a list in pages of this size.
pub(super) async fn walk<T>(limit: u64, read: impl AsyncFn(PageRequest) -> Result<Page<T>>) -> Vec<T> {
    let mut found = Vec::new();
    let mut page = first_page(limit);
    loop {
        let Page { data, next } = read(page.clone()).await.unwrap();
        assert!(data.len() as u64 <= limit);
        found.extend(data);
        match next {
            None => return found,
            next => page.cursor = next,
        }
    }
}

/// Pseudo-random numbers that are the same in every run (SplitMix64).
pub(super) struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// A number from 0 up to, but without, `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

pub(super) fn filters(texts: &[&str]) -> Vec<EventFilter> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// A new webhook of this name that wants all events.
pub(super) fn new_webhook(name: &str) -> NewWebhook {
    NewWebhook {
        name: name.to_owned(),
        url: "https://receiver.example.com/hooks".to_owned(),
        events: filters(&["*"]),
        enabled: true,
        headers: BTreeMap::new(),
        scheme: None,
        sources: None,
        pinned_version: None,
        secret: None,
    }
}

/// An idempotency key of a request with this content.
pub(super) fn idempotency_key(key: &str, content: u8) -> Option<IdempotencyKey> {
    Some(IdempotencyKey { key: key.to_owned(), fingerprint: [content; 32] })
}

/// The first page, which begins with the newest.
pub(super) fn first_page(limit: u64) -> PageRequest {
    PageRequest { limit: Limit::new(limit).unwrap(), cursor: None }
}
