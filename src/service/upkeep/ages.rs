//! Decides which time ages are counted by, so that a jump of the clock does not expire history.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;

use crate::{
    domain::{
        time::{Clock, Timestamp},
        trust::{Believed, ClockState, Trust},
    },
    service::store::{Ages, BelievedAges, Result, Store},
};

/// How long a clock that jumped ahead must have run on before history expires by it.
const HISTORY_WAITS: Duration = Duration::from_secs(3600);
/// How far the trusted time may move before it is stored again.
const KEPT_EVERY: Duration = Duration::from_secs(60);

/// The trusted times and what was stored of them.
struct Watched {
    now: Trust,
    missed: Trust,
    kept: Option<BelievedAges>,
}

impl Watched {
    fn believed(&self) -> BelievedAges {
        BelievedAges { now: self.now.believed(), missed: self.missed.believed() }
    }

    /// The trusted times to store for the next process, unless they are stored already.
    fn to_keep(&self) -> Option<BelievedAges> {
        let believed = self.believed();
        let differs = |one: Believed, other: Believed| {
            let apart = one.time.since(other.time).max(other.time.since(one.time));
            apart >= KEPT_EVERY || one.doubt.is_some() != other.doubt.is_some()
        };
        let is_kept = |kept: BelievedAges| !differs(kept.now, believed.now) && !differs(kept.missed, believed.missed);
        (!self.kept.is_some_and(is_kept)).then_some(believed)
    }
}

/// Watches the clock for one database.
pub(super) struct AgeWatch {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// How long history is kept.
    history: Duration,
    watched: Mutex<Option<Watched>>,
}

impl AgeWatch {
    /// Makes a watch that has not looked at the clock yet.
    pub(super) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, history: Duration) -> Self {
        AgeWatch { store, clock, history, watched: Mutex::default() }
    }

    /// The times by which ages are counted now; none if they cannot be determined, which is logged.
    pub(super) async fn now(&self) -> Option<Ages> {
        let looked = self.look().await;
        looked
            .inspect_err(
                |error| tracing::warn!(%error, "the service cannot delete expired history; it tries again later"),
            )
            .ok()
    }

    /// Looks at the clock, and stores the trusted times.
    pub(super) async fn look(&self) -> Result<Ages> {
        let (now, passed) = (self.clock.now(), self.clock.passed());
        let mut watched = self.watched.lock().await;
        let watched = match &mut *watched {
            Some(watched) => watched,
            none => none.insert(self.begin(now).await?),
        };
        tell(watched.now.look(now, passed), now);
        watched.missed.look(now, passed);
        if let Some(believed) = watched.to_keep() {
            self.store.keep_believed_ages(believed).await?;
            watched.kept = Some(believed);
        }
        let BelievedAges { now, missed } = watched.believed();
        Ok(Ages { now: now.time, missed: missed.time })
    }

    async fn begin(&self, now: Timestamp) -> Result<Watched> {
        let fresh = Believed { time: now, doubt: None };
        let kept = self.store.believed_ages().await?;
        let believed = kept.unwrap_or(BelievedAges { now: fresh, missed: fresh });
        Ok(Watched {
            now: Trust::new(believed.now, HISTORY_WAITS),
            // By then everything from before the jump has really reached that age, so a jump deletes nothing early.
            missed: Trust::new(believed.missed, self.history),
            kept: None,
        })
    }
}

fn tell(seen: ClockState, now: Timestamp) {
    let seconds = |gained: Duration| gained.as_secs();
    match seen {
        ClockState::Steady | ClockState::Ahead => {}
        ClockState::Jumped(gained) => tracing::warn!(
            clock = %now,
            ahead_seconds = seconds(gained),
            "the clock is ahead of the time that has passed; the service keeps what is old only by this clock until the \
             clock has run on for an hour"
        ),
        ClockState::Believed(gained) => tracing::warn!(
            clock = %now,
            ahead_seconds = seconds(gained),
            "the clock has run on from the time to which it jumped; from now on the service deletes what is old by it"
        ),
        ClockState::Back => tracing::info!(clock = %now, "the clock is back at the time that the service trusts"),
    }
}
