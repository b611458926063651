//! The engine: claims due deliveries, and runs the recurring work around them.
//!
//! `dispatcher` makes attempts in parallel and has their results stored, also for claims that the store hands over
//! (`handed`). `membership` is this process's registration in the store, `recovery` advances recoveries, and `watch`
//! notices a clock that was set back. What a result means is decided in `store::rules`.

mod dispatcher;
mod handed;
mod membership;
mod putting_off;
mod recovery;
mod run_detached;
mod watch;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{Mutex, Notify, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    attempt::Attempts,
    in_flight::{Capacity, InFlight},
    pace::MOST_IN_FLIGHT,
    sender::Sender,
};
use crate::{
    domain::{
        attempt::AttemptStatus,
        health::MOST_UNPROVEN,
        ids::{AttemptId, WebhookId},
        random::Random,
        recovery::Retried,
        time::{Clock, Timestamp},
        version::Version,
    },
    net_guard::NetGuard,
    service::{
        metrics::Metrics,
        store::{
            AcceptEvent, Change, ClaimRequest, InstanceId, ManualRetry, Result, RetryTarget, StartedTest, Store,
            StoreError, TestDelivery,
        },
    },
};
use dispatcher::Dispatcher;
use handed::Handed;
use membership::Membership;
use recovery::Recovering;
use run_detached::run_detached;
use watch::Watch;

/// How often the store is asked for work that is not signalled: other processes' work, and that of ended instances.
const POLL: Duration = Duration::from_secs(1);
/// The most claims in one commit, which keeps it short.
const BATCH: usize = 256;
/// How often the engine checks on a test that another request started.
const TEST_POLL: Duration = Duration::from_millis(20);
/// How long the engine waits for such a test: longer than an attempt can take.
const LONGEST_TEST: Duration = Duration::from_secs(25);

/// Delivers what is due. Each process has one, which is cheap to share.
pub struct Engine {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    in_flight: Arc<InFlight>,
    dispatcher: Arc<Dispatcher>,
    membership: Membership,
    recovering: Recovering,
    watch: Watch,
    wake: Notify,
    stopping: CancellationToken,
    /// Held while claiming, so that a round's claims are in flight before the instance ends. The value is the time of
    /// the last look for ended instances.
    claiming: Mutex<Option<Instant>>,
}

