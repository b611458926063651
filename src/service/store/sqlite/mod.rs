//! The store in SQLite: one thread writes, a few connections read, and several processes may use the file at once.
//!
//! Each method calls a function over a connection in the folder of its topic; this file only says which of them write.
//! The lowest layer is `connection` (the file and its rows), then `writer` (the writing thread and what a job works
//! with). Decisions that need no SQL belong in `store::rules`.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::{
    domain::{
        attempt::Attempt,
        audit::AuditEntry,
        delivery::Delivery,
        event::EventType,
        event_page::EventPage,
        ids::{AttemptId, DeliveryId, RecoveryId, TokenId, WebhookId},
        page::{Page, PageRequest},
        query::{AttemptQuery, AuditQuery, EventQuery, StatsQuery, WebhookQuery},
        record::{AcceptedEvent, Event},
        recovery::{Recovery, RecoveryEstimate},
        secret::{Secret, Secrets},
        stats::{Queue, Stats},
        time::Timestamp,
        token::Token,
        version::Version,
        webhook::{Webhook, WebhookPatch},
    },
    service::{
        metrics::Overview,
        store::{
            AcceptEvent, AddRecovery, AddToken, AddWebhook, Ages, BelievedAges, Change, ClaimId, ClaimRequest,
            ClaimSink, Claimed, Completed, Completion, EventKey, InstanceId, ManualRetry, RecoveryWindow, Result,
            Retention, StartedRetry, StartedTest, Store, StoreError, TestDelivery, Tidied,
        },
    },
};

mod access;
mod attempts;
mod connection;
mod counts;
mod deliveries;
mod events;
mod glance;
mod handle;
mod instances;
#[cfg(test)]
pub(super) mod plans;
mod recoveries;
pub mod rehearsal;
mod retention;
mod source_store;
mod sources;
#[cfg(test)]
mod tests;
mod timeline;
mod webhooks;
mod writer;

pub use glance::Glance;
pub use handle::SqliteStore;

