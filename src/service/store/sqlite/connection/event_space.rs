//! Refuses events shortly before the disk is full, so that the service can still record what is under way and delete
//! what has expired.
//!
//! Commits stay in the log until a checkpoint writes them to the file. If the log contained more than the file can grow
//! by, no checkpoint could succeed: the disk would stay full even if all rows in the log were deleted.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::rows;
use crate::service::store::{Result, StoreError};

/// The most that an event takes: 256 KiB, both as it came and as it is sent.
const EVENT: u64 = 512 * 1024;
/// The size at which SQLite runs a checkpoint: 1,000 pages, its default.
const LOG: u64 = 4 * 1024 * 1024;
/// Space for results and for the shared memory beside the log.
const MARGIN: u64 = 1024 * 1024;
/// How long a measurement is used; other programs write to the disk, too.
const COUNTS_FOR: Duration = Duration::from_secs(1);
/// The part of the free space that is given out before the next measurement. It is a quarter, because each event is
/// written to the log and then to the file.
const PART: u64 = 4;

/// The space for the next events.
pub struct EventSpace {
    /// The database's file; none for a database in memory.
    file: Option<PathBuf>,
    bytes: u64,
    measured_at: Option<Instant>,
    refused: bool,
}

impl EventSpace {
    /// The space of this connection's database, not measured yet.
    pub fn of(connection: &Connection) -> Self {
        let file = connection.path().filter(|path| !path.is_empty()).map(PathBuf::from);
        EventSpace { file, bytes: 0, measured_at: None, refused: false }
    }

    /// Takes the space of one event. Fails with `DiskFull` if there is none.
    pub fn take_for_event(&mut self, connection: &Connection) -> Result<()> {
        self.look_for_event(connection)?;
        self.bytes = self.bytes.saturating_sub(EVENT);
        Ok(())
    }

    /// Checks that there is space for one event. Fails with `DiskFull` if there is none.
    pub fn look_for_event(&mut self, connection: &Connection) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        if self.bytes < EVENT || self.measured_at.is_none_or(|at| at.elapsed() >= COUNTS_FOR) {
            self.bytes = measure(connection, file)?;
            self.measured_at = Some(Instant::now());
        }
        if self.bytes < EVENT {
            self.refused = true;
            return Err(StoreError::DiskFull("what is left is kept for what is under way".to_owned()));
        }
        Ok(())
    }

    /// Whether an event was refused since the last call.
    pub fn was_refused(&mut self) -> bool {
        std::mem::take(&mut self.refused)
    }
}

fn measure(connection: &Connection, file: &PathBuf) -> Result<u64> {
    let disk = rustix::fs::statvfs(file).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let mut log = file.clone().into_os_string();
    log.push("-wal");
    let length = |file: PathBuf| std::fs::metadata(file).map_or(0, |data| data.len());
    let pragma = |sql| Ok::<u64, StoreError>(rows::unsigned(rows::value(connection, sql, [])?.unwrap_or(0)));
    let page = pragma("PRAGMA page_size")?;
    Ok(space(Sizes {
        free: disk.f_bavail * disk.f_frsize,
        file: length(file.clone()),
        log: length(log.into()),
        pages: pragma("PRAGMA page_count")? * page,
        unused_pages: pragma("PRAGMA freelist_count")? * page,
    }))
}

/// Sizes in bytes.
struct Sizes {
    free: u64,
    file: u64,
    log: u64,
    /// The file's size after a complete checkpoint.
    pages: u64,
    /// The part of `pages` that is reused before the file grows.
    unused_pages: u64,
}

/// The space that may be given out before the next measurement, in bytes.
fn space(sizes: Sizes) -> u64 {
    let Sizes { free, file, log, pages, unused_pages } = sizes;
    let owed = pages.saturating_sub(file);
    let kept = owed + LOG.saturating_sub(log);
    let within = if owed == 0 || free >= kept { unused_pages } else { 0 };
    free.saturating_sub(kept + MARGIN).max(within) / PART
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    #[test]
    fn the_file_can_always_grow_by_what_the_log_holds() {
        let sizes = |free, file, log, pages, unused_pages| {
            space(Sizes { free: free * MIB, file: file * MIB, log: log * MIB, pages: pages * MIB, unused_pages })
        };
        assert_eq!(sizes(100, 50, 4, 50, 0), 99 * MIB / PART, "the log is there, and empty");
        assert_eq!(sizes(100, 50, 0, 60, 0), 85 * MIB / PART, "the file owes 10 and the log has yet to grow");
        assert_eq!(sizes(11, 50, 4, 60, 0), 0);
        assert_eq!(sizes(0, 50, 4, 50, 8 * MIB), 2 * MIB, "pages that are there already take no space");
        assert_eq!(sizes(3, 50, 4, 60, 8 * MIB), 0, "but the log must be folded first");
    }
}
