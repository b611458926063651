//! The number of connections that a receiver serves at a time, learnt from its answers.
//!
//! Many small receivers serve one connection until it is closed and let all others wait. A request must not wait there for
//! an idle connection of this service, nor time out behind one.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::Instant;

/// The shortest time that an answered connection is kept while another one has never been answered on.
const SHORTEST_GRACE: Duration = Duration::from_millis(100);
/// The longest time that an answered connection is kept while another one has never been answered on.
const LONGEST_GRACE: Duration = Duration::from_secs(3);
/// The longest time that a connection stays idle to a receiver that was not seen to serve two at a time: its other
/// clients may be waiting behind it.
const UNPROVEN_IDLE: Duration = Duration::from_secs(1);
/// The time for which a limit of connections is believed at first; it doubles each time that the limit is seen again.
const FIRST_BELIEF: Duration = Duration::from_secs(10);
/// The most doublings of that time, to about ten minutes.
const MOST_DOUBLINGS: u32 = 6;

/// The state of one receiver: what was learnt about it, and the requests under way.
#[derive(Debug, Default)]
pub struct OriginState {
    /// The requests by their numbers, which rise.
    under_way: BTreeMap<u64, UnderWay>,
    /// The requests that may be waiting for the receiver to take their connections, by when its system had taken them.
    unheard: BTreeSet<(Instant, u64)>,
    /// The number of requests on a connection that stays open and that the receiver serves.
    served: usize,
    begun: u64,
    /// Counts the events of connections, so that their order is known.
    steps: u64,
    /// The number of connections that it serves, and until when that is believed.
    capacity: Option<(usize, Instant)>,
    /// The number of times that such a limit was seen.
    seen: u32,
    /// True if it was seen to serve two connections at a time.
    parallel: bool,
    /// The number of answers.
    answers: u64,
    /// The duration of the last answer.
    took: Duration,
    /// The time of the last answer that was the first on its connection.
    newest_heard: Option<Instant>,
}

#[derive(Debug)]
struct UnderWay {
    /// The time from which it may wait for the receiver to take its connection: when TCP was open.
    reached_at: Instant,
    /// The time from which its limit counts, later than its start if it waited behind another request.
    since: Instant,
    stage: Stage,
    /// The step at which its connection was begun.
    dialled: u64,
    /// The step at which its connection was open.
    connected: u64,
    answers_before: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It has no connection yet: the receiver's system has not taken it, for instance because a burst has filled its
    /// queue. That is tried again after a second, and says nothing about how many the receiver serves.
    Dialling,
    /// TCP is open, and perhaps TLS is begun.
    Reached,
    /// Its connection was never answered on.
    Unheard,
    /// The receiver serves its connection.
    Served,
    /// Its connection ends with its answer.
    Last,
}

impl Stage {
    /// Returns whether a request may be waiting for the receiver to take its connection.
    fn is_unheard(self) -> bool {
        matches!(self, Stage::Reached | Stage::Unheard)
    }

    /// Returns whether a request is still without a sign of the receiver.
    fn is_silent(self) -> bool {
        self == Stage::Dialling || self.is_unheard()
    }
}

impl OriginState {
    /// Returns whether one more request would wait behind others that wait. One more than is served may always be sent: it
    /// finds out when more are served. A request that got no answer for long does not count.
    pub fn is_full(&self, now: Instant) -> bool {
        self.capacity_at(now).is_some_and(|capacity| {
            let is_silent = |one: &&UnderWay| one.stage.is_silent() && now >= one.since + LONGEST_GRACE;
            let silent = self.under_way.values().filter(is_silent).count();
            self.under_way.len() - silent > capacity
        })
    }

    fn capacity_at(&self, now: Instant) -> Option<usize> {
        self.capacity.filter(|(_, until)| now < *until).map(|(capacity, _)| capacity)
    }

