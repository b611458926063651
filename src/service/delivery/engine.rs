//! The engine: claims due deliveries, makes their attempts side by side, and records how each ended.

mod membership;
mod putting_off;
mod recovery;
mod watch;

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    runtime::Handle,
    sync::{Mutex, Notify, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    attempt::Attempts,
    flight::{self, Flight, Flying, Room},
    pace::MOST_IN_FLIGHT,
    recorder::Recorder,
    sender::Sender,
};
use crate::{
    domain::{
        attempt::{AttemptKind, AttemptStatus},
        health::MOST_UNPROVEN,
        ids::{AttemptId, WebhookId},
        random::Random,
        time::{Clock, Timestamp},
        version::Version,
    },
    net_guard::NetGuard,
    service::{
        metrics::{EndedAttempt, Metrics},
        store::{
            AcceptEvent, Change, Claim, ClaimRequest, Completion, InstanceId, Result, StartedTest, Store, StoreError,
            Taker, TestDelivery,
        },
    },
};

/// How often the store is asked for work that nobody told us of: another process's, or an instance's that is gone.
const POLL: Duration = Duration::from_secs(1);
/// How many claims are taken at once, so that one commit stays short.
const BATCH: usize = 256;
/// How often a test that another request makes is looked at.
const TEST_POLL: Duration = Duration::from_millis(20);
/// How long it is waited for: longer than an attempt can take.
const LONGEST_TEST: Duration = Duration::from_secs(25);

/// Delivers what is due. One a process; cheap to share.
pub struct Engine {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    attempts: Attempts,
    flight: Arc<Flight>,
    recorder: Recorder,
    membership: membership::Membership,
    wake: Notify,
    stopping: AtomicBool,
    /// Held while claiming, so that what a round under way has claimed is in flight before the instance is ended. When
    /// instances that are gone were last looked for.
    claiming: Mutex<Option<Instant>>,
    metrics: Arc<Metrics>,
    recovering: recovery::Recovering,
    put_off: putting_off::PutOff,
    watch: watch::Watch,
}

