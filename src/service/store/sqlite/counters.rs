//! Finished attempts, counted as they are recorded: by five minutes and by hour of their end. Sums take whole hours
//! from the one table and the ends of the window from the other.

use std::{collections::BTreeMap, ops::Range, time::Duration};

use rusqlite::{Connection, params};

use super::{codes::Coded, facet::Outcome, rows, totals};
use crate::{
    domain::{
        event::EventType,
        stats::{bucket_of, oldest_bucket_in_24_h},
        time::Timestamp,
    },
    service::store::Result,
};

/// How many five-minute buckets an hour has.
pub(super) const BUCKETS_AN_HOUR: i64 = 12;

/// How long the counters of five minutes are kept: longer than any window that begins at any five minutes, an hour more
/// included.
pub(super) const KEPT_FIVE_MINUTES: Duration = Duration::from_secs(3 * 24 * 3600);
/// How long the counters of hours are kept: 13 months.
const KEPT_HOURS: Duration = Duration::from_secs(396 * 24 * 3600);

/// The first hour since 1970 whose counters are kept. Windows begin there at the earliest, whether older ones are gone
/// already or not.
pub(super) fn oldest_hour(now: Timestamp) -> i64 {
    bucket_of(now.minus(KEPT_HOURS)).div_euclid(BUCKETS_AN_HOUR)
}

/// How many attempts finished, and how many of them failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub attempts: u64,
    pub failed: u64,
}

impl Counts {
    /// Counts some more attempts of one outcome.
    pub fn add(&mut self, outcome: Outcome, attempts: u64) {
        self.attempts += attempts;
        self.failed += if outcome.failed { attempts } else { 0 };
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, Counts { attempts, failed }: Counts) {
        self.attempts += attempts;
        self.failed += failed;
    }
}

/// Some attempts that were counted together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    /// The five-minute bucket that begins when what they were counted in does.
    pub bucket: i64,
    pub webhook: i64,
    pub event_type: EventType,
    pub outcome: Outcome,
    pub attempts: u64,
}

/// Finished attempts that are counted together.
#[derive(Default)]
pub(super) struct Tally {
    /// By five-minute bucket, webhook, and the codes of event type and outcome.
    counts: BTreeMap<(i64, i64, i64, i64), u64>,
}

impl Tally {
    /// Counts a finished attempt.
    pub fn add(&mut self, webhook: i64, event_type: EventType, outcome: Outcome, finished_at: Timestamp) {
        let key = (bucket_of(finished_at), webhook, event_type.code(), outcome.code());
        *self.counts.entry(key).or_default() += 1;
    }

    /// Stores the counts.
    pub fn store(self, connection: &Connection) -> Result<()> {
        let mut totals: BTreeMap<(i64, i64), Counts> = BTreeMap::new();
        for ((bucket, webhook, event_type, outcome), attempts) in self.counts {
            for (sql, bucket) in [(COUNT_FIVE_MINUTES, bucket), (COUNT_HOUR, bucket.div_euclid(BUCKETS_AN_HOUR))] {
                rows::execute(connection, sql, params![bucket, webhook, event_type, outcome, attempts as i64])?;
            }
            totals.entry((bucket, webhook)).or_default().add(Outcome::from_code(outcome), attempts);
        }
        totals::add(connection, totals)
    }
}

const COUNT_FIVE_MINUTES: &str =
    "INSERT INTO counters_five_minutes (bucket, webhook, event_type, outcome, attempts) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT DO UPDATE SET attempts = attempts + excluded.attempts";
const COUNT_HOUR: &str =
    "INSERT INTO counters_hours (bucket, webhook, event_type, outcome, attempts) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT DO UPDATE SET attempts = attempts + excluded.attempts";

/// What a webhook's error rate over 24 h is made of.
pub(super) fn last_24_h(connection: &Connection, webhook: i64, now: Timestamp) -> Result<Counts> {
    totals::sum(connection, Some(webhook), oldest_bucket_in_24_h(now)..bucket_of(now) + 1)
}

/// Visits what was counted in these five-minute buckets, of one webhook or of all, bucket by bucket.
pub(super) fn visit_buckets(
    connection: &Connection,
    webhook: Option<i64>,
    window: Range<i64>,
    mut visitor: impl FnMut(Counted),
) -> Result<()> {
    read(connection, FIVE_MINUTES, BUCKETS_AN_HOUR, webhook, window, &mut visitor)
}

/// Visits what was counted in these five-minute buckets, of one webhook or of all. Within an hour that lies wholly
/// in the window it comes as one.
pub(super) fn visit(
    connection: &Connection,
    webhook: Option<i64>,
    window: Range<i64>,
    mut visitor: impl FnMut(Counted),
) -> Result<()> {
    let first_hour = (window.start + BUCKETS_AN_HOUR - 1).div_euclid(BUCKETS_AN_HOUR);
    let end_hour = window.end.div_euclid(BUCKETS_AN_HOUR);
    if first_hour >= end_hour {
        return read(connection, FIVE_MINUTES, BUCKETS_AN_HOUR, webhook, window, &mut visitor);
    }
    let (hours_from, hours_to) = (first_hour * BUCKETS_AN_HOUR, end_hour * BUCKETS_AN_HOUR);
    read(connection, FIVE_MINUTES, BUCKETS_AN_HOUR, webhook, window.start..hours_from, &mut visitor)?;
    read(connection, HOURS, 1, webhook, first_hour..end_hour, &mut visitor)?;
    read(connection, FIVE_MINUTES, BUCKETS_AN_HOUR, webhook, hours_to..window.end, &mut visitor)
}

/// The statements over one table of counters: for one webhook, and for all.
struct Statements {
    of_one: &'static str,
    of_all: &'static str,
}

macro_rules! statements {
    ($table:literal) => {
        Statements {
            // One look a bucket: reading the range would read every other webhook's rows too.
            of_one: concat!(
                "WITH RECURSIVE buckets (bucket) AS (SELECT ?1 UNION ALL SELECT bucket + 1 FROM buckets WHERE
                 bucket + 1 < ?2) SELECT c.bucket, c.webhook, c.event_type, c.outcome, c.attempts FROM buckets b
                 CROSS JOIN ",
                $table,
                " c ON c.bucket = b.bucket AND c.webhook = ?3"
            ),
            of_all: concat!(
                "SELECT bucket, webhook, event_type, outcome, attempts FROM ",
                $table,
                " WHERE bucket >= ?1 AND bucket < ?2 AND ?3 IS NULL"
            ),
        }
    };
}

const FIVE_MINUTES: Statements = statements!("counters_five_minutes");
const HOURS: Statements = statements!("counters_hours");

fn read(
    connection: &Connection,
    statements: Statements,
    buckets_an_hour: i64,
    webhook: Option<i64>,
    window: Range<i64>,
    visitor: &mut impl FnMut(Counted),
) -> Result<()> {
    if window.is_empty() {
        return Ok(());
    }
    let sql = if webhook.is_some() { statements.of_one } else { statements.of_all };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![window.start, window.end, webhook])?;
    while let Some(row) = rows.next()? {
        visitor(Counted {
            bucket: row.get::<_, i64>(0)? * (BUCKETS_AN_HOUR / buckets_an_hour),
            webhook: row.get(1)?,
            event_type: row.get(2)?,
            outcome: Outcome::from_code(row.get(3)?),
            attempts: rows::unsigned(row.get(4)?),
        });
    }
    Ok(())
}
