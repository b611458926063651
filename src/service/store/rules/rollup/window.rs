//! Decides which counts a window is read from, and how long counts are kept.

use std::{ops::Range, time::Duration};

use crate::domain::{
    calendar::{Unit, Zone},
    stats::{BUCKET, BUCKETS_IN_24_H, bucket_of, bucket_start, oldest_bucket_in_24_h},
    time::Timestamp,
};

/// The number of five-minute buckets in an hour.
const BUCKETS_AN_HOUR: i64 = 12;

const HOURS_A_DAY: i64 = 24;

const HOUR: Duration = Duration::from_secs(3600);

/// The longest window that may begin at any five minutes; longer ones begin at a whole hour.
const FINE_WINDOW: Duration = Duration::from_secs(48 * 3600);
/// How long counts of five minutes are kept: the longest window that may begin at any five minutes, one hour for its
/// first bucket, and one hour for a clock that is set back.
const KEPT_FIVE_MINUTES: Duration = Duration::from_secs(50 * 3600);
/// How long counts of hours are kept: 13 months.
const KEPT_HOURS: Duration = Duration::from_secs(396 * 24 * 3600);
/// How long counts keep durations: longer than attempts are kept by default.
const KEPT_DURATIONS: Duration = Duration::from_secs(35 * 24 * 3600);

/// The period that a count covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service::store) enum Span {
    FiveMinutes,
    Hour,
    /// A day of UTC over all types: a sum of hours.
    Day,
}

impl Span {
    /// All spans, longest first.
    pub const ALL: [Span; 3] = [Span::Day, Span::Hour, Span::FiveMinutes];
    /// The spans that attempts are counted in as they end, longest first.
    pub const COUNTED: [Span; 2] = [Span::Hour, Span::FiveMinutes];

    /// The span's number: how many five-minute buckets it has.
    pub fn code(self) -> i64 {
        match self {
            Span::FiveMinutes => 1,
            Span::Hour => BUCKETS_AN_HOUR,
            Span::Day => BUCKETS_IN_24_H,
        }
    }

    /// The number of the span that contains a five-minute bucket.
    pub fn of(self, bucket: i64) -> i64 {
        bucket.div_euclid(self.code())
    }

    /// The number of the span that contains a moment.
    pub fn at(self, moment: Timestamp) -> i64 {
        self.of(bucket_of(moment))
    }

    /// The first span of this length whose counts are kept, whether older ones are already deleted or not.
    pub fn first_kept(self, now: Timestamp) -> i64 {
        match self {
            Span::FiveMinutes => five_minutes_begin(now),
            Span::Hour => oldest_hour(now),
            Span::Day => Span::Day.of(oldest_hour(now) * BUCKETS_AN_HOUR),
        }
    }
}

/// The first five-minute bucket whose counts are kept.
fn five_minutes_begin(now: Timestamp) -> i64 {
    bucket_of(now.minus(KEPT_FIVE_MINUTES))
}

/// The first hour since 1970 whose counts are kept. No window begins earlier, whether older counts are already deleted
/// or not.
pub(in crate::service::store) fn oldest_hour(now: Timestamp) -> i64 {
    Span::Hour.at(now.minus(KEPT_HOURS))
}

/// The first hour since 1970 whose durations are kept. Older ones are ignored even if they still exist, so that an
/// answer does not depend on the progress of tidying.
pub(in crate::service::store) fn first_hour_with_durations(now: Timestamp) -> i64 {
    Span::Hour.at(now.minus(KEPT_DURATIONS))
}

/// The first day all of whose hours keep durations.
pub(in crate::service::store) fn first_day_with_durations(now: Timestamp) -> i64 {
    -(-first_hour_with_durations(now)).div_euclid(HOURS_A_DAY)
}

/// How far hours have been summed: all hours before `hour`, and in `hour` all webhooks up to `webhook`. Hours are
/// summed in this order, some time after they have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service::store) struct Summed {
    pub hour: i64,
    pub webhook: i64,
}

/// A number above that of any webhook.
const WEBHOOKS: i64 = 1 << 32;

impl Summed {
    /// The position as a number that sorts the same.
    pub fn pack(self) -> i64 {
        self.hour * WEBHOOKS + self.webhook
    }

    /// The position with this number.
    pub fn unpack(number: i64) -> Self {
        Summed { hour: number.div_euclid(WEBHOOKS), webhook: number.rem_euclid(WEBHOOKS) }
    }

    /// The position before the first webhook of an hour.
    pub fn before(hour: i64) -> Self {
        Summed { hour, webhook: 0 }
    }

    /// The first hour that may not be summed yet; an hour is left for attempts that are still being recorded.
    pub fn end(now: Timestamp) -> i64 {
        Span::Hour.at(now) - 1
    }

    /// The first day that is not summed completely.
    pub fn first_open_day(self) -> i64 {
        self.hour.div_euclid(HOURS_A_DAY)
    }
}

