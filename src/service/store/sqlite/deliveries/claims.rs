//! Claims due work. It opens the webhooks' queues in the order in which they have something to claim, those of healthy
//! webhooks before all others. It reads no more of a queue than its webhook may have in flight, so that a backlog costs
//! other webhooks nothing.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use rusqlite::{Connection, params};

use super::{
    capacity::{Capacities, ReadyQueue},
    claim_one::take,
    recipients::Recipients,
    webhook_queues,
};
use crate::{
    domain::{health::Standing, time::Timestamp},
    service::store::{
        Claim, ClaimId, ClaimRequest, Claimed, Result,
        rules::due::ready_at,
        sqlite::{connection::rows, instances::entered, writer::session::Session},
    },
};

/// How many deliveries of a webhook are claimed in a row while others wait, too. Each row costs one update of its queue.
const IN_A_ROW: usize = 4;

/// Work that can be claimed, in the order in which it is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    /// The time since which the first delivery of its row can be claimed.
    turn: Timestamp,
    webhook: i64,
    due_at: Timestamp,
    delivery: i64,
    /// The time since which it is due and its webhook not held.
    since: Timestamp,
    in_trouble: bool,
}

/// The work found for a claim.
#[derive(Default)]
struct DueWork {
    due: Vec<Due>,
    /// The number of deliveries of webhooks in trouble.
    in_trouble: usize,
    /// The opened queues, by their webhooks' numbers.
    opened: BTreeMap<i64, Opened>,
}

/// A queue whose first deliveries were read.
struct Opened {
    /// When these are due, and the one after them that could be claimed.
    due_at: Vec<Timestamp>,
    /// The number of deliveries taken from it.
    taken: usize,
}

impl Opened {
    /// Whether the queue's next due time has to be stored, because it may no longer be what is stored.
    fn has_changed(&self, now: Timestamp) -> bool {
        self.taken > 0 || self.due_at.first().is_none_or(|first| *first > now)
    }
}

impl DueWork {
    /// How many more deliveries may be found, of webhooks in trouble or of the others.
    fn capacity(&self, request: &ClaimRequest, of_troubled: bool) -> usize {
        let capacity = request.most.saturating_sub(self.due.len());
        let in_trouble = request.most_in_trouble.saturating_sub(self.in_trouble);
        if of_troubled { capacity.min(in_trouble) } else { capacity }
    }

    /// Reads up to `capacity` deliveries of a queue that can be claimed, in their order.
    fn open(
        &mut self,
        connection: &Connection,
        queue: &ReadyQueue,
        standing: Standing,
        now: Timestamp,
        capacity: usize,
    ) -> Result<Vec<Due>> {
        if capacity == 0 {
            return Ok(Vec::new());
        }
        let waiting = waiting(connection, queue, capacity + 1)?;
        let due = due(&waiting[..waiting.len().min(capacity)], queue, standing, now);
        let due_at = waiting.into_iter().map(|(due_at, _)| due_at).collect();
        self.opened.insert(queue.webhook, Opened { due_at, taken: 0 });
        Ok(due)
    }

    /// Takes work of an opened queue.
    fn take(&mut self, due: Due) {
        self.opened.entry(due.webhook).and_modify(|opened| opened.taken += 1);
        self.in_trouble += usize::from(due.in_trouble);
        self.due.push(due);
    }
}

/// Claims due work for an instance.
pub fn claim(session: &mut Session, request: &ClaimRequest) -> Result<Claimed> {
    let instance = entered::number(&session.connection, request.instance)?;
    let mut capacities = Capacities::new(request);
    let mut found = DueWork::default();
    let goes_round = session.rounds.is_next();
    if goes_round {
        let after = session.rounds.after;
        session.rounds.after = go_round(&session.connection, request, after, &mut capacities, &mut found)?;
    } else {
        for standing in Standing::ALL {
            find(&session.connection, request, standing, &mut capacities, &mut found)?;
        }
    }
    if goes_round || found.due.len() >= request.most {
        session.rounds.was_limited();
    }
    let mut recipients = Recipients::of(session)?;
    let mut claims = Vec::with_capacity(found.due.len());
    for Due { since, delivery, in_trouble, .. } in &found.due {
        let claim = session.next_claim()?;
        let taken = take(session, *delivery, claim, instance, request.now, &mut recipients)?;
        claims.extend(taken.map(|claim| Claim { in_trouble: *in_trouble, due_at: *since, ..claim }));
    }
    for (webhook, opened) in found.opened.iter().filter(|(_, opened)| opened.has_changed(request.now)) {
        webhook_queues::set_next_due(&session.connection, *webhook, opened.due_at.get(opened.taken).copied())?;
    }
    capacities.taken(found.opened.iter().map(|(webhook, opened)| (*webhook, opened.taken)));
    let next_due = next_due(&session.connection, request, &mut capacities, &found)?;
    Ok(Claimed { claims, next_due })
}

