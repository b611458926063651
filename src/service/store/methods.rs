//! All that a store does: one trait, whatever database is behind it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{
    AcceptEvent, AddRecovery, AddToken, AddWebhook, Ages, BelievedAges, Change, ClaimId, ClaimRequest, Claimed,
    Completed, Completion, InstanceId, ManualRetry, Overview, RecoveryWindow, Result, Retention, StartedRetry,
    StartedTest, StoredToken, Taker, TestDelivery, Tidied,
};
use crate::domain::{
    attempt::Attempt,
    audit::AuditEntry,
    delivery::Delivery,
    event::EventType,
    ids::{AttemptId, DeliveryId, EventId, RecoveryId, TokenId, WebhookId},
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
};

/// The service's memory. `now` is always the caller's clock, also that of a [`Change`].
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Whether the database answers and takes writes.
    async fn ping(&self) -> Result<()>;

    /// Stores a webhook. Fails with `NameTaken`.
    async fn add_webhook(&self, add: AddWebhook, change: Change) -> Result<Webhook>;

    /// One webhook.
    async fn webhook(&self, id: WebhookId, now: Timestamp) -> Result<Option<Webhook>>;

    /// A page of webhooks; `page` stands above the query's own limit and cursor.
    async fn webhooks(&self, query: WebhookQuery, page: PageRequest, now: Timestamp) -> Result<Page<Webhook>>;

    /// Changes a webhook, if its revision is the expected one. Disabling holds its pending deliveries; enabling
    /// makes them due again, spread over a while; enabling and a new URL forget its failures and end its holds;
    /// `headers` are merged. Fails with `NotFound`, `NameTaken`,
    /// `RevisionMismatch`.
    async fn update_webhook(
        &self,
        id: WebhookId,
        patch: WebhookPatch,
        expected_revision: Option<i64>,
        change: Change,
    ) -> Result<Webhook>;

    /// Deletes a webhook: its name is free at once, its pending deliveries are cancelled, its history stays until
    /// its time is over. Fails with `NotFound`, `RevisionMismatch`.
    async fn delete_webhook(&self, id: WebhookId, expected_revision: Option<i64>, change: Change) -> Result<()>;

    /// A webhook's live secrets.
    async fn secrets(&self, id: WebhookId, now: Timestamp) -> Result<Option<Secrets>>;

    /// Replaces a webhook's secret; the one in force before stays valid until `overlap_ends`. A previous one that
    /// was still live ends at once. Fails with `NotFound`.
    async fn rotate_secret(&self, id: WebhookId, secret: Secret, overlap_ends: Timestamp, change: Change)
    -> Result<()>;

    /// Ends the overlap of a rotation. Fails with `NotFound` when there is no webhook or no live previous secret.
    async fn revoke_previous_secret(&self, id: WebhookId, change: Change) -> Result<()>;

    /// Makes a token. When the same request made it before, the token gets this digest in place of the one it had. Fails
    /// with `TokenNameTaken`.
    async fn add_token(&self, add: AddToken, change: Change) -> Result<Token>;

    /// A page of tokens, newest first; only the one with this name, if one is given.
    async fn tokens(&self, name: Option<String>, page: PageRequest) -> Result<Page<Token>>;

    /// Revokes a token. Fails with `NotFound`.
    async fn revoke_token(&self, id: TokenId, change: Change) -> Result<()>;

    /// Every token and the generation of their list, which changes when one is made or revoked; none when it is the
    /// known one.
    async fn tokens_since(&self, known: Option<i64>) -> Result<Option<(i64, Vec<StoredToken>)>>;

    /// Notes that a token was used then.
    async fn note_token_use(&self, id: TokenId, at: Timestamp) -> Result<()>;

    /// A webhook's live secrets, for a person: that they were read is noted in the audit log.
    async fn show_secrets(&self, id: WebhookId, change: Change) -> Result<Option<Secrets>>;

    /// A page of the audit log, newest first. Every change is noted there in its own transaction.
    async fn audit(&self, query: AuditQuery, page: PageRequest) -> Result<Page<AuditEntry>>;

    /// The global version; none when it is not set.
    async fn global_version(&self) -> Result<Option<Version>>;

    /// Sets or clears the global version.
    async fn set_global_version(&self, version: Option<Version>, change: Change) -> Result<()>;

    /// Stores an event and, for each enabled webhook that wants it, a delivery with its version and body frozen. The
    /// same id of the same source with the same content is answered as the first time. Fails with `EventIdReused`.
    async fn accept_event(&self, event: AcceptEvent, change: Change) -> Result<AcceptedEvent>;

    /// Every type of which an event was taken in, in the order in which they were first met.
    async fn event_types(&self) -> Result<Vec<EventType>>;

    /// One event with its data and its deliveries; of several with this id our own.
    async fn event(&self, id: EventId) -> Result<Option<Event>>;

    /// A page of events, newest first, without data.
    async fn events(&self, query: EventQuery, page: PageRequest) -> Result<Page<Event>>;

    /// One delivery.
    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>>;

    /// One attempt with what was sent and what came back; one in flight too, with its request's URL and body.
    async fn attempt(&self, id: AttemptId) -> Result<Option<Attempt>>;

    /// A page of attempts, newest first, those in flight before all others.
    async fn attempts(&self, query: AttemptQuery, page: PageRequest) -> Result<Page<Attempt>>;

    /// Error rates over a window.
    async fn stats(&self, query: StatsQuery, now: Timestamp) -> Result<Stats>;

    /// What waits to be delivered.
    async fn queue(&self, now: Timestamp) -> Result<Queue>;

    /// Enters a process that delivers; it holds a lock that tells whether it lives until `leave`, or its end. When no
    /// other lives and more than 100 retries are overdue, they are due over the next 30 s instead of all at once; what
    /// was never tried is not delayed.
    async fn join(&self, now: Timestamp) -> Result<InstanceId>;

    /// Enters a process again that others have struck off: somebody took it for dead. The attempts it is still making are
    /// its own again, unless somebody else has claimed them since; whatever else it had claimed waits again.
    async fn rejoin(&self, lost: InstanceId, sending: Vec<(ClaimId, AttemptId)>, now: Timestamp) -> Result<InstanceId>;

    /// Ends an instance: what it still has claimed is free again.
    async fn leave(&self, instance: InstanceId) -> Result<()>;

    /// Looks for what instances that are gone had claimed, so that it is not shown as in flight. Writes nothing.
    async fn see_abandoned(&self) -> Result<()>;

    /// For how long a write has been waiting for another process that writes, if one is.
    fn waits(&self) -> Option<Duration>;

    /// Frees what instances that are gone had claimed. Returns how many claims that were. One whose lock somebody has
    /// removed is waited for: it puts it back when it asks for this itself, at least once a second.
    async fn free_abandoned(&self, now: Timestamp) -> Result<u64>;

    /// Claims due deliveries of enabled webhooks for an instance: those of webhooks that do well first, then of new
    /// ones, then of those that fail, each the oldest first. Nothing of a webhook that is held; of one whose breaker is
    /// open, one at a time in all processes.
    async fn claim(&self, request: ClaimRequest) -> Result<Claimed>;

    /// Stores an event for one webhook alone and claims its test delivery at once, on a disabled webhook too.
    /// Fails with `NotFound`, `EventIdReused`.
    async fn start_test(&self, test: TestDelivery, change: Change) -> Result<StartedTest>;

    /// From now on, deliveries to webhooks that are well and have nothing waiting are claimed for this instance in the
    /// transaction that makes them, as far as `taker` has room, and handed to it when they are durable. With none,
    /// that ends.
    async fn hand_over(&self, instance: InstanceId, taker: Option<Arc<dyn Taker>>) -> Result<()>;

    /// Gives claims back whose attempts were not begun: they wait again, due when they were. Those that are no longer
    /// held are left alone.
    async fn release(&self, claims: Vec<ClaimId>) -> Result<()>;

    /// Claims deliveries for one more try at once, whether their webhook is enabled or not, and whatever state they are
    /// in: the try replaces the one they wait for. One that waits goes on with its schedule when the try fails, counted
    /// from it; one that had ended is tried once. All or none: fails with `NotFound`, `InFlight`, `BodyNotKept`,
    /// `WebhookDeleted`, `TestNotRetried`.
    async fn start_retry(&self, retry: ManualRetry, change: Change) -> Result<StartedRetry>;

    /// Stores a recovery; nothing is delivered yet. It is for the webhooks that are enabled now. Fails with `NotFound`
    /// and `WebhookDisabled`.
    async fn add_recovery(&self, add: AddRecovery, change: Change) -> Result<Recovery>;

    /// Counts what a recovery would do, up to a bound. Fails as `add_recovery`.
    async fn estimate_recovery(&self, window: RecoveryWindow) -> Result<RecoveryEstimate>;

    /// One recovery.
    async fn recovery(&self, id: RecoveryId) -> Result<Option<Recovery>>;

    /// A page of recoveries, newest first.
    async fn recoveries(&self, page: PageRequest) -> Result<Page<Recovery>>;

    /// Stops a recovery: it makes no more deliveries. One that has ended stays as it is. Fails with `NotFound`.
    async fn cancel_recovery(&self, id: RecoveryId, change: Change) -> Result<Recovery>;

    /// Takes the oldest recovery that is not done one step further, in one transaction of bounded size. Whether there
    /// was one.
    async fn advance_recovery(&self, now: Timestamp) -> Result<bool>;

    /// Records how attempts ended, what is next for their deliveries, and counts them, also for their webhooks' health:
    /// a webhook may be held, or disabled. Tells of each what came of it; one whose claim was no longer held changes
    /// nothing, unless this process was struck off and nobody has claimed the delivery since.
    async fn complete(&self, completions: Arc<[Completion]>) -> Result<Vec<Completed>>;

    /// Forgets idempotency keys older than 24 h, at most `most` of them. Returns how many.
    async fn forget_keys(&self, now: Timestamp, most: usize) -> Result<usize>;

    /// Lets some of what is too old go, in one short transaction: history and bodies as `keep` says, an event with all
    /// its deliveries or none of them, recoveries that have ended, counters that no window reaches any more, idempotency
    /// keys older than 24 h, webhooks that were deleted so long ago that nothing refers to them. Of what is pending
    /// nothing goes.
    async fn tidy(&self, ages: Ages, keep: Retention) -> Result<Tidied>;

    /// What was believed of the clock last; else, of when the newest event or attempt is. None when there is neither.
    async fn believed_ages(&self) -> Result<Option<BelievedAges>>;

    /// Keeps what is believed of the clock.
    async fn keep_believed_ages(&self, ages: BelievedAges) -> Result<()>;

    /// Brings back what a clock that was wrong has planned too far ahead of `now`: holds, pauses and what waits. `doubtful`
    /// when the clock may have been set back; else only what lies beyond every rule is looked for.
    async fn replan(&self, now: Timestamp, doubtful: bool) -> Result<()>;

    /// Removes what processes that are gone left beside the database.
    async fn tidy_files(&self) -> Result<()>;

    /// Gives the room of what is written twice, in a log and in its place, back to the disk, as far as nobody needs it
    /// now.
    async fn fold_log(&self) -> Result<()>;

    /// All webhooks and the database at a glance: reads one row a webhook, and none of the history.
    async fn overview(&self, now: Timestamp) -> Result<Overview>;

    /// Notified when there may be new work to claim.
    fn work_arrived(&self) -> Arc<Notify>;
}
