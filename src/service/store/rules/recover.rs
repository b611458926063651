//! Decides what a recovery retries, which deliveries it makes, and when they are due.

use std::{collections::HashMap, time::Duration};

use super::webhook::Wants;
use crate::domain::{
    attempt::AttemptKind, event::EventType, recovery::RecoveryWhat, time::Timestamp, version::Version,
};

/// What a recovery is working through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryStage {
    /// Deliveries that have failed for good.
    Failed,
    /// Events whose deliveries were never made.
    Missed,
    /// Nothing is left.
    Done,
}

impl RecoveryStage {
    /// The first stage.
    pub fn first(what: RecoveryWhat) -> Self {
        if what.failed() { RecoveryStage::Failed } else { RecoveryStage::Missed }
    }

    /// The stage after the failed deliveries.
    pub fn after_failed(what: RecoveryWhat) -> Self {
        if what.missed() { RecoveryStage::Missed } else { RecoveryStage::Done }
    }
}

/// A webhook that a recovery covers, in its current state.
#[derive(Debug, Clone)]
pub struct Target {
    /// The version in force now.
    pub version: Version,
    pub wants: Wants,
    pub created_at: Timestamp,
}

/// Whether the recovery with this number (0 if it is not stored) retries a delivery that has failed for good. A
/// recovery retries each delivery only once, whatever the clock says.
pub fn wants_failed(targets: &HashMap<i64, Target>, webhook: i64, last_recovery: Option<i64>, recovery: i64) -> bool {
    targets.contains_key(&webhook) && (recovery == 0 || last_recovery != Some(recovery))
}

/// The webhooks, by their numbers, that existed when an event arrived, want it now, and have no delivery of it. `made`
/// lists the webhooks that have one, and its kind: an event that was made to test one webhook belongs to no other.
pub fn who_missed(
    targets: &HashMap<i64, Target>,
    event_type: EventType,
    source: Option<&str>,
    accepted_at: Timestamp,
    made: &[(i64, AttemptKind)],
) -> Vec<(i64, Version)> {
    if made.iter().any(|(_, kind)| *kind == AttemptKind::Test) {
        return Vec::new();
    }
    let missed = targets.iter().filter(|(number, target)| {
        target.created_at <= accepted_at
            && target.wants.has(event_type, source)
            && made.iter().all(|(webhook, _)| webhook != *number)
    });
    let mut missed: Vec<_> = missed.map(|(number, target)| (*number, target.version)).collect();
    missed.sort_unstable_by_key(|(number, _)| *number);
    missed
}

/// The due times of a recovery's deliveries: one after the other at its rate.
#[derive(Debug, Clone, Copy)]
pub struct RecoveryPace {
    pub apart: Duration,
    pub next_due: Timestamp,
}

impl RecoveryPace {
    /// The due time of the next delivery.
    pub fn next(&mut self, now: Timestamp) -> Timestamp {
        let due_at = self.next_due.max(now);
        self.next_due = due_at.plus(self.apart);
        due_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn targets() -> HashMap<i64, Target> {
        let target = |events: &str, created_at| Target {
            version: Version::V1,
            wants: Wants { events: vec![events.parse().unwrap()], sources: None },
            created_at: at(created_at),
        };
        HashMap::from([(1, target("*", 0)), (2, target("user.*", 0)), (3, target("*", 100)), (4, target("*", 50))])
    }

    #[test]
    fn an_event_was_missed_by_who_was_there_and_wants_it_and_has_it_not() {
        let missed = |event_type, made: &[(i64, AttemptKind)]| {
            let found = who_missed(&targets(), event_type, None, at(50), made);
            found.into_iter().map(|(number, _)| number).collect::<Vec<_>>()
        };
        assert_eq!(missed(EventType::USER_INSERTED, &[]), [1, 2, 4]);
        assert_eq!(missed(EventType::ATTENDANCE_INSERTED, &[]), [1, 4]);
        assert_eq!(missed(EventType::USER_INSERTED, &[(1, AttemptKind::Event), (9, AttemptKind::Event)]), [2, 4]);
        assert_eq!(missed(EventType::USER_INSERTED, &[(1, AttemptKind::Test)]), [] as [i64; 0]);
    }

    #[test]
    fn a_failed_delivery_is_made_due_once_by_each_recovery() {
        let wants = |webhook, last, recovery| wants_failed(&targets(), webhook, last, recovery);
        assert!(wants(1, None, 5) && wants(1, Some(4), 5) && wants(1, Some(5), 0));
        assert!(!wants(1, Some(5), 5) && !wants(9, None, 5));
    }

    #[test]
    fn stages_follow_what_was_asked_for() {
        let of = |what| (RecoveryStage::first(what), RecoveryStage::after_failed(what));
        assert_eq!(of(RecoveryWhat::Both), (RecoveryStage::Failed, RecoveryStage::Missed));
        assert_eq!(of(RecoveryWhat::Failed), (RecoveryStage::Failed, RecoveryStage::Done));
        assert_eq!(of(RecoveryWhat::Missed).0, RecoveryStage::Missed);
    }

    #[test]
    fn one_follows_the_other_and_none_is_due_before_now() {
        let mut pace = RecoveryPace { apart: Duration::from_secs(2), next_due: at(0) };
        assert_eq!([pace.next(at(10)), pace.next(at(10)), pace.next(at(30))], [at(10), at(12), at(30)]);
    }
}