/// Finds the oldest work of webhooks of one standing.
fn find(
    connection: &Connection,
    request: &ClaimRequest,
    standing: Standing,
    capacities: &mut Capacities<'_>,
    found: &mut DueWork,
) -> Result<()> {
    let mut most = found.capacity(request, standing.is_in_trouble());
    if most == 0 {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(READY_QUEUES)?;
    let mut queues = statement.query(params![standing, request.now])?;
    let mut next_queue = read_queue(queues.next()?)?;
    let mut heads: BinaryHeap<Reverse<Due>> = BinaryHeap::new();
    while most > 0 {
        // A queue's time is never later than its first work's, so only these queues can contain anything older than the
        // oldest head.
        while let Some(queue) =
            next_queue.filter(|queue| heads.peek().is_none_or(|Reverse(head)| queue.ready_at < head.turn))
        {
            let capacity = capacities.of(connection, &queue)?.min(most);
            heads.extend(found.open(connection, &queue, standing, request.now, capacity)?.into_iter().map(Reverse));
            next_queue = read_queue(queues.next()?)?;
        }
        let Some(Reverse(oldest)) = heads.pop() else { break };
        found.take(oldest);
        most -= 1;
    }
    Ok(())
}

/// Finds a few deliveries of each webhook however old they are, of the one behind `after` first, and more where there is
/// capacity left. Returns the number of the webhook that this round ends with.
fn go_round(
    connection: &Connection,
    request: &ClaimRequest,
    after: i64,
    capacities: &mut Capacities<'_>,
    found: &mut DueWork,
) -> Result<i64> {
    let mut statement = connection.prepare_cached(READY_IN_TURN)?;
    let mut more = Vec::new();
    for (after, last) in [(after, i64::MAX), (0, after)] {
        let mut queues = statement.query(params![after, last, request.now])?;
        while let Some(row) = queues.next()? {
            let standing: Standing = row.get(5)?;
            let Some(queue) = read_queue(Some(row))? else { break };
            let capacity = found.capacity(request, standing.is_in_trouble());
            let capacity = capacities.of(connection, &queue)?.min(capacity);
            let mut due = found.open(connection, &queue, standing, request.now, capacity)?;
            more.extend(due.split_off(due.len().min(IN_A_ROW)));
            due.into_iter().for_each(|due| found.take(due));
            if found.due.len() >= request.most {
                return Ok(queue.webhook);
            }
        }
    }
    for due in more {
        if found.capacity(request, due.in_trouble) > 0 {
            found.take(due);
        }
    }
    Ok(after)
}

const READY_QUEUES: &str = "SELECT q.webhook, w.id, q.ready_at, q.proven, q.failures
    FROM webhook_queues q CROSS JOIN webhooks w ON w.number = q.webhook
    WHERE q.state = 1 AND q.next_due IS NOT NULL AND q.standing = ?1 AND q.ready_at <= ?2 ORDER BY q.ready_at";
const READY_IN_TURN: &str = "SELECT q.webhook, w.id, q.ready_at, q.proven, q.failures, q.standing
    FROM webhook_queues q CROSS JOIN webhooks w ON w.number = q.webhook
    WHERE q.webhook > ?1 AND q.webhook <= ?2 AND q.state = 1 AND q.next_due IS NOT NULL AND q.ready_at <= ?3
    ORDER BY q.webhook";
const WAITING: &str = "SELECT due_at, delivery FROM work
    WHERE webhook = ?1 AND claim IS NULL ORDER BY due_at, delivery LIMIT ?2";

fn read_queue(row: Option<&rusqlite::Row<'_>>) -> rusqlite::Result<Option<ReadyQueue>> {
    row.map(|row| {
        Ok(ReadyQueue {
            webhook: row.get(0)?,
            id: row.get(1)?,
            ready_at: row.get(2)?,
            proven: row.get(3)?,
            failures: row.get(4)?,
        })
    })
    .transpose()
}

/// The due times and numbers of a queue's first deliveries.
fn waiting(connection: &Connection, queue: &ReadyQueue, most: usize) -> Result<Vec<(Timestamp, i64)>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    rows::all(connection, WAITING, params![queue.webhook, most], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Those of a queue's first deliveries that can be claimed.
fn due(waiting: &[(Timestamp, i64)], queue: &ReadyQueue, standing: Standing, now: Timestamp) -> Vec<Due> {
    let since = |due_at| ready_at(due_at, Some(queue.ready_at));
    let rows = waiting.chunks(IN_A_ROW).flat_map(|row| row.iter().map(|waiting| (since(row[0].0), *waiting)));
    rows.take_while(|(_, (due_at, _))| *due_at <= now)
        .map(|(turn, (due_at, delivery))| Due {
            turn,
            webhook: queue.webhook,
            due_at,
            delivery,
            since: since(due_at),
            in_trouble: standing.is_in_trouble(),
        })
        .collect()
}

/// The time at which the next work can be claimed, among webhooks with capacity.
fn next_due(
    connection: &Connection,
    request: &ClaimRequest,
    capacities: &mut Capacities<'_>,
    found: &DueWork,
) -> Result<Option<Timestamp>> {
    let mut earliest: Option<Timestamp> = None;
    for standing in Standing::ALL {
        if standing.is_in_trouble() && found.in_trouble >= request.most_in_trouble {
            continue;
        }
        let mut statement = connection.prepare_cached(READY_QUEUES)?;
        let mut queues = statement.query(params![standing, earliest.unwrap_or(Timestamp::MAX)])?;
        while let Some(queue) = read_queue(queues.next()?)? {
            if capacities.of(connection, &queue)? > 0 {
                earliest = Some(queue.ready_at);
                break;
            }
        }
    }
    Ok(earliest)
}

/// Gives back claims: their work waits again with its old due time, as the same attempt.
pub fn release(session: &mut Session, claims: &[ClaimId]) -> Result<()> {
    for claim in claims {
        let freed: Option<(i64, Timestamp)> = rows::first(
            &session.connection,
            "UPDATE work SET claim = NULL, claimed_at = NULL, instance = NULL WHERE claim = ?1
             RETURNING webhook, due_at",
            [claim.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if let Some((webhook, due_at)) = freed {
            webhook_queues::arrived(&session.connection, webhook, due_at)?;
            session.work_arrived = true;
        }
    }
    Ok(())
}
