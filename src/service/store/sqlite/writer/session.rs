//! The state that writing jobs work with.

use std::{mem, ops::Range, sync::Arc};

use rusqlite::Connection;

use super::{handover::Handover, pending::Pending};
use crate::{
    domain::random::Random,
    service::{
        metrics::{CommitCounts, Metrics},
        store::{
            ClaimId, Result, StoreError,
            sqlite::{
                connection::{database_files::DatabaseFiles, encryption::Seals, event_space::EventSpace, rows},
                deliveries::rounds::Rounds,
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

/// The writer's connection and its caches.
pub struct Session {
    /// The connection; while a job runs, it is in a transaction.
    pub connection: Connection,
    /// The source of new ids.
    pub random: Arc<dyn Random>,
    /// Whether the commit may bring new work to claim.
    pub work_arrived: bool,
    /// The cached subscriptions of webhooks; cleared by every rollback.
    pub subscriptions: Option<Arc<Subscriptions>>,
    /// The board that shows callers the committed subscriptions.
    pub board: Arc<Board>,
    /// Hands over claims after their commit.
    pub handover: Handover,
    /// The values that are written once before the commit.
    pub pending: Pending,
    /// The cached bodies of the newest deliveries.
    pub recent: Recent,
    /// The cached numbers of event types.
    pub types: types::TypeNumbers,
    /// The database's files.
    pub files: DatabaseFiles,
    /// Encrypts and decrypts secrets.
    pub seals: Seals,
    /// The disk space for the next events.
    pub event_space: EventSpace,
    /// The numbers reserved for claims; cleared by every rollback.
    claims: Range<i64>,
    /// Whose turn it is when more is due than can be claimed.
    pub rounds: Rounds,
    /// The counts since the last commit.
    pub tally: CommitCounts,
    /// Records commits.
    pub metrics: Arc<Metrics>,
}

impl Session {
    /// Makes a session on this connection.
    pub fn new(
        connection: Connection,
        files: DatabaseFiles,
        seals: Seals,
        random: Arc<dyn Random>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Session {
            event_space: EventSpace::of(&connection),
            connection,
            files,
            seals,
            random,
            work_arrived: false,
            subscriptions: None,
            board: Arc::default(),
            handover: Handover::default(),
            pending: Pending::default(),
            recent: Recent::default(),
            types: types::TypeNumbers::default(),
            claims: 0..0,
            rounds: Rounds::default(),
            tally: CommitCounts::default(),
            metrics,
        }
    }

    /// The random part of a new id.
    pub fn random_bytes(&self) -> [u8; 10] {
        self.random.bytes()
    }

    /// Handles the start of a transaction. If the instance was struck off, it ends the handover, because nobody would
    /// free the claims.
    pub fn began(&mut self) -> Result<()> {
        if let Some(instance) = self.handover.instance()
            && !entered::is_entered(&self.connection, instance)?
        {
            self.handover.set(None);
        }
        Ok(())
    }

    /// The number of a new claim, which is never used twice.
    pub fn next_claim(&mut self) -> Result<ClaimId> {
        if self.claims.is_empty() {
            self.claims = reserve(&self.connection)?;
        }
        let next = self.claims.start;
        self.claims.start += 1;
        Ok(ClaimId(next))
    }

    /// Handles the rollback of a job that began after `handed` claims.
    pub fn rolled_back(&mut self, handed: usize) {
        self.subscriptions = None;
        self.claims = 0..0;
        self.pending.drop_job();
        self.types = types::TypeNumbers::default();
        self.handover.give_back(handed);
    }

    /// Handles the rollback of the whole transaction.
    pub fn lost(&mut self) {
        self.rolled_back(0);
        self.pending.forget();
    }

    /// Writes the pending values.
    pub fn before_commit(&mut self) -> Result<()> {
        self.pending.store(&self.connection)
    }

    /// Handles the commit. Returns whether there may be new work to claim.
    pub fn committed(&mut self) -> bool {
        self.handover.hand_on();
        if let Some(subscriptions) = &self.subscriptions {
            self.board.put(subscriptions);
        }
        mem::take(&mut self.work_arrived)
    }
}

/// The number of claim numbers that are reserved at once.
const RESERVED_AT_ONCE: i64 = 1024;

/// Reserves numbers for claims. A number that stays unused is not reserved again.
fn reserve(connection: &Connection) -> Result<Range<i64>> {
    let last: Option<i64> = rows::value(
        connection,
        "UPDATE sequences SET value = value + ?1 WHERE name = 'claim' RETURNING value",
        [RESERVED_AT_ONCE],
    )?;
    let last = last.ok_or_else(|| StoreError::Internal("the sequence of claims is missing".to_owned()))?;
    Ok(last - RESERVED_AT_ONCE + 1..last + 1)
}
