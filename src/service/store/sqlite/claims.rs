//! Claiming due work. Lanes are opened in the order in which they have something due; of each no more is looked at
//! than its webhook may have in flight, so that nobody's backlog costs the others anything.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap},
    ops::Range,
};

use rusqlite::{Connection, params};

use super::{
    instances, lanes, rows,
    session::Session,
    taking::{Recipients, take},
};
use crate::{
    domain::{ids::WebhookId, time::Timestamp},
    service::store::{ClaimId, ClaimRequest, Claimed, Result, StoreError},
};

/// Work that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    due_at: Timestamp,
    delivery: i64,
    webhook: i64,
}

/// What was found for a claim.
#[derive(Default)]
struct Found {
    due: Vec<Due>,
    /// How many of each opened lane are taken.
    opened: BTreeMap<i64, usize>,
}

/// Claims due work for an instance, the oldest first.
pub(super) fn claim(session: &mut Session, request: &ClaimRequest) -> Result<Claimed> {
    let instance = instances::number(&session.connection, request.instance)?;
    let rooms: HashMap<WebhookId, usize> = request.rooms.iter().copied().collect();
    let room = |webhook| rooms.get(&webhook).copied().unwrap_or(request.most_per_webhook);
    let found = find(&session.connection, request, &room)?;
    let mut recipients = Recipients::default();
    let mut claims = Vec::with_capacity(found.due.len());
    for due in found.due {
        let claim = session.next_claim()?;
        claims.extend(take(session, due.delivery, claim, instance, request.now, &mut recipients)?);
    }
    for (webhook, count) in &found.opened {
        lanes::take(&session.connection, *webhook, *count as i64)?;
    }
    let taken = |webhook: i64| found.opened.get(&webhook).copied().unwrap_or(0);
    let next_due = next_due(&session.connection, |webhook, id| room(id) > taken(webhook))?;
    Ok(Claimed { claims, next_due })
}

fn find(connection: &Connection, request: &ClaimRequest, room: &impl Fn(WebhookId) -> usize) -> Result<Found> {
    let mut found = Found::default();
    let mut statement = connection.prepare_cached(DUE_LANES)?;
    let mut lanes = statement.query([request.now])?;
    let mut next_lane = read_lane(lanes.next()?)?;
    let mut heads: BinaryHeap<Reverse<Due>> = BinaryHeap::new();
    while found.due.len() < request.most {
        // A lane's own time is never after its first work's: only these can hold anything older than the oldest head.
        while let Some((webhook, id, _)) =
            next_lane.filter(|(.., next_due)| heads.peek().is_none_or(|Reverse(head)| *next_due <= head.due_at))
        {
            let room = room(id).min(request.most);
            if room > 0 {
                heads.extend(waiting(connection, webhook, request.now, room)?.into_iter().map(Reverse));
                found.opened.insert(webhook, 0);
            }
            next_lane = read_lane(lanes.next()?)?;
        }
        let Some(Reverse(oldest)) = heads.pop() else { break };
        found.opened.entry(oldest.webhook).and_modify(|count| *count += 1);
        found.due.push(oldest);
    }
    Ok(found)
}

pub(super) const DUE_LANES: &str = "SELECT l.webhook, w.id, l.next_due FROM lanes l CROSS JOIN webhooks w
    ON w.number = l.webhook WHERE l.state = 1 AND l.next_due IS NOT NULL AND l.next_due <= ?1 ORDER BY l.next_due";
pub(super) const WAITING: &str = "SELECT due_at, delivery, webhook FROM work
    WHERE webhook = ?1 AND claim IS NULL AND due_at <= ?2 ORDER BY due_at, delivery LIMIT ?3";

type Lane = (i64, WebhookId, Timestamp);

fn read_lane(row: Option<&rusqlite::Row<'_>>) -> rusqlite::Result<Option<Lane>> {
    row.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).transpose()
}

fn waiting(connection: &Connection, webhook: i64, now: Timestamp, most: usize) -> Result<Vec<Due>> {
    rows::all(connection, WAITING, params![webhook, now, most as i64], |row| {
        Ok(Due { due_at: row.get(0)?, delivery: row.get(1)?, webhook: row.get(2)? })
    })
}

/// When the next work is due of an enabled webhook that has room.
fn next_due(connection: &Connection, has_room: impl Fn(i64, WebhookId) -> bool) -> Result<Option<Timestamp>> {
    let mut statement = connection.prepare_cached(DUE_LANES)?;
    let mut lanes = statement.query([Timestamp::MAX])?;
    while let Some((webhook, id, next_due)) = read_lane(lanes.next()?)? {
        if has_room(webhook, id) {
            return Ok(Some(next_due));
        }
    }
    Ok(None)
}

/// Gives claims back: their work waits again, due when it was, as the same try of the same attempt.
pub(super) fn release(session: &mut Session, claims: &[ClaimId]) -> Result<()> {
    for claim in claims {
        let freed: Option<(i64, Timestamp)> = rows::first(
            &session.connection,
            "UPDATE work SET claim = NULL, claimed_at = NULL, instance = NULL WHERE claim = ?1
             RETURNING webhook, due_at",
            [claim.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if let Some((webhook, due_at)) = freed {
            lanes::add(&session.connection, webhook, 1, due_at)?;
            session.work_arrived = true;
        }
    }
    Ok(())
}

/// How many claims' numbers are reserved at once.
const RESERVED_AT_ONCE: i64 = 1024;

/// Reserves numbers for claims. None is ever used again, not even when it was not used.
pub(super) fn reserve(connection: &Connection) -> Result<Range<i64>> {
    let last: Option<i64> = rows::value(
        connection,
        "UPDATE sequences SET value = value + ?1 WHERE name = 'claim' RETURNING value",
        [RESERVED_AT_ONCE],
    )?;
    let last = last.ok_or_else(|| StoreError::Internal("the sequence of claims is missing".to_owned()))?;
    Ok(last - RESERVED_AT_ONCE + 1..last + 1)
}
