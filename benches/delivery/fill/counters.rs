//! Writes the counters of a copied history.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use tm_hooks::domain::time::Timestamp;

use super::{column, template::Template};

/// The spans of counts, in buckets of five minutes.
const SPANS: [i64; 2] = [1, 12];
const BUCKET_SECONDS: i64 = 300;

/// The key of a counter: webhook, code of the event's type, slot.
type Key = (i64, i64, i64);

/// Counters during filling, in the order of time.
pub struct Counters<'a> {
    connection: &'a Connection,
    succeeded: i64,
    failed: i64,
    row: Template,
    spans: Vec<Bucket>,
}

/// The open buckets of a span: retries are counted some seconds ahead of others.
#[derive(Default)]
struct Bucket {
    span: i64,
    counts: HashMap<(i64, Key), i64>,
    newest: i64,
}

impl<'a> Counters<'a> {
    /// Reads the slots of the real deliveries.
    pub fn read(connection: &'a Connection, steady: i64, flaky: i64) -> Result<Self> {
        let known = column(connection, "SELECT DISTINCT span FROM rollups ORDER BY span")?;
        ensure!(known == SPANS, "attempts are counted by spans that are not known here");
        let of = |webhook: i64| {
            column(connection, &format!("SELECT DISTINCT slot FROM rollups WHERE webhook = {webhook} ORDER BY slot"))
        };
        let (steady, flaky) = (of(steady)?, of(flaky)?);
        let succeeded = *steady.first().context("a real delivery was counted")?;
        // Failures have the greater number.
        let failed = *flaky.last().context("a real failure was counted")?;
        Ok(Counters {
            connection,
            succeeded,
            failed,
            row: Template::read(connection, "rollups", "true")?,
            spans: SPANS.map(|span| Bucket { span, ..Bucket::default() }).into(),
        })
    }

    /// Deletes the existing counters.
    pub fn forget(&self) -> Result<()> {
        self.connection.execute("DELETE FROM rollups", [])?;
        Ok(())
    }

    /// Counts an attempt.
    pub fn count(&mut self, finished_at: Timestamp, webhook: i64, code: i64, failed: bool) -> Result<()> {
        let key = (webhook, code, if failed { self.failed } else { self.succeeded });
        for span in &mut self.spans {
            let bucket = finished_at.as_seconds().div_euclid(span.span * BUCKET_SECONDS);
            if bucket > span.newest {
                span.newest = bucket;
                // The previous bucket may still be added to.
                span.write(self.connection, &mut self.row, bucket - 1)?;
            }
            *span.counts.entry((bucket, key)).or_default() += 1;
        }
        Ok(())
    }

    /// Writes the open buckets.
    pub fn finish(&mut self) -> Result<()> {
        self.spans.iter_mut().try_for_each(|span| span.write(self.connection, &mut self.row, i64::MAX))
    }
}

impl Bucket {
    /// Writes the counts of the buckets below this.
    fn write(&mut self, connection: &Connection, row: &mut Template, below: i64) -> Result<()> {
        for ((bucket, (webhook, code, slot)), attempts) in self.counts.extract_if(|(bucket, _), _| *bucket < below) {
            row.set("span", self.span)?;
            row.set("bucket", bucket)?;
            row.set("webhook", webhook)?;
            row.set("type", code)?;
            row.set("slot", slot)?;
            row.set("attempts", attempts)?;
            row.insert(connection)?;
        }
        Ok(())
    }
}
