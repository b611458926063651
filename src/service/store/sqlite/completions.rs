//! Recording how an attempt ended.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::{
    believed,
    codes::LaneState,
    facet::Facet,
    health::{self, health_columns},
    instances, lanes, recoveries,
    rollups::Tally,
    rows,
    session::Session,
    timeline::{self, Timeline},
    webhooks,
};
use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        delivery::DeliveryStatus,
        health::{Failure, Health, Notice, disables_at},
        ids::WebhookId,
        time::Timestamp,
        webhook::DisabledReason,
    },
    service::store::{Completed, Completion, Exchange, InstanceId, Next, Result, rules::outcome::Outcome},
};

/// The work a claim is held on.
#[derive(Debug, Clone)]
struct Claimed {
    delivery: i64,
    webhook: i64,
    /// Its number.
    event_type: i64,
    kind: AttemptKind,
    number: u32,
    lane: LaneState,
    /// The recovery that counts this try.
    recovery: Option<i64>,
    /// How the delivery ends when this try fails; by its schedule when absent.
    ends_as: Option<DeliveryStatus>,
    health: Health,
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
        health: health::read(row, 8)?,
    })
}

/// The work that an attempt was made for; conditions follow.
macro_rules! select_work {
    ($conditions:literal) => {
        concat!(
            "SELECT k.delivery, k.webhook, k.event_type, k.kind, k.try, l.state, k.recovery, k.ends_as, ",
            health_columns!(),
            " FROM work k JOIN lanes l ON l.webhook = k.webhook WHERE ",
            $conditions
        )
    };
}

const HELD_CLAIM: &str = select_work!("k.claim = ?1 AND k.attempt = ?2");
const LOST_CLAIM: &str = select_work!("k.claim IS NULL AND k.attempt IS NOT NULL AND k.attempt = ?1");

/// The work of an attempt whose claim is held, and whether its lane takes it for waiting. One that was struck off has
/// lost its claims and has sent what it was sending all the same: while nobody else has claimed that, it counts.
fn work_of(connection: &Connection, completion: &Completion, own: &[InstanceId]) -> Result<Option<(Claimed, bool)>> {
    let Completion { claim, attempt_id, .. } = completion;
    if let Some(claimed) = rows::first(connection, HELD_CLAIM, params![claim.0, attempt_id], read)? {
        return Ok(Some((claimed, false)));
    }
    let entered = instances::entered(connection)?;
    if own.iter().all(|instance| entered.contains(instance)) {
        return Ok(None);
    }
    Ok(rows::first(connection, LOST_CLAIM, [attempt_id], read)?.map(|lost| (lost, true)))
}

/// The columns of an exchange that are JSON.
pub(super) struct Written {
    request_headers: String,
    response: Option<String>,
}

impl Written {
    /// Writes them.
    pub fn of(completion: &Completion) -> Result<Written> {
        let Exchange { url: _, request_headers, response } = &completion.exchange;
        let response = response.as_ref().map(rows::to_json).transpose()?;
        Ok(Written { request_headers: rows::to_json(request_headers)?, response })
    }
}

/// Records how attempts ended, and counts them. `written` goes with `completions`; `own` are the instances of this
/// process.
pub(super) fn complete_all(
    session: &mut Session,
    completions: &[Completion],
    written: &[Written],
    own: &[InstanceId],
) -> Result<Vec<Completed>> {
    let mut together = Together::default();
    let mut complete =
        |(completion, written): (&Completion, &Written)| match work_of(&session.connection, completion, own)? {
            None => Ok(Completed::Overtaken),
            Some((claimed, waits)) => {
                let completed = complete(session, completion, written, &claimed, &mut together)?;
                if waits {
                    lanes::take(&session.connection, claimed.webhook, 1)?;
                }
                Ok(completed)
            }
        };
    let completed = completions.iter().zip(written).map(&mut complete).collect();
    let Together { tally, noted } = together;
    tally.store(&session.connection)?;
    for (webhook, Noted { last_attempt_at, last_success_at }) in noted {
        rows::execute(
            &session.connection,
            "UPDATE lanes SET last_attempt_at = max(coalesce(last_attempt_at, ?2), ?2),
                last_success_at = coalesce(?3, last_success_at)
             WHERE webhook = ?1",
            params![webhook, last_attempt_at, last_success_at],
        )?;
    }
    completed
}

