//! Limits log lines about frequent events to one a second.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const A_SECOND: Duration = Duration::from_secs(1);

/// Counts events, and says when to log their number.
#[derive(Default)]
pub struct LogThrottle(Mutex<(Option<Instant>, u64)>);

impl LogThrottle {
    /// Counts one event. Returns how many happened since the last log line, if it is time for one.
    pub fn due(&self) -> Option<u64> {
        self.due_at(Instant::now())
    }

    fn due_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 += 1;
        if state.0.is_some_and(|told| now.duration_since(told) < A_SECOND) {
            return None;
        }
        state.0 = Some(now);
        Some(std::mem::take(&mut state.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once_a_second_how_often_it_happened() {
        let (throttle, start) = (LogThrottle::default(), Instant::now());
        assert_eq!(throttle.due_at(start), Some(1));
        for _ in 0..1000 {
            assert_eq!(throttle.due_at(start + A_SECOND / 2), None);
        }
        assert_eq!(throttle.due_at(start + A_SECOND), Some(1001));
    }
}
