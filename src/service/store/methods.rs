//! The store's interface: one trait for every database behind it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{
    AcceptEvent, AddRecovery, AddToken, AddWebhook, Ages, BelievedAges, Change, ClaimId, ClaimRequest, ClaimSink,
    Claimed, Completed, Completion, EventKey, InstanceId, ManualRetry, RecoveryWindow, Result, Retention, SourceStore,
    StartedRetry, StartedTest, TestDelivery, Tidied,
};
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
    service::metrics::Overview,
};

/// The service's data. `now` is always the time on the caller's clock, also in a [`Change`].
#[async_trait]
pub trait Store: SourceStore {
    /// Checks that the database takes writes.
    async fn ping(&self) -> Result<()>;

    /// Stores a webhook. Fails with `NameTaken`.
    async fn add_webhook(&self, add: AddWebhook, change: Change) -> Result<Webhook>;

    /// Reads one webhook.
    async fn webhook(&self, id: WebhookId, now: Timestamp) -> Result<Option<Webhook>>;

    /// Reads a page of webhooks; `page` takes precedence over the query's own limit and cursor.
    async fn webhooks(&self, query: WebhookQuery, page: PageRequest, now: Timestamp) -> Result<Page<Webhook>>;

    /// Changes a webhook if its revision is the expected one. Disabling holds its pending deliveries; enabling makes
    /// them due again, spread over some time; enabling and a new URL clear its failures and end its holds; `headers`
    /// are merged. Fails with `NotFound`, `NameTaken`, `RevisionMismatch`.
    async fn update_webhook(
        &self,
        id: WebhookId,
        patch: WebhookPatch,
        expected_revision: Option<i64>,
        change: Change,
    ) -> Result<Webhook>;

    /// Deletes a webhook: its name is free at once, its pending deliveries are cancelled, and its history stays until
    /// it expires. Fails with `NotFound`, `RevisionMismatch`.
    async fn delete_webhook(&self, id: WebhookId, expected_revision: Option<i64>, change: Change) -> Result<()>;

    /// Reads a webhook's live secrets.
    async fn secrets(&self, id: WebhookId, now: Timestamp) -> Result<Option<Secrets>>;

    /// Replaces a webhook's secret; the current one stays valid until `overlap_ends`. Fails with `NotFound`, and with
    /// `RotationUnderWay` while a previous one is live.
    async fn rotate_secret(&self, id: WebhookId, secret: Secret, overlap_ends: Timestamp, change: Change)
    -> Result<()>;

    /// Ends the overlap of a rotation. Fails with `NotFound` if there is no webhook or no live previous secret.
    async fn revoke_previous_secret(&self, id: WebhookId, change: Change) -> Result<()>;

    /// Creates a token. If the same request created it before, the token gets this digest in place of its old one.
    /// Fails with `TokenNameTaken`.
    async fn add_token(&self, add: AddToken, change: Change) -> Result<Token>;

    /// Reads a page of tokens, newest first; if a name is given, only the token with this name.
    async fn tokens(&self, name: Option<String>, page: PageRequest) -> Result<Page<Token>>;

    /// Revokes a token. Fails with `NotFound`.
    async fn revoke_token(&self, id: TokenId, change: Change) -> Result<()>;

    /// Reads the token whose text has this digest, if there is one.
    async fn token(&self, digest: [u8; 32]) -> Result<Option<Token>>;

    /// Records that a token was used at `at`.
    async fn note_token_use(&self, id: TokenId, at: Timestamp) -> Result<()>;

    /// Reads a webhook's live secrets for a person; the audit log notes it.
    async fn show_secrets(&self, id: WebhookId, change: Change) -> Result<Option<Secrets>>;

    /// Reads a page of the audit log, newest first. Each change writes its entry in its own transaction.
    async fn audit(&self, query: AuditQuery, page: PageRequest) -> Result<Page<AuditEntry>>;

    /// Reads the global version; none if it is not set.
    async fn global_version(&self) -> Result<Option<Version>>;

    /// Sets or clears the global version.
    async fn set_global_version(&self, version: Option<Version>, change: Change) -> Result<()>;

    /// Stores an event and, for each enabled webhook that wants it, a delivery with a frozen version and body. The same
    /// id from the same source with the same content gets the same answer again. Fails with `EventIdReused`.
    async fn accept_event(&self, event: AcceptEvent, change: Change) -> Result<AcceptedEvent>;

    /// Reads all types of accepted events, in the order of their first event.
    async fn event_types(&self) -> Result<Vec<EventType>>;

    /// Reads one event with its data and its deliveries. Fails with `AmbiguousId`.
    async fn event(&self, key: EventKey) -> Result<Option<Event>>;

    /// Reads a page of events, newest first, without data.
    async fn events(&self, query: EventQuery, page: PageRequest) -> Result<Page<Event>>;

    /// Reads a page of events, newest first, whose data is looked at: those that concern the query's user, or all. They
    /// have their data and deliveries if the query asks for `data`.
    async fn search_events(&self, query: EventQuery, page: PageRequest) -> Result<EventPage>;

    /// Reads one delivery.
    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>>;

    /// Reads one attempt with its request and response; an attempt in flight has its request's URL and body.
    async fn attempt(&self, id: AttemptId) -> Result<Option<Attempt>>;

    /// Reads a page of attempts, newest first, but those in flight before all others.
    async fn attempts(&self, query: AttemptQuery, page: PageRequest) -> Result<Page<Attempt>>;

    /// Computes error rates over a window.
    async fn stats(&self, query: StatsQuery, now: Timestamp) -> Result<Stats>;

    /// Reads what waits to be delivered.
    async fn queue(&self, now: Timestamp) -> Result<Queue>;