/// The form of a query, as far as it decides which sums answer it fastest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service::store) enum Asked {
    /// Each five minutes on their own.
    Finest,
    /// By webhook and type.
    ByType,
    /// By webhook, over all types.
    ByWebhook,
    /// By type, over all webhooks.
    OfAll,
}

/// Consecutive counts of one span: a part of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service::store) struct Piece {
    pub span: Span,
    /// The numbers of the spans.
    pub buckets: Range<i64>,
    /// Whether these are sums over all webhooks.
    pub of_all: bool,
}

/// Cuts a window of five-minute buckets into few pieces, in the order of time; uses sums as far as they exist. The day
/// in which durations begin to be kept is read from its hours: its sum has lost those that are still kept.
pub(in crate::service::store) fn cut(window: Range<i64>, asked: Asked, summed: Summed, now: Timestamp) -> Vec<Piece> {
    let within = |hour: i64| hour.saturating_mul(BUCKETS_AN_HOUR).clamp(window.start, window.end.max(window.start));
    let open = within(summed.hour);
    let timed = within(first_hour_with_durations(now)).min(open);
    let (spans, of_all): (&[Span], _) = match asked {
        Asked::Finest => return pieces(window, &[Span::FiveMinutes]),
        Asked::ByType => (&Span::COUNTED, false),
        Asked::ByWebhook => (&Span::ALL, false),
        Asked::OfAll => (&Span::COUNTED, true),
    };
    let mut all = pieces(window.start..timed, spans);
    all.extend(pieces(timed..open, spans));
    all.iter_mut().for_each(|piece| piece.of_all = of_all && piece.span == Span::Hour);
    all.extend(pieces(open..window.end, &Span::COUNTED));
    all
}

/// Cuts a window of five-minute buckets into the longest of `spans` that lie completely in it, and shorter ones at its
/// ends, in the order of time. `spans` has the longest first; what none of them fills is left out.
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

/// A window that counts are summed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::service::store) struct Window {
    /// The window's five-minute buckets.
    pub buckets: Range<i64>,
    /// The time from the first bucket's start to the last one's end, or now.
    pub span: Range<Timestamp>,
    /// The length of its counts: five minutes if all have it, an hour if some are only hours.
    pub grain: Duration,
}

impl Window {
    /// The requested window, widened to whole counts and limited to the time for which counts are kept.
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

    /// Whether all hours and days of this zone begin on an hour of UTC in this window, as in most zones.
    pub fn has_whole_hours_in(&self, zone: &Zone) -> bool {
        let hours = (self.buckets.start..self.buckets.end).step_by(BUCKETS_AN_HOUR as usize);
        let hours = hours.map(|bucket| bucket_start(bucket - bucket.rem_euclid(BUCKETS_AN_HOUR)));
        zone.is_utc() || hours.into_iter().all(|hour| zone.period(Unit::Hour, hour, BUCKET).span.start == hour)
    }

    /// The start of the count that contains a five-minute bucket; in a window with whole hours, the start of its hour.
    pub fn count_of(&self, bucket: i64) -> Timestamp {
        bucket_start(if self.grain > BUCKET { bucket - bucket.rem_euclid(BUCKETS_AN_HOUR) } else { bucket })
    }
}

/// Whether five-minute counts from this time are certainly kept.
fn is_fine(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) <= FINE_WINDOW
}

/// The first bucket at or after this one that begins an hour.
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
            start in -900i64..900, length in -9i64..9000, hour in -90i64..900, timed in -90i64..900,
        ) {
            let window = start..start + length;
            let now = bucket_start(timed * 12).plus(KEPT_DURATIONS);
            for asked in [Asked::Finest, Asked::ByType, Asked::ByWebhook, Asked::OfAll] {
                let pieces = cut(window.clone(), asked, Summed { hour, webhook: 3 }, now);
                prop_assert_eq!(buckets(&pieces), window.clone().collect::<Vec<_>>());
                for Piece { span, buckets, of_all } in pieces {
                    let is_sum = of_all || span == Span::Day;
                    prop_assert!(!is_sum || buckets.end * span.code() <= hour * 12);
                    prop_assert!(!is_sum || of_all == (asked == Asked::OfAll) && (of_all || asked == Asked::ByWebhook));
                    let is_summed = span == Span::Hour && buckets.start < hour && asked == Asked::OfAll;
                    prop_assert_eq!(is_summed, of_all);
                    prop_assert!(asked != Asked::Finest || span == Span::FiveMinutes);
                    let has_both = |day: i64| day * 24 < timed && timed < (day + 1) * 24;
                    prop_assert!(span != Span::Day || !buckets.clone().any(has_both), "durations begin within a day");
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
            // Where five-minute counts may be deleted, the window uses hours.
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
        // In this zone clocks are set back by half an hour, from +11 to +10:30.
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
