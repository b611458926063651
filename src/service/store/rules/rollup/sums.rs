//! Sums of counted attempts.

use super::slot::{DurationClass, Slot};

/// The number of finished and failed attempts, and the durations of those that were answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::service::store) struct Sums {
    pub attempts: u64,
    pub failed: u64,
    /// The number of answered attempts.
    answered: u64,
    /// The answered attempts whose duration's class is kept.
    timed: u64,
    /// The attempts with a class by class; none while there are none.
    by_class: Option<Box<[u64; DurationClass::COUNT]>>,
}

impl Sums {
    /// Adds attempts with this key.
    pub fn add(&mut self, slot: Slot, attempts: u64) {
        self.attempts += attempts;
        self.failed += if slot.outcome.failed { attempts } else { 0 };
        if slot.outcome.http_status.is_none() {
            return;
        }
        self.answered += attempts;
        if let Some(class) = slot.duration {
            self.timed += attempts;
            self.by_class.get_or_insert_with(|| Box::new([0; DurationClass::COUNT]))[class.index()] += attempts;
        }
    }

    /// Adds other sums.
    pub fn add_all(&mut self, other: &Sums) {
        self.attempts += other.attempts;
        self.failed += other.failed;
        self.answered += other.answered;
        self.timed += other.timed;
        if let Some(others) = &other.by_class {
            let by_class = self.by_class.get_or_insert_with(|| Box::new([0; DurationClass::COUNT]));
            by_class.iter_mut().zip(others.iter()).for_each(|(sum, other)| *sum += other);
        }
    }

    /// The duration in milliseconds, at most 6 % off, that `percent` of the answered attempts did not exceed: that of
    /// the attempt at this rank, rounded up. Attempts without an answer are left out, because they do not show how fast
    /// answers are: a refused connection takes no time. None without answers, and none if the duration of any answer is
    /// no longer kept, because the others would stand for another window.
    pub fn percentile_ms(&self, percent: u64) -> Option<u64> {
        let by_class = self.by_class.as_ref().filter(|_| self.timed == self.answered)?;
        let rank = u64::try_from((u128::from(self.timed) * u128::from(percent)).div_ceil(100)).ok()?.max(1);
        let mut below = 0;
        let index = by_class.iter().position(|attempts| {
            below += attempts;
            below >= rank
        })?;
        Some(DurationClass::at(index)?.middle_ms())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::service::store::rules::outcome::Outcome;

    fn slot(millis: Option<u64>) -> Slot {
        let outcome = Outcome { failed: millis == Some(0), http_status: Some(200) };
        Slot { outcome, duration: millis.map(|millis| DurationClass::of(Duration::from_millis(millis))) }
    }

    fn sums(durations: impl IntoIterator<Item = u64>) -> Sums {
        let mut sums = Sums::default();
        durations.into_iter().for_each(|millis| sums.add(slot(Some(millis)), 1));
        sums
    }

    #[test]
    fn a_percentile_is_that_of_a_rank() {
        assert_eq!(Sums::default().percentile_ms(50), None);
        assert_eq!([1, 50, 95, 100].map(|percent| sums([7]).percentile_ms(percent)), [Some(7); 4]);
        assert_eq!(sums([1, 2]).percentile_ms(50), Some(1), "half of them did not exceed it");
        assert_eq!(sums(1..=20).percentile_ms(50), Some(10));
        assert_eq!(sums(1..=20).percentile_ms(95), Some(19));
        assert_eq!(sums(1..=21).percentile_ms(95), Some(20), "rounded up");
        let mut many = Sums::default();
        many.add(slot(Some(3)), u64::MAX / 2);
        assert_eq!(many.percentile_ms(95), Some(3), "no number is too great");
    }

    #[test]
    fn a_part_without_durations_is_not_passed_over() {
        let mut sums = sums([5, 6]);
        assert_eq!(sums.percentile_ms(50), Some(5));
        sums.add(slot(None), 1);
        assert_eq!((sums.percentile_ms(50), sums.attempts), (None, 3));
    }

    #[test]
    fn what_was_not_answered_has_no_part_in_percentiles() {
        let outcome = Outcome { failed: true, http_status: None };
        let unanswered =
            [Some(DurationClass::of(Duration::from_secs(20))), None].map(|duration| Slot { outcome, duration });
        let mut sums = sums([5, 6]);
        unanswered.iter().for_each(|slot| sums.add(*slot, 10));
        assert_eq!((sums.percentile_ms(95), sums.attempts, sums.failed), (Some(6), 22, 20));
        let mut alone = Sums::default();
        alone.add(unanswered[0], 3);
        assert_eq!(alone.percentile_ms(50), None);
    }

    proptest! {
        #[test]
        fn percentiles_are_within_six_percent(mut durations in prop::collection::vec(0u64..60_000, 1..300), percent in 1u64..=100) {
            let found = sums(durations.iter().copied()).percentile_ms(percent).unwrap();
            durations.sort_unstable();
            let true_one = durations[(durations.len() * percent as usize).div_ceil(100) - 1];
            prop_assert!(found.abs_diff(true_one) as f64 <= true_one as f64 * 0.06, "{found} for {true_one}");
        }

        #[test]
        fn the_sum_of_parts_is_that_of_the_whole(durations in prop::collection::vec(0u64..60_000, 0..60), at in 0usize..60) {
            let (one, other) = durations.split_at(at.min(durations.len()));
            let mut both = sums(one.iter().copied());
            both.add_all(&sums(other.iter().copied()));
            prop_assert_eq!(both, sums(durations.iter().copied()));
        }
    }
}
