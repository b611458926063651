//! The budget of one step of tidying, which keeps the step short.

use std::time::{Duration, Instant};

use rusqlite::{Connection, Params};

use crate::service::store::{Result, sqlite::connection::rows};

/// The most rows that a step deletes.
const MOST_REMOVED: usize = 256;
/// The most rows that a step reads.
const MOST_LOOKED_AT: usize = 2_048;
/// The longest duration of a step, unless a single row takes longer.
const LONGEST_STEP: Duration = Duration::from_millis(2);

/// The rest of a step's budget.
pub struct Budget {
    began: Instant,
    looked_at: usize,
    removed: usize,
}

impl Budget {
    /// The whole budget of a step.
    pub fn new() -> Self {
        Budget { began: Instant::now(), looked_at: 0, removed: 0 }
    }

    /// Whether the budget is used up.
    pub fn is_spent(&self) -> bool {
        self.left() == 0 || self.looked_at >= MOST_LOOKED_AT || self.began.elapsed() >= LONGEST_STEP
    }

    /// Counts rows that were read.
    pub fn look_at(&mut self, rows: usize) {
        self.looked_at += rows;
    }

    /// The number of rows that were read.
    #[cfg(test)]
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    /// The number of deleted rows.
    pub fn removed(&self) -> usize {
        self.removed
    }

    /// The number of rows that may still be deleted.
    pub fn left(&self) -> usize {
        MOST_REMOVED.saturating_sub(self.removed)
    }

    /// Runs a statement that deletes rows, and counts them.
    pub fn remove(&mut self, connection: &Connection, sql: &str, params: impl Params) -> Result<usize> {
        let removed = rows::execute(connection, sql, params)?;
        self.removed += removed;
        Ok(removed)
    }
}
