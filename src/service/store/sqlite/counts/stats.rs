//! Error rates and percentiles of durations over a window, and the waiting deliveries.

use std::{collections::BTreeMap, ops::Range};

use rusqlite::{Connection, params};

use super::rollups::{self, Counted};
use crate::{
    domain::{
        calendar::{Period, Unit, Zone},
        ids::WebhookId,
        query::StatsQuery,
        stats::{BUCKET, GroupBy, Queue, Stats, StatsGroup, error_rate},
        time::Timestamp,
    },
    service::store::{
        Result,
        rules::rollup::{Asked, Summed, Sums, Window, cut},
        sqlite::{connection::rows, events::types},
    },
};

/// Computes error rates and percentiles over a window.
pub fn stats(connection: &Connection, query: &StatsQuery, now: Timestamp) -> Result<Stats> {
    let StatsQuery { webhook, since, until, by, time_zone } = query;
    let number = match webhook {
        None => None,
        // Numbers start at 1, so -1 matches nothing for an unknown webhook.
        Some(id) => {
            Some(rows::value(connection, "SELECT number FROM webhooks WHERE id = ?1", params![id])?.unwrap_or(-1))
        }
    };
    let zone = time_zone.clone().unwrap_or_default();
    let window = Window::of(*since, *until, now);
    let counts = WindowCounts { connection, webhook: number, window, summed: rollups::summed(connection)?, now };
    let groups = match by.map(|by| (by, by.unit())) {
        None => vec![counts.in_all()?],
        Some((_, Some(unit))) => counts.in_time(&zone, unit)?,
        Some((by, None)) => counts.in_kinds(by)?,
    };
    let mut total = Sums::default();
    groups.iter().for_each(|(_, sums)| total.add_all(sums));
    let window = counts.window.span;
    Ok(Stats {
        from: window.start,
        to: window.end,
        webhook_id: *webhook,
        attempts: total.attempts,
        failed: total.failed,
        error_rate: error_rate(total.failed, total.attempts),
        p50_ms: total.percentile_ms(50),
        p95_ms: total.percentile_ms(95),
        by: *by,
        time_zone: zone,
        groups: if by.is_some() {
            groups.into_iter().map(|(named, sums)| group(named, &sums)).collect()
        } else {
            vec![]
        },
    })
}

/// A group's name and its part of the window.
struct Named {
    key: String,
    name: Option<String>,
    span: Range<Timestamp>,
}

/// The counts of a window, of one webhook or of all.
struct WindowCounts<'a> {
    connection: &'a Connection,
    webhook: Option<i64>,
    window: Window,
    summed: Summed,
    now: Timestamp,
}

