//! Writes the time spans of blocks of a copied history, as the store keeps them (`store/sqlite/timeline`).

use anyhow::Result;
use rusqlite::{Connection, params};
use tm_hooks::domain::time::Timestamp;

/// The number of rows, or of lower blocks, in a block.
const BLOCK: i64 = 64;
const LEVELS: usize = 3;
/// Times are rounded outwards to this, in microseconds.
const GRAIN: i64 = 10_000;

/// The open blocks of one list, one per level.
pub struct Blocks<'a> {
    connection: &'a Connection,
    timeline: i64,
    open: [Option<Open>; LEVELS],
}

#[derive(Debug, Clone, Copy)]
struct Open {
    block: i64,
    earliest: i64,
    latest: i64,
}

impl<'a> Blocks<'a> {
    /// Starts the blocks of attempts.
    pub fn of_attempts(connection: &'a Connection) -> Self {
        Blocks { connection, timeline: 1, open: [None; LEVELS] }
    }

    /// Starts the blocks of events.
    pub fn of_events(connection: &'a Connection) -> Self {
        Blocks { connection, timeline: 2, open: [None; LEVELS] }
    }

    /// Records the time of a row; numbers must rise.
    pub fn note(&mut self, number: i64, at: Timestamp) -> Result<()> {
        let earliest = at.as_micros().div_euclid(GRAIN) * GRAIN;
        let mut block = number;
        for level in 0..LEVELS {
            block /= BLOCK;
            let new = Open { block, earliest, latest: earliest + GRAIN };
            self.open[level] = Some(match self.open[level] {
                Some(open) if open.block == block => {
                    Open { block, earliest: open.earliest.min(new.earliest), latest: open.latest.max(new.latest) }
                }
                _ => {
                    self.write(level)?;
                    new
                }
            });
        }
        Ok(())
    }

    /// Writes the open blocks.
    pub fn finish(&mut self) -> Result<()> {
        (0..LEVELS).try_for_each(|level| self.write(level))
    }

    fn write(&mut self, level: usize) -> Result<()> {
        let Some(Open { block, earliest, latest }) = self.open[level].take() else { return Ok(()) };
        let sql = "INSERT INTO time_blocks (timeline, level, block, earliest, latest) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = params![self.timeline, level as i64 + 1, block, earliest, latest];
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}
