//! How much one step of tidying may do, so that it stays short.

use std::time::{Duration, Instant};

use rusqlite::{Connection, Params};

use crate::service::store::{Result, sqlite::connection::rows};

/// How many rows a step removes at most.
const MOST_REMOVED: usize = 256;
/// How many rows it looks at, at most.
const MOST_LOOKED_AT: usize = 2_048;
/// How long it takes, unless a single row takes longer.
const LONGEST_STEP: Duration = Duration::from_millis(2);

/// What a step may still do.
pub struct Budget {
    began: Instant,
    looked_at: usize,
    removed: usize,
}

impl Budget {
    /// All of a step's.
    pub fn new() -> Self {
        Budget { began: Instant::now(), looked_at: 0, removed: 0 }
    }

    /// Whether nothing more may be done in this step.
    pub fn is_spent(&self) -> bool {
        self.left() == 0 || self.looked_at >= MOST_LOOKED_AT || self.began.elapsed() >= LONGEST_STEP
    }

    /// Notes that so many rows were looked at.
    pub fn look_at(&mut self, rows: usize) {
        self.looked_at += rows;
    }

    /// How many rows have gone.
    pub fn removed(&self) -> usize {
        self.removed
    }

    /// How many more rows may go.
    pub fn left(&self) -> usize {
        MOST_REMOVED.saturating_sub(self.removed)
    }

    /// Runs a statement that removes rows, and notes how many.
    pub fn remove(&mut self, connection: &Connection, sql: &str, params: impl Params) -> Result<usize> {
        let removed = rows::execute(connection, sql, params)?;
        self.removed += removed;
        Ok(removed)
    }
}