    /// Returns whether no request is under way.
    pub fn is_quiet(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Begins a request. Returns its number.
    pub fn begin(&mut self, now: Instant) -> u64 {
        self.begun += 1;
        let (number, stage, answers_before) = (self.begun, Stage::Dialling, self.answers);
        let begun = UnderWay { reached_at: now, since: now, stage, dialled: 0, connected: 0, answers_before };
        self.under_way.insert(number, begun);
        number
    }

    /// Moves a request to another stage. Returns the request, if it is under way.
    fn enter(&mut self, number: u64, stage: Stage) -> Option<&mut UnderWay> {
        let one = self.under_way.get_mut(&number)?;
        match (one.stage.is_unheard(), stage.is_unheard()) {
            (true, false) => drop(self.unheard.remove(&(one.reached_at, number))),
            (false, true) => drop(self.unheard.insert((one.reached_at, number))),
            _ => {}
        }
        self.served -= usize::from(one.stage == Stage::Served);
        self.served += usize::from(stage == Stage::Served);
        one.stage = stage;
        Some(one)
    }

    /// The request takes a connection that was begun at that step and has been answered on.
    pub fn reuses(&mut self, number: u64, dialled: u64) {
        if let Some(one) = self.enter(number, Stage::Served) {
            one.dialled = dialled;
        }
    }

    /// The request needs a new connection. Returns the step.
    pub fn dials(&mut self, number: u64) -> u64 {
        self.steps += 1;
        let step = self.steps;
        if let Some(one) = self.enter(number, Stage::Dialling) {
            one.dialled = step;
        }
        step
    }

    /// The receiver's system has taken the request's new connection: TCP is open.
    pub fn reached(&mut self, number: u64, now: Instant) {
        if let Some(one) = self.under_way.get_mut(&number).filter(|one| one.stage == Stage::Dialling) {
            one.reached_at = now;
        }
        self.enter(number, Stage::Reached);
    }

    /// The request has its new connection.
    pub fn connected(&mut self, number: u64) {
        self.steps += 1;
        let step = self.steps;
        if let Some(one) = self.enter(number, Stage::Unheard) {
            one.connected = step;
        }
    }

    /// The head of the answer has come. `stays` says whether the connection stays open; `idle` counts the open idle ones.
    pub fn answered(&mut self, number: u64, stays: bool, idle: impl FnOnce() -> usize, now: Instant) {
        let (served, stage) = (self.served, if stays { Stage::Served } else { Stage::Last });
        let new = self.under_way.get(&number).is_some_and(|one| one.stage == Stage::Unheard);
        let Some(one) = self.enter(number, stage) else { return };
        let dialled = one.dialled;
        self.took = now - one.since;
        self.answers += 1;
        if new {
            self.newest_heard = Some(now);
        }
        self.parallel = self.parallel || new && served + idle() > 0;
        // Connections are served in their order: one that was open before this one was begun is served, too.
        let before = |one: &UnderWay| one.stage == Stage::Unheard && one.connected < dialled;
        let is_before = |number: &u64| self.under_way.get(number).is_some_and(before);
        let served_too: Vec<_> = self.unheard.iter().map(|(_, number)| *number).filter(is_before).collect();
        self.parallel |= !served_too.is_empty();
        for number in served_too {
            self.enter(number, Stage::Served);
        }
        if self.parallel && self.served > self.capacity.map_or(0, |(capacity, _)| capacity) {
            self.capacity = None;
        }
    }

    /// The request has ended. The time of requests that waited behind it counts from now.
    pub fn end(&mut self, number: u64, now: Instant) {
        let Some(stage) = self.under_way.get(&number).map(|one| one.stage) else { return };
        self.enter(number, Stage::Last);
        self.under_way.remove(&number);
        if self.parallel || !matches!(stage, Stage::Served | Stage::Last) {
            return;
        }
        for (_, behind) in self.under_way.range_mut(number..).filter(|(_, one)| one.stage.is_silent()) {
            behind.since = now;
        }
    }

    /// Returns the time from which a request's limit counts.
    pub fn since(&self, number: u64, now: Instant) -> Instant {
        self.under_way.get(&number).map_or(now, |one| one.since)
    }

    /// Returns whether a request that got no connection in time may have waited for other requests: they have
    /// connections, or an answer came meanwhile.
    pub fn is_in_its_own_way(&self, number: u64) -> bool {
        let Some(own) = self.under_way.get(&number) else { return false };
        let has_one = |(other, one): (&u64, &UnderWay)| {
            *other != number && !matches!(one.stage, Stage::Dialling | Stage::Reached)
        };
        !self.parallel && (self.under_way.iter().any(has_one) || self.answers > own.answers_before)
    }

    /// Returns how long after an answer a request that is served at the same time may still be unanswered.
    pub fn grace(&self) -> Duration {
        (self.took * 2).clamp(SHORTEST_GRACE, LONGEST_GRACE)
    }

    /// Returns since when a request has been waiting on a connection that was never answered on. As long as new ones are
    /// answered on, the receiver takes them one after the other.
    fn unheard_since(&self) -> Option<Instant> {
        let (waiting, _) = *self.unheard.first()?;
        Some(self.newest_heard.map_or(waiting, |heard| heard.max(waiting)))
    }

    /// Returns until when a connection may stay idle, for `longest` at most.
    pub fn idle_until(&self, longest: Duration, now: Instant) -> Instant {
        if self.capacity_at(now).is_some() {
            return now;
        }
        let idle = now + if self.parallel { longest } else { longest.min(UNPROVEN_IDLE) };
        self.unheard_since().map_or(idle, |since| idle.min(since + self.grace()))
    }

    /// Returns whether a request waits behind an idle connection.
    pub fn is_waited_for(&self, now: Instant) -> bool {
        self.unheard_since().is_some_and(|since| since + self.grace() <= now)
    }

    /// Records that the receiver serves no more connections than it has answered on: those under way, and `idle` ones.
    pub fn is_limited(&mut self, idle: usize, now: Instant) {
        if self.capacity_at(now).is_some() {
            return;
        }
        let capacity = (self.served + idle).max(1);
        self.capacity = Some((capacity, now + FIRST_BELIEF * 2_u32.pow(self.seen.min(MOST_DOUBLINGS))));
        self.seen += 1;
        self.parallel = capacity > 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_secs(30);

    #[test]
    fn who_serves_one_connection_at_a_time_is_given_one() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        let (first, second) = (known.begin(start), known.begin(start));
        known.dials(first);
        known.dials(second);
        known.connected(second);
        known.connected(first);
        let heard = start + SHORTEST_GRACE / 10;
        known.answered(first, true, || 0, heard);
        known.end(first, heard);
        assert!(!known.is_full(start));
        let later = heard + SHORTEST_GRACE;
        assert_eq!(known.idle_until(LONGEST, start), later);
        assert!(!known.is_waited_for(start) && known.is_waited_for(later));
        known.is_limited(1, later);
        known.begin(later);
        assert!(known.is_full(later), "one is served, and one stands at the door");
        known.answered(second, true, || 0, later);
        known.end(second, later);
        assert!(!known.is_full(later));
        assert_eq!(known.idle_until(LONGEST, later), later, "its connection is closed at once");
        known.begin(later);
        assert!(known.is_full(later) && !known.is_full(later + FIRST_BELIEF), "it is not believed for ever");
        let again = later + FIRST_BELIEF;
        known.is_limited(1, again);
        let last = again + FIRST_BELIEF;
        known.begin(last);
        known.begin(last);
        assert!(known.is_full(last), "it is believed longer the second time");
    }

    #[test]
    fn who_answers_on_a_second_connection_beside_the_first_serves_both() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        assert_eq!(known.idle_until(LONGEST, start), start + UNPROVEN_IDLE);
        let (first, second) = (known.begin(start), known.begin(start));
        known.dials(first);
        known.dials(second);
        known.connected(second);
        known.connected(first);
        known.answered(first, true, || 0, start);
        known.answered(second, true, || 0, start);
        assert_eq!(known.idle_until(LONGEST, start), start + LONGEST);
        known.end(first, start + SECOND);
        assert_eq!(known.since(second, start), start, "the time of who is served beside it runs on");
    }