/// What is stored once for many attempts.
#[derive(Default)]
struct Together {
    tally: Tally,
    /// By webhook.
    noted: BTreeMap<i64, Noted>,
}

struct Noted {
    last_attempt_at: Timestamp,
    last_success_at: Option<Timestamp>,
}

impl Together {
    /// Notes that there was an attempt, and whether it counts as a success.
    fn note(&mut self, webhook: i64, completion: &Completion, succeeded: bool) {
        let at = completion.finished_at;
        let noted = self.noted.entry(webhook).or_insert(Noted { last_attempt_at: at, last_success_at: None });
        noted.last_attempt_at = noted.last_attempt_at.max(at);
        if succeeded {
            noted.last_success_at = Some(at);
        }
    }
}

/// Records an attempt's end, what it says of its webhook, and what is next.
fn complete(
    session: &mut Session,
    completion: &Completion,
    written: &Written,
    claimed: &Claimed,
    together: &mut Together,
) -> Result<Completed> {
    let outcome = Outcome { failed: completion.error.is_some(), http_status: completion.http_status };
    record_attempt(session, completion, written, claimed, outcome)?;
    if claimed.kind != AttemptKind::Test {
        let Completion { started_at, finished_at, .. } = *completion;
        let took = finished_at.since(started_at);
        together.tally.add(claimed.webhook, claimed.event_type, outcome, finished_at, took);
    }
    let notice = judge(session, completion, claimed, outcome, together)?;
    // There is room for another of a webhook that has few in flight because it is not proven.
    session.work_arrived |= claimed.health.standing().is_in_trouble();
    session.work_arrived |= go_on(&session.connection, completion, claimed)?;
    if let Some(recovery) = claimed.recovery {
        let (delivery, ended_at) = (claimed.delivery, completion.finished_at);
        recoveries::note_tried(&session.connection, recovery, delivery, outcome.failed, ended_at)?;
    }
    Ok(Completed::Recorded(notice))
}

fn record_attempt(
    session: &Session,
    completion: &Completion,
    written: &Written,
    claimed: &Claimed,
    outcome: Outcome,
) -> Result<()> {
    let connection = &session.connection;
    let Claimed { delivery, webhook, event_type, kind, number, .. } = *claimed;
    // All of them, so that a field that is new finds its column. What is not written here follows from it: `judge` and
    // `go_on` say what. The delivery is that of the claim.
    let Completion {
        claim,
        delivery_id: _,
        attempt_id,
        http_status: _,
        error,
        error_detail,
        started_at,
        finished_at,
        exchange: Exchange { url, request_headers: _, response: _ },
        next: _,
        hold: _,
        disable: _,
    } = completion;
    let attempt = rows::insert(
        connection,
        "INSERT INTO attempts (id, delivery, webhook, facet, try, claim, error, error_detail, started_at, finished_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            attempt_id,
            delivery,
            webhook,
            Facet::of(kind, event_type, outcome).pack(),
            number,
            claim.0,
            error,
            error_detail,
            started_at,
            finished_at
        ],
    )?;
    let Written { request_headers, response } = written;
    rows::execute(
        connection,
        "INSERT INTO exchanges (attempt, url, request_headers, response) VALUES (?1, ?2, ?3, ?4)",
        params![attempt, url, request_headers, response],
    )?;
    timeline::note(connection, &session.newest, Timeline::Attempts, attempt, *started_at)
}

