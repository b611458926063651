//! How a webhook fares: when it is left alone for a while, when it counts as in trouble, and when it is disabled.
//!
//! Tests never count. A success, a new URL, and being enabled by a person each make a fresh start.

use std::{fmt, str::FromStr, time::Duration};

use super::{attempt::named, text::serde_as_text, time::Timestamp};

/// After how many failures in a row the breaker opens.
pub const BREAKER_OPENS_AFTER: u32 = 10;
/// How long a webhook is left alone after the breaker has opened; twice as long after each probe that fails.
pub const SHORTEST_PAUSE: Duration = Duration::from_secs(5);
/// How long it is left alone at most between two probes.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// For how long a receiver can hold its whole webhook with one `Retry-After`.
pub const LONGEST_HOLD: Duration = Duration::from_secs(3600);
/// How many requests may be in flight, in all processes, to a webhook that has not succeeded yet.
pub const MOST_UNPROVEN: usize = 2;

/// A webhook is disabled at a failure this long after the first one since its last success …
pub const DISABLED_AFTER: Duration = Duration::from_secs(5 * 24 * 3600);
/// … when there were at least so many …
pub const LEAST_FAILURES: u32 = 20;
/// … of at least so many events.
pub const LEAST_EVENTS: u8 = 3;

named!(
    /// Whether a webhook that keeps failing is only probed.
    Breaker, "a breaker's state", {
        /// It is sent what is due.
        Closed = "closed",
        /// Ten attempts in a row have failed: one delivery at a time probes it, after longer and longer pauses.
        Open = "open",
    }
);

/// What a webhook has shown of late, which decides who is served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its newest attempt succeeded.
    Proven,
    /// Nothing was tried yet since it was added or enabled, or since its URL was changed.
    New,
    /// Its newest attempt failed.
    Failing,
}

impl Standing {
    /// All of them, in the order in which they are served.
    pub const ALL: [Standing; 3] = [Standing::Proven, Standing::New, Standing::Failing];

    /// Whether it takes one of the places that webhooks in trouble share.
    pub fn is_in_trouble(self) -> bool {
        self != Standing::Proven
    }
}

/// How near a failing webhook is to being disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// Half of the time is over.
    HalfTime,
    /// Nine tenths of the time are over.
    NearTheEnd,
}

impl Warning {
    /// The warning that is due at `now` for a webhook that has been failing since `since`.
    pub fn at(since: Timestamp, now: Timestamp) -> Option<Warning> {
        match now.since(since) {
            failing if failing * 10 >= DISABLED_AFTER * 9 => Some(Warning::NearTheEnd),
            failing if failing * 2 >= DISABLED_AFTER => Some(Warning::HalfTime),
            _ => None,
        }
    }
}

/// What has changed of a webhook's health with one attempt. An attempt that is like the one before changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// Its first success since a fresh start: it is served like any other from now on.
    Proven,
    /// A failure after a success, or after a fresh start.
    Failing,
    /// The receiver asked to be left alone until then, longer than before.
    Held(Timestamp),
    /// The breaker has opened: it is left alone until then, and only probed after that.
    BreakerOpened(Timestamp),
    /// A probe has failed: it is left alone until then.
    Paused(Timestamp),
    /// This part of the time until it is disabled is over since the failure before.
    Warned(Warning),
    /// It has to be disabled.
    Disabled,
    /// A success after failures.
    Recovered {
        /// When the first of them ended.
        since: Timestamp,
        /// How many there were.
        failures: u32,
    },
}

impl Transition {
    /// What its owner is told of it.
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

/// What a failure led to that its owner should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// This part of the time until it is disabled is over since the failure before.
    Warned(Warning),
    /// It has to be disabled.
    Disabled,
}

/// What is remembered of a webhook's attempts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Whether an attempt has succeeded since the last fresh start.
    pub proven: bool,
    /// The failures since the last success, if there were any.
    pub failing: Option<Failing>,
    /// Until when the receiver asked to be left alone.
    pub asked_until: Option<Timestamp>,
}

