//! The health of a webhook: when the service pauses it, when it counts as failing, and when the service disables it.
//!
//! Tests never count. A success, a new URL, or a person's enabling resets the failures.

use std::time::Duration;

use super::{text::named, time::Timestamp};

/// The breaker opens after this many failures in a row.
pub const BREAKER_OPENS_AFTER: u32 = 10;
/// The first pause after the breaker has opened; each failed probe doubles it.
pub const SHORTEST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause between two probes.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// The longest time for which one `Retry-After` can hold its whole webhook.
pub const LONGEST_HOLD: Duration = Duration::from_secs(3600);
/// The largest number of requests in flight, over all processes, to a webhook that has not succeeded yet.
pub const MOST_UNPROVEN: usize = 2;

/// A webhook is disabled if it has failed for at least this long since its first failure after a success;
/// [`LEAST_FAILURES`] and [`LEAST_EVENTS`] must be reached too.
pub const DISABLED_AFTER: Duration = Duration::from_secs(5 * 24 * 3600);
/// The least number of failures in a row before the service disables a webhook.
pub const LEAST_FAILURES: u32 = 20;
/// The least number of distinct events among these failures before the service disables a webhook.
pub const LEAST_EVENTS: u8 = 3;

named!(
    /// The state of a webhook's circuit breaker.
    Breaker, "a breaker's state", {
        /// The webhook gets its deliveries when they are due.
        Closed = "closed",
        /// Ten attempts in a row have failed: the service probes with one delivery at a time, after increasing pauses.
        Open = "open",
    }
);

/// The recent results of a webhook, which decide the order of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its newest attempt succeeded.
    Proven,
    /// No attempt has ended since it was added or enabled, or since its URL changed.
    New,
    /// Its newest attempt failed.
    Failing,
}

impl Standing {
    /// All values, in the order in which they are served.
    pub const ALL: [Standing; 3] = [Standing::Proven, Standing::New, Standing::Failing];

    /// Whether it uses the capacity that is shared by webhooks without a recent success.
    pub fn is_in_trouble(self) -> bool {
        self != Standing::Proven
    }
}

/// A warning that a failing webhook will be disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// Half of the time until then has passed.
    HalfTime,
    /// Nine tenths of the time until then have passed.
    NearTheEnd,
}

impl Warning {
    /// Returns the warning that is due at `now` for a webhook that has failed since `since`.
    pub fn at(since: Timestamp, now: Timestamp) -> Option<Warning> {
        match now.since(since) {
            failing if failing * 10 >= DISABLED_AFTER * 9 => Some(Warning::NearTheEnd),
            failing if failing * 2 >= DISABLED_AFTER => Some(Warning::HalfTime),
            _ => None,
        }
    }
}

/// A change of a webhook's health by one attempt. An attempt with the same result as the one before changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It succeeded for the first time since a reset, and is no longer limited as an unproven webhook.
    Proven,
    /// It failed after a success or a reset.
    Failing,
    /// The receiver asked for a pause until then, which is later than before.
    Held(Timestamp),
    /// The breaker has opened: nothing is sent until then, and only probes after that.
    BreakerOpened(Timestamp),
    /// A probe has failed: nothing is sent until then.
    Paused(Timestamp),
    /// The webhook has failed for this part of the time until it is disabled.
    Warned(Warning),
    /// The webhook must be disabled.
    Disabled,
    /// It succeeded after failures.
    Recovered {
        /// When the first of them ended.
        since: Timestamp,
        /// How many there were.
        failures: u32,
    },
}

impl Transition {
    /// Returns the notice for the webhook's owner, if the change needs one.
    pub fn notice(self) -> Option<Notice> {
        match self {
            Transition::Warned(warning) => Some(Notice::Warned(warning)),
            Transition::Disabled => Some(Notice::Disabled),
            Transition::Proven
            | Transition::Failing
            | Transition::Held(_)
            | Transition::BreakerOpened(_)
            | Transition::Paused(_)
            | Transition::Recovered { .. } => None,
        }
    }
}

/// A consequence of a failure that the webhook's owner should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The webhook has failed for this part of the time until it is disabled.
    Warned(Warning),
    /// The webhook must be disabled.
    Disabled,
}

/// The state that attempts leave behind for a webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether an attempt has succeeded since the last reset.
    pub proven: bool,
    /// The failures since the last success, if there were any.
    pub failing: Option<Failing>,
    /// Until when the receiver asked for a pause.
    pub asked_until: Option<Timestamp>,
}

/// Failures in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// When the first of them ended.
    pub since: Timestamp,
    /// How many there were.
    pub failures: u32,
    /// The distinct events that failed.
    pub events: FailedEvents,
    /// The number of pauses that the breaker has made.
    pub pauses: u32,
    /// The end of the breaker's last pause.
    pub paused_until: Option<Timestamp>,
    /// The last warning that was given.
    pub warned: Option<Warning>,
}

/// Distinct failed events by their numbers, counted up to [`LEAST_EVENTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailedEvents {
    /// One.
    One(i64),
    /// Two different ones.
    Two(i64, i64),
    /// At least three.
    Enough,
}

/// How an attempt failed.
#[derive(Debug, Clone, Copy)]
pub struct Failure {
    /// The number of the event.
    pub event: i64,
    /// When the request was begun.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Until when the receiver asked for a pause.
    pub hold: Option<Timestamp>,
}

