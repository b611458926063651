//! Counts finished attempts, without tests, as they are recorded: by five minutes and by hour of their end.
//!
//! A count is one row: a span, its bucket, a webhook, an event type, and a slot, which is the outcome and the class of
//! the duration. Every answer is a sum over slots.
//!
//! Tidying sums up past hours: each webhook's hours into days of UTC over all types, and the hours of all webhooks into
//! one. The sums only make queries faster. Because tidying makes them, commits of deliveries do not all write to the
//! same rows.

use std::{collections::BTreeMap, time::Duration};

use rusqlite::{Connection, params};

use crate::{
    domain::time::Timestamp,
    service::store::{
        Result,
        rules::{
            outcome::Outcome,
            rollup::{
                ALL, Asked, CountKey, Piece, Slot, Span, Summed, counted_in, cut, first_day_with_durations,
                first_hour_with_durations, last_24_h,
            },
        },
        sqlite::{connection::rows, retention::budget::Budget},
    },
};

/// The number of finished attempts, and of failed ones among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub attempts: u64,
    pub failed: u64,
}

/// Attempts that were counted together.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// The five-minute bucket at the start of the count's period.
    pub bucket: i64,
    pub webhook: i64,
    /// The number of their event type.
    pub event_type: i64,
    pub slot: Slot,
    pub attempts: u64,
}

/// Finished attempts that are stored together.
#[derive(Default)]
pub struct RollupCounts(BTreeMap<CountKey, i64>);

impl RollupCounts {
    /// Counts a finished attempt.
    pub fn add(&mut self, webhook: i64, event_type: i64, outcome: Outcome, finished_at: Timestamp, took: Duration) {
        for key in counted_in(webhook, event_type, outcome, finished_at, took) {
            *self.0.entry(key).or_default() += 1;
        }
    }

    /// Stores the counts in the order of their rows.
    pub fn store(self, connection: &Connection) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let summed = summed(connection)?;
        let mut late = HourSums::default();
        for (key, attempts) in self.0 {
            count(connection, key, attempts)?;
            if key.is_late(summed) {
                late.add(key, attempts);
            }
        }
        late.store(connection)
    }
}

/// Adds attempts to a row.
fn count(connection: &Connection, key: CountKey, attempts: i64) -> Result<()> {
    let CountKey { span, bucket, webhook, event_type, slot } = key;
    rows::execute(connection, COUNT, params![span.code(), bucket, webhook, event_type, slot, attempts]).map(drop)
}

const COUNT: &str = "INSERT INTO rollups (span, bucket, webhook, type, slot, attempts) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT DO UPDATE SET attempts = attempts + excluded.attempts";

/// Additions to the sums.
#[derive(Default)]
struct HourSums(BTreeMap<CountKey, i64>);

impl HourSums {
    /// Adds the count of an hour.
    fn add(&mut self, hour: CountKey, attempts: i64) {
        for sum in hour.sums() {
            *self.0.entry(sum).or_default() += attempts;
        }
    }

    fn store(self, connection: &Connection) -> Result<()> {
        self.0.into_iter().try_for_each(|(key, attempts)| count(connection, key, attempts))
    }
}

/// Reads how far hours have been summed.
pub fn summed(connection: &Connection) -> Result<Summed> {
    let number = rows::value(connection, "SELECT value FROM sequences WHERE name = 'summed'", [])?;
    Ok(Summed::unpack(number.unwrap_or(0)))
}

/// Sums up some past hours. The same transaction adds a count to the sums and records the progress, so each count is
/// added once, even if the process ends. Returns whether nothing is left to sum up.
pub fn sum_up(connection: &Connection, now: Timestamp, budget: &mut Budget) -> Result<bool> {
    let end = Summed::end(now);
    let before = summed(connection)?;
    let first: Option<i64> = rows::value(connection, FIRST, params![Span::Hour.code()])?;
    let first = Summed::before(first.unwrap_or(end).min(end));
    let mut reached = before.max(first);
    while reached.hour < end && !budget.is_spent() {
        reached = sum_up_some(connection, reached, budget)?;
    }
    if reached != before {
        rows::execute(connection, "UPDATE sequences SET value = ?1 WHERE name = 'summed'", [reached.pack()])?;
    }
    Ok(reached.hour >= end)
}

