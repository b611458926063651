//! Error rates over a window, and what waits to be delivered.

use std::{collections::BTreeMap, ops::Range, time::Duration};

use rusqlite::{Connection, params};

use super::{
    counters::{self, BUCKETS_AN_HOUR, Counted, Counts},
    facet::Outcome,
    rows, totals,
};
use crate::{
    domain::{
        calendar::{Period, Unit, Zone},
        ids::WebhookId,
        query::StatsQuery,
        stats::{BUCKET, BUCKETS_IN_24_H, GroupBy, Queue, Stats, StatsGroup, bucket_of, bucket_start, error_rate},
        time::Timestamp,
    },
    service::store::Result,
};

/// The longest window that begins at any five minutes; longer ones begin at a whole hour.
const FINE_WINDOW: Duration = Duration::from_secs(48 * 3600);

/// Error rates over a window.
pub(super) fn stats(connection: &Connection, query: &StatsQuery, now: Timestamp) -> Result<Stats> {
    let StatsQuery { webhook, since, until, by, time_zone } = query;
    let window = Window::of(*since, *until, now);
    let number = match webhook {
        None => None,
        // Numbers start at 1: nothing was counted for a webhook that never was.
        Some(id) => {
            Some(rows::value(connection, "SELECT number FROM webhooks WHERE id = ?1", params![id])?.unwrap_or(-1))
        }
    };
    let total = totals::sum(connection, number, window.buckets.clone())?;
    let zone = time_zone.clone().unwrap_or_default();
    let in_time = |unit| in_time(connection, number, &window, &zone, unit);
    let in_kinds = |key: fn(&Counted) -> Key| in_kinds(connection, number, &window, key);
    let groups = match by {
        None => Vec::new(),
        Some(GroupBy::Webhook) => in_kinds(|counted| Key::Webhook(counted.webhook))?,
        Some(GroupBy::Event) => in_kinds(|counted| Key::Text(counted.event_type.to_string()))?,
        Some(GroupBy::Code) => in_kinds(|counted| Key::Text(answer(counted.outcome)))?,
        Some(GroupBy::Hour) => in_time(Unit::Hour)?,
        Some(GroupBy::Day) => in_time(Unit::Day)?,
    };
    Ok(Stats {
        from: window.span.start,
        to: window.span.end,
        webhook_id: *webhook,
        attempts: total.attempts,
        failed: total.failed,
        error_rate: error_rate(total.failed, total.attempts),
        by: *by,
        time_zone: zone,
        groups,
    })
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    buckets: Range<i64>,
    /// From the first bucket's beginning to the last one's end, or now.
    span: Range<Timestamp>,
    /// How long its counts are: all have five minutes, or some have only hours.
    grain: Duration,
}

impl Window {
    fn of(since: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> Self {
        let running = bucket_of(now) + 1;
        let end = match until.filter(|until| *until < now) {
            None => running,
            Some(until) => {
                let end = bucket_of(until.minus(Duration::from_micros(1))) + 1;
                if is_fine(until, now) { end } else { hours_up(end).min(running) }
            }
        };
        let since = since.unwrap_or_else(|| bucket_start(end - BUCKETS_IN_24_H)).min(now);
        let fine = is_fine(since, now);
        let first = bucket_of(since).max(counters::oldest_hour(now) * BUCKETS_AN_HOUR).min(end);
        let first = if fine { first } else { first - first.rem_euclid(BUCKETS_AN_HOUR) };
        Window {
            span: bucket_start(first)..bucket_start(end).min(now),
            buckets: first..end,
            grain: if fine { BUCKET } else { BUCKET * BUCKETS_AN_HOUR as u32 },
        }
    }
}

/// Whether what was counted in five minutes then is surely kept.
fn is_fine(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) <= FINE_WINDOW
}

/// The first bucket, not before this one, that begins with an hour.
fn hours_up(bucket: i64) -> i64 {
    bucket + (-bucket).rem_euclid(BUCKETS_AN_HOUR)
}

/// By hour or by day.
fn in_time(
    connection: &Connection,
    webhook: Option<i64>,
    window: &Window,
    zone: &Zone,
    unit: Unit,
) -> Result<Vec<StatsGroup>> {
    let mut buckets: BTreeMap<i64, Counts> = BTreeMap::new();
    let mut count = |counted: Counted| {
        buckets.entry(counted.bucket).or_default().add(counted.outcome, counted.attempts);
    };
    if zone.is_utc() || window.grain > BUCKET {
        counters::visit(connection, webhook, window.buckets.clone(), &mut count)?;
    } else {
        counters::visit_buckets(connection, webhook, window.buckets.clone(), &mut count)?;
    }
    let mut groups: Vec<(Period, Counts)> = Vec::new();
    for (bucket, counts) in buckets {
        // Where some counts are whole hours, those of five minutes are a part of theirs.
        let at = bucket_start(if window.grain > BUCKET { bucket - bucket.rem_euclid(BUCKETS_AN_HOUR) } else { bucket });
        match groups.last_mut().filter(|(period, _)| period.span.contains(&at)) {
            Some((_, sum)) => *sum += counts,
            None => groups.push((zone.period(unit, at, window.grain), counts)),
        }
    }
    let group = |(Period { span, name: key }, counts): (Period, Counts)| {
        let span = span.start.max(window.span.start)..span.end.min(window.span.end);
        group(key, None, counts, span)
    };
    Ok(groups.into_iter().map(group).collect())
}

/// What a group's attempts have in common.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Webhook(i64),
    Text(String),
}

/// By webhook, event type or status.
fn in_kinds(
    connection: &Connection,
    webhook: Option<i64>,
    window: &Window,
    key: fn(&Counted) -> Key,
) -> Result<Vec<StatsGroup>> {
    let mut groups: BTreeMap<Key, Counts> = BTreeMap::new();
    counters::visit(connection, webhook, window.buckets.clone(), |counted| {
        groups.entry(key(&counted)).or_default().add(counted.outcome, counted.attempts);
    })?;
    let named = |(key, counts)| {
        let (key, name) = match key {
            Key::Text(text) => (text, None),
            Key::Webhook(number) => named(connection, number)?,
        };
        Ok(group(key, name, counts, window.span.clone()))
    };
    let mut groups = groups.into_iter().map(named).collect::<Result<Vec<_>>>()?;
    groups.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(groups)
}

/// The status of an answer, or the lack of one.
fn answer(Outcome { http_status, .. }: Outcome) -> String {
    http_status.map_or_else(|| "no answer".to_owned(), |status| status.to_string())
}

fn group(key: String, name: Option<String>, Counts { attempts, failed }: Counts, span: Range<Timestamp>) -> StatsGroup {
    let error_rate = error_rate(failed, attempts);
    StatsGroup { key, name, attempts, failed, error_rate, from: Some(span.start), to: Some(span.end) }
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
        "SELECT coalesce(sum(waiting + abandoned(webhook)), 0), min(next_due) FROM lanes WHERE state = 1",
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
