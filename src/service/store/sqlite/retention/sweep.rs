//! Stores how far tidying has come through a list. That happens in the transaction of each step, so that a new process goes on
//! where the last one was, and several processes take turns.

use rusqlite::{Connection, params};

use crate::service::store::{Result, rules::retention::Sweep, sqlite::connection::rows};

/// A list's number in its row. These numbers must never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListNumber {
    Bodies = 1,
    Exchanges = 2,
    Attempts = 3,
    Events = 4,
}

/// Reads the progress; a list that was never begun starts at its first row.
pub fn read(connection: &Connection, list: ListNumber) -> Result<Sweep> {
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
pub fn keep(connection: &Connection, list: ListNumber, sweep: Sweep) -> Result<()> {
    let Sweep { next, under_way, first_young, first_held, again_from, again_at } = sweep;
    rows::execute(
        connection,
        "INSERT OR REPLACE INTO sweeps (list, next, under_way, first_young, first_held, again_from, again_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![list as i64, next, under_way, first_young, first_held, again_from, again_at],
    )
    .map(drop)
}