impl Engine {
    /// Makes an engine that has not started to deliver. It records into `metrics`, and has at most `most_in_flight`
    /// requests at once.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        guard: NetGuard,
        metrics: Arc<Metrics>,
        most_in_flight: usize,
    ) -> Arc<Self> {
        let in_flight = Arc::new(InFlight::at_most(most_in_flight));
        let stopping = CancellationToken::new();
        let attempts = Attempts {
            sender: Sender::new(guard),
            clock: clock.clone(),
            random,
            interrupted: CancellationToken::new(),
            made_again: CancellationToken::new(),
        };
        let dispatcher = Dispatcher::new(store.clone(), attempts, in_flight.clone(), metrics.clone(), stopping.clone());
        Arc::new(Engine {
            membership: Membership::new(store.clone(), clock.clone(), in_flight.clone()),
            recovering: Recovering::new(store.clone(), clock.clone()),
            watch: Watch::new(store.clone(), clock.clone()),
            dispatcher: Arc::new(dispatcher),
            store,
            clock,
            metrics,
            in_flight,
            wake: Notify::new(),
            stopping,
            claiming: Mutex::new(None),
        })
    }

    /// Delivers in the background until [`Engine::shutdown`].
    pub fn start(self: &Arc<Self>) -> JoinHandle<()> {
        let engine = self.clone();
        tokio::spawn(async move {
            while !engine.is_stopping() {
                engine.take_over().await;
                let pause = engine.round_or_pause().await;
                engine.wait(pause.min(engine.recover_or_pause().await)).await;
            }
        })
    }

    /// Delivers what is due, and what becomes due meanwhile, until nothing is left to do now.
    pub async fn run_until_idle(self: &Arc<Self>) -> Result<()> {
        loop {
            let recovering = self.recover().await?;
            // This is read before the claim, because results recorded during it may have freed capacity for more.
            let idle = self.in_flight.is_idle();
            let round = self.round().await?;
            if recovering || round.claimed > 0 {
                continue;
            }
            if idle {
                return Ok(());
            }
            self.in_flight.changed().await;
        }
    }

    /// Looks for work now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether it claims nothing more.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Whether the last look for work failed.
    pub fn cannot_claim(&self) -> bool {
        self.membership.cannot_claim()
    }

    /// Stops claiming and waits until the attempts in flight are stored. Tests can still be made.
    pub async fn drain(&self) -> Result<()> {
        self.stopping.cancel();
        self.wake();
        self.in_flight.close();
        drop(self.claiming.lock().await);
        let Some(instance) = self.membership.joined().await else { return Ok(()) };
        let withdrawn = self.store.hand_over(instance, None).await;
        self.in_flight.idle().await;
        withdrawn
    }

    /// Stops claiming, waits until the attempts in flight are stored, and ends the instance.
    pub async fn shutdown(&self) -> Result<()> {
        let drained = self.drain().await;
        let Some(instance) = self.membership.joined().await else { return drained };
        self.store.leave(instance).await.and(drained)
    }

    /// Stops claiming and cuts short the attempts in flight, for a command that stops waiting. Each is recorded as failed
    /// and counts; otherwise a receiver that is slower than the command's `--timeout` would get the event again from
    /// each command.
    pub async fn interrupt(&self) -> Result<()> {
        self.dispatcher.give_up();
        self.shutdown().await
    }

    /// Cuts short the attempts in flight, for a service that stops. One whose answer's head has come ends with it; one
    /// without an answer is not recorded, and is made again.
    pub fn cut_short(&self) {
        self.dispatcher.cut_short();
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
        run_detached(async move {
            let start = |instance| {
                let test = TestDelivery { webhook_id, event: event.clone(), version, instance };
                engine.store.start_test(test, change.clone())
            };
            match engine.membership.as_instance(start).await? {
                StartedTest::New(claim) => {
                    let attempt = claim.attempt_id;
                    let (stored, is_stored) = oneshot::channel();
                    engine.dispatcher.begin(*claim, Some(stored));
                    let _ = is_stored.await;
                    Ok(attempt)
                }
                StartedTest::Before(attempt) => engine.until_ended(attempt).await,
            }
        })
        .await
    }

    /// Retries deliveries at once; returns when the attempts have begun. They go on if the caller goes away.
    pub async fn retry(self: &Arc<Self>, target: RetryTarget, change: Change) -> Result<Retried> {
        let engine = self.clone();
        run_detached(async move {
            // The lock ensures that these claims are in flight before the instance ends.
            let _claiming = engine.claiming.lock().await;
            if engine.is_stopping() {
                return Err(StoreError::Unavailable("the service is stopping".to_owned()));
            }
            let start =
                |instance| engine.store.start_retry(ManualRetry { target: target.clone(), instance }, change.clone());
            let started = engine.membership.as_instance(start).await?;
            for claim in started.claims {
                engine.dispatcher.begin(claim, None);
            }
            Ok(started.retried)
        })
        .await
    }

    /// Advances a recovery that was just started.
    pub fn recover_now(&self) {
        self.recovering.begun();
        self.wake();
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

    /// Makes the store hand over new claims, if it does not yet.
    async fn take_over(&self) {
        // A stop waits for this lock, and then prevents further handovers.
        let _claiming = self.claiming.lock().await;
        if self.is_stopping() {
            return;
        }
        if let Err(error) = self.membership.take_over(|| Handed::to(&self.dispatcher)).await {
            log_claim_error(&error);
        }
    }

    /// Advances the oldest recovery by one step, if there is one. Returns whether there may be more to do now.
    async fn recover(&self) -> Result<bool> {
        if self.is_stopping() { Ok(false) } else { self.recovering.advance().await }
    }

    /// Like [`Engine::recover`], for the delivery loop; returns the pause before the next step.
    async fn recover_or_pause(&self) -> Duration {
        match self.recover().await {
            Ok(true) => Duration::ZERO,
            Ok(false) => POLL,
            Err(error) => {
                tracing::error!(%error, "cannot take a recovery further; trying again");
                POLL
            }
        }
    }

    async fn round_or_pause(self: &Arc<Self>) -> Duration {
        let round = self.round().await;
        self.membership.looked(&round);
        match round {
            Ok(round) => round.pause,
            Err(error) => {
                log_claim_error(&error);
                POLL
            }
        }
    }

    /// Frees claims of ended instances.
    pub async fn free_abandoned(&self) -> Result<()> {
        let freed = self.store.free_abandoned(self.clock.now()).await?;
        if freed > 0 {
            self.metrics.freed(freed);
            tracing::info!(freed, "freed deliveries of an instance that is gone");
        }
        Ok(())
    }

    /// Gives back the waiting claims of a changed webhook, so that they are claimed again with its new settings.
    pub async fn forget(self: &Arc<Self>, webhook: WebhookId) {
        if let Err(error) = self.dispatcher.release(Some(webhook)).await {
            tracing::warn!(%webhook, %error, "the service cannot give back claimed deliveries; it sends them with the webhook's old settings");
        }
    }

    /// Frees claims of ended instances, claims due deliveries, and begins their attempts.
    async fn round(self: &Arc<Self>) -> Result<Round> {
        self.metrics.round_began();
        let mut looked = self.claiming.lock().await;
        if self.is_stopping() {
            return Ok(Round { claimed: 0, pause: POLL });
        }
        if looked.is_none_or(|at| at.elapsed() >= POLL) {
            self.free_abandoned().await?;
            self.dispatcher.release(None).await?;
            self.watch.replan().await?;
            *looked = Some(Instant::now());
        }
        self.dispatcher.begin_ready();
        self.membership.as_instance(|instance| self.claim(instance)).await
    }

    async fn claim(self: &Arc<Self>, instance: InstanceId) -> Result<Round> {
        if let Some(pause) = self.dispatcher.pause(Instant::now()) {
            return Ok(Round { claimed: 0, pause });
        }
        let mut capacity = self.in_flight.capacity(Instant::now());
        capacity.most = capacity.most.min(BATCH);
        if capacity.most == 0 {
            self.in_flight.claimed(&capacity, &[]);
            return Ok(Round { claimed: 0, pause: POLL });
        }
        let now = self.clock.now();
        let claimed = self.store.claim(request(instance, now, &capacity)).await?;
        self.in_flight.claimed(&capacity, &claimed.claims);
        let count = claimed.claims.len();
        self.dispatcher.take_on(claimed.claims);
        let due_in = claimed.next_due.map_or(POLL, |due| self.clock.real(due.since(now)));
        Ok(Round { claimed: count, pause: if count == capacity.most { Duration::ZERO } else { due_in.min(POLL) } })
    }

    /// Waits for new work, a free place, or the end of the pause.
    async fn wait(&self, pause: Duration) {
        if self.is_stopping() {
            return;
        }
        let arrived = self.store.work_arrived();
        tokio::select! {
            () = arrived.notified() => {}
            () = self.wake.notified() => {}
            () = self.in_flight.wanting() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn request(instance: InstanceId, now: Timestamp, capacity: &Capacity) -> ClaimRequest {
    ClaimRequest {
        instance,
        now,
        most: capacity.most,
        most_in_trouble: capacity.most_in_trouble.min(capacity.most),
        most_per_webhook: MOST_IN_FLIGHT,
        most_unproven: MOST_UNPROVEN,
        capacities: capacity.capacities.clone(),
    }
}

fn log_claim_error(error: &StoreError) {
    tracing::error!(%error, "cannot claim deliveries; trying again");
}

/// The result of one look for work.
struct Round {
    claimed: usize,
    /// The pause before the next look, if nothing happens.
    pause: Duration,
}
