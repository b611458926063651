//! How far tidying has come through a list. It is stored in the transaction of each step, so that a new process goes on
//! where the last one was, and several processes take turns.

use std::time::Duration;

use rusqlite::{Connection, params};

use crate::{
    domain::time::Timestamp,
    service::store::{Result, sqlite::connection::rows},
};

/// How often rows that pending deliveries kept are checked again.
const AGAIN_AFTER: Duration = Duration::from_secs(3600);

/// A list's number in its row. These numbers must never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListNumber {
    Bodies = 1,
    Exchanges = 2,
    Attempts = 3,
    Events = 4,
}

/// The progress through one list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sweep {
    /// The number to continue at.
    pub next: i64,
    under_way: bool,
    /// The first row of this pass that has not expired. Times do not strictly rise with the numbers, so expired rows
    /// may follow; the next pass begins here.
    pub first_young: Option<i64>,
    /// The first row of this pass that a pending delivery kept.
    pub first_held: Option<i64>,
    /// The start of the pass that checks such rows again.
    again_from: Option<i64>,
    /// The start of the last such pass.
    again_at: Option<Timestamp>,
}

impl Sweep {
    /// Reads the progress; a list that was never begun starts at its first row.
    pub fn read(connection: &Connection, list: ListNumber) -> Result<Self> {
        let sql = "SELECT next, under_way, first_young, first_held, again_from, again_at FROM sweeps WHERE list = ?1";
        let found = rows::first(connection, sql, [list as i64], |row| {
            Ok(Sweep {
                next: row.get(0)?,
                under_way: row.get(1)?,
                first_young: row.get(2)?,
                first_held: row.get(3)?,
                again_from: row.get(4)?,
                again_at: row.get(5)?,
            })
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Stores the progress.
    pub fn keep(self, connection: &Connection, list: ListNumber) -> Result<()> {
        let Sweep { next, under_way, first_young, first_held, again_from, again_at } = self;
        rows::execute(
            connection,
            "INSERT OR REPLACE INTO sweeps (list, next, under_way, first_young, first_held, again_from, again_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![list as i64, next, under_way, first_young, first_held, again_from, again_at],
        )
        .map(drop)
    }

    /// The progress with a pass under way.
    pub fn begun(mut self, now: Timestamp) -> Self {
        if self.under_way {
            return self;
        }
        self.under_way = true;
        self.first_young = None;
        // A clock that was set back does not delay it.
        if self.again_at.is_none_or(|at| now < at || now.since(at) >= AGAIN_AFTER) {
            self.next = self.again_from.take().unwrap_or(self.next).min(self.next);
            self.again_at = Some(now);
        }
        self
    }

    /// The progress after a pass.
    pub fn ended(mut self) -> Self {
        self.under_way = false;
        self.next = self.first_young.take().unwrap_or(self.next);
        let held = self.first_held.take();
        self.again_from = self.again_from.into_iter().chain(held).min();
        self
    }
}
