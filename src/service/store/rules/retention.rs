//! Decides what has expired, and how far a pass through a list has come.

use std::time::Duration;

use super::rollup::{Span, oldest_hour};
use crate::{
    domain::{stats::bucket_start, time::Timestamp},
    service::store::{Ages, Retention},
};

/// How often rows that pending deliveries kept are checked again.
const AGAIN_AFTER: Duration = Duration::from_secs(3600);
/// The extra time for which a deleted webhook's row is kept, so that its last cancelled deliveries are deleted first.
const MARGIN: Duration = Duration::from_secs(24 * 3600);

/// The times before which rows have expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expired {
    /// Events, by their acceptance.
    pub events: Timestamp,
    /// Bodies, by their event's acceptance.
    pub bodies: Timestamp,
    /// Attempts and recoveries, by their end.
    pub attempts: Timestamp,
    /// Exchanges, by their attempt's end.
    pub exchanges: Timestamp,
    /// Audit entries, which are kept as long as counts of hours.
    pub audit: Timestamp,
    /// Deleted webhooks, by their deletion: their counts and their history have gone before.
    pub webhooks: Timestamp,
}

/// What has expired. While any webhook is disabled, events go by another age: a recovery asks for what a disabled
/// webhook has missed when the webhook is enabled again, and no other source has it.
pub fn expired(ages: Ages, keep: Retention, any_disabled: bool) -> Expired {
    let Ages { now, missed } = ages;
    let Retention { history, bodies } = keep;
    let bodies = bodies.min(history);
    let events_by = if any_disabled { missed.min(now) } else { now };
    let hours_begin = bucket_start(oldest_hour(now) * Span::Hour.code());
    Expired {
        events: events_by.minus(history),
        bodies: events_by.minus(bodies),
        attempts: now.minus(history),
        exchanges: now.minus(bodies),
        audit: hours_begin,
        webhooks: now.minus(history).min(hours_begin).minus(MARGIN),
    }
}

/// How far passes through a list have come, in the order of its numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sweep {
    /// The number to continue at.
    pub next: i64,
    pub under_way: bool,
    /// The first row of this pass that has not expired. Times do not strictly rise with the numbers, so expired rows
    /// may follow; the next pass begins here.
    pub first_young: Option<i64>,
    /// The first row of this pass that a pending delivery kept.
    pub first_held: Option<i64>,
    /// The start of the pass that checks such rows again.
    pub again_from: Option<i64>,
    /// The start of the last such pass.
    pub again_at: Option<Timestamp>,
}

/// What a pass found a row to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// It has not expired.
    Young,
    /// Nothing is left to delete of it.
    Done,
    /// A pending delivery keeps it.
    Held,
}

impl Sweep {
    /// The progress with a pass under way.
    pub fn begun(mut self, now: Timestamp) -> Self {
        if self.under_way {
            return self;
        }
        self.under_way = true;
        // A clock that was set back does not delay it.
        if self.again_at.is_none_or(|at| now < at || now.since(at) >= AGAIN_AFTER) {
            self.next = self.again_from.take().unwrap_or(self.next).min(self.next);
            self.again_at = Some(now);
        }
        self
    }

    /// Goes past the row with this number.
    pub fn pass(&mut self, number: i64, passed: Passed) {
        match passed {
            Passed::Young => drop(self.first_young.get_or_insert(number)),
            Passed::Held => drop(self.first_held.get_or_insert(number)),
            Passed::Done => {}
        }
        self.next = number + 1;
    }

    /// The progress after a pass.
    pub fn ended(mut self) -> Self {
        self.under_way = false;
        self.next = self.first_young.take().unwrap_or(self.next);
        let held = self.first_held.take();
        self.again_from = self.again_from.into_iter().chain(held).min();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_795_455_600 + seconds)
    }

    #[test]
    fn what_a_disabled_webhook_may_have_missed_goes_by_its_own_age() {
        let keep = Retention { history: 30 * DAY, bodies: 7 * DAY };
        let ages = Ages { now: at(0), missed: at(-100) };
        let enabled = expired(ages, keep, false);
        assert_eq!([enabled.events, enabled.bodies], [at(0).minus(30 * DAY), at(0).minus(7 * DAY)]);
        let disabled = expired(ages, keep, true);
        assert_eq!([disabled.events, disabled.bodies], [at(-100).minus(30 * DAY), at(-100).minus(7 * DAY)]);
        assert_eq!((disabled.attempts, disabled.exchanges), (enabled.attempts, enabled.exchanges));
        assert_eq!(expired(Ages { now: at(0), missed: at(100) }, keep, true), enabled, "never earlier than the others");
    }

    #[test]
    fn no_body_outlives_its_event_and_no_webhook_its_history() {
        let of = |history, bodies| expired(at(0).into(), Retention { history, bodies }, false);
        let short = of(DAY, 7 * DAY);
        assert_eq!((short.bodies, short.exchanges), (short.events, short.attempts));
        assert!(short.webhooks <= short.audit.minus(DAY), "its counts are kept for 13 months");
        let long = of(800 * DAY, DAY);
        assert_eq!(long.webhooks, long.attempts.minus(DAY));
    }

    #[test]
    fn a_pass_begins_where_something_may_have_expired() {
        let mut sweep = Sweep::default().begun(at(0));
        for (number, passed) in [(1, Passed::Done), (2, Passed::Held), (3, Passed::Young), (4, Passed::Done)] {
            sweep.pass(number, passed);
        }
        assert_eq!(sweep.begun(at(9_999)), sweep, "a pass under way goes on");
        let after = sweep.ended();
        assert_eq!((after.next, after.begun(at(3_599)).next), (3, 3));
        let mut again = after.begun(at(3_600));
        assert_eq!(again.next, 2, "after an hour from what was held");
        again.pass(2, Passed::Done);
        assert_eq!(again.ended().begun(at(7_200)).next, 3);
        assert_eq!(after.begun(at(-1)).next, 2, "a clock that was set back delays nothing");
    }
}
