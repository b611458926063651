//! Recording how an attempt ended.

use rusqlite::{Connection, Row, params};

use super::{
    codes::LaneState,
    counters,
    facet::{Facet, Outcome},
    lanes, recoveries, rows,
    session::Session,
    timeline::{self, Timeline},
    webhooks,
};
use crate::{
    domain::{attempt::AttemptKind, delivery::DeliveryStatus, event::EventType},
    service::store::{Completion, Exchange, Next, Result},
};

/// The work a claim is held on.
#[derive(Debug, Clone, Copy)]
struct Claimed {
    delivery: i64,
    webhook: i64,
    event_type: EventType,
    kind: AttemptKind,
    number: u32,
    lane: LaneState,
    /// The recovery that counts this try.
    recovery: Option<i64>,
    /// How the delivery ends when this try fails; by its schedule when absent.
    ends_as: Option<DeliveryStatus>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Claimed> {
    Ok(Claimed {
        delivery: row.get(0)?,
        webhook: row.get(1)?,
        event_type: row.get(2)?,
        kind: row.get(3)?,
        number: row.get(4)?,
        lane: row.get(5)?,
        recovery: row.get(6)?,
        ends_as: row.get(7)?,
    })
}

pub(super) const HELD_CLAIM: &str =
    "SELECT k.delivery, k.webhook, k.event_type, k.kind, k.try, l.state, k.recovery, k.ends_as
    FROM work k JOIN lanes l ON l.webhook = k.webhook WHERE k.claim = ?1 AND k.attempt = ?2";

/// Records an attempt's end and what is next. `false`, and nothing changed, when its claim is no longer held.
pub(super) fn complete(session: &mut Session, completion: &Completion) -> Result<bool> {
    let connection = &session.connection;
    let held = params![completion.claim.0, completion.attempt_id];
    let Some(claimed) = rows::first(connection, HELD_CLAIM, held, read)? else { return Ok(false) };
    let outcome = Outcome { failed: completion.error.is_some(), http_status: completion.http_status };
    record_attempt(session, completion, claimed, outcome)?;
    if claimed.kind != AttemptKind::Test {
        counters::count(connection, claimed.webhook, claimed.event_type, outcome, completion.finished_at)?;
    }
    record_outcome(connection, completion, claimed, outcome)?;
    if let Some(reason) = completion.disable {
        webhooks::disable(connection, claimed.webhook, reason, completion.finished_at)?;
    }
    session.work_arrived |= go_on(connection, completion, claimed)?;
    if let Some(recovery) = claimed.recovery {
        recoveries::note_tried(connection, recovery, claimed.delivery, outcome.failed, completion.finished_at)?;
    }
    Ok(true)
}

fn record_attempt(session: &Session, completion: &Completion, claimed: Claimed, outcome: Outcome) -> Result<()> {
    let connection = &session.connection;
    let Claimed { delivery, webhook, event_type, kind, number, .. } = claimed;
    let attempt = rows::insert(
        connection,
        "INSERT INTO attempts (id, delivery, webhook, facet, try, claim, error, error_detail, started_at, finished_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            completion.attempt_id,
            delivery,
            webhook,
            Facet { kind, event_type, outcome }.pack(),
            number,
            completion.claim.0,
            completion.error,
            completion.error_detail,
            completion.started_at,
            completion.finished_at
        ],
    )?;
    let Exchange { url, request_headers, response } = &completion.exchange;
    let response = response.as_ref().map(rows::to_json).transpose()?;
    rows::execute(
        connection,
        "INSERT INTO exchanges (attempt, url, request_headers, response) VALUES (?1, ?2, ?3, ?4)",
        params![attempt, url, rows::to_json(request_headers)?, response],
    )?;
    timeline::note(connection, &session.newest, Timeline::Attempts, attempt, completion.started_at)
}

/// Notes the webhook's newest outcome; a test counts as an attempt only.
fn record_outcome(connection: &Connection, completion: &Completion, claimed: Claimed, outcome: Outcome) -> Result<()> {
    rows::execute(
        connection,
        "UPDATE lanes SET last_attempt_at = max(coalesce(last_attempt_at, ?2), ?2),
            last_failed = CASE WHEN ?4 THEN last_failed ELSE ?3 END,
            last_success_at = CASE WHEN ?3 OR ?4 THEN last_success_at ELSE ?2 END
         WHERE webhook = ?1",
        params![claimed.webhook, completion.finished_at, outcome.failed, claimed.kind == AttemptKind::Test],
    )
    .map(drop)
}

/// Ends the delivery or lets it wait for its next try. Whether there is new work.
fn go_on(connection: &Connection, completion: &Completion, claimed: Claimed) -> Result<bool> {
    let next = match claimed {
        Claimed { lane: LaneState::Deleted, .. } => Next::End(DeliveryStatus::Cancelled),
        Claimed { ends_as: Some(status), .. } if completion.error.is_some() => Next::End(status),
        _ => completion.next,
    };
    let (status, finished_at) = match next {
        Next::End(status) => (status, Some(completion.finished_at)),
        Next::Retry(_) => (DeliveryStatus::Pending, None),
    };
    rows::execute(
        connection,
        "UPDATE deliveries SET attempts = attempts + 1, status = ?2, finished_at = ?3 WHERE number = ?1",
        params![claimed.delivery, status, finished_at],
    )?;
    match next {
        Next::End(_) => {
            rows::execute(connection, "DELETE FROM work WHERE delivery = ?1", [claimed.delivery])?;
            Ok(false)
        }
        Next::Retry(due_at) => {
            let kind = if claimed.kind == AttemptKind::Test { AttemptKind::Test } else { AttemptKind::Retry };
            rows::execute(
                connection,
                "UPDATE work SET kind = ?2, try = try + 1, due_at = ?3, attempt = NULL, claim = NULL,
                    claimed_at = NULL, instance = NULL
                 WHERE delivery = ?1",
                params![claimed.delivery, kind, due_at],
            )?;
            lanes::add(connection, claimed.webhook, 1, due_at)?;
            Ok(true)
        }
    }
}