use access::{audit, tokens};
use attempts::exchange;
use connection::rows;
use counts::{overview, stats};
use deliveries::{claims, completions, manual, start_test, webhook_queues};
use events::{
    bodies::PreparedEvent,
    planning::{MOST_PLANS, Plan},
    types,
};
use instances::{Lives, believed, entered};
use recoveries::{Made, Stepped};
use webhooks::{global_version, secrets};
use writer::{idempotency, session::Session};

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> Result<()> {
        // This write changes nothing but reaches the disk; the check of the next event's space follows.
        let touch = "UPDATE sequences SET value = value WHERE name = 'claim'";
        self.write(move |session| {
            rows::execute(&session.connection, touch, [])?;
            session.event_space.look_for_event(&session.connection)
        })
        .await
    }

    async fn add_webhook(&self, add: AddWebhook, change: Change) -> Result<Webhook> {
        self.write(move |session| {
            idempotency::guarded(session, &change, |session| webhooks::add(session, add, &change))
        })
        .await
    }

    async fn webhook(&self, id: WebhookId, now: Timestamp) -> Result<Option<Webhook>> {
        let seals = self.seals.clone();
        self.read(move |connection| webhooks::get(connection, &seals, id, now)).await
    }

    async fn webhooks(&self, query: WebhookQuery, page: PageRequest, now: Timestamp) -> Result<Page<Webhook>> {
        let seals = self.seals.clone();
        self.read(move |connection| webhooks::list::page(connection, &seals, &query, &page, now)).await
    }

    async fn update_webhook(
        &self,
        id: WebhookId,
        patch: WebhookPatch,
        expected_revision: Option<i64>,
        change: Change,
    ) -> Result<Webhook> {
        // What waits is counted before the writer's turn, so that other writes do not wait for it.
        let waiting = self.read(move |connection| webhooks::waiting(connection, id)).await?;
        self.write(move |session| {
            let update =
                |session: &mut Session| webhooks::update(session, id, patch, expected_revision, waiting, &change);
            idempotency::guarded(session, &change, update)
        })
        .await
    }

    async fn delete_webhook(&self, id: WebhookId, expected_revision: Option<i64>, change: Change) -> Result<()> {
        let now = change.now;
        self.write(move |session| {
            let delete = |session: &mut Session| webhooks::delete(session, id, expected_revision, &change);
            idempotency::guarded(session, &change, delete)
        })
        .await?;
        // Each step is a commit of its own, so that a long backlog does not keep others from writing.
        while self.write(move |session| webhooks::cancel_some(session, id, now)).await? {}
        Ok(())
    }

    async fn secrets(&self, id: WebhookId, now: Timestamp) -> Result<Option<Secrets>> {
        let seals = self.seals.clone();
        self.read(move |connection| secrets::get(connection, &seals, id, now)).await
    }

    async fn rotate_secret(
        &self,
        id: WebhookId,
        secret: Secret,
        overlap_ends: Timestamp,
        change: Change,
    ) -> Result<()> {
        self.write(move |session| {
            let rotate = |session: &mut Session| secrets::rotate(session, id, &secret, overlap_ends, &change);
            idempotency::guarded(session, &change, rotate)
        })
        .await
    }

    async fn revoke_previous_secret(&self, id: WebhookId, change: Change) -> Result<()> {
        self.write(move |session| {
            idempotency::guarded(session, &change, |session| secrets::revoke_previous(session, id, &change))
        })
        .await
    }

    async fn add_token(&self, add: AddToken, change: Change) -> Result<Token> {
        self.write(move |session| tokens::add(session, &add, &change)).await
    }

    async fn tokens(&self, name: Option<String>, page: PageRequest) -> Result<Page<Token>> {
        self.read(move |connection| tokens::page(connection, name.as_deref(), &page)).await
    }

    async fn revoke_token(&self, id: TokenId, change: Change) -> Result<()> {
        self.write(move |session| {
            idempotency::guarded(session, &change, |session| tokens::revoke(session, id, &change))
        })
        .await
    }

    async fn token(&self, digest: [u8; 32]) -> Result<Option<Token>> {
        self.read(move |connection| tokens::with_digest(connection, digest)).await
    }

    async fn note_token_use(&self, id: TokenId, at: Timestamp) -> Result<()> {
        self.write(move |session| tokens::note_use(&session.connection, id, at)).await
    }

    async fn show_secrets(&self, id: WebhookId, change: Change) -> Result<Option<Secrets>> {
        self.write(move |session| secrets::show(session, id, &change)).await
    }

    async fn audit(&self, query: AuditQuery, page: PageRequest) -> Result<Page<AuditEntry>> {
        self.read(move |connection| audit::page(connection, &query, &page)).await
    }

    async fn global_version(&self) -> Result<Option<Version>> {
        self.read(global_version::global_version).await
    }

    async fn set_global_version(&self, version: Option<Version>, change: Change) -> Result<()> {
        self.write(move |session| {
            let set = |session: &mut Session| global_version::set_global_version(&session.connection, version, &change);
            idempotency::guarded(session, &change, set)
        })
        .await
    }

    async fn accept_event(&self, event: AcceptEvent, change: Change) -> Result<AcceptedEvent> {
        let prepared = Arc::new(PreparedEvent::of(event, change.now));
        for _ in 0..MOST_PLANS {
            let plan = Plan::of(&prepared, &self.board, &*self.rendering);
            let (prepared, change) = (Arc::clone(&prepared), change.clone());
            let accept = move |session: &mut Session| events::accept_as_planned(session, &prepared, &plan, &change);
            if let Some(accepted) = self.write(accept).await? {
                return Ok(accepted);
            }
        }
        Err(StoreError::Unavailable("the webhooks are changed faster than an event can be planned".to_owned()))
    }

    async fn event_types(&self) -> Result<Vec<EventType>> {
        self.read(types::seen).await
    }

    async fn event(&self, key: EventKey) -> Result<Option<Event>> {
        let found = self.read(move |connection| events::get(connection, &key)).await?;
        found.map(events::PackedEvent::unpacked).transpose()
    }

    async fn events(&self, query: EventQuery, page: PageRequest) -> Result<Page<Event>> {
        self.read(move |connection| events::page(connection, &query, &page)).await
    }

    async fn search_events(&self, query: EventQuery, page: PageRequest) -> Result<EventPage> {
        self.read(move |connection| events::search::page(connection, &query, &page)).await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>> {
        self.read(move |connection| deliveries::get(connection, id)).await
    }

    async fn attempt(&self, id: AttemptId) -> Result<Option<Attempt>> {
        let found = self.read(move |connection| attempts::get(connection, id)).await?;
        found.map(attempts::PackedAttempt::unpacked).transpose()
    }

    async fn attempts(&self, query: AttemptQuery, page: PageRequest) -> Result<Page<Attempt>> {
        self.read(move |connection| attempts::page::page(connection, &query, &page)).await
    }

    async fn stats(&self, query: StatsQuery, now: Timestamp) -> Result<Stats> {
        self.read(move |connection| stats::stats(connection, &query, now)).await
    }

    async fn queue(&self, now: Timestamp) -> Result<Queue> {
        let living =
            self.probed_instances().await?.into_iter().filter(|(_, lives)| *lives == Lives::Yes).count() as u64;
        self.read(move |connection| stats::queue(connection, now, living)).await
    }

    async fn join(&self, now: Timestamp) -> Result<InstanceId> {
        self.spread_overdue_if_first(now).await?;
        self.enter(Vec::new(), now).await
    }

    async fn rejoin(&self, lost: InstanceId, sending: Vec<(ClaimId, AttemptId)>, now: Timestamp) -> Result<InstanceId> {
        let instance = self.enter(sending, now).await?;
        self.with_locks(move |locks| locks.give_up(lost)).await?;
        Ok(instance)
    }

    async fn leave(&self, instance: InstanceId) -> Result<()> {
        self.write(move |session| instances::remove(session, instance)).await?;
        self.with_locks(move |locks| locks.give_up(instance)).await
    }

    async fn see_abandoned(&self) -> Result<()> {
        self.look_for_abandoned().await
    }

    fn waits(&self) -> Option<Duration> {
        self.writer.waits()
    }

    async fn free_abandoned(&self, now: Timestamp) -> Result<u64> {
        let mut freed = 0;
        for instance in self.gone_instances().await? {
            freed += self.write(move |session| instances::remove(session, instance)).await?;
            self.with_locks(move |locks| locks.give_up(instance)).await?;
        }
        self.forget_abandoned();
        // A read comes first, because leftovers are rare and an empty write would delay others.
        if self.read(webhook_queues::leftovers).await?.is_some() {
            self.write(move |session| webhook_queues::cancel_leftovers(&session.connection, now)).await?;
        }
        Ok(freed)
    }

    async fn claim(&self, request: ClaimRequest) -> Result<Claimed> {
        self.write(move |session| claims::claim(session, &request)).await
    }

    async fn start_test(&self, test: TestDelivery, change: Change) -> Result<StartedTest> {
        let test = start_test::Test::of(test, change.now);
        self.write(move |session| start_test::start(session, &test, &change)).await
    }

    async fn start_retry(&self, retry: ManualRetry, change: Change) -> Result<StartedRetry> {
        self.write(move |session| manual::start(session, retry, &change)).await
    }

    async fn add_recovery(&self, add: AddRecovery, change: Change) -> Result<Recovery> {
        self.write(move |session| {
            idempotency::guarded(session, &change, |session| recoveries::add(session, &add, &change))
        })
        .await
    }

    async fn estimate_recovery(&self, window: RecoveryWindow) -> Result<RecoveryEstimate> {
        self.read(move |connection| recoveries::estimate(connection, &window)).await
    }

    async fn recovery(&self, id: RecoveryId) -> Result<Option<Recovery>> {
        self.read(move |connection| recoveries::get(connection, id)).await
    }

    async fn recoveries(&self, page: PageRequest) -> Result<Page<Recovery>> {
        self.read(move |connection| recoveries::page(connection, &page)).await
    }

    async fn cancel_recovery(&self, id: RecoveryId, change: Change) -> Result<Recovery> {
        self.write(move |session| {
            let cancel = |session: &mut Session| recoveries::cancel(session, id, &change);
            idempotency::guarded(session, &change, cancel)
        })
        .await
    }

    async fn advance_recovery(&self, now: Timestamp) -> Result<bool> {
        for _ in 0..MOST_PLANS {
            // This is called often and seldom finds work, so it must not cost a commit.
            let Some(plan) = self.read(recoveries::plan).await? else { return Ok(false) };
            let made = self.rendered(move |rendering| Made::of(&plan, rendering)).await?;
            match self.write(move |session| recoveries::advance(session, &made, now)).await? {
                Stepped::Done => return Ok(true),
                Stepped::Idle => return Ok(false),
                Stepped::PlanAgain => {}
            }
        }
        Err(StoreError::Unavailable("the webhooks are changed faster than a recovery can be planned".to_owned()))
    }

    async fn hand_over(&self, instance: InstanceId, sink: Option<Arc<dyn ClaimSink>>) -> Result<()> {
        self.write(move |session| {
            // An instance that was struck off gets no more claims.
            let number = || entered::number(&session.connection, instance);
            let sink = sink.map(|sink| number().map(|number| (number, sink))).transpose()?;
            session.handover.set(sink);
            Ok(())
        })
        .await
    }

    async fn release(&self, claims: Vec<ClaimId>) -> Result<()> {
        self.write(move |session| claims::release(session, &claims)).await
    }

    async fn complete(&self, completions: Arc<[Completion]>) -> Result<Vec<Completed>> {
        // Packing happens here to relieve the writing thread.
        let written =
            completions.iter().map(|completion| exchange::packed(&completion.exchange)).collect::<Result<Vec<_>>>()?;
        let own = self.locks.own();
        self.write(move |session| completions::complete_all(session, &completions, &written, &own)).await
    }

    async fn tidy(&self, ages: Ages, keep: Retention) -> Result<Tidied> {
        self.write(move |session| retention::step(&session.connection, ages, keep)).await
    }

    async fn believed_ages(&self) -> Result<Option<BelievedAges>> {
        self.read(believed::read).await
    }

    async fn keep_believed_ages(&self, ages: BelievedAges) -> Result<()> {
        self.write(move |session| believed::keep(&session.connection, ages)).await
    }

    async fn replan(&self, now: Timestamp, doubtful: bool) -> Result<()> {
        self.bring_back(now, doubtful).await
    }

    async fn maintain(&self) -> Result<()> {
        let entered = self.read(entered::entered).await?;
        self.with_locks(move |locks| locks.remove_left_behind(&entered)).await?;
        match &self.readers {
            Some(readers) => readers.fold_log().await,
            None => Ok(()),
        }
    }

    async fn overview(&self, now: Timestamp) -> Result<Overview> {
        self.read(move |connection| overview::read(connection, now)).await
    }

    fn work_arrived(&self) -> Arc<Notify> {
        Arc::clone(&self.work_arrived)
    }
}