/// The approximate number of counts that are summed up at once.
const MANY: usize = 256;

/// Sums up the counts of some webhooks in an hour. Returns the new progress.
fn sum_up_some(connection: &Connection, from: Summed, budget: &mut Budget) -> Result<Summed> {
    let mut reached = from;
    let mut looked_at = 0;
    let mut sums = HourSums::default();
    while reached.hour == from.hour && looked_at < MANY {
        let counts = rows::all(connection, NEXT, params![Span::Hour.code(), reached.hour, reached.webhook], |row| {
            Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        looked_at += counts.len();
        reached = match counts.first() {
            Some(&(webhook, ..)) => Summed { webhook, ..reached },
            None => Summed::before(reached.hour + 1),
        };
        for (webhook, event_type, slot, attempts) in counts {
            let hour = CountKey { span: Span::Hour, bucket: from.hour, webhook, event_type, slot };
            sums.add(hour, attempts);
        }
    }
    budget.look_at(looked_at);
    sums.store(connection)?;
    Ok(reached)
}

/// The query for the counts of the next webhook.
const NEXT: &str = "SELECT webhook, type, slot, attempts FROM rollups WHERE span = ?1 AND bucket = ?2 AND webhook =
    (SELECT webhook FROM rollups WHERE span = ?1 AND bucket = ?2 AND webhook > ?3 ORDER BY webhook LIMIT 1)";

/// The counts for a webhook's error rate over 24 h.
pub fn counts_in_24_h(connection: &Connection, webhook: i64, now: Timestamp) -> Result<Counts> {
    let mut counts = Counts::default();
    // Sums of days do not help, because such a window seldom contains a whole day.
    for Piece { span, buckets, .. } in cut(last_24_h(now), Asked::ByType, Summed::before(0), now) {
        let of_piece = params![span.code(), buckets.start, buckets.end, webhook, Slot::FIRST_FAILED];
        let (attempts, failed) =
            rows::first(connection, SUM, of_piece, |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or_default();
        counts.attempts += rows::unsigned(attempts);
        counts.failed += rows::unsigned(failed);
    }
    Ok(counts)
}

/// The start of a statement with one look-up for each bucket; reading the whole range would read all other webhooks'
/// rows, too.
macro_rules! of_one {
    ($columns:literal) => {
        concat!(
            "WITH RECURSIVE buckets (bucket) AS (SELECT ?2 UNION ALL SELECT bucket + 1 FROM buckets WHERE
             bucket + 1 < ?3) SELECT ",
            $columns,
            " FROM buckets b CROSS JOIN rollups r ON r.span = ?1 AND r.bucket = b.bucket AND r.webhook = ?4"
        )
    };
}

const SUM: &str =
    of_one!("coalesce(sum(r.attempts), 0), coalesce(sum(CASE WHEN r.slot >= ?5 THEN r.attempts ELSE 0 END), 0)");
const OF_ONE: &str = of_one!("r.bucket, r.webhook, r.type, r.slot, r.attempts");
const OF_ALL: &str = "SELECT bucket, webhook, type, slot, attempts FROM rollups
    WHERE span = ?1 AND bucket >= ?2 AND bucket < ?3 AND webhook > 0 AND ?4 IS NULL";

/// Visits the counts in a part of a window, of one webhook or of all, in the order of time.
pub fn visit(
    connection: &Connection,
    webhook: Option<i64>,
    Piece { span, buckets, of_all }: Piece,
    now: Timestamp,
    mut visitor: impl FnMut(Counted),
) -> Result<()> {
    let webhook = if of_all { Some(ALL) } else { webhook };
    let mut statement = connection.prepare_cached(if webhook.is_some() { OF_ONE } else { OF_ALL })?;
    let mut rows = statement.query(params![span.code(), buckets.start, buckets.end, webhook])?;
    let first_with_durations = first_hour_with_durations(now) * Span::Hour.code();
    while let Some(row) = rows.next()? {
        let bucket = row.get::<_, i64>(0)? * span.code();
        let slot = Slot::unpack(row.get(3)?);
        visitor(Counted {
            bucket,
            webhook: row.get(1)?,
            event_type: row.get(2)?,
            slot: if bucket < first_with_durations { slot.folded() } else { slot },
            attempts: rows::unsigned(row.get(4)?),
        });
    }
    Ok(())
}

/// Deletes some expired counts.
pub fn forget(connection: &Connection, now: Timestamp, budget: &mut Budget) -> Result<()> {
    for span in Span::ALL {
        budget.remove(connection, FORGET, params![span.code(), span.first_kept(now), budget.left() as i64])?;
    }
    Ok(())
}

const FORGET: &str = "DELETE FROM rollups WHERE (span, bucket, webhook, type, slot) IN (
    SELECT span, bucket, webhook, type, slot FROM rollups WHERE span = ?1 AND bucket < ?2 ORDER BY bucket LIMIT ?3)";

/// Removes the durations from some hours and days that are too old for them. One transaction moves a count to its row
/// without a duration, and the progress is stored, so that nothing is read twice. Returns whether nothing is left to
/// fold.
pub fn fold(connection: &Connection, now: Timestamp, budget: &mut Budget) -> Result<bool> {
    // A day that is not completely summed would still get counts.
    let days = first_day_with_durations(now).min(summed(connection)?.first_open_day());
    let hours = fold_span(connection, Span::Hour, "folded", first_hour_with_durations(now), budget)?;
    Ok(fold_span(connection, Span::Day, "folded days", days, budget)? && hours)
}

fn fold_span(connection: &Connection, span: Span, name: &str, end: i64, budget: &mut Budget) -> Result<bool> {
    let reached: i64 = rows::value(connection, "SELECT value FROM sequences WHERE name = ?1", [name])?.unwrap_or(0);
    let first: Option<i64> = rows::value(connection, FIRST, [span.code()])?;
    // If the clock ran ahead, the progress may lie after `end`; counts made since are folded in their turn.
    let mut bucket = reached.max(first.unwrap_or(end)).min(end);
    while bucket < end && !budget.is_spent() {
        if fold_some(connection, span, bucket, budget)? {
            bucket += 1;
        }
    }
    if bucket != reached {
        rows::execute(connection, "UPDATE sequences SET value = ?2 WHERE name = ?1", params![name, bucket])?;
    }
    Ok(bucket >= end)
}

const FIRST: &str = "SELECT bucket FROM rollups WHERE span = ?1 ORDER BY bucket LIMIT 1";

/// Folds some counts of an hour or a day. Returns whether none is left.
fn fold_some(connection: &Connection, span: Span, bucket: i64, budget: &mut Budget) -> Result<bool> {
    let span = span.code();
    let most = budget.left();
    let found = rows::all(connection, UNFOLDED, params![span, bucket, most as i64], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?))
    })?;
    let is_last = found.len() < most;
    let mut folded: BTreeMap<(i64, i64, i64), i64> = BTreeMap::new();
    for (webhook, event_type, slot, attempts) in found {
        budget.remove(connection, REMOVE, params![span, bucket, webhook, event_type, slot])?;
        *folded.entry((webhook, event_type, Slot::unpack(slot).folded().pack())).or_default() += attempts;
    }
    for ((webhook, event_type, slot), attempts) in folded {
        rows::execute(connection, COUNT, params![span, bucket, webhook, event_type, slot, attempts])?;
    }
    Ok(is_last)
}