impl Engine {
    /// An engine that has not begun to deliver.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>, guard: NetGuard) -> Arc<Self> {
        Self::measured(store, clock, random, guard, Arc::default(), flight::MOST)
    }

    /// The same, with its measurements told to `metrics`, and room for so many requests at once.
    pub fn measured(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        guard: NetGuard,
        metrics: Arc<Metrics>,
        most_in_flight: usize,
    ) -> Arc<Self> {
        let flight = Arc::new(Flight::at_most(most_in_flight));
        Arc::new(Engine {
            recorder: Recorder::new(store.clone(), flight.clone()),
            store,
            clock: clock.clone(),
            attempts: Attempts { sender: Sender::new(guard), clock, random, interrupted: CancellationToken::new() },
            flight,
            membership: membership::Membership::default(),
            wake: Notify::new(),
            stopping: AtomicBool::new(false),
            claiming: Mutex::new(None),
            metrics,
            recovering: recovery::Recovering::default(),
            put_off: putting_off::PutOff::default(),
            watch: watch::Watch::default(),
        })
    }

    /// Delivers in the background until [`Engine::shutdown`].
    pub fn start(self: &Arc<Self>) -> JoinHandle<()> {
        let engine = self.clone();
        tokio::spawn(async move {
            while !engine.stopping.load(Ordering::SeqCst) {
                engine.take_over().await;
                let pause = engine.round_or_pause().await;
                engine.wait(pause.min(engine.recover_or_pause().await)).await;
            }
        })
    }

    /// Delivers what is due, and what falls due meanwhile, until nothing is left to do now.
    pub async fn run_until_idle(self: &Arc<Self>) -> Result<()> {
        loop {
            let recovering = self.recover().await?;
            // Before the claim: what is recorded during it may have made room for more.
            let idle = self.flight.is_idle();
            let round = self.round().await?;
            if recovering || round.claimed > 0 {
                continue;
            }
            if idle {
                return Ok(());
            }
            self.flight.changed().await;
        }
    }

    /// Looks for work now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether it claims nothing more.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Stops claiming and waits for what is in flight to be stored. Tests can still be made.
    pub async fn drain(&self) -> Result<()> {
        self.stopping.store(true, Ordering::SeqCst);
        self.wake();
        self.flight.close();
        drop(self.claiming.lock().await);
        let Some(instance) = self.joined().await else { return Ok(()) };
        let withdrawn = self.store.hand_over(instance, None).await;
        self.flight.idle().await;
        withdrawn
    }

    /// Stops claiming, waits for what is in flight to be stored, and ends the instance.
    pub async fn shutdown(&self) -> Result<()> {
        let drained = self.drain().await;
        let Some(instance) = self.joined().await else { return drained };
        self.store.leave(instance).await.and(drained)
    }

    /// Stops claiming and cuts short what is in flight: each is recorded as a failed try, so that the history has it
    /// and it counts.
    pub async fn interrupt(&self) -> Result<()> {
        self.cut_short();
        self.shutdown().await
    }

    /// Cuts short what is in flight.
    pub fn cut_short(&self) {
        self.attempts.interrupted.cancel();
    }

    /// Sends one signed test to a webhook and returns when the attempt has ended.
    pub async fn test(
        self: &Arc<Self>,
        webhook_id: WebhookId,
        event: AcceptEvent,
        version: Option<Version>,
        change: Change,
    ) -> Result<AttemptId> {
        let engine = self.clone();
        seen_through(async move {
            let start = |instance| {
                let test = TestDelivery { webhook_id, event: event.clone(), version, instance };
                engine.store.start_test(test, change.clone())
            };
            match engine.as_instance(start).await? {
                StartedTest::New(claim) => {
                    let attempt = claim.attempt_id;
                    let (stored, is_stored) = oneshot::channel();
                    let flying = engine.flight.begin(*claim, Instant::now());
                    tokio::spawn(engine.clone().fly(flying, Some(stored)));
                    let _ = is_stored.await;
                    Ok(attempt)
                }
                StartedTest::Before(attempt) => engine.until_ended(attempt).await,
            }
        })
        .await
    }

    async fn until_ended(&self, id: AttemptId) -> Result<AttemptId> {
        let ended = async {
            loop {
                match self.store.attempt(id).await? {
                    Some(attempt) if attempt.status == AttemptStatus::Pending => tokio::time::sleep(TEST_POLL).await,
                    Some(_) => return Ok(id),
                    None => return Err(StoreError::NotFound { what: "attempt", id: id.to_string() }),
                }
            }
        };
        let under_way = || StoreError::Unavailable("the test is still under way".to_owned());
        tokio::time::timeout(LONGEST_TEST, ended).await.map_err(|_| under_way())?
    }

    async fn round_or_pause(self: &Arc<Self>) -> Duration {
        let round = self.round().await;
        self.looked(&round);
        match round {
            Ok(round) => round.pause,
            Err(error) => {
                log_claim_error(&error);
                POLL
            }
        }
    }

    /// Frees what instances that are gone had claimed.
    pub async fn free_abandoned(&self) -> Result<()> {
        let freed = self.store.free_abandoned(self.clock.now()).await?;
        if freed > 0 {
            self.metrics.freed(freed);
            tracing::info!(freed, "freed deliveries of an instance that is gone");
        }
        Ok(())
    }

    /// Lets go of what waits here for a webhook that was changed, so that it is claimed again as the webhook is now.
    pub async fn forget(self: &Arc<Self>, webhook: WebhookId) {
        if let Err(error) = self.release(Some(webhook)).await {
            tracing::warn!(%webhook, %error, "cannot give back what was claimed; it is sent as the webhook was before");
        }
    }

    /// Gives back what waits for one webhook, or what has waited too long.
    async fn release(self: &Arc<Self>, webhook: Option<WebhookId>) -> Result<()> {
        let stale = self.flight.stale(webhook, Instant::now());
        if stale.is_empty() {
            return Ok(());
        }
        let engine = self.clone();
        seen_through(async move {
            let released = engine.store.release(stale.iter().map(|claim| claim.claim).collect()).await;
            if released.is_err() {
                // They are still ours, and nobody else's.
                engine.take_on(stale);
            }
            released
        })
        .await
    }

    /// Frees what dead instances left, claims what is due, and begins its attempts.
    async fn round(self: &Arc<Self>) -> Result<Round> {
        self.metrics.round_began();
        let mut looked = self.claiming.lock().await;
        if self.stopping.load(Ordering::SeqCst) {
            return Ok(Round { claimed: 0, pause: POLL });
        }
        if looked.is_none_or(|at| at.elapsed() >= POLL) {
            self.free_abandoned().await?;
            self.release(None).await?;
            self.replan().await?;
            *looked = Some(Instant::now());
        }
        for flying in self.flight.begin_ready(Instant::now()) {
            tokio::spawn(self.clone().fly(flying, None));
        }
        self.as_instance(|instance| self.claim(instance)).await
    }

    async fn claim(self: &Arc<Self>, instance: InstanceId) -> Result<Round> {
        if let Some(pause) = self.put_off.pause(Instant::now()) {
            return Ok(Round { claimed: 0, pause });
        }
        let mut room = self.flight.room(Instant::now());
        room.most = room.most.min(BATCH);
        if room.most == 0 {
            self.flight.claimed(&room, &[]);
            return Ok(Round { claimed: 0, pause: POLL });
        }
        let now = self.clock.now();
        let claimed = self.store.claim(request(instance, now, &room)).await?;
        self.flight.claimed(&room, &claimed.claims);
        let count = claimed.claims.len();
        self.take_on(claimed.claims);
        let due_in = claimed.next_due.map_or(POLL, |due| self.clock.real(due.since(now)));
        Ok(Round { claimed: count, pause: if count == room.most { Duration::ZERO } else { due_in.min(POLL) } })
    }

    /// Waits for new work, a free place, or the pause to be over.
    async fn wait(&self, pause: Duration) {
        if self.stopping.load(Ordering::SeqCst) {
            return;
        }
        let arrived = self.store.work_arrived();
        tokio::select! {
            () = arrived.notified() => {}
            () = self.wake.notified() => {}
            () = self.flight.wanting() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    /// Takes claims on: what has a place is begun, the rest when an answer frees one.
    fn take_on(self: &Arc<Self>, claims: impl IntoIterator<Item = Claim>) {
        let now = Instant::now();
        for flying in claims.into_iter().filter_map(|claim| self.flight.admit(claim, now)) {
            tokio::spawn(self.clone().fly(flying, None));
        }
    }

    /// Makes an attempt, and then what is ready for the place that its answer has freed. `stored` is told when the
    /// first is stored.
    async fn fly(self: Arc<Self>, flying: Flying, mut stored: Option<oneshot::Sender<()>>) {
        let mut next = Some(flying);
        while let Some(Flying { claim, began }) = next {
            self.metrics.attempt_began(self.clock.now().since(claim.due_at));
            let Some(completion) = self.attempts.make(&claim).await else {
                next = self.put_off(&claim, began).await;
                continue;
            };
            self.metrics.attempt_ended(measured(&completion, claim.kind));
            let overloaded = matches!(completion.http_status, Some(502 | 504));
            next = self.flight.answered(claim.webhook_id, began, overloaded, Instant::now());
            self.recorder.record(completion, stored.take());
        }
    }
}

/// Does something to its end, even when the caller hangs up meanwhile: what is claimed must be sent, or given back.
async fn seen_through<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.unwrap_or_else(|_| Err(StoreError::Internal("a task of the engine panicked".to_owned())))
}

