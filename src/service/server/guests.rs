//! Limits the number of connections. When all places are taken, a connection that waits for its caller is closed to
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
const LONGEST_LEAVING: Duration = Duration::from_millis(100);
/// How many connections are checked for one to close; the bound keeps a flood of connections cheap.
const MOST_LOOKED_AT: usize = 64;

/// All open connections.
pub struct Guests {
    places: Arc<Semaphore>,
    most: usize,
    /// The connections in the order in which they were last checked.
    present: Mutex<VecDeque<Weak<Progress>>>,
}

/// The place of one connection; dropping it frees the place.
pub struct Place {
    /// The connection's progress.
    pub progress: Arc<Progress>,
    _permit: OwnedSemaphorePermit,
}

impl Guests {
    /// Makes this number of places.
    pub fn at_most(most: usize) -> Arc<Self> {
        Arc::new(Guests { places: Arc::new(Semaphore::new(most)), most, present: Mutex::default() })
    }

    /// The number of places.
    pub fn most(&self) -> usize {
        self.most
    }

    /// A place for a new connection; none while every other connection has a request being answered.
    pub async fn place(&self) -> Option<Place> {
        let permit = match self.places.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) if !self.make_room() => return None,
            Err(_) => timeout(LONGEST_LEAVING, self.places.clone().acquire_owned()).await.ok()?.ok()?,
        };
        let progress = Arc::new(Progress::default());
        let mut present = self.present();
        present.push_back(Arc::downgrade(&progress));
        // Closed connections are removed only now and then.
        if present.len() > 2 * self.most {
            present.retain(|guest| guest.strong_count() > 0);
        }
        Some(Place { progress, _permit: permit })
    }

    /// Asks one connection that waits for its caller to close. Returns whether there was one.
    pub fn make_room(&self) -> bool {
        let mut present = self.present();
        let mut looked_at = 0;
        while let Some(guest) = present.pop_front() {
            let Some(progress) = guest.upgrade() else { continue };
            if progress.ask_to_go() {
                return true;
            }
            present.push_back(guest);
            looked_at += 1;
            if looked_at >= MOST_LOOKED_AT.min(present.len()) {
                return false;
            }
        }
        false
    }

    fn present(&self) -> MutexGuard<'_, VecDeque<Weak<Progress>>> {
        // The list is valid between any two statements, so a panic elsewhere cannot have broken it.
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
