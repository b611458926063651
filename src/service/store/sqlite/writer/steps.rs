//! Going through all work there is in steps, each short enough for a commit of its own.

use rusqlite::Connection;

use crate::service::store::{Result, sqlite::connection::rows};

/// How many rows of work a step looks at.
const LOOKED_AT: i64 = 2_000;

/// Where a step begins: after the delivery of this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step(i64);

impl Step {
    /// The first one.
    pub const FIRST: Step = Step(0);

    /// The work of this step lies after the delivery of the first number, up to that of the second. None when there is
    /// no more.
    pub fn span(self, connection: &Connection) -> Result<Option<(i64, i64)>> {
        let last: Option<Option<i64>> = rows::value(
            connection,
            "SELECT max(delivery) FROM (SELECT delivery FROM work WHERE delivery > ?1 ORDER BY delivery LIMIT ?2)",
            [self.0, LOOKED_AT],
        )?;
        Ok(last.flatten().map(|last| (self.0, last)))
    }

    /// The one that follows where a step has ended.
    pub fn after(last: i64) -> Self {
        Step(last)
    }
}
