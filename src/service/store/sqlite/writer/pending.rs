//! Values that many jobs of a transaction change and that are written once before its commit: each webhook's last
//! attempt and the timelines' newest blocks.

use std::{cell::RefCell, collections::BTreeMap, mem};

use rusqlite::{Connection, params};

use crate::{
    domain::time::Timestamp,
    service::store::{
        Result,
        sqlite::{
            connection::rows,
            timeline::{Newest, Timeline, Widened},
        },
    },
};

/// The values still to be written in the current transaction.
#[derive(Default)]
pub struct Pending {
    /// The values of the current job, which count if it succeeds.
    job: RefCell<Notes>,
    /// The values of the successful jobs before it.
    kept: Notes,
    newest: Newest,
}

#[derive(Default)]
struct Notes {
    /// The end of each webhook's newest attempt, by the webhook's number.
    attempts: BTreeMap<i64, Timestamp>,
    widened: Widened,
}

impl Pending {
    /// Adds the end of an attempt of the webhook with this number.
    pub fn attempted(&self, webhook: i64, at: Timestamp) {
        let attempts = &mut self.job.borrow_mut().attempts;
        attempts.entry(webhook).and_modify(|newest| *newest = at.max(*newest)).or_insert(at);
    }

    /// Adds a new row of a timeline, with its number and time.
    pub fn row(&self, timeline: Timeline, number: i64, at: Timestamp) {
        self.job.borrow_mut().widened.note(timeline, number, at);
    }

    /// Keeps the values of the successful job.
    pub fn keep(&mut self) {
        let Notes { attempts, widened } = mem::take(self.job.get_mut());
        for (webhook, at) in attempts {
            self.kept.attempts.entry(webhook).and_modify(|newest| *newest = at.max(*newest)).or_insert(at);
        }
        self.kept.widened.merge(widened);
    }

    /// Drops the values of the job, which was rolled back.
    pub fn drop_job(&mut self) {
        self.job.take();
    }

    /// Drops all values, because the whole transaction was rolled back.
    pub fn forget(&mut self) {
        *self = Pending::default();
    }

    /// Writes the values. They are assumed to be committed until [`Pending::forget`] is called.
    pub fn store(&mut self, connection: &Connection) -> Result<()> {
        let Notes { attempts, widened } = mem::take(&mut self.kept);
        for (webhook, at) in attempts {
            let sql =
                "UPDATE webhook_queues SET last_attempt_at = max(coalesce(last_attempt_at, ?2), ?2) WHERE webhook = ?1";
            rows::execute(connection, sql, params![webhook, at])?;
        }
        widened.store(connection, &mut self.newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::store::{Location, sqlite::connection::open_writer};

    #[test]
    fn what_jobs_note_is_written_once_and_what_a_failed_one_notes_never() {
        let connection = open_writer(&Location::Memory, None).unwrap();
        rows::execute(&connection, "INSERT INTO webhook_queues (webhook, state) VALUES (1, 1), (2, 1)", []).unwrap();
        let at = Timestamp::from_seconds;
        let mut pending = Pending::default();
        for number in 0..300 {
            pending.attempted(1, at(number));
            pending.row(Timeline::Attempts, number, at(number));
            pending.keep();
        }
        pending.attempted(2, at(9));
        pending.row(Timeline::Attempts, 100_000, at(9_999));
        pending.drop_job();
        let before = connection.total_changes();
        pending.store(&connection).unwrap();
        // The changes are one queue, five blocks of 64 numbers, and one block on each of the two levels above.
        assert_eq!(connection.total_changes() - before, 1 + 5 + 1 + 1);
        let attempts = "SELECT last_attempt_at FROM webhook_queues ORDER BY webhook";
        let attempts: Vec<Option<Timestamp>> = rows::all(&connection, attempts, [], |row| row.get(0)).unwrap();
        assert_eq!(attempts, [Some(at(299)), None]);
        let before = connection.total_changes();
        pending.row(Timeline::Attempts, 299, at(298));
        pending.keep();
        pending.store(&connection).unwrap();
        assert_eq!(connection.total_changes(), before, "the newest block is known to be wide enough");
        pending.forget();
        pending.attempted(1, at(5));
        pending.keep();
        pending.store(&connection).unwrap();
        let newest =
            rows::value(&connection, "SELECT last_attempt_at FROM webhook_queues WHERE webhook = 1", []).unwrap();
        assert_eq!(newest, Some(at(299)), "a clock that was set back");
    }
}
