//! What a clock that was wrong has planned too far ahead, and when it is due by its rule from now: a clock that was set
//! back again holds nobody for as long as it had been ahead.

use std::time::Duration;

use crate::domain::{
    delivery::LONGEST_WAIT,
    health::{LONGEST_HOLD, LONGEST_PAUSE},
    time::Timestamp,
};

/// How far ahead of now something may be that happened already.
const SLACK: Duration = Duration::from_secs(2);
/// What was never tried is due at once, or within a short while when many were held.
const NEVER_TRIED: Duration = Duration::from_secs(60);

/// Whether it has happened in what is now the future.
pub fn is_ahead(happened_at: Timestamp, now: Timestamp) -> bool {
    happened_at > now.plus(SLACK)
}

/// What holds a webhook, and when it was last tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holds {
    /// Until when the receiver asked to be left alone.
    pub asked_until: Option<Timestamp>,
    /// Until when the breaker pauses.
    pub paused_until: Option<Timestamp>,
    /// When the newest attempt ended.
    pub last_attempt_at: Option<Timestamp>,
    /// Since when it has been failing.
    pub failing_since: Option<Timestamp>,
}

impl Holds {
    /// Whether one of them is longer than any rule makes it.
    pub fn are_beyond(&self, now: Timestamp) -> bool {
        let beyond = |until: Option<Timestamp>, longest| until.is_some_and(|until| until > now.plus(longest));
        beyond(self.asked_until, LONGEST_HOLD) || beyond(self.paused_until, LONGEST_PAUSE)
    }

    /// The same by a clock that says `now`: each hold is what is left of it when it is counted from now, and the next
    /// attempt is the newest again.
    pub fn brought_back(self, now: Timestamp) -> Holds {
        let counted_from = self.last_attempt_at.unwrap_or(now).max(now);
        let was_ahead = self.last_attempt_at.is_some_and(|at| is_ahead(at, now));
        let held = |until: Option<Timestamp>, longest: Duration| {
            until.map(|until| match until > now.plus(longest) || (until > now && was_ahead) {
                true => now.plus(until.since(counted_from).min(longest)),
                false => until,
            })
        };
        let happened = |at: Option<Timestamp>| at.map(|at| if is_ahead(at, now) { now } else { at });
        Holds {
            asked_until: held(self.asked_until, LONGEST_HOLD),
            paused_until: held(self.paused_until, LONGEST_PAUSE),
            last_attempt_at: happened(self.last_attempt_at),
            failing_since: happened(self.failing_since),
        }
    }
}

/// Work that waits.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    /// When it is due.
    pub due_at: Timestamp,
    /// When its last try ended, if it was tried.
    pub tried_at: Option<Timestamp>,
    /// Over how long its recovery has spread what it made, if it is one's.
    pub paced: Option<Duration>,
}

impl Waiting {
    /// When it is due by its rule, from now. A retry is due as long from now as it was to be from its last try; what was
    /// never tried is due now.
    pub fn planned(&self, now: Timestamp) -> Timestamp {
        let longest = match (self.tried_at, self.paced) {
            (_, Some(paced)) => LONGEST_WAIT.max(paced),
            (Some(_), None) => LONGEST_WAIT,
            (None, None) => NEVER_TRIED,
        };
        match self.tried_at {
            Some(tried_at) if is_ahead(tried_at, now) => now.plus(self.due_at.since(tried_at).min(longest)),
            None if self.paced.is_none() && self.due_at > now.plus(longest) => now,
            _ => self.due_at.min(now.plus(longest)),
        }
    }
}

/// Whether the last of a webhook's work is due later than any rule allows, given over how long recoveries have spread
/// theirs.
pub fn is_beyond(last_due: Timestamp, paced: Duration, now: Timestamp) -> bool {
    last_due > now.plus(LONGEST_WAIT.max(paced))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_795_455_600 + seconds)
    }

    fn now() -> Timestamp {
        at(0)
    }

    const NONE: Holds = Holds { asked_until: None, paused_until: None, last_attempt_at: None, failing_since: None };

    #[test]
    fn holds_of_a_right_clock_stay_as_they_are() {
        let right = Holds {
            asked_until: Some(at(HOUR)),
            paused_until: Some(at(300)),
            last_attempt_at: Some(at(0)),
            failing_since: Some(at(-DAY)),
        };
        let over = Holds { asked_until: Some(at(-5)), last_attempt_at: Some(at(9)), ..NONE };
        assert!(!right.are_beyond(now()) && !over.are_beyond(now()) && !NONE.are_beyond(now()));
        assert_eq!((right.brought_back(now()), NONE.brought_back(now())), (right, NONE));
        assert_eq!(over.brought_back(now()).asked_until, over.asked_until, "what is over is not begun again");
    }

    #[test]
    fn what_is_left_of_a_hold_counts_from_now() {
        let ahead = Holds {
            asked_until: Some(at(30 * DAY + 600)),
            paused_until: Some(at(30 * DAY + 20)),
            last_attempt_at: Some(at(30 * DAY)),
            failing_since: Some(at(30 * DAY - 60)),
        };
        assert!(ahead.are_beyond(now()));
        let expected = Holds {
            asked_until: Some(at(600)),
            paused_until: Some(at(20)),
            last_attempt_at: Some(now()),
            failing_since: Some(now()),
        };
        assert_eq!(ahead.brought_back(now()), expected);
        let nobody_knows_when = Holds { last_attempt_at: None, failing_since: None, ..ahead };
        let longest = nobody_knows_when.brought_back(now());
        assert_eq!((longest.asked_until, longest.paused_until), (Some(at(HOUR)), Some(at(300))));
    }

    #[test]
    fn work_waits_from_now_as_long_as_it_was_to_wait() {
        let planned = |due: i64, tried: Option<i64>, paced: Option<u64>| {
            let paced = paced.map(Duration::from_secs);
            Waiting { due_at: at(due), tried_at: tried.map(at), paced }.planned(now())
        };
        assert_eq!(planned(300, Some(-1), None), at(300), "a right clock");
        assert_eq!(planned(9 * DAY + 300, Some(9 * DAY), None), at(300));
        assert_eq!(planned(9 * DAY, Some(-1), None), at(DAY + DAY / 5), "no longer than any wait");
        assert_eq!(planned(30, None, None), at(30), "spread over a while");
        assert_eq!(planned(9 * DAY, None, None), now(), "never tried");
        assert_eq!(planned(2 * DAY, None, Some(3 * DAY as u64)), at(2 * DAY), "a recovery's own pace");
        assert_eq!(planned(9 * DAY, None, Some(3 * DAY as u64)), at(3 * DAY));
    }

    #[test]
    fn only_what_lies_beyond_every_rule_is_a_reason_to_look() {
        assert!(!is_beyond(at(DAY), Duration::ZERO, now()) && is_beyond(at(2 * DAY), Duration::ZERO, now()));
        assert!(!is_beyond(at(2 * DAY), Duration::from_secs(3 * DAY as u64), now()));
        assert!(is_ahead(at(3), now()) && !is_ahead(at(2), now()));
    }
}
