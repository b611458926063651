//! How many connections a receiver serves at a time, learnt from its answers.
//!
//! Many small receivers serve one connection until it is closed, and let all others wait. What waits there must not wait
//! for a connection of ours that is idle, nor time out behind one.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::Instant;

/// How long a connection whose answer is in is kept at least while another one has never been heard of.
const SHORTEST_GRACE: Duration = Duration::from_millis(100);
/// And at most.
const LONGEST_GRACE: Duration = Duration::from_secs(3);
/// How long an idle connection is kept to a receiver that was not seen to serve two at a time: its other clients may be
/// waiting behind it.
const UNPROVEN_IDLE: Duration = Duration::from_secs(1);
/// How long a receiver is believed to serve only so many connections; twice as long each time that it is seen again.
const FIRST_BELIEF: Duration = Duration::from_secs(10);
/// How often that is doubled: to about ten minutes.
const MOST_DOUBLINGS: u32 = 6;

/// What is known of one receiver, and the requests to it that are under way.
#[derive(Debug, Default)]
pub struct Known {
    /// By their numbers, which rise.
    under_way: BTreeMap<u64, UnderWay>,
    /// Which of them may be waiting for the receiver to take their connections.
    unheard: BTreeSet<u64>,
    /// How many of them are on a connection that stays and that the receiver serves.
    served: usize,
    begun: u64,
    /// Counts what happens to connections, to tell what was before what.
    steps: u64,
    /// How many connections it serves, and until when that is believed.
    capacity: Option<(usize, Instant)>,
    /// How often that was seen.
    seen: u32,
    /// Whether it was seen to serve two connections at a time.
    parallel: bool,
    /// How many answers there were.
    answers: u64,
    /// How long the last answer took.
    took: Duration,
    /// When there was last an answer on a connection that was never answered on before.
    newest_heard: Option<Instant>,
}

#[derive(Debug)]
struct UnderWay {
    began: Instant,
    /// From when on its time counts: later than its begin when it waited behind another one of ours.
    since: Instant,
    stage: Stage,
    /// At which step its connection was begun.
    dialled: u64,
    /// At which step it was there.
    connected: u64,
    answers_before: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Before there is a connection.
    Dialling,
    /// On a connection that was never answered on.
    Unheard,
    /// On a connection that the receiver does serve.
    Served,
    /// On one that ends with its answer.
    Last,
}

impl Stage {
    /// Whether a request may be waiting for the receiver to take its connection.
    fn is_unheard(self) -> bool {
        matches!(self, Stage::Dialling | Stage::Unheard)
    }
}

impl Known {
    /// Whether one more request would wait behind others that wait. One may always stand at the door: it finds out when
    /// more are served. One that has not been heard of for long is no sign that the others are not.
    pub fn is_full(&self, now: Instant) -> bool {
        self.capacity_at(now).is_some_and(|capacity| {
            let silent = self.unheard().filter(|one| now >= one.since + LONGEST_GRACE).count();
            self.under_way.len() - silent > capacity
        })
    }

    fn capacity_at(&self, now: Instant) -> Option<usize> {
        self.capacity.filter(|(_, until)| now < *until).map(|(capacity, _)| capacity)
    }

    /// Whether nothing is under way.
    pub fn is_quiet(&self) -> bool {
        self.under_way.is_empty()
    }

    fn unheard(&self) -> impl Iterator<Item = &UnderWay> {
        self.unheard.iter().filter_map(|number| self.under_way.get(number))
    }

    /// Begins a request. Gives its number.
    pub fn begin(&mut self, now: Instant) -> u64 {
        self.begun += 1;
        let (number, stage, answers_before) = (self.begun, Stage::Dialling, self.answers);
        let begun = UnderWay { began: now, since: now, stage, dialled: 0, connected: 0, answers_before };
        self.under_way.insert(number, begun);
        self.unheard.insert(number);
        number
    }

    /// Takes a request to another stage. The request, if it is under way.
    fn enter(&mut self, number: u64, stage: Stage) -> Option<&mut UnderWay> {
        let one = self.under_way.get_mut(&number)?;
        match (one.stage.is_unheard(), stage.is_unheard()) {
            (true, false) => drop(self.unheard.remove(&number)),
            (false, true) => drop(self.unheard.insert(number)),
            _ => {}
        }
        self.served -= usize::from(one.stage == Stage::Served);
        self.served += usize::from(stage == Stage::Served);
        one.stage = stage;
        Some(one)
    }

    /// It has a connection that was begun at that step, and on which there were answers before.
    pub fn reuses(&mut self, number: u64, dialled: u64) {
        if let Some(one) = self.enter(number, Stage::Served) {
            one.dialled = dialled;
        }
    }

