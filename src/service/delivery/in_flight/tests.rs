use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;

use super::*;
use crate::{
    domain::{
        attempt::AttemptKind,
        event::EventType,
        ids::{AttemptId, DeliveryId, EventId},
        random::SystemRandom,
        scheme::SchemeChoice,
        secret::{Secret, Secrets},
        time::Timestamp,
        version::Version,
    },
    service::store::{ClaimId, Recipient},
};

const SECOND: Duration = Duration::from_secs(1);

fn claim(webhook: u8, number: i64) -> Claim {
    let at = Timestamp::from_seconds(1_795_455_600);
    Claim {
        claim: ClaimId(number),
        delivery_id: DeliveryId::new(at, [1; 10]),
        attempt_id: AttemptId::new(at, [2; 10]),
        webhook_id: id(webhook),
        in_trouble: webhook >= 100,
        due_at: at,
        event_id: EventId::new(at, [3; 10]),
        event_type: EventType::USER_INSERTED,
        kind: AttemptKind::Event,
        number: 1,
        version: Some(Version::V1),
        recipient: Arc::new(Recipient {
            url: "http://127.0.0.1:9/".to_owned(),
            headers: BTreeMap::new(),
            scheme: SchemeChoice::Both,
            secrets: Secrets { secret: Secret::generate(&SystemRandom), previous: None },
        }),
        body: Bytes::new().into(),
    }
}

fn id(webhook: u8) -> WebhookId {
    WebhookId::from_random([webhook; 10])
}

fn capacity_of(in_flight: &InFlight, webhook: u8, now: Instant) -> Option<usize> {
    in_flight.capacity(now).capacities.into_iter().find(|(of, _)| *of == id(webhook)).map(|(_, capacity)| capacity)
}

#[test]
fn eight_fly_and_the_rest_waits_for_an_answer() {
    let (in_flight, now) = (InFlight::at_most(MOST), Instant::now());
    let begun: Vec<_> = (0..10).filter_map(|number| in_flight.admit(claim(1, number), now)).collect();
    assert_eq!(begun.len(), MOST_IN_FLIGHT);
    assert_eq!((capacity_of(&in_flight, 1, now), in_flight.capacity(now).most), (Some(0), MOST - 10));
    let next = in_flight.answered(id(1), begun[0].began, false, now).unwrap();
    assert_eq!(next.claim.claim, ClaimId(8), "in the order they came");
    assert!(in_flight.admit(claim(1, 11), now).is_none(), "nobody overtakes");
    assert!(in_flight.admit(claim(2, 12), now).is_some(), "others do not wait");
}

#[test]
fn a_place_is_free_when_the_answer_is_in_and_the_end_waits_for_the_record() {
    let (in_flight, now) = (InFlight::at_most(MOST), Instant::now());
    let started = in_flight.admit(claim(1, 1), now).unwrap();
    assert!(in_flight.answered(id(1), started.began, false, now).is_none());
    assert_eq!((in_flight.capacity(now).most, in_flight.is_idle()), (MOST, false));
    in_flight.recorded([started.claim.claim]);
    assert!(in_flight.is_idle());
}

#[test]
fn a_fast_receiver_is_claimed_for_ahead() {
    let (in_flight, now) = (InFlight::at_most(MOST), Instant::now());
    for number in 0..500 {
        let started = in_flight.admit(claim(1, number), now).unwrap();
        in_flight.answered(id(1), started.began, false, now);
    }
    assert_eq!(capacity_of(&in_flight, 1, now), Some(MOST_IN_FLIGHT + 100));
    assert_eq!(in_flight.capacity(now).most, MOST + 100);
    assert_eq!(capacity_of(&in_flight, 1, now + SECOND), None, "it is forgotten");
}

#[test]
fn many_receivers_are_claimed_for_ahead_although_none_alone_is_fast() {
    let (in_flight, now) = (InFlight::at_most(20), Instant::now());
    for webhook in 0..100 {
        let started = in_flight.admit(claim(webhook, 0), now).unwrap();
        in_flight.answered(id(webhook), started.began, false, now);
    }
    assert_eq!(in_flight.capacity(now).most, 20 + 20);
    let reserved = (0..100).filter(|webhook| in_flight.reserve(id(*webhook), now)).count();
    assert_eq!(reserved, 20 + 20, "each has capacity of its own, and all have that together");
    assert!(!in_flight.reserve(id(99), now), "healthy, with nothing in flight");
    let later = InFlight::at_most(20);
    assert_eq!((0..100).filter(|webhook| later.reserve(id(*webhook), now)).count(), 20, "nobody has answered");
}

