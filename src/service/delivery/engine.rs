//! The engine: claims due deliveries, makes their attempts side by side, and records how each ended.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use tokio::{
    sync::{Mutex, Notify, OnceCell},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    flight::{Flight, MOST_PER_WEBHOOK},
    request, retry,
    sender::{Outcome, Sender},
};
use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind, AttemptStatus},
        ids::{AttemptId, WebhookId},
        random::Random,
        time::{Clock, Timestamp},
        version::Version,
        webhook::DisabledReason,
    },
    net_guard::NetGuard,
    service::store::{
        AcceptEvent, Claim, ClaimRequest, Completion, Exchange, InstanceId, Once, Result, StartedTest, Store,
        StoreError, TestDelivery,
    },
};

/// How often the store is asked for work that nobody told us of: another process's, or an instance's that is gone.
const POLL: Duration = Duration::from_secs(1);
/// How many claims are taken at once, so that one commit stays short.
const BATCH: usize = 256;
/// How long to wait before a result that could not be stored is tried again; doubled each time up to the longest.
const STORE_RETRY: Duration = Duration::from_millis(50);
const LONGEST_STORE_RETRY: Duration = Duration::from_secs(5);
/// How often a test that another request makes is looked at.
const TEST_POLL: Duration = Duration::from_millis(20);
/// How long it is waited for: longer than an attempt can take.
const LONGEST_TEST: Duration = Duration::from_secs(25);

/// Delivers what is due. One a process; cheap to share.
pub struct Engine {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    sender: Sender,
    flight: Flight,
    instance: OnceCell<InstanceId>,
    wake: Notify,
    stopping: AtomicBool,
    /// Cuts short what is in flight.
    interrupted: CancellationToken,
    /// Held while claiming, so that what a round under way has claimed is in flight before the instance is ended.
    claiming: Mutex<()>,
}

