//! Plans the events of a source's kept requests before the writer's turn, as [`Plan`] does for one event.
//!
//! The writer says which requests are to become events. It does nothing else then; the caller plans them, and the writer
//! takes the plan if it has all of them, for the webhooks and the source as they are.

use std::collections::HashMap;

use super::relay::PreparedRelay;
use crate::{
    domain::{payload, source::Incoming, time::Timestamp},
    service::store::{
        AcceptEvent, RelayEvent, Relayed, Result, SourceRef, StoreError,
        packing::unpack,
        rules::source::StoredSource,
        sqlite::{
            events::{
                bodies::Rendering,
                planning::Plan,
                subscribers::{Board, Subscriptions},
                subscriptions,
            },
            writer::session::Session,
        },
    },
};

/// Requests that are to become events.
pub struct Unplanned {
    /// Their source as it will be.
    pub source: StoredSource,
    /// Their digests and their packed bodies, in the order in which they came.
    pub requests: Vec<(i64, Vec<u8>)>,
}

/// What came of a write that makes events of kept requests if there are any.
pub enum KeptStep<T> {
    /// It is done.
    Done(T),
    /// Nothing was done, because these requests are not planned.
    PlanFirst(Box<Unplanned>),
}

/// What decides the form of a source's events.
#[derive(PartialEq, Eq)]
struct SourceForm {
    name: String,
    redeliver_changed: bool,
}

impl SourceForm {
    fn of(source: &StoredSource) -> Self {
        SourceForm { name: source.name.clone(), redeliver_changed: source.settings.redeliver_changed }
    }
}

/// Events that are ready to be stored. The default has none.
#[derive(Default)]
pub struct KeptPlan {
    /// The generation of the webhooks in the plans.
    generation: Option<i64>,
    form: Option<SourceForm>,
    /// The events, by the digests of their requests.
    events: HashMap<i64, (PreparedRelay, Plan)>,
}

impl KeptPlan {
    /// Plans requests for the webhooks on the board. No webhooks are known before the first event; then the writer asks
    /// again.
    pub fn of(unplanned: Unplanned, board: &Board, rendering: &dyn Rendering, now: Timestamp) -> Result<Self> {
        let Some(known) = board.now() else { return Ok(KeptPlan::default()) };
        let Unplanned { source, requests } = unplanned;
        let planned = |(digest, packed): (i64, Vec<u8>)| {
            planned(&source, unpack(&packed)?, &known, rendering, now).map(|planned| (digest, planned))
        };
        let events = requests.into_iter().map(planned).collect::<Result<_>>()?;
        Ok(KeptPlan { generation: Some(known.generation), form: Some(SourceForm::of(&source)), events })
    }

    /// Whether all these requests of the source are planned for the webhooks of now.
    pub fn covers(&self, session: &mut Session, unplanned: &Unplanned, now: Timestamp) -> Result<bool> {
        let Unplanned { source, requests } = unplanned;
        Ok(subscriptions::are_at(session, self.generation, now)?
            && self.form == Some(SourceForm::of(source))
            && requests.iter().all(|(digest, _)| self.events.contains_key(digest)))
    }

    /// The event of the request with this digest.
    pub fn event(&self, digest: i64) -> Result<&(PreparedRelay, Plan)> {
        self.events.get(&digest).ok_or_else(|| StoreError::Internal("a kept request was not planned".to_owned()))
    }
}

fn planned(
    source: &StoredSource,
    body: Vec<u8>,
    known: &Subscriptions,
    rendering: &dyn Rendering,
    now: Timestamp,
) -> Result<(PreparedRelay, Plan)> {
    let relay = PreparedRelay::of(relayed(source, body)?, now)?;
    let plan = Plan::among(&relay.prepared, known, rendering);
    Ok((relay, plan))
}

/// The event of a kept body.
fn relayed(source: &StoredSource, body: Vec<u8>) -> Result<RelayEvent> {
    let incoming = event(&body)?;
    let departures = payload::departures(incoming.event_type, incoming.data.object());
    let Incoming { id, event_type, sequence, dispatched_at, occurred_at, data } = incoming;
    let source_ref = SourceRef { number: source.number, name: source.name.as_str().into() };
    let relayed = Some(Relayed { source: source_ref, body, sequence, dispatched_at });
    let event = AcceptEvent { id, event_type, data, occurred_at, relayed };
    Ok(RelayEvent { event, redeliver_changed: source.settings.redeliver_changed, departures, narrowed: None })
}

