//! Looking after the database in the background: lets old history go, and makes room before the disk is full.
//!
//! What goes leaves free pages in the file, which are used again before it grows; so the room that counts is what the
//! disk has and what the file has. Steps are short and far enough apart that the writer is never kept from its work.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;

mod ages;

use super::{
    metrics::{DiskLevel, Metrics},
    store::{Ages, Retention, Store},
};
use crate::domain::time::Clock;
use ages::AgeWatch;

/// How often old history is looked for.
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// How long after the start it is looked for first.
const FIRST_TIDY: Duration = Duration::from_secs(5);
/// How often the disk is looked at.
const GUARD_EVERY: Duration = Duration::from_secs(2);
/// How long the writer is left alone between two steps.
const BETWEEN_STEPS: Duration = Duration::from_millis(5);
/// After how many steps the disk is looked at again while room is scarce, so that no more goes than must.
const STEPS_BETWEEN_LOOKS: usize = 16;
/// How many steps a command's own process takes at most.
const BRIEF_STEPS: usize = 3;

/// Room is scarce when less than this part of the disk is left,
const SCARCE_PART: u64 = 20;
/// or less than this many bytes, whichever is less …
const SCARCE_BYTES: u64 = 1024 * 1024 * 1024;
/// … but on a small disk not before bodies must go: well before new events are refused.
const LEAST_SCARCE_BYTES: u64 = 32 * 1024 * 1024;

/// How much room a disk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskRoom {
    /// Its size in bytes.
    pub size: u64,
    /// How much of it this process may still use, in bytes.
    pub free: u64,
}

/// Says how much room the database's disk has; none when it has none, or nobody knows.
pub type Disk = Box<dyn Fn() -> Option<DiskRoom> + Send + Sync>;

/// The disk that a database file lies on; none for one in memory.
pub fn disk_of(file: Option<PathBuf>) -> Disk {
    Box::new(move || {
        let data = rustix::fs::statvfs(file.as_ref()?).ok()?;
        Some(DiskRoom { size: data.f_blocks * data.f_frsize, free: data.f_bavail * data.f_frsize })
    })
}

/// Looks after one database.
pub struct Upkeep {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    keep: Retention,
    disk: Disk,
    ages: AgeWatch,
}

impl Upkeep {
    /// Nothing is done yet.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        metrics: Arc<Metrics>,
        keep: Retention,
        disk: Disk,
    ) -> Self {
        let ages = AgeWatch::new(Arc::clone(&store), Arc::clone(&clock), keep.history);
        Upkeep { store, clock, metrics, keep, disk, ages }
    }

    /// Does what is to be done, again and again, until `stop` is cancelled.
    pub fn start(self: &Arc<Self>, stop: CancellationToken) -> JoinHandle<()> {
        let upkeep = Arc::clone(self);
        tokio::spawn(async move {
            tokio::select! {
                () = upkeep.run() => {}
                // A step that was begun is finished by the writer.
                () = stop.cancelled() => {}
            }
        })
    }

    async fn run(&self) {
        let mut next_tidy = Instant::now() + FIRST_TIDY;
        loop {
            let level = self.guard().await;
            // A jump of the clock is noticed before much can come of it.
            drop(self.ages.look().await);
            if level > DiskLevel::Ample || Instant::now() >= next_tidy {
                self.tidy(level).await;
                next_tidy = Instant::now() + TIDY_EVERY;
            }
            tokio::time::sleep(GUARD_EVERY).await;
        }
    }

    /// A few steps, for a process that soon ends.
    pub async fn tidy_briefly(&self) {
        let Some(ages) = self.ages.now().await else { return };
        for _ in 0..BRIEF_STEPS {
            if !self.step(ages, self.keep).await {
                return;
            }
        }
    }

    /// Lets go what is too old for how scarce room is, until nothing is left of it or there is room again.
    async fn tidy(&self, mut level: DiskLevel) {
        let mut steps = 0;
        let Some(ages) = self.ages.now().await else { return };
        while self.step(ages, self.keep_at(level)).await {
            steps += 1;
            if level > DiskLevel::Ample && steps % STEPS_BETWEEN_LOOKS == 0 {
                level = self.guard().await;
            }
            tokio::time::sleep(BETWEEN_STEPS).await;
        }
        if let Err(error) = self.store.tidy_files().await {
            tracing::warn!(%error, "cannot look for files that were left behind");
        }
    }

    /// One step. Whether there is more to do at once.
    async fn step(&self, ages: Ages, keep: Retention) -> bool {
        match self.store.tidy(ages, keep).await {
            Ok(tidied) => {
                self.metrics.forgot(tidied.removed);
                tidied.more
            }
            Err(error) => {
                tracing::warn!(%error, "cannot let old history go; trying again later");
                false
            }
        }
    }

    /// How long things are kept when room is that scarce: bodies and exchanges go earlier, history does not.
    fn keep_at(&self, level: DiskLevel) -> Retention {
        let most = match level {
            DiskLevel::Ample => return self.keep,
            DiskLevel::Low => Duration::from_secs(24 * 3600),
            DiskLevel::VeryLow => Duration::from_secs(3600),
            DiskLevel::Critical => Duration::ZERO,
        };
        Retention { bodies: self.keep.bodies.min(most), ..self.keep }
    }

    /// Looks how much room there is, and tells when that has changed.
    async fn guard(&self) -> DiskLevel {
        let Some(DiskRoom { size, free }) = (self.disk)() else { return DiskLevel::Ample };
        let before = self.metrics.disk_level();
        let scarce = (size / SCARCE_PART).clamp(LEAST_SCARCE_BYTES, SCARCE_BYTES).min(size / 2);
        // The file is asked only when it matters.
        let reusable = if free < scarce * 2 {
            self.store.overview(self.clock.now()).await.map_or(0, |overview| overview.reusable_bytes)
        } else {
            0
        };
        let level = level_of(free.saturating_add(reusable), scarce, before);
        self.metrics.disk(level, free);
        if level != before {
            self.tell(level, free, reusable).await;
        }
        level
    }

    async fn tell(&self, level: DiskLevel, free: u64, reusable: u64) {
        if level == DiskLevel::Ample {
            tracing::info!(free, reusable, "the database's disk has room again; bodies are kept as long as before");
            return;
        }
        let level = level.as_str();
        tracing::warn!(level, free, reusable, "the database's disk is nearly full; old bodies go earlier");
        if let Err(error) = self.store.fold_log().await {
            tracing::warn!(%error, "cannot cut the database's log");
        }
    }
}

/// How scarce room is. To be less scarce than before it takes a quarter more than to become so.
fn level_of(room: u64, scarce: u64, before: DiskLevel) -> DiskLevel {
    let at = |scarce: u64| match room {
        room if room >= scarce => DiskLevel::Ample,
        room if room >= scarce / 2 => DiskLevel::Low,
        room if room >= scarce / 4 => DiskLevel::VeryLow,
        _ => DiskLevel::Critical,
    };
    at(scarce).max(at(scarce + scarce / 4).min(before))
}

#[cfg(test)]
mod tests;
