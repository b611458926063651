//! A clock that is set back: what was planned by it is planned anew.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    domain::time::{Clock, Timestamp},
    service::store::{Result, Store},
};

/// How far a clock may fall behind the time that passes without having been set.
const SLACK: Duration = Duration::from_secs(2);
/// How often it is looked for what lies beyond every rule, for whatever reason.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Watches the clock.
pub(super) struct Watch {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// The clock, as it was looked at last.
    seen: Mutex<Option<Seen>>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    now: Timestamp,
    passed: Duration,
    /// When it was last looked for what is planned too far ahead.
    searched: Duration,
}

impl Watch {
    /// The clock was not looked at yet.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Watch { store, clock, seen: Mutex::default() }
    }

    /// Has what is planned too far ahead brought back: when the clock was set back, and now and then. A process that
    /// begins cannot tell whether it was.
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
        *seen() = Some(Seen { now, passed, searched });
        Ok(())
    }
}

fn was_set_back(before: Seen, now: Timestamp, passed: Duration) -> bool {
    now.plus(SLACK) < before.now.plus(passed.saturating_sub(before.passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_falls_behind_the_time_was_set_back() {
        let at = Timestamp::from_seconds;
        let before = Seen { now: at(1_000), passed: Duration::from_secs(10), searched: Duration::ZERO };
        let set_back = |now, passed| was_set_back(before, at(now), Duration::from_secs(passed));
        assert!(!set_back(1_005, 15) && !set_back(1_003, 15) && !set_back(9_000, 15));
        assert!(set_back(1_002, 15) && set_back(0, 15) && set_back(1_000, 13));
    }
}
