//! When an event that is made here happens.

use std::time::Duration;

use crate::domain::time::Timestamp;

/// When an event that is made here happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    /// The time, to the millisecond.
    pub at: Timestamp,
    /// Whether it was given. One that was not follows from the times in the data, where those were given.
    pub is_set: bool,
    /// Tells events apart that happen at the same time.
    pub number: u32,
}

impl Occasion {
    /// At a time that was given.
    pub fn set(at: Timestamp) -> Self {
        Occasion { at: to_milliseconds(at), is_set: true, number: 0 }
    }

    /// Now: in the millisecond before, so that nothing of it lies in the future.
    pub fn now(now: Timestamp) -> Self {
        let at = to_milliseconds(now.minus(Duration::from_millis(1)));
        Occasion { at, is_set: false, number: 0 }
    }
}

/// To the millisecond, which is what the API carries.
pub(super) fn to_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_millis().saturating_mul(1_000))
}
