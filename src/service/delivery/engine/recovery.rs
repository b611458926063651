//! Recoveries, taken further by whoever delivers.

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

/// How often the store is asked for a recovery that nobody told us of.
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// Whether there may be a recovery to take further.
pub(super) struct Recovering {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// One is known to be under way.
    under_way: AtomicBool,
    /// When the store was last asked for one that nobody told us of.
    looked_at: Mutex<Option<Instant>>,
}

impl Recovering {
    /// None is known yet.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Recovering { store, clock, under_way: AtomicBool::default(), looked_at: Mutex::default() }
    }

    /// One was just begun.
    pub fn begun(&self) {
        self.under_way.store(true, Ordering::SeqCst);
    }

    /// Takes the oldest one step further, if there is one. Whether there may be more to do now.
    pub async fn advance(&self) -> Result<bool> {
        if !self.is_to_look() {
            return Ok(false);
        }
        let more = self.store.advance_recovery(self.clock.now()).await?;
        self.under_way.store(more, Ordering::SeqCst);
        Ok(more)
    }

    /// Whether the store is to be asked now: while one is under way, else now and then.
    fn is_to_look(&self) -> bool {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.under_way.load(Ordering::SeqCst) || looked_at.is_none_or(|at| at.elapsed() >= ASKED_EVERY);
        if due {
            *looked_at = Some(Instant::now());
        }
        due
    }
}
