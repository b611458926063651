//! Deletes expired history in steps that are short enough for the writer: each reads a few rows in the order of their
//! numbers, and the next step continues after them. When steps run is decided in `service::upkeep`.
//!
//! SQLite reuses free pages, so a database in a steady state keeps its size. The file never shrinks by itself, because
//! the writer would have to move a page for each one given back.

pub mod budget;
pub mod expiry;
mod sweep;

use rusqlite::{Connection, OptionalExtension, params, params_from_iter, types::Value};

use super::{
    connection::rows,
    timeline::{self, Timeline},
};
use crate::{
    domain::{delivery::DeliveryStatus, time::Timestamp},
    service::store::{
        Ages, Result, Retention, Tidied,
        rules::retention::{Passed, Sweep, expired},
    },
};

use budget::Budget;
use sweep::ListNumber;

/// The number of rows that are read at once.
const CHUNK: i64 = 64;

/// A list that tidying goes through.
struct List {
    number: ListNumber,
    /// The query for the next rows' numbers and times, and whether there is anything to delete; `?1` and `?2` bound the
    /// numbers, `?3` is the limit.
    rows: &'static str,
    timeline: Timeline,
    /// Deletes an expired row with everything that belongs to it, or keeps it. None if the budget was not enough to
    /// delete all of it.
    remove: fn(&Connection, i64, Timestamp, &mut Budget) -> Result<Option<Passed>>,
}

const BODIES: List = List {
    number: ListNumber::Bodies,
    rows: "SELECT number, accepted_at, body IS NOT NULL FROM events
    WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT ?3",
    timeline: Timeline::Events,
    remove: remove_bodies,
};
const EXCHANGES: List = List {
    number: ListNumber::Exchanges,
    rows: "SELECT number, finished_at, exchange IS NOT NULL FROM attempts
    WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT ?3",
    timeline: Timeline::Attempts,
    remove: remove_exchange,
};
const ATTEMPTS: List = List {
    number: ListNumber::Attempts,
    rows: "SELECT number, finished_at, 1 FROM attempts WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT ?3",
    timeline: Timeline::Attempts,
    remove: remove_attempt,
};
const EVENTS: List = List {
    number: ListNumber::Events,
    rows: "SELECT number, accepted_at, 1 FROM events WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT ?3",
    timeline: Timeline::Events,
    remove: remove_event,
};

/// Runs one step. Bodies are deleted before the rows that stay readable without them, and attempts before their
/// deliveries.
pub fn step(connection: &Connection, ages: Ages, keep: Retention) -> Result<Tidied> {
    let mut budget = Budget::new();
    let more = everything(connection, ages, keep, &mut budget)?;
    Ok(Tidied { removed: budget.removed(), more })
}

fn everything(connection: &Connection, ages: Ages, keep: Retention, budget: &mut Budget) -> Result<bool> {
    let expired = expired(ages, keep, is_any_disabled(connection)?);
    let lists = [
        (BODIES, expired.bodies),
        (EXCHANGES, expired.exchanges),
        (ATTEMPTS, expired.attempts),
        (EVENTS, expired.events),
    ];
    for (list, before) in lists {
        let sweep = sweep::read(connection, list.number)?;
        let mut reached = sweep.begun(ages.now);
        let is_through = go_through(connection, &mut reached, &list, before, budget)?;
        let reached = if is_through { reached.ended() } else { reached };
        if reached != sweep {
            sweep::keep(connection, list.number, reached)?;
        }
        if !is_through {
            return Ok(true);
        }
    }
    Ok(!expiry::forget(connection, ages.now, &expired, budget)?)
}

fn is_any_disabled(connection: &Connection) -> Result<bool> {
    let sql = "SELECT 1 FROM webhooks WHERE NOT enabled AND deleted_at IS NULL LIMIT 1";
    Ok(rows::value::<i64>(connection, sql, [])?.is_some())
}

