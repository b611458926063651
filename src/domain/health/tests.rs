use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const START: i64 = 1_795_455_600;
const DAY: i64 = 86_400;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(START + seconds)
}

/// A failure of this event that took no time.
fn failure(event: i64, seconds: i64) -> Failure {
    Failure { event, started_at: at(seconds), finished_at: at(seconds), hold: None }
}

/// Returns the notice for the owner after a failure.
fn told(transitions: Vec<Transition>) -> Option<Notice> {
    transitions.into_iter().filter_map(Transition::notice).next_back()
}

fn failing(failures: i64, first_event: i64) -> Health {
    let mut health = Health { proven: true, ..Health::default() };
    for number in 0..failures {
        health.failed(&failure(first_event + number, 0));
    }
    health
}

#[test]
fn standing_follows_the_newest_attempt() {
    let mut health = Health::default();
    assert_eq!((health.standing(), health.standing().is_in_trouble()), (Standing::New, true));
    health.failed(&failure(1, 0));
    assert_eq!((health.standing(), health.standing().is_in_trouble()), (Standing::Failing, true));
    health.succeeded();
    assert_eq!((health.standing(), health.standing().is_in_trouble()), (Standing::Proven, false));
    assert_eq!(health.failures(), 0);
}

#[test]
fn the_breaker_opens_at_ten_and_pauses_longer_after_each_probe() {
    let mut health = failing(9, 1);
    assert_eq!((health.breaker(), health.held_until(at(0))), (Breaker::Closed, None));
    health.failed(&failure(1, 1));
    assert_eq!((health.breaker(), health.held_until(at(1))), (Breaker::Open, Some(at(6))));
    health.failed(&failure(1, 2));
    assert_eq!(health.held_until(at(2)), Some(at(6)), "what was in flight when it opened is no probe");
    let mut pauses = Vec::new();
    for _ in 0..10 {
        let probed = health.failing.as_ref().unwrap().paused_until.unwrap();
        let seconds = probed.as_seconds() - START;
        health.failed(&failure(1, seconds));
        pauses.push(health.held_until(probed).unwrap().since(probed).as_secs());
    }
    assert_eq!(pauses, [10, 20, 40, 80, 160, 300, 300, 300, 300, 300]);
    health.succeeded();
    assert_eq!((health.breaker(), health.held_until(at(2))), (Breaker::Closed, None));
}

#[test]
fn each_change_is_told_once_and_what_stays_the_same_is_not() {
    let mut health = Health::default();
    assert_eq!(health.succeeded(), [Transition::Proven]);
    assert_eq!(health.succeeded(), []);
    let asked = Failure { hold: Some(at(60)), ..failure(1, 0) };
    assert_eq!(health.failed(&asked), [Transition::Failing, Transition::Held(at(60))]);
    assert_eq!(health.failed(&asked), [], "it has asked for that before");
    for number in 3..10 {
        assert_eq!(health.failed(&failure(number, 0)), []);
    }
    assert_eq!(health.failed(&failure(1, 1)), [Transition::BreakerOpened(at(6))]);
    assert_eq!(health.failed(&failure(1, 2)), [], "what was in flight is no probe");
    assert_eq!(health.failed(&failure(1, 6)), [Transition::Paused(at(16))]);
    for number in 0..10 {
        health.failed(&failure(number, 7));
    }
    let late = Failure { hold: Some(at(3 * DAY)), ..failure(1, 3 * DAY - 1) };
    let until = at(3 * DAY - 1 + 20);
    let warned = Transition::Warned(Warning::HalfTime);
    assert_eq!(health.failed(&late), [Transition::Paused(until), Transition::Held(at(3 * DAY)), warned]);
    assert_eq!(health.failed(&failure(1, 5 * DAY)).last(), Some(&Transition::Disabled));
    assert_eq!(health.succeeded(), [Transition::Recovered { since: at(0), failures: 24 }]);
    assert_eq!(health.failed(&failure(1, 6 * DAY)), [Transition::Failing]);
    assert_eq!(Health::default().failed(&failure(1, 0)), [Transition::Failing], "a fresh start has nothing to lose");
}

