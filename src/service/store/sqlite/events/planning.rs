//! Plans which webhooks get an event, and with which bodies. The caller's task does this for the webhooks of one
//! generation.
//!
//! The writer only checks that the generation is still current and stores the plan; otherwise the event is planned
//! again. So even slow rendering delays nobody's commit.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    bodies::{PreparedEvent, Rendered, Rendering},
    subscribers::{Board, Subscriber, Subscriptions},
};
use crate::domain::version::Version;

/// The most times that an event is planned; it is planned again each time that the webhooks have changed meanwhile.
pub const MOST_PLANS: usize = 32;

/// What to store with an event.
pub struct Plan {
    /// The generation of the webhooks in the plan; none if no webhooks were known yet.
    pub generation: Option<i64>,
    /// The webhooks that get the event.
    pub subscribers: Vec<Arc<Subscriber>>,
    /// The event's body in each of their versions.
    pub bodies: Vec<Rendered>,
}

impl Plan {
    /// Plans an event for the webhooks on the board.
    pub fn of(prepared: &PreparedEvent, board: &Board, rendering: &dyn Rendering) -> Plan {
        match board.now() {
            None => Plan { generation: None, subscribers: Vec::new(), bodies: Vec::new() },
            Some(known) => Plan::among(prepared, &known, rendering),
        }
    }

    /// Plans an event for these webhooks.
    pub fn among(prepared: &PreparedEvent, known: &Subscriptions, rendering: &dyn Rendering) -> Plan {
        let subscribers = known.wanting(prepared.event.event_type, prepared.event.source_name());
        let versions: BTreeSet<Version> = subscribers.iter().map(|subscriber| subscriber.version).collect();
        let bodies = versions.into_iter().map(|version| prepared.render(version, rendering)).collect();
        Plan { generation: Some(known.generation), subscribers, bodies }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Mutex,
            mpsc::{Receiver, Sender, channel},
        },
        time::Duration,
    };

    use super::*;
    use crate::{
        domain::{
            event::EventType,
            ids::{EventId, WebhookId},
            patch::Patch,
            payload::{Draft, Envelope, EventData},
            random::{Random, SystemRandom},
            record::AcceptedEvent,
            secret::Secret,
            time::Timestamp,
            webhook::{NewWebhook, WebhookPatch},
        },
        service::store::{
            AcceptEvent, AddWebhook, Change, Location, Result, Store, StoreError,
            sqlite::{
                SqliteStore,
                connection::rows,
                events::{bodies::Versions, subscriptions},
            },
        },
    };

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_795_455_600)
    }
    /// A limit that no step of these tests reaches.
    const PATIENCE: Duration = Duration::from_secs(60);

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
    fn slow_store() -> (Arc<SqliteStore>, Receiver<()>, Sender<()>) {
        let ((began, has_begun), (go, go_on)) = (channel(), channel());
        let mut store = SqliteStore::plain(Location::Memory).unwrap();
        store.rendering = Arc::new(Slow { began, go_on: Mutex::new(go_on) });
        (Arc::new(store), has_begun, go)
    }

    async fn add(store: &SqliteStore, name: &str, events: &str, version: Version) -> WebhookId {
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

    async fn accept(store: &SqliteStore, event_type: EventType) -> Result<AcceptedEvent> {
        let random: &dyn Random = &SystemRandom;
        let data = EventData::example(event_type);
        let id = EventId::new(now(), random.bytes());
        let event = AcceptEvent { id, event_type, data, occurred_at: None, relayed: None };
        store.accept_event(event, Change::at(now(), None)).await
    }

    fn receivers(accepted: &AcceptedEvent) -> Vec<WebhookId> {
        accepted.deliveries.iter().map(|delivery| delivery.webhook_id).collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_rendering_that_takes_its_whole_budget_keeps_nobody_from_a_commit() {
        let (store, has_begun, go) = slow_store();
        let slow = add(&store, "Slow", "user.*", Version::V2).await;
        let quick = add(&store, "Quick", "attendance.*", Version::V1).await;
        let rendering = {
            let store = Arc::clone(&store);
            tokio::spawn(async move { accept(&store, EventType::USER_DELETED).await })
        };
        let has_begun = tokio::task::spawn_blocking(move || has_begun.recv_timeout(PATIENCE).map(|()| has_begun));
        let _has_begun = has_begun.await.unwrap().unwrap();
        for _ in 0..20 {
            assert_eq!(receivers(&accept(&store, EventType::ATTENDANCE_INSERTED).await.unwrap()), [quick]);
        }
        assert!(!rendering.is_finished());
        go.send(()).unwrap();
        let accepted = rendering.await.unwrap().unwrap();
        assert_eq!(receivers(&accepted), [slow]);
        assert_eq!(
            store.event(accepted.id.into()).await.unwrap().unwrap().sequence,
            Some(21),
            "it counts from its commit"
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_event_that_lost_the_race_with_a_change_is_planned_again() {
        let (store, has_begun, go) = slow_store();
        let leaves = add(&store, "Leaves", "user.*", Version::V2).await;
        let rendering = {
            let store = Arc::clone(&store);
            tokio::spawn(async move { accept(&store, EventType::USER_DELETED).await })
        };
        let waiting = tokio::task::spawn_blocking(move || has_begun.recv_timeout(PATIENCE).map(|()| has_begun));
        let has_begun = waiting.await.unwrap().unwrap();
        let comes = add(&store, "Comes", "user.deleted", Version::V2).await;
        let off = WebhookPatch { enabled: Patch::Value(false), ..WebhookPatch::default() };
        store.update_webhook(leaves, off, None, Change::at(now(), None)).await.unwrap();
        go.send(()).unwrap();
        go.send(()).unwrap();
        let accepted = rendering.await.unwrap().unwrap();
        assert_eq!(receivers(&accepted), [comes]);
        assert_eq!(has_begun.try_iter().count(), 1, "it was rendered once more");
        assert_eq!(store.event(accepted.id.into()).await.unwrap().unwrap().sequence, Some(1));
    }

    #[tokio::test]
    async fn what_is_rolled_back_is_never_planned_for() {
        let store = SqliteStore::plain(Location::Memory).unwrap();
        let stays = add(&store, "Stays", "*", Version::V1).await;
        assert_eq!(receivers(&accept(&store, EventType::USER_DELETED).await.unwrap()), [stays]);
        let before = store.board.now().unwrap().generation;
        let failed = store.write(|session| {
            rows::execute(&session.connection, "UPDATE webhooks SET enabled = 0", [])?;
            assert!(!subscriptions::are_at(session, None, now())?);
            Err::<(), _>(StoreError::Internal("on purpose".to_owned()))
        });
        failed.await.unwrap_err();
        assert_eq!(store.board.now().unwrap().generation, before);
        assert_eq!(receivers(&accept(&store, EventType::USER_DELETED).await.unwrap()), [stays]);
    }
}