impl Engine {
    /// An engine that has not begun to deliver.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>, guard: NetGuard) -> Arc<Self> {
        Arc::new(Engine {
            store,
            clock,
            random,
            sender: Sender::new(guard),
            flight: Flight::default(),
            instance: OnceCell::new(),
            wake: Notify::new(),
            stopping: AtomicBool::new(false),
            interrupted: CancellationToken::new(),
            claiming: Mutex::new(()),
        })
    }

    /// Delivers in the background until [`Engine::shutdown`].
    pub fn start(self: &Arc<Self>) -> JoinHandle<()> {
        let engine = self.clone();
        tokio::spawn(async move {
            while !engine.stopping.load(Ordering::SeqCst) {
                let pause = engine.round_or_pause().await;
                engine.wait(pause).await;
            }
        })
    }

    /// Delivers what is due, and what falls due meanwhile, until nothing is left to do now.
    pub async fn run_until_idle(self: &Arc<Self>) -> Result<()> {
        loop {
            let round = self.round().await?;
            if round.claimed == 0 && self.flight.is_idle() {
                return Ok(());
            }
            if round.claimed == 0 {
                self.flight.changed().await;
            }
        }
    }

    /// Looks for work now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Stops claiming, waits for what is in flight to be stored, and ends the instance.
    pub async fn shutdown(&self) -> Result<()> {
        self.stopping.store(true, Ordering::SeqCst);
        self.wake();
        drop(self.claiming.lock().await);
        self.flight.idle().await;
        match self.instance.get() {
            Some(instance) => self.store.leave(*instance).await,
            None => Ok(()),
        }
    }

    /// Stops claiming and cuts short what is in flight: each is recorded as a failed try, so that the history has it
    /// and it counts.
    pub async fn interrupt(&self) -> Result<()> {
        self.interrupted.cancel();
        self.shutdown().await
    }

    /// Sends one signed test to a webhook and returns when the attempt has ended.
    pub async fn test(
        self: &Arc<Self>,
        webhook_id: WebhookId,
        event: AcceptEvent,
        version: Option<Version>,
        once: Option<Once>,
    ) -> Result<AttemptId> {
        let instance = self.instance().await?;
        let test = TestDelivery { webhook_id, event, version, instance };
        match self.store.start_test(test, self.clock.now(), once).await? {
            StartedTest::New(claim) => {
                let attempt = claim.attempt_id;
                // The attempt goes on when the caller hangs up: what is claimed is always finished.
                let running = self.begin(*claim);
                let _ = running.await;
                Ok(attempt)
            }
            StartedTest::Before(attempt) => self.until_ended(attempt).await,
        }
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

    async fn instance(&self) -> Result<InstanceId> {
        self.instance.get_or_try_init(|| self.store.join(self.clock.now())).await.copied()
    }

    async fn round_or_pause(self: &Arc<Self>) -> Duration {
        match self.round().await {
            Ok(round) => round.pause,
            Err(error) => {
                tracing::error!(%error, "cannot claim deliveries; trying again");
                POLL
            }
        }
    }

    /// Frees what instances that are gone had claimed.
    pub async fn free_abandoned(&self) -> Result<()> {
        let freed = self.store.free_abandoned(self.clock.now()).await?;
        if freed > 0 {
            tracing::info!(freed, "freed deliveries of an instance that is gone");
        }
        Ok(())
    }

    /// Frees what dead instances left, claims what is due, and begins its attempts.
    async fn round(self: &Arc<Self>) -> Result<Round> {
        let _claiming = self.claiming.lock().await;
        let room = self.flight.room().min(BATCH);
        if room == 0 || self.stopping.load(Ordering::SeqCst) {
            return Ok(Round { claimed: 0, pause: POLL });
        }
        let now = self.clock.now();
        let instance = self.instance().await?;
        self.free_abandoned().await?;
        let request = ClaimRequest {
            instance,
            now,
            most: room,
            most_in_trouble: room,
            most_per_webhook: MOST_PER_WEBHOOK,
            rooms: self.flight.rooms(),
        };
        let claimed = self.store.claim(request).await?;
        let count = claimed.claims.len();
        for claim in claimed.claims {
            drop(self.begin(claim));
        }
        let due_in = claimed.next_due.map_or(POLL, |due| self.clock.real(due.since(now)));
        Ok(Round { claimed: count, pause: if count == room { Duration::ZERO } else { due_in.min(POLL) } })
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
            () = self.flight.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    /// Makes one attempt in a task of its own: a panic in it ends nothing else.
    fn begin(self: &Arc<Self>, claim: Claim) -> JoinHandle<()> {
        self.flight.begin(claim.webhook_id);
        let engine = self.clone();
        tokio::spawn(async move {
            let started_at = engine.clock.now();
            let attempted = AssertUnwindSafe(engine.attempt(&claim, started_at)).catch_unwind().await;
            let (outcome, exchange) = attempted.unwrap_or_else(|_| panicked(&claim));
            engine.flight.answered(claim.webhook_id);
            engine.record(engine.completion(&claim, started_at, outcome, exchange)).await;
            engine.flight.finished();
        })
    }

    async fn attempt(&self, claim: &Claim, started_at: Timestamp) -> (Outcome, Exchange) {
        match request::prepare(claim, started_at) {
            Ok(prepared) => {
                let outcome = tokio::select! {
                    outcome = self.sender.send(prepared.request) => outcome,
                    () = self.interrupted.cancelled() => {
                        Outcome::failed(AttemptError::Interrupted, "the program was stopped before the answer was in")
                    }
                };
                let exchange = Exchange {
                    url: claim.url.clone(),
                    request_headers: prepared.headers,
                    response: outcome.response.clone(),
                };
                (outcome, exchange)
            }
            Err(error) => (Outcome::failed(AttemptError::Internal, error.to_string()), unsent(claim)),
        }
    }

    fn completion(&self, claim: &Claim, started_at: Timestamp, outcome: Outcome, exchange: Exchange) -> Completion {
        let Outcome { status, error, detail, retry_after, response: _ } = outcome;
        let finished_at = self.clock.now().max(started_at);
        let jitter = self.random.fraction();
        if let Some(error) = error {
            let (webhook, attempt, number) = (claim.webhook_id, claim.attempt_id, claim.number);
            tracing::info!(%webhook, %attempt, number, %error, status = status.map(|s| s.as_u16()), "an attempt failed");
        }
        Completion {
            claim: claim.claim,
            delivery_id: claim.delivery_id,
            attempt_id: claim.attempt_id,
            http_status: status.map(|status| status.as_u16()),
            error,
            error_detail: detail,
            started_at,
            finished_at,
            exchange,
            next: retry::next(claim.kind, claim.number, error, retry_after.as_deref(), finished_at, jitter),
            hold: None,
            disable: (error == Some(AttemptError::Gone) && claim.kind != AttemptKind::Test)
                .then_some(DisabledReason::Gone),
        }
    }

    /// Stores a result; while the database cannot take it, tries again. What was sent is not forgotten.
    async fn record(&self, completion: Completion) {
        let mut pause = STORE_RETRY;
        loop {
            match self.store.complete(completion.clone()).await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(attempt = %completion.attempt_id, "its claim was no longer held; not recorded");
                    return;
                }
                Err(error) => tracing::error!(attempt = %completion.attempt_id, %error, "cannot record an attempt"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_STORE_RETRY);
        }
    }
}

/// What one look for work found.
struct Round {
    claimed: usize,
    /// How long to wait before the next one, if nothing happens.
    pause: Duration,
}

fn unsent(claim: &Claim) -> Exchange {
    Exchange { url: claim.url.clone(), request_headers: Vec::new(), response: None }
}

fn panicked(claim: &Claim) -> (Outcome, Exchange) {
    tracing::error!(attempt = %claim.attempt_id, "a delivery panicked");
    (Outcome::failed(AttemptError::Internal, "the delivery panicked; the service's log has more"), unsent(claim))
}
