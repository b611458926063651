//! What a writing job works with.

use std::sync::Arc;

use rusqlite::Connection;

use super::subscriptions::Subscriptions;
use crate::domain::random::Random;

/// The writer's connection and what it remembers from one job to the next.
pub(super) struct Session {
    /// The connection, within a transaction while a job runs.
    pub connection: Connection,
    /// Where new ids come from.
    pub random: Arc<dyn Random>,
    /// Whether there may be new work to claim, once what was written is committed.
    pub work_arrived: bool,
    /// Which webhooks want events, as last read. Forgotten when anything is rolled back.
    pub subscriptions: Option<Subscriptions>,
}

impl Session {
    /// A session on this connection.
    pub fn new(connection: Connection, random: Arc<dyn Random>) -> Self {
        Session { connection, random, work_arrived: false, subscriptions: None }
    }

    /// The random part of a new id.
    pub fn random_bytes(&self) -> [u8; 10] {
        self.random.bytes()
    }
}
