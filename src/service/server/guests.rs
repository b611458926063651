//! Who is connected: at most so many, and when all places are taken, whoever lets us wait makes room.
//!
//! So a caller who sends a request at once is answered while thousands of others say nothing.

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

/// How long it may take whoever makes room to go: it is a task that is woken and closes its connection.
const LONGEST_LEAVING: Duration = Duration::from_millis(100);
/// How many are looked at to find one that lets us wait, so that a flood of connections costs little.
const MOST_LOOKED_AT: usize = 64;

/// All who are connected.
pub struct Guests {
    places: Arc<Semaphore>,
    most: usize,
    /// In the order in which they were last looked at.
    present: Mutex<VecDeque<Weak<Progress>>>,
}

/// The place of one who is connected; free again when it is dropped.
pub struct Place {
    /// How far this one is.
    pub progress: Arc<Progress>,
    _permit: OwnedSemaphorePermit,
}

impl Guests {
    /// Places for so many.
    pub fn at_most(most: usize) -> Arc<Self> {
        Arc::new(Guests { places: Arc::new(Semaphore::new(most)), most, present: Mutex::default() })
    }

    /// How many there may be.
    pub fn most(&self) -> usize {
        self.most
    }

    /// A place for one more; none when everybody's request is being answered.
    pub async fn place(&self) -> Option<Place> {
        let permit = match self.places.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) if !self.make_room() => return None,
            Err(_) => timeout(LONGEST_LEAVING, self.places.clone().acquire_owned()).await.ok()?.ok()?,
        };
        let progress = Arc::new(Progress::default());
        let mut present = self.present();
        present.push_back(Arc::downgrade(&progress));
        // Whoever has gone since is forgotten, now and then.
        if present.len() > 2 * self.most {
            present.retain(|guest| guest.strong_count() > 0);
        }
        Some(Place { progress, _permit: permit })
    }

    /// Asks one who lets us wait to go; whether there was one.
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
        // It is whole between any two statements, so a panic elsewhere cannot have broken it.
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