/// Failures in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// When the first of them ended.
    pub since: Timestamp,
    /// How many there were.
    pub failures: u32,
    /// Which events they were of.
    pub events: FailedEvents,
    /// How often the breaker has made a pause.
    pub pauses: u32,
    /// Until when the breaker's last pause lasts.
    pub paused_until: Option<Timestamp>,
    /// The last warning that was given.
    pub warned: Option<Warning>,
}

/// Distinct events, by their numbers, as far as they have to be told apart.
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
    /// The number of the event it was to deliver.
    pub event: i64,
    /// When the request was begun.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Until when the receiver asked to be left alone.
    pub hold: Option<Timestamp>,
}

impl Health {
    /// Notes a success, and says what has changed with it. What the receiver has asked for stays in force.
    pub fn succeeded(&mut self) -> Vec<Transition> {
        let recovered =
            self.failing.take().map(|Failing { since, failures, .. }| Transition::Recovered { since, failures });
        let proven = (!self.proven).then_some(Transition::Proven);
        self.proven = true;
        recovered.into_iter().chain(proven).collect()
    }

    /// Notes a failure, and says what has changed with it, the most serious last.
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

    /// What it has shown of late.
    pub fn standing(&self) -> Standing {
        match (&self.failing, self.proven) {
            (Some(_), _) => Standing::Failing,
            (None, false) => Standing::New,
            (None, true) => Standing::Proven,
        }
    }

    /// Failures since the last success.
    pub fn failures(&self) -> u32 {
        self.failing.as_ref().map_or(0, |failing| failing.failures)
    }

    /// Whether it is only probed.
    pub fn breaker(&self) -> Breaker {
        breaker(self.failures())
    }

    /// Until when nothing of it may be claimed, whether that is still ahead or not: as long as the receiver asked for, and
    /// as long as the breaker pauses.
    pub fn hold(&self) -> Option<Timestamp> {
        self.asked_until.max(self.failing.as_ref().and_then(|failing| failing.paused_until))
    }

    /// Until when nothing is sent, if that is still ahead: no longer from now than its rule allows, whatever clock it was
    /// set by.
    pub fn held_until(&self, now: Timestamp) -> Option<Timestamp> {
        let asked_until = self.asked_until.map(|until| until.min(now.plus(LONGEST_HOLD)));
        let paused_until = self.failing.as_ref().and_then(|failing| failing.paused_until);
        let paused_until = paused_until.map(|until| until.min(now.plus(LONGEST_PAUSE)));
        asked_until.max(paused_until).filter(|until| *until > now)
    }
}

/// The breaker after so many failures in a row.
pub fn breaker(failures: u32) -> Breaker {
    if failures >= BREAKER_OPENS_AFTER { Breaker::Open } else { Breaker::Closed }
}

/// How many requests a webhook may have in flight in all processes together; none when only each process by itself
/// is limited. `most_unproven` is for one that has not succeeded yet.
pub fn most_in_flight(proven: bool, failures: u32, most_unproven: usize) -> Option<usize> {
    match (breaker(failures), proven) {
        (Breaker::Open, _) => Some(1),
        (Breaker::Closed, false) => Some(most_unproven),
        (Breaker::Closed, true) => None,
    }
}

/// When a webhook that has been failing since `since` is disabled, unless it succeeds before.
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
        // Only a clock that was wrong makes it end before the first one.
        self.since = self.since.min(failure.finished_at);
        self.failures = self.failures.saturating_add(1);
        self.events = self.events.with(failure.event);
        if breaker(self.failures) == Breaker::Open { self.pause(failure) } else { None }
    }

    /// Leaves the receiver alone after a failed probe. What was begun before the last pause was over is none: it was
    /// in flight when the breaker opened, or a person sent it.
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

    /// How many there are, counted up to three.
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