impl WindowCounts<'_> {
    /// Visits the counts, or sums that are enough for the query, in the order of time.
    fn visit(&self, asked: Asked, mut visitor: impl FnMut(Counted)) -> Result<()> {
        for piece in cut(self.window.buckets.clone(), asked, self.summed, self.now) {
            rollups::visit(self.connection, self.webhook, piece, self.now, &mut visitor)?;
        }
        Ok(())
    }

    /// The query when webhooks need not be told apart: `of_one` if the window is of one webhook.
    fn whatever(&self, of_one: Asked) -> Asked {
        if self.webhook.is_some() { of_one } else { Asked::OfAll }
    }

    /// Sums everything up.
    fn in_all(&self) -> Result<(Named, Sums)> {
        let mut all = Sums::default();
        self.visit(self.whatever(Asked::ByWebhook), |counted| all.add(counted.slot, counted.attempts))?;
        Ok((Named { key: String::new(), name: None, span: self.window.span.clone() }, all))
    }

    /// Groups by hour or by day.
    fn in_time(&self, zone: &Zone, unit: Unit) -> Result<Vec<(Named, Sums)>> {
        let Window { span: window, grain, .. } = &self.window;
        let asked = match *grain > BUCKET || self.window.has_whole_hours_in(zone) {
            true => self.whatever(Asked::ByType),
            false => Asked::Finest,
        };
        let mut groups: Vec<(Period, Sums)> = Vec::new();
        self.visit(asked, |counted| {
            let at = self.window.count_of(counted.bucket);
            if groups.last().is_none_or(|(period, _)| !period.span.contains(&at)) {
                groups.push((zone.period(unit, at, *grain), Sums::default()));
            }
            if let Some((_, sums)) = groups.last_mut() {
                sums.add(counted.slot, counted.attempts);
            }
        })?;
        let named = |(Period { span, name: key }, sums): (Period, Sums)| {
            let span = span.start.max(window.start)..span.end.min(window.end);
            (Named { key, name: None, span }, sums)
        };
        Ok(groups.into_iter().map(named).collect())
    }

    /// Groups by webhook, event type or status.
    fn in_kinds(&self, by: GroupBy) -> Result<Vec<(Named, Sums)>> {
        let mut groups: BTreeMap<i64, Sums> = BTreeMap::new();
        let asked = match by {
            GroupBy::Webhook => Asked::ByWebhook,
            GroupBy::Event => self.whatever(Asked::ByType),
            _ => self.whatever(Asked::ByWebhook),
        };
        self.visit(asked, |counted| {
            let number = match by {
                GroupBy::Webhook => counted.webhook,
                GroupBy::Event => counted.event_type,
                _ => counted.slot.outcome.http_status.map_or(NO_ANSWER, i64::from),
            };
            groups.entry(number).or_default().add(counted.slot, counted.attempts);
        })?;
        let types = types::names(self.connection)?;
        let named = |(number, sums)| {
            let (key, name) = match by {
                GroupBy::Webhook => named(self.connection, number)?,
                GroupBy::Event => (types.get(&number).map(ToString::to_string).unwrap_or_default(), None),
                _ if number == NO_ANSWER => ("no answer".to_owned(), None),
                _ => (number.to_string(), None),
            };
            Ok((Named { key, name, span: self.window.span.clone() }, sums))
        };
        let mut groups = groups.into_iter().map(named).collect::<Result<Vec<_>>>()?;
        groups.sort_by(|(one, _), (other, _)| one.key.cmp(&other.key));
        Ok(groups)
    }
}

/// Stands for the status of an attempt without an answer.
const NO_ANSWER: i64 = 0;

fn group(Named { key, name, span }: Named, sums: &Sums) -> StatsGroup {
    let Sums { attempts, failed, .. } = *sums;
    StatsGroup {
        key,
        name,
        attempts,
        failed,
        error_rate: error_rate(failed, attempts),
        p50_ms: sums.percentile_ms(50),
        p95_ms: sums.percentile_ms(95),
        from: Some(span.start),
        to: Some(span.end),
    }
}

/// A webhook's id, and its name unless it was deleted.
fn named(connection: &Connection, number: i64) -> Result<(String, Option<String>)> {
    let found = rows::first(
        connection,
        "SELECT id, CASE WHEN deleted_at IS NULL THEN name END FROM webhooks WHERE number = ?1",
        params![number],
        |row| Ok((row.get::<_, WebhookId>(0)?.to_string(), row.get(1)?)),
    )?;
    Ok(found.unwrap_or_default())
}

/// Reads what waits to be delivered; `instances` is the number of processes that deliver.
pub fn queue(connection: &Connection, now: Timestamp, instances: u64) -> Result<Queue> {
    let waiting = rows::first(
        connection,
        "SELECT coalesce(sum(abandoned(q.webhook)
                + (SELECT count(*) FROM work k WHERE k.webhook = q.webhook AND k.claim IS NULL)), 0), min(q.next_due)
         FROM webhook_queues q WHERE q.state = 1",
        [],
        |row| Ok((row.get(0)?, row.get::<_, Option<Timestamp>>(1)?)),
    )?;
    let (pending, next_due) = waiting.unwrap_or_default();
    let due = rows::value(
        connection,
        "SELECT count(*) FROM webhook_queues q CROSS JOIN work k ON k.webhook = q.webhook
         WHERE q.state = 1 AND q.next_due <= ?1 AND k.claim IS NULL AND k.due_at <= ?1",
        [now],
    )?;
    Ok(Queue {
        pending: rows::unsigned(pending),
        due: rows::unsigned(due.unwrap_or(0)),
        oldest_due_at: next_due.filter(|due_at| *due_at <= now),
        instances,
    })
}