/// Takes what is claimed as it is made, while the engine lives.
struct Handed {
    engine: Weak<Engine>,
    runtime: Handle,
}

impl Taker for Handed {
    fn reserve(&self, webhook: WebhookId) -> bool {
        let now = Instant::now();
        self.engine
            .upgrade()
            .is_some_and(|engine| engine.put_off.pause(now).is_none() && engine.flight.reserve(webhook, now))
    }

    fn give_back(&self, webhook: WebhookId) {
        if let Some(engine) = self.engine.upgrade() {
            engine.flight.give_back(webhook);
        }
    }

    fn take(&self, claims: Vec<Claim>) {
        let Some(engine) = self.engine.upgrade() else { return };
        let _runtime = self.runtime.enter();
        for claim in &claims {
            engine.flight.give_back(claim.webhook_id);
        }
        engine.take_on(claims);
    }
}

fn request(instance: InstanceId, now: Timestamp, room: &Room) -> ClaimRequest {
    ClaimRequest {
        instance,
        now,
        most: room.most,
        most_in_trouble: room.most_in_trouble.min(room.most),
        most_per_webhook: MOST_IN_FLIGHT,
        most_unproven: MOST_UNPROVEN,
        rooms: room.rooms.clone(),
    }
}

fn measured(completion: &Completion, kind: AttemptKind) -> EndedAttempt {
    let Completion { http_status, error, started_at, finished_at, .. } = *completion;
    EndedAttempt { kind, http_status, error, took: finished_at.since(started_at) }
}

fn log_claim_error(error: &StoreError) {
    tracing::error!(%error, "cannot claim deliveries; trying again");
}

/// What one look for work found.
struct Round {
    claimed: usize,
    /// How long to wait before the next one, if nothing happens.
    pause: Duration,
}
