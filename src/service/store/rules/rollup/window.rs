//! Which counts a window is made of, and how long counts are kept.

use std::{ops::Range, time::Duration};

use crate::domain::{
    stats::{BUCKET, BUCKETS_IN_24_H, bucket_of, bucket_start, oldest_bucket_in_24_h},
    time::Timestamp,
};

/// How many five-minute buckets an hour has.
const BUCKETS_AN_HOUR: i64 = 12;

const HOUR: Duration = Duration::from_secs(3600);

/// The longest window that begins at any five minutes; longer ones begin at a whole hour.
const FINE_WINDOW: Duration = Duration::from_secs(48 * 3600);
/// How long counts of five minutes are kept: longer than any window that begins at any five minutes, by an hour for its
/// first bucket and an hour for a clock that is set back.
const KEPT_FIVE_MINUTES: Duration = Duration::from_secs(50 * 3600);
/// How long counts of hours are kept: 13 months.
const KEPT_HOURS: Duration = Duration::from_secs(396 * 24 * 3600);
/// How long they keep durations: longer than the history whose durations are those of its attempts.
const KEPT_DURATIONS: Duration = Duration::from_secs(35 * 24 * 3600);

/// What counts are counts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service::store) enum Span {
    FiveMinutes,
    Hour,
}

impl Span {
    /// All of them, the longest first.
    pub const ALL: [Span; 2] = [Span::Hour, Span::FiveMinutes];

    /// Its number, which is how many five-minute buckets it has.
    pub fn code(self) -> i64 {
        match self {
            Span::FiveMinutes => 1,
            Span::Hour => BUCKETS_AN_HOUR,
        }
    }

    /// The number of the span that a five-minute bucket lies in.
    pub fn of(self, bucket: i64) -> i64 {
        bucket.div_euclid(self.code())
    }

    /// The one that a moment lies in.
    pub fn at(self, moment: Timestamp) -> i64 {
        self.of(bucket_of(moment))
    }

    /// The first of them whose counts are kept, whether older ones are gone already or not.
    pub fn first_kept(self, now: Timestamp) -> i64 {
        match self {
            Span::FiveMinutes => five_minutes_begin(now),
            Span::Hour => oldest_hour(now),
        }
    }
}

/// The first five minutes whose counts are kept.
fn five_minutes_begin(now: Timestamp) -> i64 {
    bucket_of(now.minus(KEPT_FIVE_MINUTES))
}

/// The first hour since 1970 whose counts are kept. Windows begin there at the earliest, whether older ones are gone
/// already or not.
pub(in crate::service::store) fn oldest_hour(now: Timestamp) -> i64 {
    Span::Hour.at(now.minus(KEPT_HOURS))
}

/// The first hour since 1970 whose durations are kept. Older ones are not looked at, whether they are there or not, so
/// that an answer does not depend on how far tidying has come.
pub(in crate::service::store) fn first_hour_with_durations(now: Timestamp) -> i64 {
    Span::Hour.at(now.minus(KEPT_DURATIONS))
}

/// Counts of one span that follow each other: part of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service::store) struct Piece {
    pub span: Span,
    /// Numbers of the span.
    pub buckets: Range<i64>,
}

/// Cuts a window of five-minute buckets into the longest of these spans that lie wholly in it, and shorter ones at its
/// ends, in the order of time. The spans come with the longest first; what none of them fills is left out.
pub(in crate::service::store) fn pieces(window: Range<i64>, spans: &[Span]) -> Vec<Piece> {
    let Some((&span, shorter)) = spans.split_first().filter(|_| !window.is_empty()) else { return Vec::new() };
    let (first, end) = (span.of(window.start + span.code() - 1), span.of(window.end));
    if first >= end {
        return pieces(window, shorter);
    }
    let mut all = pieces(window.start..first * span.code(), shorter);
    all.push(Piece { span, buckets: first..end });
    all.extend(pieces(end * span.code()..window.end, shorter));
    all
}

/// The five-minute buckets of a webhook's error rate.
pub(in crate::service::store) fn last_24_h(now: Timestamp) -> Range<i64> {
    oldest_bucket_in_24_h(now)..bucket_of(now) + 1
}

/// What is summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service::store) struct Window {
    /// Its five-minute buckets.
    pub buckets: Range<i64>,
    /// From the first bucket's beginning to the last one's end, or now.
    pub span: Range<Timestamp>,
    /// How long its counts are: all have five minutes, or some have only hours.
    pub grain: Duration,
}

