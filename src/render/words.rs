//! Formats numbers and times for people.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{Cell, TimeStyle, View};
use crate::{domain::time::Timestamp, term::Tone};

pub use crate::domain::text::thousands;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Formats a duration briefly: `35 ms`, `1.2 s`, `20 s`, `4 min 48 s`, `2 h 5 min`, `3 d 4 h`.
pub fn duration(span: Duration) -> String {
    let seconds = span.as_secs();
    let two = |large: u64, unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {small_unit}"),
    };
    match seconds {
        0 => format!("{} ms", span.as_millis()),
        1..10 if span.subsec_millis() >= 100 => format!("{seconds}.{} s", span.subsec_millis() / 100),
        1..MINUTE => format!("{seconds} s"),
        MINUTE..HOUR => two(seconds / MINUTE, "min", seconds % MINUTE, "s"),
        HOUR..DAY => two(seconds / HOUR, "h", seconds % HOUR / MINUTE, "min"),
        _ => two(seconds / DAY, "d", seconds % DAY / HOUR, "h"),
    }
}

/// Formats milliseconds as a duration.
pub fn milliseconds(millis: u64) -> String {
    duration(Duration::from_millis(millis))
}

/// Formats a past time roughly, in one unit.
fn ago(span: Duration) -> String {
    match span.as_secs() {
        0 => "just now".to_owned(),
        seconds @ 1..MINUTE => format!("{seconds} s ago"),
        seconds @ MINUTE..HOUR => format!("{} min ago", seconds / MINUTE),
        seconds @ HOUR..DAY => format!("{} h ago", seconds / HOUR),
        seconds => format!("{} d ago", seconds / DAY),
    }
}

/// Formats a duration in one unit and at most four columns (up to three digits): `45s`, `22m`, `2h`, `1d`.
pub fn brief(span: Duration) -> String {
    match span.as_secs() {
        seconds @ 0..MINUTE => format!("{seconds}s"),
        seconds @ MINUTE..HOUR => format!("{}m", seconds / MINUTE),
        seconds @ HOUR..DAY => format!("{}h", seconds / HOUR),
        seconds => format!("{}d", seconds / DAY),
    }
}

/// Formats a time in a table for people: `45s` since, `in 4m`, `Wed 25 Nov 16:55`, or RFC 3339 in UTC.
pub fn brief_time(at: Timestamp, view: &View) -> Cell {
    Cell::plain(match view.times {
        TimeStyle::Relative if at > view.now => format!("in {}", brief(at.since(view.now))),
        TimeStyle::Relative => brief(view.now.since(at)),
        TimeStyle::Local => date(at, view, "%H:%M"),
        TimeStyle::Utc => at.to_string(),
    })
}

/// Formats a time in a sentence: on a terminal as `Wed 25 Nov 16:55`, unless RFC 3339 is requested.
pub fn day_and_time(at: Timestamp, view: &View) -> String {
    let wants_date = view.terminal && view.times != TimeStyle::Utc;
    if wants_date { date(at, view, "%H:%M") } else { time(at, view) }
}

/// Formats a day and a time of this machine as people write them: `Wed 25 Nov 16:55`. Another year is included.
fn date(at: Timestamp, view: &View, time: &str) -> String {
    let [at, now] = [at, view.now].map(|at| at.to_jiff().to_zoned_datetime(view.zone.clone()));
    let year = if at.year() == now.year() { "" } else { " %Y" };
    at.strftime(&format!("%a %-d %b{year} {time}")).to_string()
}

/// Formats a time as the view requests: `2 min ago`, `in 4 min 48 s`, local, or RFC 3339 in UTC.
pub fn time(at: Timestamp, view: &View) -> String {
    match view.times {
        TimeStyle::Relative if at > view.now => match at.since(view.now).as_secs() {
            0 => "now".to_owned(),
            seconds => format!("in {}", duration(Duration::from_secs(seconds))),
        },
        TimeStyle::Relative => ago(view.now.since(at)),
        TimeStyle::Local if view.is_for_people() => date(at, view, "%H:%M:%S"),
        TimeStyle::Local => {
            at.to_jiff().to_zoned_datetime(view.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
        }
        TimeStyle::Utc => at.to_string(),
    }
}

/// Formats a time as the view requests, with the date if it is relative: `2 min ago (Wed 25 Nov 16:55:05)`.
pub fn time_and_date(at: Timestamp, view: &View, zone: &TimeZone) -> String {
    let day = date(at, &View { zone: zone.clone(), ..view.clone() }, "%H:%M:%S");
    let time = time(at, view);
    if view.times == TimeStyle::Relative { format!("{time} ({day})") } else { time }
}

/// Formats a time that may be missing.
pub fn time_or_nothing(at: Option<Timestamp>, view: &View) -> Cell {
    at.map_or_else(Cell::nothing, |at| Cell::plain(time(at, view)))
}

/// Formats an error rate: `38 % of 21`, or `none yet`. It is `0 %` only if nothing failed, and `100 %` only if
/// everything failed.
pub fn error_rate(failed: u64, finished: u64) -> Cell {
    if finished == 0 {
        return Cell::toned("none yet", Tone::Receding);
    }
    Cell::plain(format!("{} % of {finished}", percent(failed, finished)))
}

/// Formats a share of failed attempts in a table for people: `7 % of 1,055`.
pub fn share(failed: u64, finished: u64, tone: Tone) -> Cell {
    match finished {
        0 => Cell::nothing(),
        _ => Cell::share(format!("{} % of {}", percent(failed, finished), thousands(finished)), tone),
    }
}

/// Returns a share in percent, where 0 and 100 mean none and all.
pub fn percent(part: u64, whole: u64) -> u64 {
    let rounded = (u128::from(part) * 200 + u128::from(whole)) / (u128::from(whole.max(1)) * 2);
    let rounded = u64::try_from(rounded).unwrap_or(100);
    match (part, rounded) {
        (0, _) => 0,
        (part, _) if part >= whole => 100,
        (_, 0) => 1,
        (_, 100..) => 99,
        (_, rounded) => rounded,
    }
}

/// Formats a count: `1 webhook`, `2 webhooks`, `3 deliveries`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {}", plural(noun)) }
}

