//! Goes through all work in steps that are short enough for a commit each.

use rusqlite::Connection;

use crate::service::store::{Result, sqlite::connection::rows};

/// The number of rows that a step reads.
const LOOKED_AT: i64 = 2_000;

/// The start of a step: after the delivery with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step(i64);

impl Step {
    /// The first step.
    pub const FIRST: Step = Step(0);

    /// The range of this step: after the delivery with the first number, up to that with the second. None if there is
    /// no more work.
    pub fn span(self, connection: &Connection) -> Result<Option<(i64, i64)>> {
        let last: Option<Option<i64>> = rows::value(
            connection,
            "SELECT max(delivery) FROM (SELECT delivery FROM work WHERE delivery > ?1 ORDER BY delivery LIMIT ?2)",
            [self.0, LOOKED_AT],
        )?;
        Ok(last.flatten().map(|last| (self.0, last)))
    }

    /// The step after one that ended at `last`.
    pub fn after(last: i64) -> Self {
        Step(last)
    }
}
