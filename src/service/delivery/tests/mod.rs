//! Tests the engine with a real store in memory, real receivers on this machine, and a clock that the tests move.

use std::{collections::BTreeMap, future::Future, sync::Arc, time::Duration};

use super::{Engine, in_flight};
use crate::{
    domain::{
        attempt::Attempt,
        delivery::Delivery,
        event::{EventFilter, EventType},
        ids::{EventId, WebhookId},
        page::{Limit, PageRequest},
        payload::EventData,
        query::AttemptQuery,
        random::{Random, SystemRandom},
        secret::Secret,
        time::{Clock, ManualClock, Timestamp},
        webhook::{NewWebhook, Webhook},
    },
    net_guard::NetGuard,
    service::store::{self, AcceptEvent, AddWebhook, Change, Location, Store},
};

mod answers;
mod changed;
mod clock;
mod concurrency;
mod connections;
mod cut;
mod dead;
mod early;
mod echoes;
mod health;
mod locked;
mod names;
mod odd;
mod receiver;
mod retries;
mod secured;
mod serial;
mod shutdown;
mod signed;
mod spelt;
mod strange;
mod stray;
mod test_deliveries;
mod wire;

/// The time 2026-11-23T17:40:00Z in seconds.
const START: i64 = 1_795_455_600;
/// The longest time that a condition may take before the test fails; none needs that long.
const PATIENCE: Duration = Duration::from_secs(10);

/// A store, a clock and one engine.
struct World {
    store: Arc<dyn Store>,
    clock: Arc<ManualClock>,
    engine: Arc<Engine>,
}

fn engine(store: Arc<dyn Store>, clock: Arc<ManualClock>, guard: NetGuard) -> Arc<Engine> {
    Engine::new(store, clock, Arc::new(SystemRandom), guard, Arc::default(), in_flight::MOST)
}

impl World {
    /// A world that may deliver to this machine.
    fn new() -> Self {
        Self::guarded(NetGuard::local())
    }

    fn guarded(guard: NetGuard) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(START)));
        let store: Arc<dyn Store> =
            store::open(Location::Memory, None, Arc::new(SystemRandom), Arc::default()).unwrap();
        let engine = engine(store.clone(), clock.clone(), guard);
        World { store, clock, engine }
    }

    /// Another engine on the same store.
    fn another_engine(&self) -> Arc<Engine> {
        engine(self.store.clone(), self.clock.clone(), NetGuard::local())
    }

    /// Adds a webhook named after its URL that wants all events.
    async fn add(&self, url: &str) -> Webhook {
        self.add_for(url, "*").await
    }

    async fn add_for(&self, url: &str, filter: &str) -> Webhook {
        let random: &dyn Random = &SystemRandom;
        let new = NewWebhook {
            name: format!("Receiver at {url}"),
            url: url.to_owned(),
            events: vec![filter.parse::<EventFilter>().unwrap()],
            enabled: true,
            headers: BTreeMap::from([("X-Tenant".to_owned(), "blue".to_owned())]),
            scheme: None,
            sources: None,
            pinned_version: None,
            secret: None,
        };
        let add = AddWebhook { id: WebhookId::from_random(random.bytes()), new, secret: Secret::generate(random) };
        self.store.add_webhook(add, Change::at(self.clock.now(), None)).await.unwrap()
    }

    fn new_event(&self, event_type: EventType) -> AcceptEvent {
        let random: &dyn Random = &SystemRandom;
        AcceptEvent {
            id: EventId::new(self.clock.now(), random.bytes()),
            event_type,
            data: EventData::example(event_type),
            occurred_at: None,
            relayed: None,
        }
    }

    /// Accepts an event of this type.
    async fn accept(&self, event_type: EventType) -> EventId {
        let event = self.new_event(event_type);
        let id = event.id;
        self.store.accept_event(event, Change::at(self.clock.now(), None)).await.unwrap();
        id
    }

    /// Delivers only what is due now.
    async fn deliver(&self) {
        within(self.engine.run_until_idle()).await.unwrap();
    }

    /// Adds a webhook at `url`, sends it an event and delivers it.
    async fn deliver_one_to(&self, url: &str) -> Webhook {
        let webhook = self.add(url).await;
        self.accept(EventType::ATTENDANCE_INSERTED).await;
        self.deliver().await;
        webhook
    }

    /// All attempts, newest first.
    async fn attempts(&self, query: AttemptQuery) -> Vec<Attempt> {
        let page = PageRequest { limit: Limit::new(100).unwrap(), cursor: None };
        self.store.attempts(query, page).await.unwrap().data
    }

    /// The newest attempt, with its request and its answer.
    async fn newest(&self) -> Attempt {
        let newest = self.attempts(AttemptQuery::default()).await.swap_remove(0);
        self.store.attempt(newest.id).await.unwrap().unwrap()
    }

    async fn delivery_of(&self, attempt: &Attempt) -> Delivery {
        self.store.delivery(attempt.delivery_id).await.unwrap().unwrap()
    }

    async fn webhook(&self, id: WebhookId) -> Webhook {
        self.store.webhook(id, self.clock.now()).await.unwrap().unwrap()
    }
}

/// The end of an attempt.
fn end_of(attempt: &Attempt) -> Timestamp {
    attempt.started_at.plus(Duration::from_millis(attempt.duration_ms.unwrap()))
}

/// The time from an attempt's end to the next one.
fn wait_after(attempt: &Attempt) -> Duration {
    attempt.next_retry_at.unwrap().since(end_of(attempt))
}

/// The result of a future, which must end soon.
async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it took too long")
}
