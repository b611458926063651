//! Records how attempts ended.

use rusqlite::{Connection, Row, params};

use super::webhook_queues;
use crate::{
    domain::{
        attempt::AttemptKind,
        delivery::DeliveryStatus,
        health::{Failure, Health, Notice},
        ids::WebhookId,
    },
    service::store::{
        Completed, Completion, InstanceId, Next, Result,
        rules::{
            follow::{self, AttemptFacts, Delivering, HealthChange, Says},
            outcome::Outcome,
        },
        sqlite::{
            attempts::facet::Facet,
            connection::{codes::QueueState, rows},
            counts::rollups::RollupCounts,
            instances::{believed, entered},
            recoveries::counting,
            timeline::Timeline,
            webhooks::{
                self,
                health::{self, health_columns},
            },
            writer::session::Session,
        },
    },
};

/// The work of a claim.
#[derive(Debug, Clone)]
struct ClaimedWork {
    delivery: i64,
    webhook: i64,
    /// The number of the event type.
    event_type: i64,
    kind: AttemptKind,
    number: u32,
    queue: QueueState,
    /// The recovery that counts this attempt.
    recovery: Option<i64>,
    /// The delivery's status if this attempt fails; none if it follows its schedule.
    ends_as: Option<DeliveryStatus>,
    health: Health,
}

fn read(row: &Row<'_>) -> rusqlite::Result<ClaimedWork> {
    Ok(ClaimedWork {
        delivery: row.get(0)?,
        webhook: row.get(1)?,
        event_type: row.get(2)?,
        kind: row.get(3)?,
        number: row.get(4)?,
        queue: row.get(5)?,
        recovery: row.get(6)?,
        ends_as: row.get(7)?,
        health: health::read(row, 8)?,
    })
}

/// The query for an attempt's work; conditions follow.
macro_rules! select_work {
    ($conditions:literal) => {
        concat!(
            "SELECT k.delivery, k.webhook, k.event_type, k.kind, k.try, q.state, k.recovery, k.ends_as, ",
            health_columns!(),
            " FROM work k JOIN webhook_queues q ON q.webhook = k.webhook WHERE ",
            $conditions
        )
    };
}

const HELD_CLAIM: &str = select_work!("k.claim = ?1 AND k.attempt = ?2");
const LOST_CLAIM: &str = select_work!("k.claim IS NULL AND k.attempt IS NOT NULL AND k.attempt = ?1");

/// The work of an attempt whose claim is held, and whether its queue counts it as waiting. An instance that was struck
/// off has lost its claims but still sent its requests; these count while no other instance has claimed them.
fn work_of(
    connection: &Connection,
    completion: &Completion,
    own: &[InstanceId],
) -> Result<Option<(ClaimedWork, bool)>> {
    let Completion { claim, attempt_id, .. } = completion;
    if let Some(claimed) = rows::first(connection, HELD_CLAIM, params![claim.0, attempt_id], read)? {
        return Ok(Some((claimed, false)));
    }
    let entered = entered::entered(connection)?;
    if own.iter().all(|instance| entered.contains(instance)) {
        return Ok(None);
    }
    Ok(rows::first(connection, LOST_CLAIM, [attempt_id], read)?.map(|lost| (lost, true)))
}

/// Records and counts ended attempts. `packed` has the exchanges of `completions`; `own` are this process's instances.
pub fn complete_all(
    session: &mut Session,
    completions: &[Completion],
    packed: &[Vec<u8>],
    own: &[InstanceId],
) -> Result<Vec<Completed>> {
    let mut tally = RollupCounts::default();
    let mut complete =
        |(completion, exchange): (&Completion, &Vec<u8>)| match work_of(&session.connection, completion, own)? {
            None => Ok(Completed::Overtaken),
            Some((claimed, waits)) => {
                let completed = complete(session, completion, exchange, &claimed, &mut tally)?;
                if waits {
                    webhook_queues::left(&session.connection, claimed.webhook)?;
                }
                Ok(completed)
            }
        };
    let completed = completions.iter().zip(packed).map(&mut complete).collect();
    tally.store(&session.connection)?;
    completed
}