    #[test]
    fn who_takes_its_connections_one_after_the_other_is_not_limited_by_those_that_are_still_to_come() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        let numbers: Vec<_> = (0..20).map(|_| known.begin(start)).collect();
        for number in &numbers {
            known.dials(*number);
            known.connected(*number);
        }
        let mut now = start;
        for number in &numbers[..19] {
            now += SHORTEST_GRACE / 2;
            known.answered(*number, true, || 0, now);
            assert!(!known.is_waited_for(now + SHORTEST_GRACE / 2), "{number}");
            assert_eq!(known.idle_until(LONGEST, now), now + known.grace());
        }
        assert!(known.is_waited_for(now + known.grace()), "the last one waits for so long");
    }

    #[test]
    fn who_is_not_let_in_by_the_receivers_system_waits_behind_nobody() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        let (first, second) = (known.begin(start), known.begin(start));
        known.dials(first);
        known.dials(second);
        known.reached(first, start);
        known.connected(first);
        known.answered(first, true, || 0, start);
        // A full queue of the receiver's system: TCP tries again after a second.
        let (later, reached) = (start + SECOND, start + 2 * SECOND);
        assert!(!known.is_waited_for(later));
        assert_eq!(known.idle_until(LONGEST, later), later + UNPROVEN_IDLE);
        known.reached(second, reached);
        assert!(!known.is_waited_for(reached));
        assert!(known.is_waited_for(reached + SHORTEST_GRACE), "from now on it waits for the receiver itself");
    }

    #[test]
    fn a_request_that_hangs_holds_up_no_other() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        let (hanging, other) = (known.begin(start), known.begin(start));
        known.dials(hanging);
        known.connected(hanging);
        known.dials(other);
        known.connected(other);
        known.answered(other, true, || 0, start);
        known.end(other, start);
        assert!(known.parallel && !known.is_waited_for(start + 9 * SECOND), "it came first, so it is served");

        // Another one hangs, on a connection that is younger than the one that is idle.
        let mut known = OriginState::default();
        let (other, hanging) = (known.begin(start), known.begin(start));
        known.dials(other);
        known.connected(other);
        known.dials(hanging);
        known.connected(hanging);
        known.answered(other, true, || 0, start);
        known.end(other, start);
        let later = start + SECOND;
        assert!(known.is_waited_for(later));
        known.is_limited(1, later);
        assert!(!known.is_full(later), "one may stand at the door");
        let at_the_door = known.begin(later);
        assert!(known.is_full(later) && !known.is_full(start + LONGEST_GRACE));
        known.dials(at_the_door);
        known.connected(at_the_door);
        known.answered(at_the_door, true, || 0, later);
        assert!(known.parallel && !known.is_full(later), "it is known that both are served");
    }

    #[test]
    fn a_connection_that_ends_with_its_answer_proves_nothing() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        let (first, second) = (known.begin(start), known.begin(start));
        known.dials(first);
        known.dials(second);
        known.connected(second);
        known.connected(first);
        known.answered(first, false, || 0, start);
        known.answered(second, false, || 0, start);
        assert!(!known.parallel);
    }

    #[test]
    fn the_time_of_who_is_behind_counts_from_the_answer_before() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        let numbers = [known.begin(start), known.begin(start), known.begin(start)];
        for number in numbers {
            known.dials(number);
        }
        for number in numbers {
            known.connected(number);
        }
        known.answered(numbers[0], false, || 0, start + 3 * SECOND);
        known.end(numbers[0], start + 3 * SECOND);
        assert_eq!(known.since(numbers[1], start), start + 3 * SECOND);
        known.end(numbers[1], start + 20 * SECOND);
        assert_eq!(known.since(numbers[2], start), start + 3 * SECOND, "no answer, no more time");
    }

    #[test]
    fn only_who_others_of_ours_keep_from_a_connection_is_in_its_own_way() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        let (first, second) = (known.begin(start), known.begin(start));
        assert!(!known.is_in_its_own_way(second), "nobody has a connection");
        known.dials(first);
        known.connected(first);
        assert!(known.is_in_its_own_way(second));
        known.end(first, start);
        assert!(!known.is_in_its_own_way(second), "there was no answer");
    }

    #[test]
    fn who_serves_a_few_is_given_as_many() {
        let (mut known, start) = (OriginState::default(), Instant::now());
        let numbers: Vec<_> = (0..6).map(|_| known.begin(start)).collect();
        for number in &numbers {
            known.dials(*number);
            known.connected(*number);
        }
        for number in &numbers[..4] {
            known.answered(*number, true, || 0, start);
        }
        known.end(numbers[0], start);
        known.is_limited(1, start + SECOND);
        assert!(known.is_full(start + SECOND), "three are served, and two wait");
        known.end(numbers[1], start);
        assert!(!known.is_full(start + SECOND));
    }
}
