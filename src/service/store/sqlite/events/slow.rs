//! A store for tests whose rendering goes on only when the test lets it.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

use super::bodies::{Rendering, Versions};
use crate::{
    domain::{
        event::EventType,
        ids::{EventId, WebhookId},
        payload::{Draft, Envelope, EventData},
        random::{Random, SystemRandom},
        record::AcceptedEvent,
        secret::Secret,
        time::Timestamp,
        version::Version,
        webhook::NewWebhook,
    },
    service::store::{AcceptEvent, AddWebhook, Change, Location, Result, Store, sqlite::SqliteStore},
};

/// The time that stands still in these tests.
pub fn now() -> Timestamp {
    Timestamp::from_seconds(1_795_455_600)
}

/// A limit that no step of these tests reaches.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A rendering that waits until the test lets it go on.
struct Slow {
    began: Sender<()>,
    go_on: Mutex<Receiver<()>>,
}

impl Rendering for Slow {
    fn draft(&self, version: Version, envelope: &Envelope, data: &EventData) -> Draft {
        self.began.send(()).unwrap();
        self.go_on.lock().unwrap().recv_timeout(PATIENCE).unwrap();
        Versions.draft(version, envelope, data)
    }
}

/// A store, and the channels that report its rendering and let it go on.
pub fn slow_store() -> (Arc<SqliteStore>, Receiver<()>, Sender<()>) {
    let ((began, has_begun), (go, go_on)) = (channel(), channel());
    let mut store = SqliteStore::plain(Location::Memory).unwrap();
    store.rendering = Arc::new(Slow { began, go_on: Mutex::new(go_on) });
    (Arc::new(store), has_begun, go)
}

/// Waits until a rendering has begun.
pub async fn until_begun(has_begun: Receiver<()>) -> Receiver<()> {
    let waiting = tokio::task::spawn_blocking(move || has_begun.recv_timeout(PATIENCE).map(|()| has_begun));
    waiting.await.unwrap().unwrap()
}

/// Adds an enabled webhook that wants these events in this version.
pub async fn add(store: &SqliteStore, name: &str, events: &str, version: Version) -> WebhookId {
    let new = NewWebhook {
        name: name.to_owned(),
        url: "https://receiver.example.com/hooks".to_owned(),
        events: vec![events.parse().unwrap()],
        enabled: true,
        headers: Default::default(),
        scheme: None,
        sources: None,
        pinned_version: Some(version),
        secret: None,
    };
    let random: &dyn Random = &SystemRandom;
    let add = AddWebhook { id: WebhookId::from_random(random.bytes()), new, secret: Secret::generate(random) };
    store.add_webhook(add, Change::at(now(), None)).await.unwrap().id
}

/// Accepts an event of this type.
pub async fn accept(store: &SqliteStore, event_type: EventType) -> Result<AcceptedEvent> {
    let random: &dyn Random = &SystemRandom;
    let data = EventData::example(event_type);
    let id = EventId::new(now(), random.bytes());
    let event = AcceptEvent { id, event_type, data, occurred_at: None, relayed: None };
    store.accept_event(event, Change::at(now(), None)).await
}