    /// Registers a process that delivers; until `leave` or its end it holds a lock that shows that it lives. If no
    /// other process lives and more than 100 retries are overdue, they become due over the next 30 s instead of all at
    /// once; first attempts are not delayed.
    async fn join(&self, now: Timestamp) -> Result<InstanceId>;

    /// Registers a process again that others struck off because they took it for dead. It keeps the attempts that it is
    /// still making, unless another process has claimed them since; its other claims wait again.
    async fn rejoin(&self, lost: InstanceId, sending: Vec<(ClaimId, AttemptId)>, now: Timestamp) -> Result<InstanceId>;

    /// Ends an instance and frees its remaining claims.
    async fn leave(&self, instance: InstanceId) -> Result<()>;

    /// Looks for claims of instances that have ended, so that they are not shown as in flight. Writes nothing.
    async fn see_abandoned(&self) -> Result<()>;

    /// How long a write has been waiting for another process's write, if one waits.
    fn waits(&self) -> Option<Duration>;

    /// Frees claims of instances that have ended, and returns their number. An instance whose lock file was removed
    /// gets time to restore it: it does so when it calls this method itself, at least once a second.
    async fn free_abandoned(&self, now: Timestamp) -> Result<u64>;

    /// Claims due deliveries of enabled webhooks for an instance: first those of healthy webhooks, then of new ones,
    /// then of failing ones, oldest first in each group. Claims nothing of a held webhook, and of one whose breaker is
    /// open only one delivery at a time in all processes.
    async fn claim(&self, request: ClaimRequest) -> Result<Claimed>;

    /// Stores an event for one webhook only and claims its test delivery at once, even if the webhook is disabled.
    /// Fails with `NotFound`, `EventIdReused`.
    async fn start_test(&self, test: TestDelivery, change: Change) -> Result<StartedTest>;

    /// From now on, claims deliveries to healthy webhooks without waiting work for this instance in the transaction
    /// that makes them, as far as `sink` has capacity, and hands them over once they are durable. With no `sink`,
    /// ends this.
    async fn hand_over(&self, instance: InstanceId, sink: Option<Arc<dyn ClaimSink>>) -> Result<()>;

    /// Gives back claims whose attempts have not begun: they wait again with their old due time. Claims that are no
    /// longer held are ignored.
    async fn release(&self, claims: Vec<ClaimId>) -> Result<()>;

    /// Claims deliveries for an immediate attempt, even if their webhook is disabled and in whatever state they are; it
    /// replaces the planned attempt. If it fails, a delivery that waited continues its schedule, counted from this
    /// attempt; one that had ended is not tried again. Claims all or none: fails with `NotFound`, `InFlight`,
    /// `BodyNotKept`, `WebhookDeleted`, `TestNotRetried`.
    async fn start_retry(&self, retry: ManualRetry, change: Change) -> Result<StartedRetry>;

    /// Stores a recovery without delivering anything yet. It covers the webhooks that are enabled now. Fails with
    /// `NotFound` and `WebhookDisabled`.
    async fn add_recovery(&self, add: AddRecovery, change: Change) -> Result<Recovery>;

    /// Counts what a recovery would do, up to a bound. Fails like `add_recovery`.
    async fn estimate_recovery(&self, window: RecoveryWindow) -> Result<RecoveryEstimate>;

    /// Reads one recovery.
    async fn recovery(&self, id: RecoveryId) -> Result<Option<Recovery>>;

    /// Reads a page of recoveries, newest first.
    async fn recoveries(&self, page: PageRequest) -> Result<Page<Recovery>>;

    /// Stops a recovery: it makes no more deliveries. A recovery that has ended stays as it is. Fails with `NotFound`.
    async fn cancel_recovery(&self, id: RecoveryId, change: Change) -> Result<Recovery>;

    /// Advances the oldest unfinished recovery by one step, in one transaction of bounded size. Returns whether there
    /// was one.
    async fn advance_recovery(&self, now: Timestamp) -> Result<bool>;

    /// Records how attempts ended, updates their deliveries, and counts the attempts, also for their webhooks' health:
    /// a webhook may be held or disabled. Returns the effect of each. A completion whose claim is no longer held
    /// changes nothing, unless this process was struck off and no other has claimed the delivery since.
    async fn complete(&self, completions: Arc<[Completion]>) -> Result<Vec<Completed>>;

    /// Deletes some expired rows in one short transaction: history and bodies as `keep` says (an event with all its
    /// deliveries or none of them), ended recoveries, counters that no window reaches, idempotency keys older than 24
    /// h, and deleted webhooks that nothing refers to. Pending deliveries and what they need are never deleted.
    async fn tidy(&self, ages: Ages, keep: Retention) -> Result<Tidied>;

    /// Reads the last trusted times; without any, the time of the newest event or attempt. None if there is neither.
    async fn believed_ages(&self) -> Result<Option<BelievedAges>>;

    /// Stores the trusted times.
    async fn keep_believed_ages(&self, ages: BelievedAges) -> Result<()>;

    /// Moves back what a wrong clock has planned too far ahead of `now`: holds, pauses and waiting deliveries. If
    /// `doubtful`, the clock may have been set back; otherwise only times beyond every rule are looked for.
    async fn replan(&self, now: Timestamp, doubtful: bool) -> Result<()>;

    /// Removes files that ended processes left beside the database, copies the log into the database file as far as
    /// possible and gives the log's space back to the disk.
    async fn maintain(&self) -> Result<()>;

    /// Summarises all webhooks and the database. Reads one row for each webhook and no history.
    async fn overview(&self, now: Timestamp) -> Result<Overview>;

    /// A signal that there may be new work to claim.
    fn work_arrived(&self) -> Arc<Notify>;
}
