//! The counters of a copied history.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use tm_hooks::domain::time::Timestamp;

use super::{column, template::Template};

/// The tables of counters, and how many seconds each of their buckets has.
const TABLES: [(&str, i64); 2] = [("counters_five_minutes", 300), ("counters_hours", 3600)];

/// Sums up the tables by webhook, and for all webhooks, as number 0.
const TOTALS: &str = "
    INSERT INTO totals SELECT 1, bucket, webhook, sum(attempts), sum(attempts * (outcome >= 1000))
        FROM counters_five_minutes GROUP BY bucket, webhook;
    INSERT INTO totals SELECT 12, bucket, webhook, sum(attempts), sum(attempts * (outcome >= 1000))
        FROM counters_hours GROUP BY bucket, webhook;
    INSERT INTO totals SELECT 288, bucket / 24, webhook, sum(attempts), sum(failed)
        FROM totals WHERE span = 12 GROUP BY bucket / 24, webhook;
    INSERT INTO totals SELECT span, bucket, 0, sum(attempts), sum(failed) FROM totals GROUP BY span, bucket;";

/// What attempts are counted by: webhook, code of the event's type, code of the outcome.
type Key = (i64, i64, i64);

/// Counters that are being filled, in the order of time.
pub struct Counters<'a> {
    connection: &'a Connection,
    succeeded: i64,
    failed: i64,
    tables: Vec<Bucket>,
}

/// The buckets of a table that may still be added to: retries are counted some seconds ahead of others.
struct Bucket {
    row: Template,
    seconds: i64,
    counts: HashMap<(i64, Key), i64>,
    newest: i64,
}

impl<'a> Counters<'a> {
    /// Reads the codes of the outcomes that the real deliveries had.
    pub fn read(connection: &'a Connection, steady: i64, flaky: i64) -> Result<Self> {
        let known = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'counters_*'";
        let known = column(connection, known)?;
        ensure!(known == [TABLES.len() as i64], "there are tables of counters that are not known here");
        let of = |webhook: i64| {
            column(connection, &format!("SELECT DISTINCT outcome FROM counters_hours WHERE webhook = {webhook}"))
        };
        let (steady, flaky) = (of(steady)?, of(flaky)?);
        let succeeded = *steady.first().context("a real delivery was counted")?;
        let failed = flaky.into_iter().find(|outcome| *outcome != succeeded).context("a real failure was counted")?;
        let read = |(table, seconds): (&'static str, i64)| -> Result<Bucket> {
            let row = Template::read(connection, table, "true")?;
            Ok(Bucket { row, seconds, counts: HashMap::new(), newest: 0 })
        };
        let tables = TABLES.into_iter().map(read).collect::<Result<_>>()?;
        Ok(Counters { connection, succeeded, failed, tables })
    }

    /// Deletes what is there.
    pub fn forget(&self) -> Result<()> {
        for table in TABLES.iter().map(|(table, _)| *table).chain(["totals"]) {
            self.connection.execute(&format!("DELETE FROM {table}"), [])?;
        }
        Ok(())
    }

    /// Counts an attempt.
    pub fn count(&mut self, finished_at: Timestamp, webhook: i64, code: i64, failed: bool) -> Result<()> {
        let key = (webhook, code, if failed { self.failed } else { self.succeeded });
        for table in &mut self.tables {
            let bucket = finished_at.as_seconds().div_euclid(table.seconds);
            if bucket > table.newest {
                table.newest = bucket;
                // One before it may still be added to.
                table.write(self.connection, bucket - 1)?;
            }
            *table.counts.entry((bucket, key)).or_default() += 1;
        }
        Ok(())
    }

    /// Writes what is left.
    pub fn finish(&mut self) -> Result<()> {
        self.tables.iter_mut().try_for_each(|table| table.write(self.connection, i64::MAX))?;
        Ok(self.connection.execute_batch(TOTALS)?)
    }
}

impl Bucket {
    /// Writes the counts of the buckets below this.
    fn write(&mut self, connection: &Connection, below: i64) -> Result<()> {
        for ((bucket, (webhook, code, outcome)), attempts) in self.counts.extract_if(|(bucket, _), _| *bucket < below) {
            self.row.set("bucket", bucket)?;
            self.row.set("webhook", webhook)?;
            self.row.set("event_type", code)?;
            self.row.set("outcome", outcome)?;
            self.row.set("attempts", attempts)?;
            self.row.insert(connection)?;
        }
        Ok(())
    }
}
