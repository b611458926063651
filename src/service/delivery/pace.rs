//! Limits the requests in flight to one receiver, and how many deliveries are claimed ahead for it.

use std::time::{Duration, Instant};

/// The most requests of one webhook that a process has in flight.
pub const MOST_IN_FLIGHT: usize = 8;
/// The most deliveries of one webhook that are claimed ahead.
const MOST_AHEAD: usize = 256;
/// The length of the windows over which answers are counted.
const WINDOW: Duration = Duration::from_millis(100);
/// The part of a window in which deliveries claimed ahead should be sent: a fifth, about the time of a commit or two.
const AHEAD_PER_WINDOW: usize = 5;
/// How long a receiver gets fewer requests after it said that it is overloaded.
const SLOWED_FOR: Duration = Duration::from_secs(60);
/// How soon a slowed receiver may be slowed further; simultaneous answers count once.
const SLOWED_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// The pace of one receiver.
#[derive(Debug, Default)]
pub struct Pace {
    answers: AnswerRate,
    slowed: Option<Slowed>,
}

/// How fast answers come.
#[derive(Debug, Default)]
pub struct AnswerRate {
    window: Option<Window>,
}

/// The number of answers in the current window and in the one before.
#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    answers: usize,
    before: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slowed {
    most: usize,
    since: Instant,
}

impl Pace {
    /// Counts an answer, or the lack of one; `overloaded` if a gateway could not reach its server (502, 504).
    pub fn answered(&mut self, now: Instant, overloaded: bool) {
        self.answers.count(now);
        if overloaded {
            self.slow_down(now);
        }
    }

    /// Halves the allowed number of requests in flight.
    fn slow_down(&mut self, now: Instant) {
        let just_slowed = self.slowed.is_some_and(|slowed| now - slowed.since < SLOWED_AGAIN_AFTER);
        if !just_slowed {
            self.slowed = Some(Slowed { most: (self.most_in_flight(now) / 2).max(1), since: now });
        }
    }

    /// The allowed number of requests in flight: half as many after an overload, doubled again each minute.
    pub fn most_in_flight(&self, now: Instant) -> usize {
        let Some(Slowed { most, since }) = self.slowed else { return MOST_IN_FLIGHT };
        let minutes = (now - since).as_secs() / SLOWED_FOR.as_secs();
        (0..minutes.min(8)).fold(most, |most, _| most * 2).min(MOST_IN_FLIGHT)
    }

    /// How many deliveries are claimed ahead.
    pub fn ahead(&self, now: Instant) -> usize {
        self.answers.soon(now).min(MOST_AHEAD)
    }

    /// Whether the pace is the default one, so that it need not be kept.
    pub fn is_forgotten(&self, now: Instant) -> bool {
        self.answers.window_at(now).is_none() && self.most_in_flight(now) == MOST_IN_FLIGHT
    }
}

impl AnswerRate {
    /// Counts an answer, or the lack of one.
    pub fn count(&mut self, now: Instant) {
        let mut window = self.window_at(now).unwrap_or(Window { began: now, answers: 0, before: 0 });
        window.answers += 1;
        self.window = Some(window);
    }

    /// How many answers come in about 20 ms.
    pub fn soon(&self, now: Instant) -> usize {
        self.window_at(now).map_or(0, |Window { answers, before, .. }| answers.max(before) / AHEAD_PER_WINDOW)
    }

    /// The window that contains `now`; none without an answer in it or the one before.
    fn window_at(&self, now: Instant) -> Option<Window> {
        let window = self.window?;
        match (now - window.began).as_micros() / WINDOW.as_micros() {
            0 => Some(window),
            1 => Some(Window { began: window.began + WINDOW, answers: 0, before: window.answers }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn an_overloaded_receiver_is_sent_half_and_recovers() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        for _ in 0..8 {
            pace.answered(start, true);
        }
        assert_eq!(pace.most_in_flight(start), 4, "one overload halves once");
        pace.answered(start + 6 * SECOND, true);
        assert_eq!(pace.most_in_flight(start + 6 * SECOND), 2);
        assert_eq!(pace.most_in_flight(start + 65 * SECOND), 2);
        assert_eq!(pace.most_in_flight(start + 66 * SECOND), 4);
        assert_eq!(pace.most_in_flight(start + 126 * SECOND), 8);
        assert_eq!(pace.most_in_flight(start + 100_000 * SECOND), 8);
        for second in 0..20 {
            pace.answered(start + 10 * second * SECOND, true);
        }
        assert_eq!(pace.most_in_flight(start + 190 * SECOND), 1, "never none");
    }

    #[test]
    fn what_is_claimed_ahead_follows_the_answers() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        assert_eq!(pace.ahead(start), 0);
        for _ in 0..100 {
            pace.answered(start, false);
        }
        assert_eq!(pace.ahead(start), 20);
        assert_eq!(pace.ahead(start + WINDOW), 20, "the window before counts too");
        assert_eq!(pace.ahead(start + 2 * WINDOW), 0);
        for _ in 0..100_000 {
            pace.answered(start + 3 * WINDOW, false);
        }
        assert_eq!(pace.ahead(start + 3 * WINDOW), MOST_AHEAD);
        assert!(pace.is_forgotten(start + 5 * WINDOW));
    }
}
