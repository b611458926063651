//! Corrects times that a wrong clock has planned too far ahead, so that a clock that was set back does not hold
//! webhooks for as long as it had been ahead.

use std::time::Duration;

use crate::domain::{
    delivery::LONGEST_WAIT,
    health::{LONGEST_HOLD, LONGEST_PAUSE},
    time::Timestamp,
};

/// How far ahead of now the time of a past event may be.
const SLACK: Duration = Duration::from_secs(2);
/// The longest wait of a first attempt, which is due at once, or soon after if many were held.
const NEVER_TRIED: Duration = Duration::from_secs(60);

/// Whether the time of a past event lies in the future.
pub fn is_ahead(happened_at: Timestamp, now: Timestamp) -> bool {
    happened_at > now.plus(SLACK)
}

/// A webhook's holds and the times that they depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holds {
    /// The time until which the receiver asked for a pause.
    pub asked_until: Option<Timestamp>,
    /// The time until which the breaker pauses.
    pub paused_until: Option<Timestamp>,
    /// The end of the newest attempt.
    pub last_attempt_at: Option<Timestamp>,
    /// The start of the current failures.
    pub failing_since: Option<Timestamp>,
}

impl Holds {
    /// Whether a hold is longer than any rule allows.
    pub fn are_beyond(&self, now: Timestamp) -> bool {
        let beyond = |until: Option<Timestamp>, longest| until.is_some_and(|until| until > now.plus(longest));
        beyond(self.asked_until, LONGEST_HOLD) || beyond(self.paused_until, LONGEST_PAUSE)
    }

    /// Corrects the times to a clock that says `now`: each hold keeps what is left of it, counted from now, and the
    /// next attempt is the newest again.
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

/// A waiting delivery.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    /// The time at which it is due.
    pub due_at: Timestamp,
    /// The end of its last attempt, if there was one.
    pub tried_at: Option<Timestamp>,
    /// The time over which its recovery has spread its deliveries, if a recovery made it.
    pub paced: Option<Duration>,
}

impl Waiting {
    /// The corrected due time. A retry waits as long from now as it was to wait after its last attempt; a first attempt
    /// is due now.
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

/// Whether the last due time of a webhook is later than any rule allows; `paced` is the longest time over which
/// recoveries have spread its deliveries.
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
