//! Advances recoveries while the engine delivers.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    domain::time::Clock,
    service::store::{Result, Store},
};

/// How often the store is asked for recoveries that other processes started.
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// Knows whether there may be a recovery to advance.
pub(super) struct Recovering {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Whether a recovery is known to be under way.
    under_way: AtomicBool,
    /// When the store was last asked.
    looked_at: Mutex<Option<Instant>>,
}

impl Recovering {
    /// Makes the state in which no recovery is known.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Recovering { store, clock, under_way: AtomicBool::default(), looked_at: Mutex::default() }
    }

    /// Records that a recovery was just started.
    pub fn begun(&self) {
        self.under_way.store(true, Ordering::SeqCst);
    }

    /// Advances the oldest recovery by one step. Returns whether there may be more to do now.
    pub async fn advance(&self) -> Result<bool> {
        if !self.is_to_look() {
            return Ok(false);
        }
        let more = self.store.advance_recovery(self.clock.now()).await?;
        self.under_way.store(more, Ordering::SeqCst);
        Ok(more)
    }

    /// Whether to ask the store now: always during a recovery, otherwise once in a while.
    fn is_to_look(&self) -> bool {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.under_way.load(Ordering::SeqCst) || looked_at.is_none_or(|at| at.elapsed() >= ASKED_EVERY);
        if due {
            *looked_at = Some(Instant::now());
        }
        due
    }
}
