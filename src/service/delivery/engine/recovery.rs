//! Retries by hand, and recoveries taken further by whoever delivers.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::{Engine, POLL, seen_through};
use crate::{
    domain::recovery::Retried,
    service::store::{Change, ManualRetry, Result, RetryTarget, StoreError},
};

/// Whether there may be a recovery to take further.
#[derive(Default)]
pub(super) struct Recovering {
    /// One is known to be under way.
    under_way: AtomicBool,
    /// When the store was last asked for one that nobody told us of.
    looked_at: Mutex<Option<Instant>>,
}

impl Recovering {
    /// Whether the store is to be asked now: while one is under way, else now and then.
    fn is_to_look(&self) -> bool {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.under_way.load(Ordering::SeqCst) || looked_at.is_none_or(|at| at.elapsed() >= POLL);
        if due {
            *looked_at = Some(Instant::now());
        }
        due
    }
}

impl Engine {
    /// Tries deliveries again at once; answers when the attempts have begun. They go on when the caller hangs up.
    pub async fn retry(self: &Arc<Self>, target: RetryTarget, change: Change) -> Result<Retried> {
        let engine = self.clone();
        seen_through(async move {
            // So that what is claimed here is in flight before the instance is ended.
            let _claiming = engine.claiming.lock().await;
            if engine.stopping.load(Ordering::SeqCst) {
                return Err(StoreError::Unavailable("the service is stopping".to_owned()));
            }
            let start = |instance| engine.store.start_retry(ManualRetry { target, instance }, change.clone());
            let started = engine.as_instance(start).await?;
            for claim in started.claims {
                let flying = engine.flight.begin(claim, Instant::now());
                tokio::spawn(engine.clone().fly(flying, None));
            }
            Ok(started.retried)
        })
        .await
    }

    /// Takes up a recovery that was just begun.
    pub fn recover_now(&self) {
        self.recovering.under_way.store(true, Ordering::SeqCst);
        self.wake();
    }

    /// Takes the oldest recovery one step further, if there is one. Whether there may be more to do now.
    pub(super) async fn recover(&self) -> Result<bool> {
        if self.stopping.load(Ordering::SeqCst) || !self.recovering.is_to_look() {
            return Ok(false);
        }
        let more = self.store.advance_recovery(self.clock.now()).await?;
        self.recovering.under_way.store(more, Ordering::SeqCst);
        Ok(more)
    }

    /// As [`Engine::recover`], for the loop that delivers: how long it may pause before the next step.
    pub(super) async fn recover_or_pause(&self) -> Duration {
        match self.recover().await {
            Ok(true) => Duration::ZERO,
            Ok(false) => POLL,
            Err(error) => {
                tracing::error!(%error, "cannot take a recovery further; trying again");
                POLL
            }
        }
    }
}
