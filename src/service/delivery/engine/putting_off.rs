//! Pauses claiming after a request could not be sent because no file descriptor was left.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The length of the pause; by then some connections may have ended.
pub(super) const PAUSE: Duration = Duration::from_millis(500);
/// The shortest time between two log lines.
const SAID_EVERY: Duration = Duration::from_secs(1);

/// The times of the last delay and of the last log line.
#[derive(Default)]
pub struct PutOff(Mutex<(Option<Instant>, Option<Instant>)>);

impl PutOff {
    fn state(&self) -> MutexGuard<'_, (Option<Instant>, Option<Instant>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long claiming still pauses, if it does.
    pub fn pause(&self, now: Instant) -> Option<Duration> {
        let (last, _) = *self.state();
        last.and_then(|last| PAUSE.checked_sub(now.duration_since(last))).filter(|pause| !pause.is_zero())
    }

    /// Records a delay. Returns whether to log it.
    pub fn note(&self, now: Instant) -> bool {
        let mut state = self.state();
        state.0 = Some(now);
        let due = state.1.is_none_or(|said| now.duration_since(said) >= SAID_EVERY);
        if due {
            state.1 = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_claimed_for_a_moment_and_it_is_said_once_a_second() {
        let (put_off, start) = (PutOff::default(), Instant::now());
        assert_eq!(put_off.pause(start), None);
        assert!(put_off.note(start));
        assert_eq!(put_off.pause(start), Some(PAUSE));
        assert!(!put_off.note(start + PAUSE));
        assert_eq!(put_off.pause(start + 2 * PAUSE), None);
        assert!(put_off.note(start + SAID_EVERY));
    }
}
