//! Makes the attempts of claims, each when it has a place, and has their results stored.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{
    putting_off::{PAUSE, PutOff},
    run_detached::run_detached,
};
use crate::{
    domain::{attempt::AttemptKind, ids::WebhookId, time::Clock},
    service::{
        delivery::{
            attempt::{Attempts, NoAttempt},
            in_flight::{InFlight, StartedClaim},
            recorder::Recorder,
        },
        metrics::{EndedAttempt, Metrics},
        store::{Claim, Completion, Result, Store},
    },
};

/// Makes attempts.
pub(super) struct Dispatcher {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    attempts: Attempts,
    in_flight: Arc<InFlight>,
    recorder: Recorder,
    put_off: PutOff,
    /// Cancelled when the engine stops claiming.
    stopping: CancellationToken,
}

impl Dispatcher {
    /// Makes a dispatcher without attempts in flight.
    pub fn new(
        store: Arc<dyn Store>,
        attempts: Attempts,
        in_flight: Arc<InFlight>,
        metrics: Arc<Metrics>,
        stopping: CancellationToken,
    ) -> Self {
        let (clock, recorder) = (attempts.clock.clone(), Recorder::new(store.clone(), in_flight.clone()));
        Dispatcher { store, clock, metrics, attempts, in_flight, recorder, put_off: PutOff::default(), stopping }
    }

    /// How long claiming still pauses, if it does.
    pub fn pause(&self, now: Instant) -> Option<Duration> {
        self.put_off.pause(now)
    }

    /// Reserves a place for a delivery that is being made for this webhook, if there is one.
    pub fn reserve(&self, webhook: WebhookId, now: Instant) -> bool {
        self.pause(now).is_none() && self.in_flight.reserve(webhook, now)
    }

    /// Gives a reserved place back.
    pub fn give_back(&self, webhook: WebhookId) {
        self.in_flight.give_back(webhook);
    }

    /// Accepts claims: those with a place begin, the others when an answer frees one.
    pub fn take_on(self: &Arc<Self>, claims: impl IntoIterator<Item = Claim>) {
        let now = Instant::now();
        for started in claims.into_iter().filter_map(|claim| self.in_flight.admit(claim, now)) {
            tokio::spawn(self.clone().attempt(started, None));
        }
    }

    /// Begins an attempt at once, regardless of the limits. Signals `stored` when its result is stored.
    pub fn begin(self: &Arc<Self>, claim: Claim, stored: Option<oneshot::Sender<()>>) {
        let started = self.in_flight.begin(claim, Instant::now());
        tokio::spawn(self.clone().attempt(started, stored));
    }

    /// Begins the waiting attempts that now have a place.
    pub fn begin_ready(self: &Arc<Self>) {
        for started in self.in_flight.begin_ready(Instant::now()) {
            tokio::spawn(self.clone().attempt(started, None));
        }
    }

    /// Cuts short the attempts in flight; each is recorded as failed, and counts.
    pub fn give_up(&self) {
        self.attempts.interrupted.cancel();
    }

    /// Cuts short the attempts in flight. One without an answer is not recorded; the next instance makes it again.
    pub fn cut_short(&self) {
        self.attempts.made_again.cancel();
        self.attempts.interrupted.cancel();
    }

    /// Gives back the waiting claims of one webhook, or those that have waited too long.
    pub async fn release(self: &Arc<Self>, webhook: Option<WebhookId>) -> Result<()> {
        let stale = self.in_flight.stale(webhook, Instant::now());
        if stale.is_empty() {
            return Ok(());
        }
        let dispatcher = Arc::clone(self);
        run_detached(async move {
            let released = dispatcher.store.release(stale.iter().map(|claim| claim.claim).collect()).await;
            if released.is_err() {
                // These claims still belong to this instance.
                dispatcher.take_on(stale);
            }
            released
        })
        .await
    }

    /// Makes an attempt, and then those that wait for the place that its answer frees. Signals `stored` when the first
    /// result is stored.
    async fn attempt(self: Arc<Self>, started: StartedClaim, mut stored: Option<oneshot::Sender<()>>) {
        let mut next = Some(started);
        while let Some(StartedClaim { claim, began }) = next {
            self.metrics.attempt_began(self.clock.now().since(claim.due_at));
            let completion = match self.attempts.make(&claim).await {
                Ok(completion) => completion,
                Err(unmade) => {
                    next = self.unmade(&claim, began, unmade).await;
                    continue;
                }
            };
            self.metrics.attempt_ended(measured(&completion, claim.kind));
            let overloaded = matches!(completion.http_status, Some(502 | 504));
            next = self.in_flight.answered(claim.webhook_id, began, overloaded, Instant::now());
            self.recorder.record(completion, stored.take());
        }
    }

    /// Ends a claim that gave no attempt; its receiver is not to blame. Returns the next attempt for its place.
    async fn unmade(&self, claim: &Claim, began: Instant, unmade: NoAttempt) -> Option<StartedClaim> {
        self.metrics.attempt_put_off();
        match unmade {
            NoAttempt::NoDescriptor => self.put_off(claim).await,
            NoAttempt::CutShort => {
                // The claim is freed when the instance leaves.
                let (webhook, attempt, number) = (claim.webhook_id, claim.attempt_id, claim.number);
                tracing::info!(%webhook, %attempt, number, "the service stops and has cut an attempt short; it is not counted and will be made again");
            }
        }
        let next = self.in_flight.answered(claim.webhook_id, began, false, Instant::now());
        self.in_flight.recorded([claim.claim]);
        next
    }

    /// Gives back a claim that could not be sent because no file descriptor was left.
    async fn put_off(&self, claim: &Claim) {
        if self.put_off.note(Instant::now()) {
            tracing::error!("the service has no file descriptor left to deliver with (ulimit -n); it tries again");
        }
        self.metrics.lacked_descriptors();
        while let Err(error) = self.store.release(vec![claim.claim]).await {
            tracing::error!(%error, "cannot give back what was not sent; trying again");
            if self.stopping.is_cancelled() {
                // The claim is freed when the instance leaves.
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn measured(completion: &Completion, kind: AttemptKind) -> EndedAttempt {
    let Completion { http_status, error, started_at, finished_at, .. } = *completion;
    EndedAttempt { kind, http_status, error, took: finished_at.since(started_at) }
}
