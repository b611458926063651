//! Which counts a window is made of, and how long counts are kept.

use std::{ops::Range, time::Duration};

use crate::domain::{
    calendar::{Unit, Zone},
    stats::{BUCKET, BUCKETS_IN_24_H, bucket_of, bucket_start, oldest_bucket_in_24_h},
    time::Timestamp,
};

/// How many five-minute buckets an hour has.
const BUCKETS_AN_HOUR: i64 = 12;

const HOURS_A_DAY: i64 = 24;

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
    /// Of UTC, over all types: a sum of hours.
    Day,
}

impl Span {
    /// All of them, the longest first.
    pub const ALL: [Span; 3] = [Span::Day, Span::Hour, Span::FiveMinutes];
    /// Those that attempts are counted in as they end, the longest first.
    pub const COUNTED: [Span; 2] = [Span::Hour, Span::FiveMinutes];

    /// Its number, which is how many five-minute buckets it has.
    pub fn code(self) -> i64 {
        match self {
            Span::FiveMinutes => 1,
            Span::Hour => BUCKETS_AN_HOUR,
            Span::Day => BUCKETS_IN_24_H,
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
            Span::Day => Span::Day.of(oldest_hour(now) * BUCKETS_AN_HOUR),
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

/// The first day whose durations are not all too old to be kept.
pub(in crate::service::store) fn first_day_with_durations(now: Timestamp) -> i64 {
    -(-first_hour_with_durations(now)).div_euclid(HOURS_A_DAY)
}

/// Which hours have been summed up: all of those before, and of this one all webhooks up to this. Hours are summed when
/// they have been over for a while, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service::store) struct Summed {
    pub hour: i64,
    pub webhook: i64,
}

/// More than the number of any webhook.
const WEBHOOKS: i64 = 1 << 32;

impl Summed {
    /// Its number, in the same order.
    pub fn pack(self) -> i64 {
        self.hour * WEBHOOKS + self.webhook
    }

    /// What has this number.
    pub fn unpack(number: i64) -> Self {
        Summed { hour: number.div_euclid(WEBHOOKS), webhook: number.rem_euclid(WEBHOOKS) }
    }

    /// Before anything of an hour is summed.
    pub fn before(hour: i64) -> Self {
        Summed { hour, webhook: 0 }
    }

    /// The first hour that is not over for so long yet that it is summed: an hour for what is still being written.
    pub fn end(now: Timestamp) -> i64 {
        Span::Hour.at(now) - 1
    }

    /// The first day that is not all summed.
    pub fn first_open_day(self) -> i64 {
        self.hour.div_euclid(HOURS_A_DAY)
    }
}

/// What is asked of counts, as far as it decides which sums answer it soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service::store) enum Asked {
    /// Five minutes, by themselves.
    Finest,
    /// Each webhook's by type.
    ByType,
    /// Each webhook's, whatever the type.
    ByWebhook,
    /// By type, whosever they are.
    OfAll,
}

/// Counts of one span that follow each other: part of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service::store) struct Piece {
    pub span: Span,
    /// Numbers of the span.
    pub buckets: Range<i64>,
    /// Whether sums over all webhooks are meant.
    pub of_all: bool,
}

/// Cuts a window of five-minute buckets into few pieces, in the order of time, from sums as far as there are any.
pub(in crate::service::store) fn cut(window: Range<i64>, asked: Asked, summed: Summed) -> Vec<Piece> {
    let open = (summed.hour.saturating_mul(BUCKETS_AN_HOUR)).clamp(window.start, window.end.max(window.start));
    let (spans, of_all): (&[Span], _) = match asked {
        Asked::Finest => return pieces(window, &[Span::FiveMinutes]),
        Asked::ByType => (&Span::COUNTED, false),
        Asked::ByWebhook => (&Span::ALL, false),
        Asked::OfAll => (&Span::COUNTED, true),
    };
    let mut all = pieces(window.start..open, spans);
    all.iter_mut().for_each(|piece| piece.of_all = of_all && piece.span == Span::Hour);
    all.extend(pieces(open..window.end, &Span::COUNTED));
    all
}

