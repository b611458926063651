//! Error rates without a look at what they are made of: how many attempts of a webhook, or of all, finished in five
//! minutes, in an hour, in a day. A window is summed up from as many days as it has, and hours and minutes at its ends.

use std::{collections::BTreeMap, ops::Range};

use rusqlite::{Connection, params};

use super::{
    counters::{Counts, KEPT_FIVE_MINUTES, oldest_hour},
    retention::Budget,
    rows,
};
use crate::{
    domain::{stats::bucket_of, time::Timestamp},
    service::store::Result,
};

/// How many five-minute buckets a bucket of each table has, the longest first.
const SPANS: [i64; 3] = [288, 12, 1];
/// Stands for all webhooks: their numbers begin at 1.
const ALL: i64 = 0;

/// Adds what was counted in five-minute buckets, by bucket and webhook.
pub(super) fn add(connection: &Connection, counted: impl IntoIterator<Item = ((i64, i64), Counts)>) -> Result<()> {
    let mut sums: BTreeMap<(i64, i64, i64), Counts> = BTreeMap::new();
    for ((bucket, webhook), Counts { attempts, failed }) in counted {
        for (span, webhook) in SPANS.into_iter().flat_map(|span| [(span, webhook), (span, ALL)]) {
            let sum = sums.entry((span, bucket.div_euclid(span), webhook)).or_default();
            sum.attempts += attempts;
            sum.failed += failed;
        }
    }
    for ((span, bucket, webhook), Counts { attempts, failed }) in sums {
        rows::execute(
            connection,
            "INSERT INTO totals (span, bucket, webhook, attempts, failed) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET attempts = attempts + excluded.attempts, failed = failed + excluded.failed",
            params![span, bucket, webhook, attempts as i64, failed as i64],
        )?;
    }
    Ok(())
}

/// What finished in these five-minute buckets, of one webhook or of all.
pub(super) fn sum(connection: &Connection, webhook: Option<i64>, window: Range<i64>) -> Result<Counts> {
    let mut counts = Counts::default();
    for (span, buckets) in pieces(window, &SPANS) {
        let found =
            rows::first(connection, SUM, params![span, buckets.start, buckets.end, webhook.unwrap_or(ALL)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let (attempts, failed) = found.unwrap_or_default();
        counts.attempts += rows::unsigned(attempts);
        counts.failed += rows::unsigned(failed);
    }
    Ok(counts)
}

/// One look a bucket: reading the range would read every other webhook's rows too.
const SUM: &str = "WITH RECURSIVE buckets (bucket) AS
        (SELECT ?2 UNION ALL SELECT bucket + 1 FROM buckets WHERE bucket + 1 < ?3)
    SELECT coalesce(sum(t.attempts), 0), coalesce(sum(t.failed), 0)
    FROM buckets b CROSS JOIN totals t ON t.span = ?1 AND t.bucket = b.bucket AND t.webhook = ?4";

/// The buckets of the longest spans that lie wholly in a window, and what is left at its ends, in shorter ones.
fn pieces(window: Range<i64>, spans: &[i64]) -> Vec<(i64, Range<i64>)> {
    let Some((span, shorter)) = spans.split_first().filter(|_| !window.is_empty()) else { return Vec::new() };
    let first = (window.start + span - 1).div_euclid(*span);
    let end = window.end.div_euclid(*span);
    if first >= end {
        return pieces(window, shorter);
    }
    let mut all = pieces(window.start..first * span, shorter);
    all.push((*span, first..end));
    all.extend(pieces(end * span..window.end, shorter));
    all
}

/// Forgets some of what is as old as the counters that go.
pub(super) fn forget(connection: &Connection, now: Timestamp, budget: &mut Budget) -> Result<()> {
    let hour = oldest_hour(now);
    for (span, first) in [(1, bucket_of(now.minus(KEPT_FIVE_MINUTES))), (12, hour), (288, hour.div_euclid(24))] {
        budget.remove(connection, FORGET, params![span, first, budget.left() as i64])?;
    }
    Ok(())
}

const FORGET: &str = "DELETE FROM totals WHERE (span, bucket, webhook) IN (
    SELECT span, bucket, webhook FROM totals WHERE span = ?1 AND bucket < ?2 ORDER BY bucket LIMIT ?3)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_a_window_once_with_few_buckets() {
        for start in (0..900).step_by(7) {
            for length in [0, 1, 11, 12, 13, 287, 288, 600, 288 * 31] {
                let window = start..start + length;
                let pieces = pieces(window.clone(), &SPANS);
                let covered: Vec<i64> =
                    pieces.iter().flat_map(|(span, buckets)| buckets.start * span..buckets.end * span).collect();
                assert_eq!(covered, window.collect::<Vec<_>>());
                let looks: i64 = pieces.iter().map(|(_, buckets)| buckets.end - buckets.start).sum();
                assert!(looks <= 2 * 11 + 2 * 23 + length / 288, "{length} from {start}: {looks}");
            }
        }
    }
}
