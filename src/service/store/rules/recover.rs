//! What a recovery makes due again, what it makes, and when.

use std::{collections::HashMap, time::Duration};

use crate::domain::{
    attempt::AttemptKind,
    event::{EventFilter, EventType},
    recovery::RecoveryWhat,
    time::Timestamp,
    version::Version,
};

/// What a recovery looks through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryStage {
    /// Deliveries of which every try failed.
    Failed,
    /// Events, for deliveries that were never made.
    Missed,
    /// Nothing any more.
    Done,
}

impl RecoveryStage {
    /// What it looks through first.
    pub fn first(what: RecoveryWhat) -> Self {
        if what.failed() { RecoveryStage::Failed } else { RecoveryStage::Missed }
    }

    /// What it looks through after the failed deliveries.
    pub fn after_failed(what: RecoveryWhat) -> Self {
        if what.missed() { RecoveryStage::Missed } else { RecoveryStage::Done }
    }
}

/// A webhook that a recovery is for, as it is now.
#[derive(Debug, Clone)]
pub struct Target {
    /// In force now.
    pub version: Version,
    pub events: Vec<EventFilter>,
    pub created_at: Timestamp,
}

/// Whether a delivery of which every try failed is to be made due again by the recovery with this number (0 when it is not
/// stored): one that it has made due once is not its business again, whatever the clock says.
pub fn wants_failed(targets: &HashMap<i64, Target>, webhook: i64, last_recovery: Option<i64>, recovery: i64) -> bool {
    targets.contains_key(&webhook) && (recovery == 0 || last_recovery != Some(recovery))
}

/// The webhooks that were there when an event came, want it now, and have no delivery of it, by their numbers. `made` are
/// the webhooks that have one, and why it was made: an event that was made to test one webhook is nobody else's.
pub fn who_missed(
    targets: &HashMap<i64, Target>,
    event_type: EventType,
    accepted_at: Timestamp,
    made: &[(i64, AttemptKind)],
) -> Vec<(i64, Version)> {
    if made.iter().any(|(_, kind)| *kind == AttemptKind::Test) {
        return Vec::new();
    }
    let missed = targets.iter().filter(|(number, target)| {
        target.created_at <= accepted_at
            && target.events.iter().any(|filter| filter.matches(event_type))
            && made.iter().all(|(webhook, _)| webhook != *number)
    });
    let mut missed: Vec<_> = missed.map(|(number, target)| (*number, target.version)).collect();
    missed.sort_unstable_by_key(|(number, _)| *number);
    missed
}

/// When what a recovery makes is due: one after the other at its rate.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub apart: Duration,
    pub next_due: Timestamp,
}

impl Pace {
    /// When the next is due.
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
            events: vec![events.parse().unwrap()],
            created_at: at(created_at),
        };
        HashMap::from([(1, target("*", 0)), (2, target("user.*", 0)), (3, target("*", 100)), (4, target("*", 50))])
    }

    #[test]
    fn an_event_was_missed_by_who_was_there_and_wants_it_and_has_it_not() {
        let missed = |event_type, made: &[(i64, AttemptKind)]| {
            let found = who_missed(&targets(), event_type, at(50), made);
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
        let mut pace = Pace { apart: Duration::from_secs(2), next_due: at(0) };
        assert_eq!([pace.next(at(10)), pace.next(at(10)), pace.next(at(30))], [at(10), at(12), at(30)]);
    }
}