impl Health {
    /// Records a success and returns what has changed. The pause that the receiver asked for stays in force.
    pub fn succeeded(&mut self) -> Vec<Transition> {
        let recovered =
            self.failing.take().map(|Failing { since, failures, .. }| Transition::Recovered { since, failures });
        let proven = (!self.proven).then_some(Transition::Proven);
        self.proven = true;
        recovered.into_iter().chain(proven).collect()
    }

    /// Records a failure and returns what has changed, the most serious change last.
    pub fn failed(&mut self, failure: &Failure) -> Vec<Transition> {
        let held = failure.hold.filter(|hold| self.asked_until.is_none_or(|until| until < *hold));
        self.asked_until = self.asked_until.max(failure.hold);
        let changed = match &mut self.failing {
            None => {
                self.failing = Some(Failing::first(failure));
                Some(Transition::Failing)
            }
            Some(failing) => failing.another(failure),
        };
        let noticed = self.failing.as_mut().and_then(|failing| failing.notice(failure.finished_at));
        changed.into_iter().chain(held.map(Transition::Held)).chain(noticed).collect()
    }

    /// Returns its standing.
    pub fn standing(&self) -> Standing {
        match (&self.failing, self.proven) {
            (Some(_), _) => Standing::Failing,
            (None, false) => Standing::New,
            (None, true) => Standing::Proven,
        }
    }

    /// Returns the failures since the last success.
    pub fn failures(&self) -> u32 {
        self.failing.as_ref().map_or(0, |failing| failing.failures)
    }

    /// Returns the state of the breaker.
    pub fn breaker(&self) -> Breaker {
        breaker(self.failures())
    }

    /// Returns until when none of its deliveries may be claimed, even if that time has passed: the later end of the
    /// receiver's and the breaker's pause.
    pub fn hold(&self) -> Option<Timestamp> {
        self.asked_until.max(self.failing.as_ref().and_then(|failing| failing.paused_until))
    }

    /// Returns until when nothing is sent, if that is in the future. A clock that jumped cannot extend it: the end is
    /// limited to the longest pause from now.
    pub fn held_until(&self, now: Timestamp) -> Option<Timestamp> {
        let asked_until = self.asked_until.map(|until| until.min(now.plus(LONGEST_HOLD)));
        let paused_until = self.failing.as_ref().and_then(|failing| failing.paused_until);
        let paused_until = paused_until.map(|until| until.min(now.plus(LONGEST_PAUSE)));
        asked_until.max(paused_until).filter(|until| *until > now)
    }
}

/// Returns the state of the breaker after so many failures in a row.
pub fn breaker(failures: u32) -> Breaker {
    if failures >= BREAKER_OPENS_AFTER { Breaker::Open } else { Breaker::Closed }
}

/// Returns the limit of a webhook's requests in flight over all processes, or `None` if only each process has a limit.
/// `most_unproven` applies to a webhook that has not succeeded yet.
pub fn most_in_flight(proven: bool, failures: u32, most_unproven: usize) -> Option<usize> {
    match (breaker(failures), proven) {
        (Breaker::Open, _) => Some(1),
        (Breaker::Closed, false) => Some(most_unproven),
        (Breaker::Closed, true) => None,
    }
}

/// Returns when a webhook that has failed since `since` is disabled, unless it succeeds before.
pub fn disables_at(since: Timestamp) -> Timestamp {
    since.plus(DISABLED_AFTER)
}

impl Failing {
    fn first(failure: &Failure) -> Self {
        Failing {
            since: failure.finished_at,
            failures: 1,
            events: FailedEvents::One(failure.event),
            pauses: 0,
            paused_until: None,
            warned: None,
        }
    }

    fn another(&mut self, failure: &Failure) -> Option<Transition> {
        // It can end before the first one only if the clock was wrong.
        self.since = self.since.min(failure.finished_at);
        self.failures = self.failures.saturating_add(1);
        self.events = self.events.with(failure.event);
        if breaker(self.failures) == Breaker::Open { self.pause(failure) } else { None }
    }

    /// Pauses after a failed probe. An attempt that began before the last pause ended is not a probe: it was in flight
    /// when the breaker opened, or a person sent it.
    fn pause(&mut self, failure: &Failure) -> Option<Transition> {
        if self.paused_until.is_some_and(|until| failure.started_at < until) {
            return None;
        }
        let pause = SHORTEST_PAUSE.saturating_mul(1 << self.pauses.min(16)).min(LONGEST_PAUSE);
        let (is_first, until) = (self.pauses == 0, failure.finished_at.plus(pause));
        self.pauses = self.pauses.saturating_add(1);
        self.paused_until = Some(until);
        Some(if is_first { Transition::BreakerOpened(until) } else { Transition::Paused(until) })
    }

    fn notice(&mut self, now: Timestamp) -> Option<Transition> {
        let enough = self.failures >= LEAST_FAILURES && self.events.count() >= LEAST_EVENTS;
        if enough && now.since(self.since) >= DISABLED_AFTER {
            return Some(Transition::Disabled);
        }
        let warning = Warning::at(self.since, now);
        if warning <= self.warned {
            return None;
        }
        self.warned = warning;
        warning.map(Transition::Warned)
    }
}

impl FailedEvents {
    fn with(self, event: i64) -> Self {
        match self {
            FailedEvents::One(one) if one != event => FailedEvents::Two(one, event),
            FailedEvents::Two(one, other) if one != event && other != event => FailedEvents::Enough,
            same => same,
        }
    }

    /// Returns the number of events, counted up to three.
    pub fn count(self) -> u8 {
        match self {
            FailedEvents::One(_) => 1,
            FailedEvents::Two(..) => 2,
            FailedEvents::Enough => LEAST_EVENTS,
        }
    }
}

#[cfg(test)]
mod tests;