/// A folded slot is a multiple of 256.
const UNFOLDED: &str = "SELECT webhook, type, slot, attempts FROM rollups
    WHERE span = ?1 AND bucket = ?2 AND slot & 255 <> 0 LIMIT ?3";
const REMOVE: &str = "DELETE FROM rollups WHERE span = ?1 AND bucket = ?2 AND webhook = ?3 AND type = ?4 AND slot = ?5";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::stats::bucket_of,
        service::store::{Location, sqlite::connection},
    };

    const HOUR: u64 = 3600;
    const DAY: u64 = 24 * HOUR;

    fn database() -> Connection {
        connection::open_writer(&Location::Memory, None).unwrap()
    }

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_795_455_600)
    }

    fn ago(seconds: u64) -> Timestamp {
        now().minus(Duration::from_secs(seconds))
    }

    fn count(connection: &Connection, webhook: i64, at: Timestamp, millis: impl IntoIterator<Item = u64>) {
        let mut tally = RollupCounts::default();
        for (turn, millis) in millis.into_iter().enumerate() {
            let outcome = Outcome { failed: turn % 3 == 0, http_status: Some(200) };
            tally.add(webhook, 4, outcome, at, Duration::from_millis(millis));
        }
        tally.store(connection).unwrap();
    }

    /// The numbers of rows, attempts, and rows with a duration among the hours.
    fn rows_of_hours(connection: &Connection) -> (i64, i64, i64) {
        let sql = "SELECT count(*), sum(attempts), sum(slot & 255 <> 0) FROM rollups WHERE span = 12";
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
    }

    /// Folds until nothing is left; returns the number of steps.
    fn fold_all(connection: &Connection, now: Timestamp) -> usize {
        let mut steps = 1;
        while !fold(connection, now, &mut Budget::new()).unwrap() {
            steps += 1;
        }
        steps
    }

    #[test]
    fn several_attempts_of_a_key_are_one_row_a_span() {
        let connection = database();
        let before = connection.total_changes();
        count(&connection, 1, now(), [5; 300]);
        assert_eq!(connection.total_changes() - before, 4, "a row a span and outcome");
        count(&connection, 1, now(), [5; 300]);
        assert_eq!(connection.total_changes() - before, 8);
        let counts = counts_in_24_h(&connection, 1, now()).unwrap();
        assert_eq!(counts, Counts { attempts: 600, failed: 200 });
        assert_eq!(counts_in_24_h(&connection, 2, now()).unwrap(), Counts::default());
    }

    #[test]
    fn what_is_old_is_folded_in_steps_once_and_nothing_else_is() {
        let connection = database();
        assert_eq!(fold_all(&database(), now()), 1, "there is nothing");
        for webhook in 1..=40 {
            count(&connection, webhook, ago(36 * DAY), 0..30);
        }
        count(&connection, 1, ago(200 * DAY), 0..30);
        count(&connection, 1, ago(35 * DAY - HOUR), 0..30);
        let before = rows_of_hours(&connection);
        assert_eq!((before.1, before.2), (42 * 30, before.0));
        assert!(fold_all(&connection, now()) > 3);
        let after = rows_of_hours(&connection);
        assert_eq!(after, (41 * 2 + 30, 42 * 30, 30));

        // A late count is folded with the next hour, and those of a clock that ran ahead in their turn.
        let changes = connection.total_changes();
        assert_eq!(fold_all(&connection, now()), 1);
        assert_eq!(connection.total_changes(), changes, "nothing is done for nothing");
        let ahead = now().plus(Duration::from_secs(300 * DAY));
        fold_all(&connection, ahead);
        assert_eq!(rows_of_hours(&connection), (41 * 2 + 2, 42 * 30, 0));
        count(&connection, 1, ago(35 * DAY - HOUR), 0..30);
        fold_all(&connection, now());
        assert_eq!(rows_of_hours(&connection).2, 30, "they are young");
        fold_all(&connection, now().plus(Duration::from_secs(2 * HOUR)));
        assert_eq!(rows_of_hours(&connection), (41 * 2 + 2, 43 * 30, 0));
    }

    #[test]
    fn durations_that_are_too_old_are_not_looked_at_though_they_are_there() {
        let connection = database();
        for (at, timed) in [(ago(35 * DAY + HOUR), false), (ago(35 * DAY - HOUR), true)] {
            count(&connection, 1, at, [5]);
            let buckets = Span::Hour.at(at)..Span::Hour.at(at) + 1;
            for webhook in [None, Some(1)] {
                let mut found = Vec::new();
                let piece = Piece { span: Span::Hour, buckets: buckets.clone(), of_all: false };
                visit(&connection, webhook, piece, now(), |counted| found.push(counted)).unwrap();
                assert_eq!(found.len(), 1);
                assert_eq!((found[0].slot.duration.is_some(), found[0].attempts), (timed, 1));
                assert_eq!(found[0].bucket, bucket_of(at) / 12 * 12);
            }
        }
    }

    #[test]
    fn counts_go_when_their_time_is_over() {
        let connection = database();
        for days in [3, 395, 397] {
            count(&connection, 1, ago(days * DAY), [5, 6]);
        }
        count(&connection, 1, now(), [5, 6]);
        let mut budget = Budget::new();
        forget(&connection, now(), &mut budget).unwrap();
        let left = |span: i64| -> i64 {
            let sql = "SELECT sum(attempts) FROM rollups WHERE span = ?1";
            connection.query_row(sql, [span], |row| row.get(0)).unwrap()
        };
        assert_eq!((left(1), left(12)), (2, 6));
    }

    /// The attempts in the sums of days and in those of all webhooks.
    fn sums(connection: &Connection) -> (i64, i64) {
        let sql = "SELECT sum(iif(span = 288 AND type = 0, attempts, 0)),
            sum(iif(span = 12 AND webhook = 0, attempts, 0)) FROM rollups";
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    #[test]
    fn an_hour_that_is_summed_up_in_part_gains_what_comes_late() {
        let connection = database();
        let at = ago(30 * HOUR);
        for webhook in 1..=6 {
            count(&connection, webhook, at, (0..300).map(|turn| turn * 60));
        }
        // The budget allows one round of summing.
        let mut budget = Budget::new();
        budget.look_at(2_047);
        assert!(!sum_up(&connection, now(), &mut budget).unwrap());
        let summed = summed(&connection).unwrap();
        assert!(summed.hour == Span::Hour.at(at) && (1..6).contains(&summed.webhook), "{summed:?}");
        for webhook in 1..=6 {
            count(&connection, webhook, at, [7]);
        }
        assert_eq!(sums(&connection), (summed.webhook * 301, summed.webhook * 301));
        while !sum_up(&connection, now(), &mut Budget::new()).unwrap() {}
        assert_eq!(sums(&connection), (1806, 1806));
    }

    #[test]
    fn hours_that_are_over_are_summed_up_once() {
        let connection = database();
        for (hours, webhook) in [(30, 1), (30, 2), (5, 1), (5, 2), (0, 1), (0, 2)] {
            count(&connection, webhook, ago(hours * HOUR), 0..300);
        }
        let sums = || sums(&connection);
        while !sum_up(&connection, now(), &mut Budget::new()).unwrap() {}
        assert_eq!(sums(), (1200, 1200), "the running hour is not over");
        assert!(sum_up(&connection, now(), &mut Budget::new()).unwrap());
        assert_eq!(sums(), (1200, 1200));
        count(&connection, 1, ago(5 * HOUR), [7]);
        assert_eq!(sums(), (1201, 1201), "what comes late is summed up where it is counted");
    }
}