    /// It needs a connection of its own. Gives the step.
    pub fn dials(&mut self, number: u64) -> u64 {
        self.steps += 1;
        let step = self.steps;
        if let Some(one) = self.enter(number, Stage::Dialling) {
            one.dialled = step;
        }
        step
    }

    /// It has one.
    pub fn connected(&mut self, number: u64) {
        self.steps += 1;
        let step = self.steps;
        if let Some(one) = self.enter(number, Stage::Unheard) {
            one.connected = step;
        }
    }

    /// Its answer is in; `stays` when the connection is there for another. `idle` says how many are open besides.
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
        // Connections are served in their order: one that was there before this one was begun is served, too.
        let before = |one: &UnderWay| one.stage == Stage::Unheard && one.connected < dialled;
        let is_before = |number: &&u64| self.under_way.get(*number).is_some_and(before);
        let served_too: Vec<_> = self.unheard.iter().filter(is_before).copied().collect();
        self.parallel |= !served_too.is_empty();
        for number in served_too {
            self.enter(number, Stage::Served);
        }
        if self.parallel && self.served > self.capacity.map_or(0, |(capacity, _)| capacity) {
            self.capacity = None;
        }
    }

    /// It is over. Who was behind it has not been waiting for the receiver alone.
    pub fn end(&mut self, number: u64, now: Instant) {
        let Some(stage) = self.under_way.get(&number).map(|one| one.stage) else { return };
        self.enter(number, Stage::Last);
        self.under_way.remove(&number);
        if self.parallel || !matches!(stage, Stage::Served | Stage::Last) {
            return;
        }
        for behind in self.unheard.range(number..) {
            if let Some(one) = self.under_way.get_mut(behind) {
                one.since = now;
            }
        }
    }

    /// From when on the time of a request counts.
    pub fn since(&self, number: u64, now: Instant) -> Instant {
        self.under_way.get(&number).map_or(now, |one| one.since)
    }

    /// Whether a request that got no connection in time may have waited for others of ours: they have theirs, or have
    /// had an answer meanwhile.
    pub fn is_in_its_own_way(&self, number: u64) -> bool {
        let Some(own) = self.under_way.get(&number) else { return false };
        let has_one = |(other, one): (&u64, &UnderWay)| *other != number && one.stage != Stage::Dialling;
        !self.parallel && (self.under_way.iter().any(has_one) || self.answers > own.answers_before)
    }

    /// How long it may take after an answer until a request is heard of that is served at the same time.
    pub fn grace(&self) -> Duration {
        (self.took * 2).clamp(SHORTEST_GRACE, LONGEST_GRACE)
    }

    /// Since when a request has been waiting on a connection that was never answered on. As long as new ones are answered on
    /// the receiver takes them, one after the other.
    fn unheard_since(&self) -> Option<Instant> {
        let waiting = self.unheard().next()?.began;
        Some(self.newest_heard.map_or(waiting, |heard| heard.max(waiting)))
    }

    /// Until when a connection may stay idle, `longest` at most.
    pub fn idle_until(&self, longest: Duration, now: Instant) -> Instant {
        if self.capacity_at(now).is_some() {
            return now;
        }
        let idle = now + if self.parallel { longest } else { longest.min(UNPROVEN_IDLE) };
        self.unheard_since().map_or(idle, |since| idle.min(since + self.grace()))
    }

    /// Whether somebody waits behind a connection that is idle.
    pub fn is_waited_for(&self, now: Instant) -> bool {
        self.unheard_since().is_some_and(|since| since + self.grace() <= now)
    }

    /// Notes that it serves no more connections than those that it has answered on: those under way, and `idle` ones.
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
        let (mut known, start) = (Known::default(), Instant::now());
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
        let (mut known, start) = (Known::default(), Instant::now());
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
        let (mut known, start) = (Known::default(), Instant::now());
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
    fn a_request_that_hangs_holds_up_no_other() {
        let (mut known, start) = (Known::default(), Instant::now());
        let (hanging, other) = (known.begin(start), known.begin(start));
        known.dials(hanging);
        known.connected(hanging);
        known.dials(other);
        known.connected(other);
        known.answered(other, true, || 0, start);
        known.end(other, start);
        assert!(known.parallel && !known.is_waited_for(start + 9 * SECOND), "it came first, so it is served");

        // Another one hangs, on a connection that is younger than the one that is idle.
        let mut known = Known::default();
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
        let (mut known, start) = (Known::default(), Instant::now());
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
        let (mut known, start) = (Known::default(), Instant::now());
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
        let (mut known, start) = (Known::default(), Instant::now());
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
        let (mut known, start) = (Known::default(), Instant::now());
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