impl Window {
    /// The window that was asked for, widened to whole counts, and as far back as counts are kept.
    pub fn of(since: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> Self {
        let running = bucket_of(now) + 1;
        let end = match until.filter(|until| *until < now) {
            None => running,
            Some(until) => {
                let end = bucket_of(until.minus(Duration::from_micros(1))) + 1;
                if is_fine(until, now) { end } else { hours_up(end).min(running) }
            }
        };
        let since = since.unwrap_or_else(|| bucket_start(end - BUCKETS_IN_24_H)).min(now);
        let fine = is_fine(since, now);
        let first = bucket_of(since).max(oldest_hour(now) * BUCKETS_AN_HOUR).min(end);
        let first = if fine { first } else { first - first.rem_euclid(BUCKETS_AN_HOUR) };
        Window {
            span: bucket_start(first)..bucket_start(end).min(now),
            buckets: first..end,
            grain: if fine { BUCKET } else { HOUR },
        }
    }

    /// The beginning of the count that a five-minute bucket is part of: where some counts are whole hours, the others
    /// are parts of theirs.
    pub fn count_of(&self, bucket: i64) -> Timestamp {
        bucket_start(if self.grain > BUCKET { bucket - bucket.rem_euclid(BUCKETS_AN_HOUR) } else { bucket })
    }
}

/// Whether what was counted in five minutes then is surely kept.
fn is_fine(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) <= FINE_WINDOW
}

/// The first bucket, not before this one, that begins with an hour.
fn hours_up(bucket: i64) -> i64 {
    bucket + (-bucket).rem_euclid(BUCKETS_AN_HOUR)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn buckets(pieces: &[Piece]) -> Vec<i64> {
        let of = |Piece { span, buckets }: &Piece| buckets.start * span.code()..buckets.end * span.code();
        pieces.iter().flat_map(of).collect()
    }

    proptest! {
        #[test]
        fn pieces_cover_a_window_once_with_few_looks(start in -900i64..900, length in 0i64..9000) {
            let window = start..start + length;
            let pieces = pieces(window.clone(), &Span::ALL);
            prop_assert_eq!(buckets(&pieces), window.collect::<Vec<_>>());
            let looks: i64 = pieces.iter().map(|piece| piece.buckets.end - piece.buckets.start).sum();
            prop_assert!(looks <= 2 * 11 + length / 12, "{looks} looks");
        }

        #[test]
        fn a_window_has_what_was_asked_for_and_less_than_two_counts_more(
            since in 0u64..3_000_000, length in 1u64..3_000_000, now in 1_700_000_000i64..1_700_100_000,
        ) {
            let now = Timestamp::from_seconds(now);
            let since = now.minus(Duration::from_secs(since));
            let until = since.plus(Duration::from_secs(length));
            let window = Window::of(Some(since), Some(until), now);
            let end = until.min(now);
            prop_assert!(window.span.start <= since && since.since(window.span.start) < window.grain);
            prop_assert!(window.span.end >= end && window.span.end.since(end) < window.grain && window.span.end <= now);
            // What is not surely kept in five minutes is asked for in hours.
            let is_kept = |piece: &Piece| piece.buckets.start >= piece.span.first_kept(now);
            prop_assert!(pieces(window.buckets.clone(), &Span::ALL).iter().all(is_kept), "{window:?}");
            prop_assert!(window.grain > BUCKET || window.buckets.start >= five_minutes_begin(now));
        }
    }

    #[test]
    fn a_window_begins_where_counts_do() {
        let now = at("2026-11-23T17:42:07Z");
        let of = |since: &str, until: Option<&str>| {
            let Range { start, end } = Window::of(Some(at(since)), until.map(at), now).span;
            [start, end].map(|at| at.to_string()[..16].to_owned())
        };
        assert_eq!(of("2026-11-21T17:44:00Z", None), ["2026-11-21T17:40", "2026-11-23T17:42"], "within two days");
        assert_eq!(of("2026-11-21T17:41:00Z", None), ["2026-11-21T17:00", "2026-11-23T17:42"], "a whole hour");
        let both = of("2026-11-20T09:31:00Z", Some("2026-11-20T10:01:00Z"));
        assert_eq!(both, ["2026-11-20T09:00", "2026-11-20T11:00"], "both ends cut an hour");
        let fine = of("2026-11-23T09:31:00Z", Some("2026-11-23T10:01:00Z"));
        assert_eq!(fine, ["2026-11-23T09:30", "2026-11-23T10:05"]);
        assert_eq!(of("2020-01-01T00:00:00Z", None)[0], "2025-10-23T17:00", "13 months");
        assert_eq!(of("2027-01-01T00:00:00Z", None), ["2026-11-23T17:40", "2026-11-23T17:42"], "it has not begun");
        let backwards = Window::of(Some(now), Some(at("2026-11-23T09:00:00Z")), now);
        assert!(backwards.buckets.is_empty() && pieces(backwards.buckets, &Span::ALL).is_empty());
    }

    #[test]
    fn what_is_kept_is_what_windows_need() {
        assert!(
            KEPT_FIVE_MINUTES >= FINE_WINDOW + HOUR + BUCKET && KEPT_DURATIONS >= Duration::from_secs(30 * 24 * 3600)
        );
        let now = at("2026-11-23T17:42:07Z");
        assert_eq!(bucket_start(first_hour_with_durations(now) * BUCKETS_AN_HOUR), at("2026-10-19T17:00:00Z"));
    }
}
