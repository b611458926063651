//! What a writing job works with.

use std::{mem, ops::Range, sync::Arc};

use rusqlite::Connection;

use super::{handover::Handover, pending::Pending};
use crate::{
    domain::random::Random,
    service::{
        metrics::{Metrics, Tally},
        store::{
            ClaimId, Result, StoreError,
            sqlite::{
                connection::{disk_room::DiskRoom, encryption::Seals, place::Place, rows},
                events::{
                    recent::Recent,
                    subscribers::{Board, Subscriptions},
                    types,
                },
                instances::entered,
            },
        },
    },
};

/// The writer's connection and what it remembers from one job to the next.
pub struct Session {
    /// The connection, within a transaction while a job runs.
    pub connection: Connection,
    /// Where new ids come from.
    pub random: Arc<dyn Random>,
    /// Whether there may be new work to claim, once what was written is committed.
    pub work_arrived: bool,
    /// Which webhooks want events, as last read. Forgotten when anything is rolled back.
    pub subscriptions: Option<Arc<Subscriptions>>,
    /// Where callers see them, once they are committed.
    pub board: Arc<Board>,
    /// Whom claims are handed to as soon as they are committed.
    pub handover: Handover,
    /// What is written once, before the commit.
    pub pending: Pending,
    /// The bodies of the newest deliveries.
    pub recent: Recent,
    /// The numbers of event types.
    pub types: types::Known,
    /// Where the files are.
    pub place: Place,
    /// What secrets are sealed and opened with.
    pub seals: Seals,
    /// How much room the next events have on the disk.
    pub disk_room: DiskRoom,
    /// Numbers that are reserved for claims. Forgotten when anything is rolled back.
    claims: Range<i64>,
    /// What has been done since the last commit.
    pub tally: Tally,
    /// Who is told of commits.
    pub metrics: Arc<Metrics>,
}

impl Session {
    /// A session on this connection.
    pub fn new(
        connection: Connection,
        place: Place,
        seals: Seals,
        random: Arc<dyn Random>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Session {
            disk_room: DiskRoom::of(&connection),
            connection,
            place,
            seals,
            random,
            work_arrived: false,
            subscriptions: None,
            board: Arc::default(),
            handover: Handover::default(),
            pending: Pending::default(),
            recent: Recent::default(),
            types: types::Known::default(),
            claims: 0..0,
            tally: Tally::default(),
            metrics,
        }
    }

    /// The random part of a new id.
    pub fn random_bytes(&self) -> [u8; 10] {
        self.random.bytes()
    }

    /// A transaction has begun. Nothing is claimed any more for an instance that was struck off: nobody would ever free it.
    pub fn began(&mut self) -> Result<()> {
        if let Some(instance) = self.handover.instance()
            && !entered::is_entered(&self.connection, instance)?
        {
            self.handover.set(None);
        }
        Ok(())
    }

    /// The number of a new claim, never used before or again.
    pub fn next_claim(&mut self) -> Result<ClaimId> {
        if self.claims.is_empty() {
            self.claims = reserve(&self.connection)?;
        }
        let next = self.claims.start;
        self.claims.start += 1;
        Ok(ClaimId(next))
    }

    /// What a job wrote after `handed` claims had been handed over is rolled back.
    pub fn rolled_back(&mut self, handed: usize) {
        self.subscriptions = None;
        self.claims = 0..0;
        self.pending.drop_job();
        self.types = types::Known::default();
        self.handover.give_back(handed);
    }

    /// The whole transaction is rolled back.
    pub fn lost(&mut self) {
        self.rolled_back(0);
        self.pending.forget();
    }

    /// Writes what is written once, before the commit.
    pub fn before_commit(&mut self) -> Result<()> {
        self.pending.store(&self.connection)
    }

    /// The transaction is committed. Whether there is new work to claim.
    pub fn committed(&mut self) -> bool {
        self.handover.hand_on();
        if let Some(subscriptions) = &self.subscriptions {
            self.board.put(subscriptions);
        }
        mem::take(&mut self.work_arrived)
    }
}

/// How many claims' numbers are reserved at once.
const RESERVED_AT_ONCE: i64 = 1024;

/// Reserves numbers for claims. None is ever used again, not even when it was not used.
fn reserve(connection: &Connection) -> Result<Range<i64>> {
    let last: Option<i64> = rows::value(
        connection,
        "UPDATE sequences SET value = value + ?1 WHERE name = 'claim' RETURNING value",
        [RESERVED_AT_ONCE],
    )?;
    let last = last.ok_or_else(|| StoreError::Internal("the sequence of claims is missing".to_owned()))?;
    Ok(last - RESERVED_AT_ONCE + 1..last + 1)
}
