//! Error rates over a window, and what waits to be delivered.

use std::{collections::BTreeMap, time::Duration};

use rusqlite::{Connection, params};

use super::{
    counters::{self, BUCKETS_AN_HOUR, Counted, Counts},
    rows, totals,
};
use crate::{
    domain::{
        ids::WebhookId,
        query::StatsQuery,
        stats::{GroupBy, Queue, Stats, StatsGroup, bucket_of, bucket_start, error_rate, oldest_bucket_in_24_h},
        time::Timestamp,
    },
    service::store::Result,
};

/// The longest window that begins at any five minutes; longer ones begin at a whole hour.
const FINE_WINDOW: Duration = Duration::from_secs(48 * 3600);

/// Error rates over a window.
pub(super) fn stats(connection: &Connection, query: &StatsQuery, now: Timestamp) -> Result<Stats> {
    let StatsQuery { webhook, since, by } = query;
    let first = first_bucket(*since, now);
    let window = first..bucket_of(now) + 1;
    let mut groups: BTreeMap<Key, Counts> = BTreeMap::new();
    let number = match webhook {
        None => None,
        // Numbers start at 1: nothing was counted for a webhook that never was.
        Some(id) => {
            Some(rows::value(connection, "SELECT number FROM webhooks WHERE id = ?1", params![id])?.unwrap_or(-1))
        }
    };
    let total = totals::sum(connection, number, window.clone())?;
    if let Some(by) = by {
        counters::visit(connection, number, window, |counted| {
            groups.entry(key(*by, &counted)).or_default().add(counted.outcome, counted.attempts);
        })?;
    }
    let mut groups =
        groups.into_iter().map(|(key, counts)| group(connection, key, counts)).collect::<Result<Vec<_>>>()?;
    groups.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(Stats {
        from: bucket_start(first),
        to: now,
        webhook_id: *webhook,
        attempts: total.attempts,
        failed: total.failed,
        error_rate: error_rate(total.failed, total.attempts),
        by: *by,
        groups,
    })
}

fn first_bucket(since: Option<Timestamp>, now: Timestamp) -> i64 {
    let Some(since) = since else { return oldest_bucket_in_24_h(now) };
    let bucket = bucket_of(since.min(now)).max(counters::oldest_hour(now) * BUCKETS_AN_HOUR);
    if now.since(since) <= FINE_WINDOW { bucket } else { bucket - bucket.rem_euclid(BUCKETS_AN_HOUR) }
}

/// What a group's attempts have in common.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Webhook(i64),
    Text(String),
}

fn key(by: GroupBy, counted: &Counted) -> Key {
    let hour = || bucket_start(counted.hour * BUCKETS_AN_HOUR).to_jiff();
    Key::Text(match by {
        GroupBy::Webhook => return Key::Webhook(counted.webhook),
        GroupBy::Event => counted.event_type.to_string(),
        GroupBy::Code => {
            counted.outcome.http_status.map_or_else(|| "no answer".to_owned(), |status| status.to_string())
        }
        GroupBy::Hour => format!("{:.0}", hour()),
        GroupBy::Day => hour().strftime("%Y-%m-%d").to_string(),
    })
}

fn group(connection: &Connection, key: Key, counts: Counts) -> Result<StatsGroup> {
    let (key, name) = match key {
        Key::Text(text) => (text, None),
        Key::Webhook(number) => named(connection, number)?,
    };
    let Counts { attempts, failed } = counts;
    Ok(StatsGroup { key, name, attempts, failed, error_rate: error_rate(failed, attempts) })
}

/// A webhook's id, and its name while it is there.
fn named(connection: &Connection, number: i64) -> Result<(String, Option<String>)> {
    let found = rows::first(
        connection,
        "SELECT id, CASE WHEN deleted_at IS NULL THEN name END FROM webhooks WHERE number = ?1",
        params![number],
        |row| Ok((row.get::<_, WebhookId>(0)?.to_string(), row.get(1)?)),
    )?;
    Ok(found.unwrap_or_default())
}

/// What waits to be delivered; `instances` says how many processes deliver.
pub(super) fn queue(connection: &Connection, now: Timestamp, instances: u64) -> Result<Queue> {
    let waiting = rows::first(
        connection,
        "SELECT coalesce(sum(waiting), 0), min(next_due) FROM lanes WHERE state = 1",
        [],
        |row| Ok((row.get(0)?, row.get::<_, Option<Timestamp>>(1)?)),
    )?;
    let (pending, next_due) = waiting.unwrap_or_default();
    let due = rows::value(
        connection,
        "SELECT count(*) FROM lanes l CROSS JOIN work k ON k.webhook = l.webhook
         WHERE l.state = 1 AND l.next_due <= ?1 AND k.claim IS NULL AND k.due_at <= ?1",
        [now],
    )?;
    Ok(Queue {
        pending: rows::unsigned(pending),
        due: rows::unsigned(due.unwrap_or(0)),
        oldest_due_at: next_due.filter(|due_at| *due_at <= now),
        instances,
    })
}
