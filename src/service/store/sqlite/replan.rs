//! What a clock that was wrong has planned too far ahead: it is brought back to what its rule allows from now, so that a
//! clock which was set back again holds nobody for as long as it had been ahead.

use std::time::Duration;

use rusqlite::{Connection, params};

use super::{SqliteStore, lanes, rows, session::Session, steps::Step};
use crate::{
    domain::{
        delivery::LONGEST_WAIT,
        health::{LONGEST_HOLD, LONGEST_PAUSE},
        time::Timestamp,
    },
    service::store::Result,
};

/// How far ahead of now something may be that happened already.
const SLACK: Duration = Duration::from_secs(2);
/// What was never tried is due at once, or within a short while when many were held.
const NEVER_TRIED: Duration = Duration::from_secs(60);

impl SqliteStore {
    /// Brings back what is planned too far ahead, in steps, each a commit of its own.
    pub(super) async fn bring_back(&self, now: Timestamp, doubtful: bool) -> Result<()> {
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

/// Whether anything is to be brought back. Where the clock may have been set back (`doubtful`), whatever happened in what
/// is now the future is reason enough; else what is planned beyond every rule.
fn is_due(connection: &Connection, now: Timestamp, doubtful: bool) -> Result<bool> {
    if doubtful {
        let latest = "SELECT max(latest) FROM time_blocks WHERE timeline = ?1 AND level = 3";
        for timeline in [1, 2] {
            let latest: Option<Option<Timestamp>> = rows::value(connection, latest, [timeline])?;
            if latest.flatten().is_some_and(|latest| latest > now.plus(SLACK)) {
                return Ok(true);
            }
        }
    }
    let beyond: Option<i64> = rows::value(
        connection,
        "SELECT 1 FROM lanes l WHERE l.asked_until > ?1 OR l.paused_until > ?2
            OR (SELECT max(k.due_at) FROM work k WHERE k.webhook = l.webhook AND k.claim IS NULL) > max(?3,
                coalesce((SELECT max(?4 + made / rate * 1000000.0) FROM recoveries WHERE rate > 0), ?3)) LIMIT 1",
        params![now.plus(LONGEST_HOLD), now.plus(LONGEST_PAUSE), now.plus(LONGEST_WAIT), now],
    )?;
    Ok(beyond.is_some())
}

/// Brings back the holds and pauses of all webhooks: each to what is left of it when it is counted from now.
fn holds(connection: &Connection, now: Timestamp) -> Result<()> {
    for sql in [ASKED, PAUSED] {
        let longest = if sql == ASKED { LONGEST_HOLD } else { LONGEST_PAUSE };
        rows::execute(connection, sql, params![now, micros(longest), now.plus(SLACK)])?;
    }
    // The next attempt is the newest again.
    rows::execute(
        connection,
        "UPDATE lanes SET last_attempt_at = min(last_attempt_at, ?1), last_success_at = min(last_success_at, ?1),
            failing_since = min(failing_since, ?1)
         WHERE max(coalesce(last_attempt_at, 0), coalesce(last_success_at, 0), coalesce(failing_since, 0)) > ?2",
        params![now, now.plus(SLACK)],
    )
    .map(drop)
}

const ASKED: &str =
    "UPDATE lanes SET asked_until = ?1 + max(0, min(?2, asked_until - max(?1, coalesce(last_attempt_at, ?1))))
    WHERE asked_until > ?1 + ?2 OR (asked_until > ?1 AND last_attempt_at > ?3)";
const PAUSED: &str =
    "UPDATE lanes SET paused_until = ?1 + max(0, min(?2, paused_until - max(?1, coalesce(last_attempt_at, ?1))))
    WHERE paused_until > ?1 + ?2 OR (paused_until > ?1 AND last_attempt_at > ?3)";

/// Brings back some of what waits; where the next step begins, if there is more. A retry is due as long from now as it
/// was to be from its last try; what was never tried is due now.
fn work(session: &mut Session, step: Step, now: Timestamp) -> Result<Option<Step>> {
    let connection = &session.connection;
    let Some((after, last)) = step.span(connection)? else { return Ok(None) };
    let ahead: Vec<Ahead> = rows::all(connection, AHEAD, params![after, last, now], |row| {
        Ok(Ahead {
            delivery: row.get(0)?,
            webhook: row.get(1)?,
            due_at: row.get(2)?,
            tried_at: row.get(3)?,
            paced: row.get::<_, Option<f64>>(4)?.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, 1e9))),
        })
    })?;
    let mut webhooks = std::collections::BTreeSet::new();
    for ahead in ahead {
        let due_at = ahead.planned(now);
        if due_at < ahead.due_at {
            let set = "UPDATE work SET due_at = ?2 WHERE delivery = ?1";
            rows::execute(connection, set, params![ahead.delivery, due_at])?;
            webhooks.insert(ahead.webhook);
        }
    }
    session.work_arrived |= !webhooks.is_empty();
    // The lane's own time is never after its first work's.
    webhooks.into_iter().try_for_each(|webhook| lanes::take(connection, webhook, 0))?;
    Ok(Some(Step::after(last)))
}

const AHEAD: &str = "SELECT k.delivery, k.webhook, k.due_at,
        (SELECT max(a.finished_at) FROM attempts a WHERE a.delivery = k.delivery),
        (SELECT coalesce(r.made / r.rate, 0.0) FROM recoveries r WHERE r.number = k.recovery)
    FROM work k WHERE k.delivery > ?1 AND k.delivery <= ?2 AND k.claim IS NULL AND k.due_at > ?3";

/// Work that is due later than now.
struct Ahead {
    delivery: i64,
    webhook: i64,
    due_at: Timestamp,
    /// When its last try ended.
    tried_at: Option<Timestamp>,
    /// Over how long its recovery has spread what it made.
    paced: Option<Duration>,
}

impl Ahead {
    /// When it is due by its rule, from now.
    fn planned(&self, now: Timestamp) -> Timestamp {
        let longest = match (self.tried_at, self.paced) {
            (_, Some(paced)) => LONGEST_WAIT.max(paced),
            (Some(_), None) => LONGEST_WAIT,
            (None, None) => NEVER_TRIED,
        };
        match self.tried_at {
            Some(tried_at) if tried_at > now.plus(SLACK) => now.plus(self.due_at.since(tried_at).min(longest)),
            None if self.paced.is_none() && self.due_at > now.plus(longest) => now,
            _ => self.due_at.min(now.plus(longest)),
        }
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