/// Returns the plural: `webhooks`, `deliveries`.
pub fn plural(noun: &str) -> String {
    noun.strip_suffix('y').map_or_else(|| format!("{noun}s"), |stem| format!("{stem}ies"))
}

/// Joins words: `a, b and c`.
pub fn listed<T: AsRef<str>>(words: &[T]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Term, Terminals};

    #[test]
    fn durations_use_at_most_two_units() {
        let of = |millis| milliseconds(millis);
        assert_eq!(of(0), "0 ms");
        assert_eq!(of(999), "999 ms");
        assert_eq!(of(1_000), "1 s");
        assert_eq!(of(1_250), "1.2 s");
        assert_eq!(of(20_500), "20 s");
        assert_eq!(of(288_000), "4 min 48 s");
        assert_eq!(of(7_200_000), "2 h");
        assert_eq!(of(7_500_000), "2 h 5 min");
        assert_eq!(of(273_600_000), "3 d 4 h");
    }

    #[test]
    fn times_follow_the_style() {
        let now = Timestamp::from_seconds(1_795_455_600);
        let (term, _) = Term::captured("", Terminals { stdout: true, ..Terminals::default() }, 80);
        let mut view = View::new(&term, now);
        assert_eq!(time(now.minus(Duration::from_secs(125)), &view), "2 min ago");
        assert_eq!(time(now, &view), "just now");
        assert_eq!(time(now.plus(Duration::from_secs(288)), &view), "in 4 min 48 s");
        view.times = TimeStyle::Utc;
        assert_eq!(time(now, &view), "2026-11-23T17:40:00.000Z");
        view.times = TimeStyle::Local;
        view.zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(time(now, &view), "Mon 23 Nov 18:40:00");
        assert_eq!(time(now.minus(Duration::from_secs(360 * DAY)), &view), "Fri 28 Nov 2025 18:40:00");
        assert_eq!(brief_time(now, &view).text, "Mon 23 Nov 18:40");
        view.terminal = false;
        assert_eq!(time(now, &view), "2026-11-23 18:40:00 CET");
    }

    #[test]
    fn tables_have_times_of_one_unit() {
        let of = |seconds| brief(Duration::from_secs(seconds));
        let expected = ["0s", "45s", "1m", "59m", "1h", "23h", "1d", "400d"];
        assert_eq!([0, 45, 60, 3599, 3600, 86_399, 86_400, 34_560_000].map(of), expected);
        let now = Timestamp::from_seconds(1_795_455_600);
        let (term, _) = Term::captured("", Terminals { stdout: true, ..Terminals::default() }, 80);
        let view = View::new(&term, now);
        assert_eq!(brief_time(now.minus(Duration::from_secs(125)), &view).text, "2m");
        assert_eq!(brief_time(now.plus(Duration::from_secs(288)), &view).text, "in 4m");
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!([0, 999, 1_000, 3_204, 1_234_567].map(thousands), ["0", "999", "1,000", "3,204", "1,234,567"]);
        assert_eq!(share(70, 1_055, Tone::Plain).text, "7 % of 1,055");
        assert_eq!(share(0, 0, Tone::Plain), Cell::nothing());
        assert_eq!(
            (share(999, 1_000, Tone::Plain).text, share(1, 1_000, Tone::Plain).text),
            ("99 % of 1,000".into(), "1 % of 1,000".into())
        );
    }

    #[test]
    fn error_rates_never_round_to_none_or_all() {
        assert_eq!(error_rate(0, 0), Cell::toned("none yet", Tone::Receding));
        assert_eq!(error_rate(0, 412), Cell::plain("0 % of 412"));
        assert_eq!(error_rate(1, 412), Cell::plain("1 % of 412"));
        assert_eq!(error_rate(8, 21), Cell::plain("38 % of 21"));
        assert_eq!(error_rate(999, 1000).text, "99 % of 1000");
        assert_eq!(error_rate(21, 21).text, "100 % of 21");
    }

    #[test]
    fn words_are_counted_and_listed() {
        assert_eq!(count(1, "webhook"), "1 webhook");
        assert_eq!(count(0, "delivery"), "0 deliveries");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a"]), "a");
    }
}
