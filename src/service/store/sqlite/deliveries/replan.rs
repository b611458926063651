//! Moves back what a wrong clock has planned too far ahead, so that a clock that was set back does not hold webhooks
//! for as long as it had been ahead.

use std::time::Duration;

use rusqlite::{Connection, Row, params};

use super::webhook_queues;
use crate::{
    domain::time::Timestamp,
    service::store::{
        Result,
        rules::replan::{self, Holds, Waiting},
        sqlite::{
            connection::rows,
            handle::SqliteStore,
            writer::{session::Session, steps::Step},
        },
    },
};

impl SqliteStore {
    /// Moves back what is planned too far ahead, in steps that are a commit each.
    pub async fn bring_back(&self, now: Timestamp, doubtful: bool) -> Result<()> {
        if !self.read(move |connection| is_due(connection, now, doubtful)).await? {
            return Ok(());
        }
        self.write(move |session| holds(&session.connection, now)).await?;
        let mut step = Some(Step::FIRST);
        while let Some(next) = step {
            step = self.write(move |session| work(session, next, now)).await?;
        }
        Ok(())
    }
}

/// Whether anything may have to be moved back. If the clock may have been set back (`doubtful`), any past event with a
/// future time is enough; otherwise only times beyond every rule.
fn is_due(connection: &Connection, now: Timestamp, doubtful: bool) -> Result<bool> {
    if doubtful {
        let latest = "SELECT max(latest) FROM time_blocks WHERE timeline = ?1 AND level = 3";
        for timeline in [1, 2] {
            let latest: Option<Option<Timestamp>> = rows::value(connection, latest, [timeline])?;
            if latest.flatten().is_some_and(|latest| replan::is_ahead(latest, now)) {
                return Ok(true);
            }
        }
    }
    let slowest = "SELECT max(made / rate) FROM recoveries WHERE rate > 0";
    let paced = rows::value::<Option<f64>>(connection, slowest, [])?.flatten().map_or(Duration::ZERO, seconds);
    let planned = rows::all(connection, PLANNED, [], |row| Ok((row.get(0)?, read(row, 1)?)))?;
    let is_beyond = |(last_due, holds): (Option<Timestamp>, Holds)| {
        holds.are_beyond(now) || last_due.is_some_and(|last_due| replan::is_beyond(last_due, paced, now))
    };
    Ok(planned.into_iter().any(is_beyond))
}

/// The query for each webhook's holds and the last due time of its work.
const PLANNED: &str = "SELECT (SELECT max(k.due_at) FROM work k WHERE k.webhook = q.webhook AND k.claim IS NULL),
        q.asked_until, q.paused_until, q.last_attempt_at, q.failing_since FROM webhook_queues q";

fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Holds> {
    Ok(Holds {
        asked_until: row.get(first)?,
        paused_until: row.get(first + 1)?,
        last_attempt_at: row.get(first + 2)?,
        failing_since: row.get(first + 3)?,
    })
}

/// Moves back the holds of webhooks.
fn holds(connection: &Connection, now: Timestamp) -> Result<()> {
    let sql = "SELECT webhook, asked_until, paused_until, last_attempt_at, failing_since FROM webhook_queues";
    for (webhook, before) in rows::all(connection, sql, [], |row| Ok((row.get::<_, i64>(0)?, read(row, 1)?)))? {
        let after = before.brought_back(now);
        if after == before {
            continue;
        }
        let Holds { asked_until, paused_until, last_attempt_at, failing_since } = after;
        rows::execute(
            connection,
            "UPDATE webhook_queues SET asked_until = ?2, paused_until = ?3, held_until = ?4, last_attempt_at = ?5,
                failing_since = ?6 WHERE webhook = ?1",
            params![webhook, asked_until, paused_until, asked_until.max(paused_until), last_attempt_at, failing_since],
        )?;
    }
    Ok(())
}

/// Moves back some waiting work. Returns the next step, if there is more work.
fn work(session: &mut Session, step: Step, now: Timestamp) -> Result<Option<Step>> {
    let connection = &session.connection;
    let Some((after, last)) = step.span(connection)? else { return Ok(None) };
    let ahead: Vec<(i64, i64, Waiting)> = rows::all(connection, AHEAD, params![after, last, now], |row| {
        let paced = row.get::<_, Option<f64>>(4)?.map(seconds);
        Ok((row.get(0)?, row.get(1)?, Waiting { due_at: row.get(2)?, tried_at: row.get(3)?, paced }))
    })?;
    let mut webhooks = std::collections::BTreeSet::new();
    for (delivery, webhook, waiting) in ahead {
        let due_at = waiting.planned(now);
        if due_at < waiting.due_at {
            let set = "UPDATE work SET due_at = ?2 WHERE delivery = ?1";
            rows::execute(connection, set, params![delivery, due_at])?;
            webhooks.insert(webhook);
        }
    }
    session.work_arrived |= !webhooks.is_empty();
    // The queue's time must not be later than its first work's.
    webhooks.into_iter().try_for_each(|webhook| webhook_queues::left(connection, webhook))?;
    Ok(Some(Step::after(last)))
}

/// The query for work that is due later than now, with the end of its last attempt and the number of seconds over which
/// its recovery has spread its deliveries.
const AHEAD: &str = "SELECT k.delivery, k.webhook, k.due_at,
        (SELECT max(a.finished_at) FROM attempts a WHERE a.delivery = k.delivery),
        (SELECT coalesce(r.made / r.rate, 0.0) FROM recoveries r WHERE r.number = k.recovery)
    FROM work k WHERE k.delivery > ?1 AND k.delivery <= ?2 AND k.claim IS NULL AND k.due_at > ?3";

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.clamp(0.0, 1e9))
}