#[test]
fn a_success_leaves_what_was_asked_for_in_force() {
    let mut health = Health::default();
    health.failed(&Failure { hold: Some(at(60)), ..failure(1, 0) });
    health.failed(&Failure { hold: Some(at(30)), ..failure(1, 0) });
    health.succeeded();
    assert_eq!(health.held_until(at(59)), Some(at(60)), "the longest counts");
    assert_eq!(health.held_until(at(60)), None);
}

#[test]
fn what_a_wrong_clock_has_set_holds_no_longer_than_the_rule() {
    let mut health = failing(10, 1);
    health.failing.as_mut().unwrap().paused_until = Some(at(365 * DAY));
    assert_eq!(health.held_until(at(0)), Some(at(300)));
    health.asked_until = Some(at(365 * DAY));
    assert_eq!(health.held_until(at(0)), Some(at(3600)));
}

#[test]
fn how_many_are_in_flight_is_limited_over_all_processes_while_it_is_doubtful() {
    assert_eq!(most_in_flight(true, 9, 2), None);
    assert_eq!(most_in_flight(false, 9, 2), Some(2));
    assert_eq!((most_in_flight(true, 10, 2), most_in_flight(false, 10, 2)), (Some(1), Some(1)));
}

#[test]
fn it_is_disabled_when_time_failures_and_events_are_all_enough() {
    let disabled = |failures: i64, events: i64, after: i64| {
        let mut health = Health::default();
        for number in 0..failures - 1 {
            assert_ne!(told(health.failed(&failure(number % events, 0))), Some(Notice::Disabled));
        }
        told(health.failed(&failure(0, after))) == Some(Notice::Disabled)
    };
    assert!(disabled(20, 3, 5 * DAY));
    assert!(!disabled(20, 3, 5 * DAY - 1));
    assert!(!disabled(19, 3, 5 * DAY));
    assert!(!disabled(20, 2, 5 * DAY));
}

#[test]
fn warnings_come_once_each() {
    let mut health = failing(20, 1);
    let mut after = |hours: i64| told(health.failed(&failure(1, hours * 3600)));
    assert_eq!(after(59), None);
    assert_eq!(after(60), Some(Notice::Warned(Warning::HalfTime)));
    assert_eq!(after(59), None, "a clock that was set back");
    assert_eq!(after(61), None);
    assert_eq!(after(108), Some(Notice::Warned(Warning::NearTheEnd)));
    assert_eq!(after(119), None);
    assert_eq!(after(120), Some(Notice::Disabled));
    health.succeeded();
    assert_eq!(told(health.failed(&failure(1, 10 * DAY))), None);
}

#[test]
fn a_clock_set_back_before_the_first_failure_does_no_harm() {
    let mut health = failing(20, 1);
    assert_eq!(told(health.failed(&failure(1, -3600))), None);
    assert_eq!(health.failing.as_ref().unwrap().since, at(-3600));
    assert_eq!(told(health.failed(&failure(1, 5 * DAY - 3600))), Some(Notice::Disabled));
}

proptest! {
    #[test]
    fn events_are_counted_exactly_up_to_three(events in prop::collection::vec(0i64..5, 1..12)) {
        let mut health = Health::default();
        for event in &events {
            health.failed(&failure(*event, 0));
        }
        let distinct = events.iter().collect::<BTreeSet<_>>().len().min(3);
        prop_assert_eq!(usize::from(health.failing.unwrap().events.count()), distinct);
    }

    #[test]
    fn no_hold_of_the_breaker_is_longer_than_five_minutes(gaps in prop::collection::vec(0i64..900, 1..60)) {
        let (mut health, mut now) = (Health::default(), 0);
        for gap in gaps {
            now += gap;
            health.failed(&failure(1, now));
            if let Some(until) = health.held_until(at(now)) {
                prop_assert!(until.since(at(now)) <= LONGEST_PAUSE);
                prop_assert!(health.failures() >= BREAKER_OPENS_AFTER);
            }
        }
    }
}
