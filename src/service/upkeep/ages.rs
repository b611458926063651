//! The times by which ages are counted, so that a clock that jumps makes nothing old.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;

use crate::{
    domain::{
        time::{Clock, Timestamp},
        trust::{Believed, Seen, Trust},
    },
    service::store::{Ages, BelievedAges, Result, Store},
};

/// How long a clock that jumped ahead must have gone on before history goes by it.
const HISTORY_WAITS: Duration = Duration::from_secs(3600);
/// How much later it may be when what is believed is kept anew.
const KEPT_EVERY: Duration = Duration::from_secs(60);

/// What is believed of the clock.
struct Watched {
    now: Trust,
    missed: Trust,
    kept: Option<BelievedAges>,
}

impl Watched {
    fn believed(&self) -> BelievedAges {
        BelievedAges { now: self.now.believed(), missed: self.missed.believed() }
    }

    /// What is to be kept for the next process, when that is not kept already.
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
    /// It has not looked at the clock yet.
    pub(super) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, history: Duration) -> Self {
        AgeWatch { store, clock, history, watched: Mutex::default() }
    }

    /// The times by which ages are counted now; none when that cannot be found out, which is logged.
    pub(super) async fn now(&self) -> Option<Ages> {
        let looked = self.look().await;
        looked.inspect_err(|error| tracing::warn!(%error, "cannot let old history go; trying again later")).ok()
    }

    /// Looks at the clock, and keeps what is believed of it.
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
            // What was there before the jump has really become so old by then: no jump makes it go.
            missed: Trust::new(believed.missed, self.history),
            kept: None,
        })
    }
}

fn tell(seen: Seen, now: Timestamp) {
    let seconds = |gained: Duration| gained.as_secs();
    match seen {
        Seen::Steady | Seen::Ahead => {}
        Seen::Jumped(gained) => tracing::warn!(
            clock = %now,
            ahead_seconds = seconds(gained),
            "the clock is ahead of the time that has passed, as far as is known; what is old by it is kept until it has \
             gone on for an hour"
        ),
        Seen::Believed(gained) => tracing::warn!(
            clock = %now,
            ahead_seconds = seconds(gained),
            "the clock has gone on from where it had jumped to; what is old by it goes from now on"
        ),
        Seen::Back => tracing::info!(clock = %now, "the clock is back where it was believed"),
    }
}
