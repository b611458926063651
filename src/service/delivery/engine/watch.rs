//! Notices a clock that was set back, and has the store correct what was planned by it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    domain::time::{Clock, Timestamp},
    service::store::{Result, Store},
};

/// How far a clock may fall behind the elapsed time before it counts as set back.
const SLACK: Duration = Duration::from_secs(2);
/// How often the store is searched for times beyond every rule, whatever their cause.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Watches the clock.
pub(super) struct Watch {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// The last look at the clock.
    seen: Mutex<Option<LastLook>>,
}

#[derive(Debug, Clone, Copy)]
struct LastLook {
    now: Timestamp,
    passed: Duration,
    /// The elapsed time at the last search.
    searched: Duration,
}

impl Watch {
    /// Makes a watch that has not looked at the clock yet.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Watch { store, clock, seen: Mutex::default() }
    }

    /// Corrects what is planned too far ahead: when the clock was set back, and once in a while. A new process cannot
    /// know whether it was, so it also searches.
    pub async fn replan(&self) -> Result<()> {
        let (now, passed) = (self.clock.now(), self.clock.passed());
        let seen = || self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *seen();
        let doubtful = before.is_none_or(|before| was_set_back(before, now, passed));
        let searches = doubtful || before.is_none_or(|before| passed.saturating_sub(before.searched) >= LOOK_EVERY);
        if searches {
            self.store.replan(now, doubtful).await?;
        }
        let searched = before.filter(|_| !searches).map_or(passed, |before| before.searched);
        *seen() = Some(LastLook { now, passed, searched });
        Ok(())
    }
}

fn was_set_back(before: LastLook, now: Timestamp, passed: Duration) -> bool {
    now.plus(SLACK) < before.now.plus(passed.saturating_sub(before.passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_falls_behind_the_time_was_set_back() {
        let at = Timestamp::from_seconds;
        let before = LastLook { now: at(1_000), passed: Duration::from_secs(10), searched: Duration::ZERO };
        let set_back = |now, passed| was_set_back(before, at(now), Duration::from_secs(passed));
        assert!(!set_back(1_005, 15) && !set_back(1_003, 15) && !set_back(9_000, 15));
        assert!(set_back(1_002, 15) && set_back(0, 15) && set_back(1_000, 13));
    }
}
