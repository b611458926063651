//! Decides which time is used for ages, as somebody may set the clock.
//!
//! The time that has really passed is compared with the clock. If the clock runs ahead of it, young data would look
//! old, so a jump forward is trusted only after the clock has continued from there for a while. A clock that is set
//! back is trusted at once: it makes nothing old.

use std::time::Duration;

use super::time::Timestamp;

/// How far the clock may run ahead between two looks without being doubted.
pub const SLACK: Duration = Duration::from_secs(10 * 60);

/// The time between two processes counts for at most this part of the patience: one sixth.
const BETWEEN: u32 = 6;

/// The state that is kept between processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Believed {
    /// The time that was last used for ages.
    pub time: Timestamp,
    /// Set if the clock is ahead of `time` and not trusted.
    pub doubt: Option<Doubt>,
}

/// A clock that is ahead and not yet trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// The time that it showed at the last look.
    pub clock: Timestamp,
    /// How long it has continued since it jumped. Only a small part of the time between two processes counts, as only
    /// the doubted clock measures it.
    pub waited: Duration,
}

/// Tracks the time for ages.
#[derive(Debug, Clone)]
pub struct Trust {
    believed: Believed,
    /// How long the clock must continue after a jump.
    patience: Duration,
    /// The clock and the real time at the last look.
    looked: Option<(Timestamp, Duration)>,
}

/// The result of a look at the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// The clock agrees with the real time.
    Steady,
    /// The clock has jumped ahead by this much, and is not trusted yet.
    Jumped(Duration),
    /// The clock is still ahead and not trusted.
    Ahead,
    /// The clock has stayed ahead by this much, and is trusted from now on.
    Believed(Duration),
    /// The clock has returned from a time that was not trusted.
    Back,
}

impl Trust {
    /// Continues from the saved state.
    pub fn new(believed: Believed, patience: Duration) -> Self {
        Trust { believed, patience, looked: None }
    }

    /// Returns the state to save.
    pub fn believed(&self) -> Believed {
        self.believed
    }

    /// Looks at the clock, which shows `now`, after `passed` of real time since a fixed moment.
    pub fn look(&mut self, now: Timestamp, passed: Duration) -> ClockState {
        let elapsed = self.looked.replace((now, passed)).map(|(then, at)| (then, passed.saturating_sub(at)));
        let expected = self.believed.time.plus(elapsed.map_or(Duration::ZERO, |(_, elapsed)| elapsed));
        if now <= expected.plus(SLACK) {
            self.believed.time = now;
            return if self.believed.doubt.take().is_some() { ClockState::Back } else { ClockState::Steady };
        }
        let gained = now.since(expected);
        let went_on = self.believed.doubt.and_then(|doubt| self.went_on(doubt, now, elapsed));
        let waited = went_on.unwrap_or_default();
        if waited >= self.patience {
            self.believed = Believed { time: now, doubt: None };
            return ClockState::Believed(gained);
        }
        self.believed = Believed { time: expected, doubt: Some(Doubt { clock: now, waited }) };
        if went_on.is_some() { ClockState::Ahead } else { ClockState::Jumped(gained) }
    }

    /// Returns how long the doubted clock has continued, or `None` if it was set again and the wait must restart.
    fn went_on(&self, doubt: Doubt, now: Timestamp, elapsed: Option<(Timestamp, Duration)>) -> Option<Duration> {
        match elapsed {
            Some((then, elapsed)) => near(now, then.plus(elapsed)).then_some(doubt.waited + elapsed),
            // The clock may have jumped again between two processes.
            None if now >= doubt.clock => Some(doubt.waited + now.since(doubt.clock).min(self.patience / BETWEEN)),
            None => None,
        }
    }
}