/// Notes what the attempt says of its webhook, and does what follows from that. A test says nothing, and neither does
/// an attempt at a URL that the webhook had before.
fn judge(
    session: &mut Session,
    completion: &Completion,
    claimed: &Claimed,
    outcome: Outcome,
    together: &mut Together,
) -> Result<Option<(WebhookId, Notice)>> {
    let connection = &session.connection;
    let Claimed { delivery, webhook, ref health, .. } = *claimed;
    if claimed.kind == AttemptKind::Test {
        together.note(webhook, completion, false);
        return Ok(None);
    }
    let mut after = health.clone();
    if !outcome.failed {
        after.succeeded();
        // As it mostly is: nothing changes that has an index.
        if after == *health || !is_at_its_url(connection, webhook, completion)? {
            together.note(webhook, completion, true);
            return Ok(None);
        }
        health::write(connection, webhook, &after, completion.finished_at)?;
        session.work_arrived |= health.held_until(completion.finished_at) != after.held_until(completion.finished_at);
        return Ok(None);
    }
    let is_our_own = completion.error.is_some_and(AttemptError::is_our_own);
    if is_our_own || !is_at_its_url(connection, webhook, completion)? {
        together.note(webhook, completion, false);
        return Ok(None);
    }
    let notice = after.failed(&failure(connection, delivery, completion)?);
    health::write(connection, webhook, &after, completion.finished_at)?;
    if let Some(reason) = completion.disable {
        webhooks::disable(connection, webhook, reason, completion.finished_at)?;
    }
    let Some(notice) = notice else { return Ok(None) };
    if notice == Notice::Disabled && !has_really_failed_for_long(connection, &after, completion.finished_at)? {
        return Ok(None);
    }
    heed(connection, completion, webhook, notice)
}

fn is_at_its_url(connection: &Connection, webhook: i64, completion: &Completion) -> Result<bool> {
    let same = rows::value(
        connection,
        "SELECT url = ?2 FROM webhooks WHERE number = ?1",
        params![webhook, completion.exchange.url],
    )?;
    Ok(same.unwrap_or(false))
}

fn failure(connection: &Connection, delivery: i64, completion: &Completion) -> Result<Failure> {
    let event = rows::value(connection, "SELECT event FROM deliveries WHERE number = ?1", [delivery])?;
    Ok(Failure {
        event: event.unwrap_or(0),
        started_at: completion.started_at,
        finished_at: completion.finished_at,
        hold: completion.hold,
    })
}

/// Whether its time is over by what is believed of the clock too: a clock that has jumped ahead disables nothing.
fn has_really_failed_for_long(connection: &Connection, health: &Health, now: Timestamp) -> Result<bool> {
    let age_at = believed::age_at(connection, now)?;
    Ok(health.failing.as_ref().is_some_and(|failing| disables_at(failing.since) <= age_at))
}

/// Does what a notice asks for. Nothing is left to say of a webhook that is disabled already, or deleted.
fn heed(
    connection: &Connection,
    completion: &Completion,
    webhook: i64,
    notice: Notice,
) -> Result<Option<(WebhookId, Notice)>> {
    let id = rows::value(
        connection,
        "SELECT id FROM webhooks WHERE number = ?1 AND enabled AND deleted_at IS NULL",
        [webhook],
    )?;
    if id.is_some() && notice == Notice::Disabled {
        webhooks::disable(connection, webhook, DisabledReason::Failing, completion.finished_at)?;
    }
    Ok(id.map(|id| (id, notice)))
}

/// Ends the delivery or lets it wait for its next try. Whether there is new work.
fn go_on(connection: &Connection, completion: &Completion, claimed: &Claimed) -> Result<bool> {
    let next = match claimed {
        Claimed { lane: LaneState::Deleted, .. } => Next::End(DeliveryStatus::Cancelled),
        Claimed { ends_as: Some(status), .. } if completion.error.is_some() => Next::End(*status),
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