/// Cuts a window of five-minute buckets into the longest of these spans that lie wholly in it, and shorter ones at its
/// ends, in the order of time. The spans come with the longest first; what none of them fills is left out.
fn pieces(window: Range<i64>, spans: &[Span]) -> Vec<Piece> {
    let Some((&span, shorter)) = spans.split_first().filter(|_| !window.is_empty()) else { return Vec::new() };
    let (first, end) = (span.of(window.start + span.code() - 1), span.of(window.end));
    if first >= end {
        return pieces(window, shorter);
    }
    let mut all = pieces(window.start..first * span.code(), shorter);
    all.push(Piece { span, buckets: first..end, of_all: false });
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

    /// Whether all hours and days of this zone begin with an hour of UTC here, as they do in most zones.
    pub fn has_whole_hours_in(&self, zone: &Zone) -> bool {
        let hours = (self.buckets.start..self.buckets.end).step_by(BUCKETS_AN_HOUR as usize);
        let hours = hours.map(|bucket| bucket_start(bucket - bucket.rem_euclid(BUCKETS_AN_HOUR)));
        zone.is_utc() || hours.into_iter().all(|hour| zone.period(Unit::Hour, hour, BUCKET).span.start == hour)
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
        let of = |Piece { span, buckets, .. }: &Piece| buckets.start * span.code()..buckets.end * span.code();
        pieces.iter().flat_map(of).collect()
    }

    proptest! {
        #[test]
        fn pieces_cover_a_window_once_with_few_looks(start in -900i64..900, length in 0i64..9000) {
            let window = start..start + length;
            let pieces = pieces(window.clone(), &Span::ALL);
            prop_assert_eq!(buckets(&pieces), window.collect::<Vec<_>>());
            let looks: i64 = pieces.iter().map(|piece| piece.buckets.end - piece.buckets.start).sum();
            prop_assert!(looks <= 2 * 11 + 2 * 23 + length / 288, "{looks} looks");
        }

        #[test]
        fn sums_are_used_where_there_are_any_and_nowhere_else(
            start in -900i64..900, length in -9i64..9000, hour in -90i64..900,
        ) {
            let window = start..start + length;
            for asked in [Asked::Finest, Asked::ByType, Asked::ByWebhook, Asked::OfAll] {
                let pieces = cut(window.clone(), asked, Summed { hour, webhook: 3 });
                prop_assert_eq!(buckets(&pieces), window.clone().collect::<Vec<_>>());
                for Piece { span, buckets, of_all } in pieces {
                    let is_sum = of_all || span == Span::Day;
                    prop_assert!(!is_sum || buckets.end * span.code() <= hour * 12);
                    prop_assert!(!is_sum || of_all == (asked == Asked::OfAll) && (of_all || asked == Asked::ByWebhook));
                    let is_summed = span == Span::Hour && buckets.start < hour && asked == Asked::OfAll;
                    prop_assert_eq!(is_summed, of_all);
                    prop_assert!(asked != Asked::Finest || span == Span::FiveMinutes);
                }
            }
        }

        #[test]
        fn what_is_summed_is_read_back_in_its_order(hour in -9i64..900_000, webhook in 0i64..WEBHOOKS) {
            let summed = Summed { hour, webhook };
            prop_assert_eq!(Summed::unpack(summed.pack()), summed);
            prop_assert!(summed.pack() < Summed::before(hour + 1).pack() && summed >= Summed::before(hour));
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
    fn zones_between_the_hours_are_known() {
        let now = at("2026-11-23T17:42:07Z");
        let window = |hours: u64| Window::of(Some(now.minus(HOUR * hours as u32)), None, now);
        for (zone, whole) in [
            ("UTC", true),
            ("Europe/Berlin", true),
            ("America/New_York", true),
            ("Asia/Kolkata", false),
            ("Asia/Kathmandu", false),
        ] {
            assert_eq!(window(40).has_whole_hours_in(&zone.parse().unwrap()), whole, "{zone}");
        }
        // Clocks are set by half an hour, from +11 to +10:30.
        let now = at("2026-04-05T12:00:00Z");
        let lord_howe: Zone = "Australia/Lord_Howe".parse().unwrap();
        assert!(!Window::of(Some(now.minus(HOUR * 30)), None, now).has_whole_hours_in(&lord_howe));
        let before = at("2026-04-04T12:00:00Z");
        assert!(Window::of(Some(before.minus(HOUR * 30)), None, before).has_whole_hours_in(&lord_howe));
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