fn near(one: Timestamp, other: Timestamp) -> bool {
    one.since(other).max(other.since(one)) <= SLACK
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3600;
    const DAY: u64 = 24 * HOUR;
    const START: i64 = 1_795_455_600;

    /// The clock and the real time, in seconds.
    struct World {
        trust: Trust,
        passed: u64,
        ahead: i64,
    }

    impl World {
        fn new() -> Self {
            let believed = Believed { time: Timestamp::from_seconds(START), doubt: None };
            World { trust: Trust::new(believed, Duration::from_secs(HOUR)), passed: 0, ahead: 0 }
        }

        /// Advances by `seconds` and returns the look and the error of the trusted time.
        fn after(&mut self, seconds: u64) -> (ClockState, i64) {
            self.passed += seconds;
            let right = START + self.passed as i64;
            let seen = self.trust.look(Timestamp::from_seconds(right + self.ahead), Duration::from_secs(self.passed));
            (seen, self.trust.believed().time.as_seconds() - right)
        }

        /// The process ends, and another begins.
        fn restarted(&mut self) {
            self.trust = Trust::new(self.trust.believed(), Duration::from_secs(HOUR));
        }
    }

    #[test]
    fn a_jump_that_is_mended_within_the_hour_makes_nothing_old() {
        let mut world = World::new();
        assert_eq!(world.after(60), (ClockState::Steady, 0));
        world.ahead = 60 * DAY as i64;
        assert_eq!(world.after(60), (ClockState::Jumped(Duration::from_secs(60 * DAY)), 0));
        assert_eq!(world.after(3_000), (ClockState::Ahead, 0));
        world.ahead = 0;
        assert_eq!(world.after(60), (ClockState::Back, 0));
        assert_eq!(world.after(60 * DAY), (ClockState::Steady, 0));
    }

    #[test]
    fn a_clock_that_stays_ahead_is_believed_after_an_hour() {
        let mut world = World::new();
        world.after(60);
        world.ahead = 56 * 365 * DAY as i64;
        world.after(60);
        world.after(3_599);
        let (seen, ahead) = world.after(1);
        assert!(matches!(seen, ClockState::Believed(_)) && ahead == world.ahead, "{seen:?} {ahead}");
        assert_eq!(world.after(60).0, ClockState::Steady);
    }

    #[test]
    fn a_clock_that_jumps_again_is_doubted_anew() {
        let mut world = World::new();
        for days in [60, 30, 90] {
            world.ahead = days * DAY as i64;
            assert!(matches!(world.after(3_000).0, ClockState::Jumped(_)), "{days}");
        }
        world.ahead = -(DAY as i64);
        assert_eq!(world.after(60), (ClockState::Back, -(DAY as i64)), "set back it is believed");
        world.ahead = 0;
        assert!(matches!(world.after(60), (ClockState::Jumped(_), ahead) if ahead < 0));
    }

    #[test]
    fn the_next_process_goes_on_doubting() {
        let mut world = World::new();
        world.after(60);
        world.ahead = 60 * DAY as i64;
        world.restarted();
        assert!(matches!(world.after(0), (ClockState::Jumped(_), 0)));
        for _ in 0..5 {
            world.restarted();
            assert_eq!(world.after(1_800).0, ClockState::Ahead, "ten minutes of it count");
        }
        world.restarted();
        assert!(matches!(world.after(1_800).0, ClockState::Believed(_)));

        let mut world = World::new();
        world.after(60);
        world.restarted();
        world.ahead = 60 * DAY as i64;
        world.after(60);
        world.restarted();
        world.ahead = 0;
        assert_eq!(world.after(60).0, ClockState::Back);
    }

    #[test]
    fn a_jump_between_two_processes_is_no_time_that_has_passed() {
        let mut world = World::new();
        world.after(60);
        for days in [2, 80, 400] {
            world.ahead = days * DAY as i64;
            world.restarted();
            let (seen, ahead) = world.after(10);
            assert!(matches!(seen, ClockState::Jumped(_) | ClockState::Ahead), "{days}: {seen:?}");
            assert!(ahead.abs() < 60, "{days}: {ahead}");
        }
        world.ahead = 0;
        world.restarted();
        assert_eq!(world.after(60), (ClockState::Back, 0));
    }

    #[test]
    fn what_drifts_a_little_is_no_jump() {
        let mut world = World::new();
        for _ in 0..100 {
            world.ahead += 500;
            assert_eq!(world.after(60).0, ClockState::Steady);
        }
    }
}
