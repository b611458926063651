//! Maintains the database in the background: deletes expired history, and makes room before the disk is full.
//!
//! Deleted rows leave free pages in the file, which SQLite reuses before the file grows. So the space that counts is
//! the disk's plus the file's. Steps are short and spaced so that they never hold up the writer.

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

/// How often upkeep looks for expired history.
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// The delay of the first look after the start.
const FIRST_TIDY: Duration = Duration::from_secs(5);
/// How often upkeep checks the disk's space.
const GUARD_EVERY: Duration = Duration::from_secs(2);
/// The pause for the writer between two steps.
const BETWEEN_STEPS: Duration = Duration::from_millis(5);
/// After how many steps the disk is checked again while space is scarce, so that no more is deleted than necessary.
const STEPS_BETWEEN_LOOKS: usize = 16;
/// The most steps that a command's own process takes.
const BRIEF_STEPS: usize = 3;

/// Space is scarce when less than one part in this many of the disk is free.
const SCARCE_PART: u64 = 20;
/// The highest threshold of scarce space, on large disks.
const SCARCE_BYTES: u64 = 1024 * 1024 * 1024;
/// The lowest threshold of scarce space, on small disks (but never above half the disk): bodies must go well before new
/// events are refused.
const LEAST_SCARCE_BYTES: u64 = 32 * 1024 * 1024;

/// The size and the free space of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSpace {
    /// The disk's size in bytes.
    pub size: u64,
    /// The space that this process may still use, in bytes.
    pub free: u64,
}

/// Reads the space of the database's disk; none if it has no disk or the space is unknown.
pub type Disk = Box<dyn Fn() -> Option<DiskSpace> + Send + Sync>;

/// The disk that a database file lies on; none for one in memory.
pub fn disk_of(file: Option<PathBuf>) -> Disk {
    Box::new(move || {
        let data = rustix::fs::statvfs(file.as_ref()?).ok()?;
        Some(DiskSpace { size: data.f_blocks * data.f_frsize, free: data.f_bavail * data.f_frsize })
    })
}

/// Maintains one database.
pub struct Upkeep {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    keep: Retention,
    disk: Disk,
    ages: AgeWatch,
}

impl Upkeep {
    /// Makes the upkeep of `store`, without starting it.
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

    /// Runs until `stop` is cancelled.
    pub fn start(self: &Arc<Self>, stop: CancellationToken) -> JoinHandle<()> {
        let upkeep = Arc::clone(self);
        tokio::spawn(async move {
            tokio::select! {
                () = upkeep.run() => {}
                // The writer still finishes a step that has begun.
                () = stop.cancelled() => {}
            }
        })
    }

    async fn run(&self) {
        let mut next_tidy = Instant::now() + FIRST_TIDY;
        loop {
            let level = self.guard().await;
            // Looking often notices a jump of the clock early.
            drop(self.ages.look().await);
            if level > DiskLevel::Ample || Instant::now() >= next_tidy {
                self.tidy(level).await;
                next_tidy = Instant::now() + TIDY_EVERY;
            }
            tokio::time::sleep(GUARD_EVERY).await;
        }
    }

    /// Runs a few steps, for a process that ends soon.
    pub async fn tidy_briefly(&self) {
        let Some(ages) = self.ages.now().await else { return };
        for _ in 0..BRIEF_STEPS {
            if !self.step(ages, self.keep).await {
                return;
            }
        }
    }

    /// Deletes what is too old at this level, until nothing is left or there is enough space again.
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
        self.maintain().await;
    }

    /// Runs one step. Returns whether there is more to do at once.
    async fn step(&self, ages: Ages, keep: Retention) -> bool {
        match self.store.tidy(ages, keep).await {
            Ok(tidied) => {
                self.metrics.forgot(tidied.removed);
                tidied.more
            }
            Err(error) => {
                tracing::warn!(%error, "the service cannot delete expired history; it tries again later");
                false
            }
        }
    }

    /// The retention at this level: bodies and exchanges are deleted earlier, history is not.
    fn keep_at(&self, level: DiskLevel) -> Retention {
        let most = match level {
            DiskLevel::Ample => return self.keep,
            DiskLevel::Low => Duration::from_secs(24 * 3600),
            DiskLevel::VeryLow => Duration::from_secs(3600),
            DiskLevel::Critical => Duration::ZERO,
        };
        Retention { bodies: self.keep.bodies.min(most), ..self.keep }
    }

    /// Checks the disk's space, and logs a change of its level.
    async fn guard(&self) -> DiskLevel {
        let Some(DiskSpace { size, free }) = (self.disk)() else { return DiskLevel::Ample };
        let before = self.metrics.disk_level();
        let scarce = (size / SCARCE_PART).clamp(LEAST_SCARCE_BYTES, SCARCE_BYTES).min(size / 2);
        // The database is asked only when its free space matters.
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
            tracing::info!(
                free,
                reusable,
                "the database's disk has enough space again; the service keeps bodies as long as before"
            );
            return;
        }
        let level = level.as_str();
        tracing::warn!(
            level,
            free,
            reusable,
            "the database's disk is nearly full; the service deletes old bodies earlier"
        );
        self.maintain().await;
    }

    /// Removes files that were left behind, and puts the database's log into the database.
    pub async fn maintain(&self) {
        if let Err(error) = self.store.maintain().await {
            tracing::warn!(%error, "the service cannot remove files that were left behind, or shorten the database's log");
        }
    }
}

/// The level for this much space. To leave a level, a quarter more space is needed than to enter it.
fn level_of(free: u64, scarce: u64, before: DiskLevel) -> DiskLevel {
    let at = |scarce: u64| match free {
        free if free >= scarce => DiskLevel::Ample,
        free if free >= scarce / 2 => DiskLevel::Low,
        free if free >= scarce / 4 => DiskLevel::VeryLow,
        _ => DiskLevel::Critical,
    };
    at(scarce).max(at(scarce + scarce / 4).min(before))
}

#[cfg(test)]
mod tests;
