//! Whether a source has been silent for too long.

use std::{fmt, str::FromStr, time::Duration};

use crate::domain::{
    calendar::{Unit, Zone},
    text::serde_as_text,
    time::Timestamp,
};

/// Days of the week: `mon-fri`, `sat,sun`, `mon-wed,fri`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Weekdays(u8);

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The text does not name days of the week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" are not days of the week, such as mon-fri or sat,sun")]
pub struct NotWeekdays(String);

impl Weekdays {
    /// Every day.
    pub const ALL: Weekdays = Weekdays(0x7f);

    fn has(self, day: usize) -> bool {
        self.0 >> day & 1 == 1
    }
}

impl FromStr for Weekdays {
    type Err = NotWeekdays;

    fn from_str(text: &str) -> Result<Self, NotWeekdays> {
        let not = || NotWeekdays(text.to_owned());
        let day = |name: &str| NAMES.iter().position(|day| name.trim().eq_ignore_ascii_case(day)).ok_or_else(not);
        let mut days = 0;
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (day(first)?, day(last)?);
            // A range may go over the week's end: sat-mon.
            let length = (last + 7 - first) % 7;
            days |= (0..=length).fold(0, |days, on| days | 1 << ((first + on) % 7));
        }
        Ok(Weekdays(days))
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let mut day = 0;
        while day < 7 {
            if !self.has(day) {
                day += 1;
                continue;
            }
            let end = (day..7).take_while(|day| self.has(*day)).last().unwrap_or(day);
            parts.push(match end - day {
                0 => NAMES[day].to_owned(),
                1 => format!("{},{}", NAMES[day], NAMES[end]),
                _ => format!("{}-{}", NAMES[day], NAMES[end]),
            });
            day = end + 1;
        }
        f.pad(&parts.join(","))
    }
}

serde_as_text!(Weekdays);

/// How often something must come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The longest silence, counted on the expected days alone.
    pub within: Duration,
    /// The days on which something comes.
    pub days: Weekdays,
    /// The zone of these days.
    pub zone: Zone,
}

impl Expectation {
    /// Whether nothing came for longer than expected, when the last came at `last`.
    pub fn is_missed(&self, last: Timestamp, now: Timestamp) -> bool {
        let mut waited = Duration::ZERO;
        let mut end = now;
        // It goes back day by day, and ends soon: each week has at least one of the days.
        while end > last && waited <= self.within {
            let day = self.zone.period(Unit::Day, end.minus(Duration::from_micros(1)), Duration::from_micros(1)).span;
            let start = day.start.max(last);
            if self.days.has(weekday(&self.zone, day.start)) {
                waited += end.since(start);
            }
            if day.start >= end {
                break;
            }
            end = day.start;
        }
        waited > self.within
    }
}

/// The day of the week, 0 for Monday.
fn weekday(zone: &Zone, at: Timestamp) -> usize {
    zone.shown(at, "%u").parse::<usize>().map_or(0, |day| (day + 6) % 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written_in_one_form() {
        for (text, written) in [
            ("mon-fri", "mon-fri"),
            ("Sat,SUN", "sat,sun"),
            ("fri,mon-wed", "mon-wed,fri"),
            ("sat-mon", "mon,sat,sun"),
            ("mon-sun", "mon-sun"),
            ("tue", "tue"),
        ] {
            assert_eq!(text.parse::<Weekdays>().unwrap().to_string(), written, "{text}");
        }
        for wrong in ["", "monday", "mon-", "1-5", "mon;tue"] {
            assert!(wrong.parse::<Weekdays>().is_err(), "{wrong}");
        }
        assert_eq!("mon-sun".parse(), Ok(Weekdays::ALL));
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn only_the_expected_days_count() {
        let working = Expectation {
            within: Duration::from_secs(24 * 3600),
            days: "mon-fri".parse().unwrap(),
            zone: "Europe/Berlin".parse().unwrap(),
        };
        // Friday, 17:00 in Berlin.
        let friday = at("2026-11-20T16:00:00Z");
        assert!(!working.is_missed(friday, at("2026-11-22T20:00:00Z")), "on Sunday");
        assert!(!working.is_missed(friday, at("2026-11-23T15:59:00Z")), "on Monday before 17:00");
        assert!(working.is_missed(friday, at("2026-11-23T16:00:01Z")));
        let always = Expectation { days: Weekdays::ALL, ..working.clone() };
        assert!(always.is_missed(friday, at("2026-11-21T16:00:01Z")));
        assert!(!always.is_missed(friday, friday));
        assert!(!always.is_missed(friday, at("2026-11-20T15:00:00Z")), "a clock that was set back");
    }

    #[test]
    fn a_day_has_23_hours_when_the_clocks_change() {
        let sunday = Expectation {
            within: Duration::from_secs(23 * 3600),
            days: "sun".parse().unwrap(),
            zone: "Europe/Berlin".parse().unwrap(),
        };
        let before = at("2027-03-27T00:00:00Z");
        assert!(!sunday.is_missed(before, at("2027-03-28T22:00:00Z")), "this Sunday has 23 hours");
        assert!(sunday.is_missed(before, at("2027-04-03T22:00:01Z")), "the next Sunday has begun");
    }

    #[test]
    fn it_ends_after_years_too() {
        let rarely =
            Expectation { within: Duration::from_secs(90 * 86_400), days: "mon".parse().unwrap(), zone: Zone::utc() };
        assert!(rarely.is_missed(at("1990-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z")));
    }
}
