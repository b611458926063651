//! Decides how many more deliveries of each webhook a claim may take.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use crate::{
    domain::{attempt::AttemptKind, health::most_in_flight, ids::WebhookId, time::Timestamp},
    service::store::{ClaimRequest, Result, sqlite::connection::rows},
};

/// A webhook's queue that has something to claim, now or later.
#[derive(Debug, Clone, Copy)]
pub struct ReadyQueue {
    /// The webhook's number.
    pub webhook: i64,
    pub id: WebhookId,
    /// A time no later than the time from which its first delivery can be claimed.
    pub ready_at: Timestamp,
    pub proven: bool,
    pub failures: u32,
}

/// The webhooks' capacities for one claim.
pub struct Capacities<'a> {
    request: &'a ClaimRequest,
    /// The claiming process's own capacity for each webhook that it named.
    named: HashMap<WebhookId, usize>,
    /// The deliveries that this claim has taken, by the webhook's number.
    taken: BTreeMap<i64, usize>,
    /// The requests that all processes have in flight, by the webhook's number; read on demand.
    in_flight: Option<HashMap<i64, usize>>,
}

impl<'a> Capacities<'a> {
    /// The capacities before the claim takes anything.
    pub fn new(request: &'a ClaimRequest) -> Self {
        let named = request.capacities.iter().copied().collect();
        Capacities { request, named, taken: BTreeMap::new(), in_flight: None }
    }

    /// How many more deliveries of this webhook the claim may take.
    pub fn of(&mut self, connection: &Connection, queue: &ReadyQueue) -> Result<usize> {
        let &ClaimRequest { most_per_webhook, most_unproven, .. } = self.request;
        let taken = self.taken.get(&queue.webhook).copied().unwrap_or(0);
        let here = self.named.get(&queue.id).copied().unwrap_or(most_per_webhook).saturating_sub(taken);
        match most_in_flight(queue.proven, queue.failures, most_unproven) {
            Some(most) if here > 0 => Ok(here.min(most.saturating_sub(self.in_flight(connection, queue.webhook)?))),
            _ => Ok(here),
        }
    }

    fn in_flight(&mut self, connection: &Connection, webhook: i64) -> Result<usize> {
        let in_flight = match &mut self.in_flight {
            Some(in_flight) => in_flight,
            none => none.insert(read_in_flight(connection)?),
        };
        Ok(in_flight.get(&webhook).copied().unwrap_or(0))
    }

    /// Records how many deliveries of each webhook were taken.
    pub fn taken(&mut self, taken: impl Iterator<Item = (i64, usize)>) {
        self.taken = taken.collect();
        self.in_flight = None;
    }
}

const IN_FLIGHT: &str = "SELECT webhook, kind FROM work WHERE claim > 0";

/// Reads how many requests each webhook has in flight, without tests, which people request.
fn read_in_flight(connection: &Connection) -> Result<HashMap<i64, usize>> {
    let claimed: Vec<(i64, AttemptKind)> = rows::all(connection, IN_FLIGHT, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut counts = HashMap::new();
    for (webhook, _) in claimed.into_iter().filter(|(_, kind)| *kind != AttemptKind::Test) {
        *counts.entry(webhook).or_default() += 1;
    }
    Ok(counts)
}