/// Continues through a list. Returns whether this pass is complete.
fn go_through(
    connection: &Connection,
    sweep: &mut Sweep,
    list: &List,
    before: Timestamp,
    budget: &mut Budget,
) -> Result<bool> {
    let end = timeline::numbers(connection, list.timeline, None, Some(before))?.end;
    loop {
        let rows: Vec<(i64, Timestamp, bool)> =
            rows::all(connection, list.rows, params![sweep.next, end, CHUNK], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let is_last = (rows.len() as i64) < CHUNK;
        for (number, at, is_there) in rows {
            if budget.is_spent() {
                return Ok(false);
            }
            budget.look_at(1);
            let passed = match at < before {
                false => Some(Passed::Young),
                true if !is_there => Some(Passed::Done),
                true => (list.remove)(connection, number, before, budget)?,
            };
            let Some(passed) = passed else { return Ok(false) };
            sweep.pass(number, passed);
        }
        if is_last {
            return Ok(true);
        }
    }
}

const IS_PENDING: &str = "SELECT 1 FROM deliveries d LEFT JOIN work k ON k.delivery = d.number
    WHERE d.event = ?1 AND (d.status = ?2 OR k.delivery IS NOT NULL) LIMIT 1";

fn remove_bodies(connection: &Connection, event: i64, _: Timestamp, budget: &mut Budget) -> Result<Option<Passed>> {
    let pending: Option<i64> = rows::value(connection, IS_PENDING, params![event, DeliveryStatus::Pending])?;
    if pending.is_some() {
        return Ok(Some(Passed::Held));
    }
    drop_others(connection, event, budget)?;
    budget.remove(connection, "UPDATE events SET body = NULL, given = NULL WHERE number = ?1", [event])?;
    give_room_back(connection, "events", event)?;
    Ok(Some(Passed::Done))
}

/// Deletes the bodies that are not the event's own.
fn drop_others(connection: &Connection, event: i64, budget: &mut Budget) -> Result<()> {
    budget.remove(connection, "DELETE FROM bodies WHERE event = ?1", [event]).map(drop)
}

/// For one row in this many, SQLite reconsiders its page. It is a row whose neighbours were already shortened; a page
/// holds fewer whole rows than this.
const ROWS_A_LOOK: i64 = 16;

/// Frees the space of shortened rows. SQLite does not merge pages when rows are updated; when a row is deleted from a
/// page that is less than a third full, SQLite merges the page with its neighbours.
fn give_room_back(connection: &Connection, table: &str, number: i64) -> Result<()> {
    if number % ROWS_A_LOOK != 0 {
        return Ok(());
    }
    let number = number - ROWS_A_LOOK;
    let mut read = connection.prepare_cached(&format!("SELECT * FROM {table} WHERE number = ?1"))?;
    let columns = read.column_count();
    let row = read.query_row([number], |row| (0..columns).map(|column| row.get(column)).collect()).optional()?;
    let Some(row): Option<Vec<Value>> = row else { return Ok(()) };
    rows::execute(connection, &format!("DELETE FROM {table} WHERE number = ?1"), [number])?;
    let places = vec!["?"; columns].join(", ");
    rows::execute(connection, &format!("INSERT INTO {table} VALUES ({places})"), params_from_iter(row)).map(drop)
}

fn remove_exchange(connection: &Connection, attempt: i64, _: Timestamp, budget: &mut Budget) -> Result<Option<Passed>> {
    budget.remove(connection, "UPDATE attempts SET exchange = NULL WHERE number = ?1", [attempt])?;
    give_room_back(connection, "attempts", attempt)?;
    Ok(Some(Passed::Done))
}

fn remove_attempt(connection: &Connection, attempt: i64, _: Timestamp, budget: &mut Budget) -> Result<Option<Passed>> {
    budget.remove(connection, "DELETE FROM attempts WHERE number = ?1", [attempt])?;
    Ok(Some(Passed::Done))
}

const DELIVERIES: &str = "SELECT d.number, d.status <> ?2 AND coalesce(d.finished_at, d.created_at) < ?3
        AND NOT EXISTS (SELECT 1 FROM work k WHERE k.delivery = d.number)
        AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.delivery = d.number)
     FROM deliveries d WHERE d.event = ?1 ORDER BY d.number";