#[test]
fn who_waits_for_a_place_begins_in_turn_when_somebody_elses_answer_is_in() {
    let (in_flight, now) = (InFlight::at_most(2), Instant::now());
    let first = in_flight.admit(claim(1, 1), now).unwrap();
    let second = in_flight.admit(claim(1, 2), now).unwrap();
    let admitted =
        [(1, 3), (2, 4), (2, 5), (3, 6)].map(|(webhook, number)| in_flight.admit(claim(webhook, number), now));
    assert!(admitted.iter().all(Option::is_none), "there are two places");
    let next = in_flight.answered(id(1), first.began, false, now).unwrap();
    assert_eq!(next.claim.claim, ClaimId(3));
    let mut order = Vec::new();
    let mut ended = second;
    while let Some(next) = in_flight.answered(ended.claim.webhook_id, ended.began, false, now) {
        order.push(next.claim.claim.0);
        ended = next;
    }
    assert_eq!(order, [4, 5, 6], "all have begun, although no claim was made meanwhile");
    assert!(in_flight.answered(id(1), next.began, false, now).is_none());
    assert_eq!(in_flight.capacity(now).most, 2 + 1, "six answers are one in 20 ms");
}

#[test]
fn what_is_taken_out_keeps_no_turn() {
    let (in_flight, now) = (InFlight::at_most(1), Instant::now());
    let first = in_flight.admit(claim(1, 1), now).unwrap();
    assert!(
        [(2, 2), (3, 3)].into_iter().all(|(webhook, number)| in_flight.admit(claim(webhook, number), now).is_none())
    );
    assert_eq!(in_flight.stale(Some(id(2)), now).len(), 1);
    let next = in_flight.answered(id(1), first.began, false, now).unwrap();
    assert_eq!(next.claim.claim, ClaimId(3));
}

#[test]
fn webhooks_in_trouble_and_slow_ones_share_half_of_the_places() {
    let (in_flight, now) = (InFlight::at_most(MOST), Instant::now());
    for webhook in 100..150 {
        (0..8).for_each(|number| drop(in_flight.admit(claim(webhook, number), now)));
    }
    let capacity = in_flight.capacity(now);
    assert_eq!((capacity.most, capacity.most_in_trouble), (MOST - 400, 0));
    let slow = InFlight::at_most(MOST);
    (0..4).for_each(|number| drop(slow.admit(claim(1, number), now)));
    assert_eq!(slow.capacity(now).most_in_trouble, MOST_IN_TROUBLE);
    assert_eq!(slow.capacity(now + SECOND).most_in_trouble, MOST_IN_TROUBLE - 4);
    assert!(slow.reserve(id(1), now) && !slow.reserve(id(1), now + SECOND));
}

#[test]
fn capacity_that_is_kept_is_no_longer_free() {
    let (in_flight, now) = (InFlight::at_most(MOST), Instant::now());
    assert!((0..MOST_IN_FLIGHT).all(|_| in_flight.reserve(id(1), now)));
    assert!(!in_flight.reserve(id(1), now));
    assert_eq!((capacity_of(&in_flight, 1, now), in_flight.capacity(now).most), (Some(0), MOST - MOST_IN_FLIGHT));
    in_flight.give_back(id(1));
    assert!(in_flight.reserve(id(1), now));
    in_flight.close();
    assert!(!in_flight.reserve(id(2), now));
}

#[test]
fn what_waits_too_long_or_for_a_changed_webhook_is_taken_out() {
    let (in_flight, now) = (InFlight::at_most(MOST), Instant::now());
    (0..10).for_each(|number| drop(in_flight.admit(claim(1, number), now)));
    (0..10).for_each(|number| drop(in_flight.admit(claim(2, number), now)));
    assert!(in_flight.stale(None, now + SECOND).is_empty());
    assert_eq!(in_flight.stale(Some(id(1)), now).len(), 2);
    let late = in_flight.stale(None, now + LONGEST_AHEAD);
    assert_eq!(late.iter().map(|claim| claim.claim).collect::<Vec<_>>(), [ClaimId(8), ClaimId(9)]);
    assert_eq!(in_flight.capacity(now).most, MOST - 16);
}

#[tokio::test]
async fn an_answer_asks_for_more_only_when_something_was_left_behind() {
    let (in_flight, now) = (InFlight::at_most(MOST), Instant::now());
    let wants = || futures_util::FutureExt::now_or_never(in_flight.wanting()).is_some();
    let claims: Vec<_> = (0..8).map(|number| claim(1, number)).collect();
    in_flight.claimed(&in_flight.capacity(now), &claims);
    let started: Vec<_> = claims.into_iter().filter_map(|claim| in_flight.admit(claim, now)).collect();
    in_flight.answered(id(1), started[0].began, false, now);
    assert!(wants(), "as much was claimed as there was capacity for");
    in_flight.claimed(&in_flight.capacity(now), &[]);
    in_flight.answered(id(1), started[1].began, false, now);
    assert!(!wants(), "nothing was left");
}
