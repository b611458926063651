//! The methods of the store for sources: which of them write.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    SqliteStore,
    events::planning::{MOST_PLANS, Plan},
    sources::{
        self,
        kept_plan::{KeptPlan, KeptStep, Unplanned},
        learning::{self, PreparedKeep},
        received, relay, row,
    },
    writer::{idempotency, session::Session},
};
use crate::{
    domain::{
        ids::SourceId,
        page::{Page, PageRequest},
        source::{Outcome, ReceivedRequest, Source, SourcePatch},
        time::Timestamp,
    },
    service::store::{
        AddSource, Change, KeepRequest, Kept, Receipt, RelayEvent, Result, SourceStore, StoreError,
        rules::source::StoredSource,
    },
};

fn changed_too_fast() -> StoreError {
    StoreError::Unavailable("the webhooks are changed faster than an event can be planned".to_owned())
}

impl SqliteStore {
    /// Plans the events of kept requests.
    async fn planned(&self, unplanned: Unplanned, now: Timestamp) -> Result<KeptPlan> {
        let board = Arc::clone(&self.board);
        self.rendered(move |rendering| KeptPlan::of(unplanned, &board, rendering, now)).await
    }
}

#[async_trait]
impl SourceStore for SqliteStore {
    async fn add_source(&self, add: AddSource, change: Change) -> Result<Source> {
        self.write(move |session| idempotency::guarded(session, &change, |session| sources::add(session, add, &change)))
            .await
    }

    async fn source(&self, id: SourceId, now: Timestamp) -> Result<Option<Source>> {
        let seals = self.seals.clone();
        self.read(move |connection| sources::get(connection, &seals, id, now)).await
    }

    async fn sources(&self, name: Option<String>, page: PageRequest, now: Timestamp) -> Result<Page<Source>> {
        let seals = self.seals.clone();
        self.read(move |connection| sources::page(connection, &seals, name.as_deref(), &page, now)).await
    }

    async fn update_source(
        &self,
        id: SourceId,
        patch: SourcePatch,
        expected_revision: Option<i64>,
        change: Change,
    ) -> Result<Source> {
        let mut plan = KeptPlan::default();
        for _ in 0..MOST_PLANS {
            let (patch, change, now) = (patch.clone(), change.clone(), change.now);
            let update = move |session: &mut Session| {
                if let Some(unplanned) = sources::unplanned(session, id, &patch, &plan, now)? {
                    return Ok(KeptStep::PlanFirst(Box::new(unplanned)));
                }
                let update =
                    |session: &mut Session| sources::update(session, id, patch, expected_revision, &plan, &change);
                idempotency::guarded(session, &change, update).map(KeptStep::Done)
            };
            match self.write(update).await? {
                KeptStep::Done(source) => return Ok(source),
                KeptStep::PlanFirst(unplanned) => plan = self.planned(*unplanned, now).await?,
            }
        }
        Err(changed_too_fast())
    }

    async fn delete_source(&self, id: SourceId, expected_revision: Option<i64>, change: Change) -> Result<()> {
        self.write(move |session| {
            let delete = |session: &mut Session| sources::delete(session, id, expected_revision, &change);
            idempotency::guarded(session, &change, delete)
        })
        .await
    }

    async fn sources_since(&self, known: Option<i64>) -> Result<Option<(i64, Vec<StoredSource>)>> {
        let seals = self.seals.clone();
        self.read(move |connection| sources::since(connection, &seals, known)).await
    }

    async fn relay(&self, relay: RelayEvent, now: Timestamp) -> Result<Outcome> {
        let relay = Arc::new(relay::PreparedRelay::of(relay, now)?);
        for _ in 0..MOST_PLANS {
            let plan = Plan::of(&relay.prepared, &self.board, &*self.rendering);
            let relay = Arc::clone(&relay);
            let relayed = self.write(move |session| relay::relay_as_planned(session, &relay, &plan, now)).await?;
            if let Some(outcome) = relayed {
                return Ok(outcome);
            }
        }
        Err(changed_too_fast())
    }

    async fn keep_request(&self, keep: KeepRequest, now: Timestamp) -> Result<Kept> {
        let keep = Arc::new(PreparedKeep::of(keep));
        let mut plan = KeptPlan::default();
        for _ in 0..MOST_PLANS {
            let keep = Arc::clone(&keep);
            match self.write(move |session| learning::keep(session, &keep, &plan, now)).await? {
                KeptStep::Done(kept) => return Ok(kept),
                KeptStep::PlanFirst(unplanned) => plan = self.planned(*unplanned, now).await?,
            }
        }
        Err(changed_too_fast())
    }

    async fn note_refused(&self, receipts: Vec<Receipt>, counts: Vec<(i64, u64)>, now: Timestamp) -> Result<()> {
        let packed = |receipt: &Receipt| receipt.received.request.as_ref().map(received::packed).transpose();
        let packed = receipts.iter().map(packed).collect::<Result<Vec<_>>>()?;
        self.write(move |session| {
            for (receipt, request) in receipts.iter().zip(packed) {
                if row::is_live(&session.connection, receipt.source)? {
                    received::note(&session.connection, receipt, request.as_deref())?;
                }
            }
            for (source, requests) in counts {
                received::count_refused(&session.connection, source, requests, now)?;
            }
            Ok(())
        })
        .await
    }

    async fn received(
        &self,
        id: SourceId,
        outcome: Option<Outcome>,
        page: PageRequest,
        now: Timestamp,
    ) -> Result<Page<ReceivedRequest>> {
        let seals = self.seals.clone();
        let found = self
            .read(move |connection| {
                let source = row::find(connection, &seals, id)?;
                received::page(connection, source.number, outcome, &page, now)
            })
            .await?;
        let Page { data, next } = found;
        let data = data.into_iter().map(received::PackedReceived::unpacked).collect::<Result<_>>()?;
        Ok(Page { data, next })
    }
}