/// Records an attempt's end, its effect on the webhook, and the delivery's next step.
fn complete(
    session: &mut Session,
    completion: &Completion,
    exchange: &[u8],
    claimed: &ClaimedWork,
    tally: &mut RollupCounts,
) -> Result<Completed> {
    let outcome = Outcome { failed: completion.error.is_some(), http_status: completion.http_status };
    record_attempt(session, completion, exchange, claimed, outcome)?;
    if claimed.kind != AttemptKind::Test {
        let Completion { started_at, finished_at, .. } = *completion;
        let took = finished_at.since(started_at);
        tally.add(claimed.webhook, claimed.event_type, outcome, finished_at, took);
    }
    let notice = match follow::says(claimed.kind, completion.error, &claimed.health) {
        Says::Nothing | Says::StillWell => None,
        Says::Something => judge(session, completion, claimed)?,
    };
    // A webhook that is in trouble or unproven has few requests in flight, so another one may now be claimed.
    session.work_arrived |= claimed.health.standing().is_in_trouble();
    session.work_arrived |= go_on(&session.connection, completion, claimed)?;
    if let Some(recovery) = claimed.recovery {
        let (delivery, ended_at) = (claimed.delivery, completion.finished_at);
        counting::note_tried(&session.connection, recovery, delivery, outcome.failed, ended_at)?;
    }
    Ok(Completed::Recorded(notice))
}

fn record_attempt(
    session: &Session,
    completion: &Completion,
    exchange: &[u8],
    claimed: &ClaimedWork,
    outcome: Outcome,
) -> Result<()> {
    let connection = &session.connection;
    let ClaimedWork { delivery, webhook, event_type, kind, number, .. } = *claimed;
    // All fields are listed, so that a new one does not compile until it has a column. The others are handled
    // elsewhere: `judge` and `go_on` use them, the delivery is the claim's, and the exchange is already packed.
    let Completion {
        claim,
        attempt_id,
        http_status: _,
        error,
        error_detail,
        started_at,
        finished_at,
        exchange: _,
        next: _,
        hold: _,
        disable: _,
    } = completion;
    let attempt = rows::insert(
        connection,
        "INSERT INTO attempts (id, delivery, webhook, facet, try, claim, error, error_detail, started_at, finished_at,
            exchange)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
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
            finished_at,
            exchange
        ],
    )?;
    session.pending.row(Timeline::Attempts, attempt, *started_at);
    session.pending.attempted(webhook, *finished_at);
    Ok(())
}

/// Applies what the attempt shows about its webhook. Returns what its owner should know.
fn judge(session: &mut Session, completion: &Completion, claimed: &ClaimedWork) -> Result<Option<(WebhookId, Notice)>> {
    let connection = &session.connection;
    let Completion { error, started_at, finished_at, ref exchange, hold, disable, .. } = *completion;
    let ClaimedWork { delivery, webhook, health: ref before, .. } = *claimed;
    let seen = rows::first(connection, SEEN, params![webhook, exchange.url, delivery], |row| {
        let failure = Failure { event: row.get(3)?, started_at, finished_at, hold };
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, error.map(|_| failure)))
    })?;
    let Some((id, is_at_its_url, is_live, failure)) = seen else { return Ok(None) };
    let age_at = believed::age_at(connection, finished_at)?;
    let seen = AttemptFacts { before, failure, disable, is_at_its_url, is_live, age_at };
    // Transitions are not reported yet, except those with a notice.
    let HealthChange { health: after, transitions: _, disable, notice } = follow::judge(&seen);
    if let Some(after) = &after {
        health::write(connection, webhook, after)?;
        let is_freed = error.is_none() && before.held_until(finished_at) != after.held_until(finished_at);
        session.work_arrived |= is_freed;
    }
    if let Some(reason) = disable {
        webhooks::disable(connection, webhook, reason, finished_at)?;
    }
    Ok(notice.map(|notice| (id, notice)))
}

const SEEN: &str = "SELECT w.id, w.url = ?2, w.enabled AND w.deleted_at IS NULL,
        coalesce((SELECT d.event FROM deliveries d WHERE d.number = ?3), 0)
    FROM webhooks w WHERE w.number = ?1";

/// Ends the delivery or lets it wait for its next attempt. Returns whether there is new work.
fn go_on(connection: &Connection, completion: &Completion, claimed: &ClaimedWork) -> Result<bool> {
    let delivering = Delivering { is_deleted: claimed.queue == QueueState::Deleted, ends_as: claimed.ends_as };
    let next = follow::next(completion.next, completion.error.is_some(), delivering);
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
            let kind = follow::kind_of_next(claimed.kind);
            rows::execute(
                connection,
                "UPDATE work SET kind = ?2, try = try + 1, due_at = ?3, attempt = NULL, claim = NULL,
                    claimed_at = NULL, instance = NULL
                 WHERE delivery = ?1",
                params![claimed.delivery, kind, due_at],
            )?;
            webhook_queues::arrived(connection, claimed.webhook, due_at)?;
            Ok(true)
        }
    }
}
