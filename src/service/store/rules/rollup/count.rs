//! Decides in which rows a finished attempt is counted, and which sums have a part of a count.

use std::time::Duration;

use super::{
    slot::{DurationClass, Slot},
    window::{Span, Summed},
};
use crate::{domain::time::Timestamp, service::store::rules::outcome::Outcome};

/// Stands for all webhooks or all types in sums; real numbers begin at 1.
pub(in crate::service::store) const ALL: i64 = 0;

/// The key of a row of counts. Keys sort as the rows do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service::store) struct CountKey {
    pub span: Span,
    /// The number of the span.
    pub bucket: i64,
    pub webhook: i64,
    /// The number of the event type.
    pub event_type: i64,
    /// The packed slot.
    pub slot: i64,
}

/// The rows that count an attempt when it ends.
pub(in crate::service::store) fn counted_in(
    webhook: i64,
    event_type: i64,
    outcome: Outcome,
    finished_at: Timestamp,
    took: Duration,
) -> [CountKey; 2] {
    let slot = Slot { outcome, duration: Some(DurationClass::of(took)) }.pack();
    Span::COUNTED.map(|span| CountKey { span, bucket: span.at(finished_at), webhook, event_type, slot })
}

impl CountKey {
    /// The sums that the count of an hour belongs to: its webhook's day of UTC, and its hour of all webhooks.
    pub fn sums(self) -> [CountKey; 2] {
        let day = Span::Day.of(self.bucket * Span::Hour.code());
        [CountKey { span: Span::Day, bucket: day, event_type: ALL, ..self }, CountKey { webhook: ALL, ..self }]
    }

    /// Whether this is an hour that was summed up before, so that nobody but its writer adds it to the sums: the clock
    /// was set back.
    pub fn is_late(self, summed: Summed) -> bool {
        self.span == Span::Hour && Summed { hour: self.bucket, webhook: self.webhook } <= summed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stats::bucket_start;

    fn key(span: Span, bucket: i64, webhook: i64, event_type: i64) -> CountKey {
        let outcome = Outcome { failed: false, http_status: Some(204) };
        let slot = Slot { outcome, duration: Some(DurationClass::of(Duration::from_millis(7))) }.pack();
        CountKey { span, bucket, webhook, event_type, slot }
    }

    #[test]
    fn an_attempt_is_counted_in_its_five_minutes_and_its_hour() {
        let outcome = Outcome { failed: false, http_status: Some(204) };
        let ended = bucket_start(24 * 12 + 13).plus(Duration::from_secs(299));
        let keys = counted_in(3, 5, outcome, ended, Duration::from_millis(7));
        assert_eq!(keys, [key(Span::Hour, 25, 3, 5), key(Span::FiveMinutes, 24 * 12 + 13, 3, 5)]);
    }

    #[test]
    fn an_hour_is_part_of_a_webhooks_day_and_of_all_webhooks() {
        let sums = key(Span::Hour, 47, 3, 5).sums();
        assert_eq!(sums, [key(Span::Day, 1, 3, ALL), key(Span::Hour, 47, ALL, 5)]);
        assert_eq!(key(Span::Hour, -1, 3, 5).sums()[0], key(Span::Day, -1, 3, ALL), "before 1970 too");
    }

    #[test]
    fn what_was_summed_before_is_late() {
        let summed = Summed { hour: 47, webhook: 3 };
        for (hour, webhook, late) in [(46, 9, true), (47, 3, true), (47, 4, false), (48, 1, false)] {
            assert_eq!(key(Span::Hour, hour, webhook, 5).is_late(summed), late, "{hour}, {webhook}");
        }
        assert!(!key(Span::FiveMinutes, 40, 3, 5).is_late(summed), "sums are made of hours");
    }

    #[test]
    fn keys_sort_as_rows_do() {
        let mut keys = [key(Span::Day, 1, 1, 1), key(Span::Hour, 2, 1, 1), key(Span::FiveMinutes, 9, 1, 1)];
        keys.sort();
        assert!(keys.is_sorted_by_key(|key| key.span.code()));
    }
}
