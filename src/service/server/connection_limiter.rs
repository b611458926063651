//! Limits the number of connections. When all slots are taken, a connection that waits for its caller is closed to
//! make room.
//!
//! So a caller who sends a request at once gets an answer while thousands of others send nothing.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::progress::Progress;

/// The longest time that a connection asked to close may take: its task only has to wake up and close it.
const LONGEST_CLOSING: Duration = Duration::from_millis(100);
/// How many connections are checked for one to close; the bound keeps a flood of connections cheap.
const MOST_LOOKED_AT: usize = 64;

/// All open connections.
pub struct ConnectionLimiter {
    slots: Arc<Semaphore>,
    most: usize,
    /// The connections in the order in which they were last checked.
    open: Mutex<VecDeque<Weak<Progress>>>,
}

/// The slot of one connection; dropping it frees the slot.
pub struct ConnectionSlot {
    /// The connection's progress.
    pub progress: Arc<Progress>,
    _permit: OwnedSemaphorePermit,
}

impl ConnectionLimiter {
    /// Makes this number of slots.
    pub fn at_most(most: usize) -> Arc<Self> {
        Arc::new(ConnectionLimiter { slots: Arc::new(Semaphore::new(most)), most, open: Mutex::default() })
    }

    /// The number of slots.
    pub fn most(&self) -> usize {
        self.most
    }

    /// A slot for a new connection; none while every other connection has a request being answered.
    pub async fn slot(&self) -> Option<ConnectionSlot> {
        let permit = match self.slots.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) if !self.make_room() => return None,
            Err(_) => timeout(LONGEST_CLOSING, self.slots.clone().acquire_owned()).await.ok()?.ok()?,
        };
        let progress = Arc::new(Progress::default());
        let mut open = self.open();
        open.push_back(Arc::downgrade(&progress));
        // Closed connections are removed only now and then.
        if open.len() > 2 * self.most {
            open.retain(|connection| connection.strong_count() > 0);
        }
        Some(ConnectionSlot { progress, _permit: permit })
    }

    /// Asks one connection that waits for its caller to close. Returns whether there was one.
    pub fn make_room(&self) -> bool {
        let mut open = self.open();
        let mut looked_at = 0;
        while let Some(connection) = open.pop_front() {
            let Some(progress) = connection.upgrade() else { continue };
            if progress.ask_to_close() {
                return true;
            }
            open.push_back(connection);
            looked_at += 1;
            if looked_at >= MOST_LOOKED_AT.min(open.len()) {
                return false;
            }
        }
        false
    }

    fn open(&self) -> MutexGuard<'_, VecDeque<Weak<Progress>>> {
        // The list is valid between any two statements, so a panic elsewhere cannot have broken it.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