/// Deletes an event with its deliveries once all of them ended long ago and have no attempts left. It deletes all or
/// none, because a recovery would make a missing delivery again. It deletes the bodies first, so that nothing can be
/// delivered while the rest takes several steps.
fn remove_event(connection: &Connection, event: i64, before: Timestamp, budget: &mut Budget) -> Result<Option<Passed>> {
    let deliveries: Vec<(i64, bool)> =
        rows::all(connection, DELIVERIES, params![event, DeliveryStatus::Pending, before], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if deliveries.iter().any(|(_, may_go)| !may_go) {
        return Ok(Some(Passed::Held));
    }
    drop_others(connection, event, budget)?;
    rows::execute(connection, "UPDATE events SET body = NULL, given = NULL WHERE number = ?1", [event])?;
    for (delivery, _) in deliveries {
        if budget.is_spent() {
            return Ok(None);
        }
        budget.remove(connection, "DELETE FROM deliveries WHERE number = ?1", [delivery])?;
    }
    budget.remove(connection, "DELETE FROM event_changes WHERE event = ?1", [event])?;
    budget.remove(connection, "DELETE FROM events WHERE number = ?1", [event])?;
    Ok(Some(Passed::Done))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::service::store::{
        Location,
        sqlite::{
            connection::open_writer,
            timeline::{Newest, Widened},
        },
    };

    const HOUR: u64 = 3600;
    const DAY: u64 = 24 * HOUR;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_seconds(seconds as i64)
    }

    /// A database as a new process opens it.
    fn opened(folder: &Path) -> Connection {
        open_writer(&Location::File(folder.join("hooks.db")), None).unwrap()
    }

    /// Stores events that were accepted at this time.
    fn add(connection: &Connection, amount: usize, accepted_at: Timestamp) {
        let mut widened = Widened::default();
        let sql = "INSERT INTO events (id, type, accepted_at, digest, body) VALUES (randomblob(16), 4, ?1, 0, x'00')";
        for _ in 0..amount {
            widened.note(Timeline::Events, rows::insert(connection, sql, [accepted_at]).unwrap(), accepted_at);
        }
        widened.store(connection, &mut Newest::default()).unwrap();
    }

    /// Tidies until nothing is left to do. Returns how many rows were looked at.
    fn tidied(connection: &Connection, now: Timestamp) -> usize {
        let mut looked_at = 0;
        loop {
            let mut budget = Budget::new();
            let more = everything(connection, now.into(), Retention::default(), &mut budget).unwrap();
            looked_at += budget.looked_at();
            if !more {
                return looked_at;
            }
        }
    }

    fn bodies(connection: &Connection) -> i64 {
        rows::value(connection, "SELECT count(body) FROM events", []).unwrap().unwrap()
    }

    #[test]
    fn a_new_process_looks_only_at_what_may_have_expired() {
        let folder = tempfile::tempdir().unwrap();
        let connection = opened(folder.path());
        rows::execute(&connection, "BEGIN", []).unwrap();
        add(&connection, 3_000, at(0));
        assert_eq!(tidied(&connection, at(8 * DAY)), 3_000);
        add(&connection, 10, at(8 * DAY));
        rows::execute(&connection, "COMMIT", []).unwrap();
        assert_eq!(bodies(&connection), 10);
        drop(connection);
        let connection = opened(folder.path());
        assert_eq!(tidied(&connection, at(16 * DAY)), 10, "those whose bodies are gone are not looked at");
        assert_eq!(bodies(&connection), 0);
        let changes = connection.total_changes();
        assert_eq!(
            (tidied(&connection, at(16 * DAY)), connection.total_changes()),
            (0, changes),
            "nothing for nothing"
        );
    }

    #[test]
    fn a_new_process_goes_on_within_a_list_and_looks_again_at_what_was_held() {
        let folder = tempfile::tempdir().unwrap();
        let connection = opened(folder.path());
        add(&connection, 200, at(0));
        let pending = "INSERT INTO deliveries (id, event, webhook, version, kind, status, created_at)
            VALUES (zeroblob(16), 3, 1, 1, 1, 0, 0)";
        rows::execute(&connection, pending, []).unwrap();
        let mut looked_at = 0;
        let mut connection = connection;
        loop {
            // Each process makes one step with little left of its budget.
            let mut budget = Budget::new();
            budget.look_at(2_048 - 50);
            let more = everything(&connection, at(8 * DAY).into(), Retention::default(), &mut budget).unwrap();
            looked_at += budget.looked_at() - (2_048 - 50);
            connection = opened(folder.path());
            if !more {
                break;
            }
        }
        assert_eq!((looked_at, bodies(&connection)), (200, 1));
        rows::execute(&connection, "UPDATE deliveries SET status = 1, finished_at = 9", []).unwrap();
        assert_eq!(tidied(&connection, at(8 * DAY + HOUR - 1)), 0, "not each time");
        let connection = opened(folder.path());
        assert_eq!(tidied(&connection, at(8 * DAY + HOUR)), 198, "from the held one on");
        assert_eq!(bodies(&connection), 0);
    }
}