/// Reads a kept body, which was an envelope when it came.
pub fn event(body: &[u8]) -> Result<Incoming> {
    Incoming::read(body).map_err(|error| StoreError::Internal(format!("a kept request: {error}")))
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc::Receiver},
        time::Duration,
    };

    use tokio::task::JoinHandle;

    use super::*;
    use crate::{
        domain::{
            event::EventType,
            ids::SourceId,
            patch::Patch,
            source::{NewSource, SenderSecret, SourcePatch, SourceScheme},
            version::Version,
        },
        service::store::{
            AddSource, Change, KeepRequest, Kept, SourceStore, Told,
            sqlite::{
                SqliteStore,
                connection::rows,
                events::slow::{accept, add, now, slow_store, until_begun},
            },
        },
    };

    const ID: &str = "src_0000000000";

    /// A source that learns, and a webhook of `v2` that hears it.
    async fn learning(store: &SqliteStore) {
        let new = NewSource {
            name: "Acme".to_owned(),
            secret: SenderSecret::read("tmkey_an-invented-secret").ok(),
            scheme: SourceScheme::Learn,
            enabled: true,
            expect_within_seconds: None,
            expect_days: None,
            time_zone: None,
            redeliver_changed: false,
        };
        let id: SourceId = ID.parse().unwrap();
        store.add_source(AddSource { id, new }, Change::at(now(), None)).await.unwrap();
        add(store, "Slow", "user.*", Version::V2).await;
    }

    async fn keep(store: &SqliteStore, number: u64) -> Kept {
        keep_explained(store, number, "hmac-sha256").await
    }

    /// Keeps a request that this scheme explains.
    async fn keep_explained(store: &SqliteStore, number: u64, scheme: &str) -> Kept {
        let id = format!("tm_{number:032x}");
        let body = format!(r#"{{"id":"{id}","event":"user.deleted","data":{{}}}}"#).into_bytes();
        let keep = KeepRequest {
            source: SourceRef { number: 1, name: "Acme".into() },
            schemes: vec![scheme.parse().unwrap()],
            body,
            told: Told::default(),
        };
        store.keep_request(keep, now()).await.unwrap()
    }

    fn keeping(store: &Arc<SqliteStore>, number: u64) -> JoinHandle<Kept> {
        let store = Arc::clone(store);
        tokio::spawn(async move { keep(&store, number).await })
    }

    /// How many events of sources, bodies other than events' own, and kept requests there are.
    async fn relayed_and_kept(store: &SqliteStore) -> (i64, i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM events WHERE source = 1), (SELECT count(*) FROM bodies),
            (SELECT count(*) FROM kept_requests)";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        store.read(move |connection| rows::first(connection, sql, [], read)).await.unwrap().unwrap()
    }

    /// Counts the renderings that have begun since.
    fn begun(has_begun: &Receiver<()>) -> usize {
        std::iter::from_fn(|| has_begun.recv_timeout(Duration::ZERO).ok()).count()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn kept_requests_whose_rendering_takes_its_whole_budget_keep_nobody_from_a_commit() {
        let (store, has_begun, go) = slow_store();
        learning(&store).await;
        add(&store, "Quick", "attendance.*", Version::V1).await;
        assert_eq!(keep(&store, 1).await, Kept::Waiting);
        let confirming = keeping(&store, 2);
        let has_begun = until_begun(has_begun).await;
        for _ in 0..20 {
            assert_eq!(accept(&store, EventType::ATTENDANCE_INSERTED).await.unwrap().deliveries.len(), 1);
        }
        assert!(!confirming.is_finished());
        assert_eq!(relayed_and_kept(&store).await, (0, 0, 1), "nothing is done meanwhile");
        go.send(()).unwrap();
        go.send(()).unwrap();
        assert_eq!(confirming.await.unwrap(), Kept::Confirmed);
        assert_eq!(relayed_and_kept(&store).await, (2, 2, 0));
        assert_eq!(begun(&has_begun), 1, "each was rendered once");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn kept_requests_that_lost_the_race_with_a_change_are_planned_again() {
        let (store, has_begun, go) = slow_store();
        learning(&store).await;
        assert_eq!(keep(&store, 1).await, Kept::Waiting);
        let chosen = {
            let store = Arc::clone(&store);
            let scheme = Patch::Value("hmac-sha1".parse().unwrap());
            let patch = SourcePatch { scheme, ..SourcePatch::default() };
            let id: SourceId = ID.parse().unwrap();
            tokio::spawn(async move { store.update_source(id, patch, None, Change::at(now(), None)).await })
        };
        let has_begun = until_begun(has_begun).await;
        // First a webhook comes. While its plan is made, another request is kept.
        add(&store, "Comes", "user.*", Version::V1).await;
        go.send(()).unwrap();
        let has_begun = until_begun(has_begun).await;
        assert_eq!(keep_explained(&store, 2, "hmac-sha512").await, Kept::Waiting);
        (0..3).for_each(|_| go.send(()).unwrap());
        assert_eq!(chosen.await.unwrap().unwrap().kept, 0);
        assert_eq!(relayed_and_kept(&store).await, (2, 2, 0));
        assert_eq!(begun(&has_begun), 2, "both were rendered for the last plan");
        let deliveries = "SELECT count(*) FROM deliveries";
        assert_eq!(store.read(move |connection| rows::value(connection, deliveries, [])).await.unwrap(), Some(4));
    }
}
