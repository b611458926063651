//! Computes where the hours and days of a time zone begin and end, including clock changes.

use std::{fmt, ops::Range, str::FromStr, time::Duration};

use jiff::{ToSpan, tz::TimeZone};

use super::{text::serde_as_text, time::Timestamp};

/// A time zone by its name, `Europe/Berlin`, or by a POSIX rule, `CET-1CEST,M3.5.0,M10.5.0/3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// The text does not name a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a time zone that is known here; they are called Europe/Berlin, or UTC")]
pub struct NotAZone(String);

impl FromStr for Zone {
    type Err = NotAZone;

    fn from_str(text: &str) -> Result<Self, NotAZone> {
        let known = TimeZone::get(text).or_else(|_| TimeZone::posix(text)).ok();
        let rules = known.filter(|rules| !rules.is_unknown()).ok_or_else(|| NotAZone(text.to_owned()))?;
        Ok(Zone { name: rules.iana_name().unwrap_or(text).to_owned(), rules })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

serde_as_text!(Zone);

impl Default for Zone {
    fn default() -> Self {
        Zone::utc()
    }
}

/// A unit of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// An hour that begins at a full hour of the zone's clocks. It is shorter if the clocks change within it.
    Hour,
    /// A day from midnight to midnight: 24 hours, or 23 or 25 if the clocks change.
    Day,
}

/// An hour or a day, rounded to buckets of counts that are `grain` long each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// From the start of its first bucket to its end.
    pub span: Range<Timestamp>,
    /// Its name: `2026-11-23`, `2026-11-23T18:00:00+01:00`.
    pub name: String,
}

impl Zone {
    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Zone { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// Whether its clocks always show UTC.
    pub fn is_utc(&self) -> bool {
        self.rules == TimeZone::UTC || matches!(self.name.as_str(), "UTC" | "Etc/UTC")
    }

    /// Returns the hour or day that contains `at`, in whole buckets of length `grain`.
    ///
    /// A zone's hour may begin in the middle of a bucket, as India's hours do in hours of UTC. The whole bucket then
    /// belongs to the period in which it begins: the period's span is shifted by that much.
    pub fn period(&self, unit: Unit, at: Timestamp, grain: Duration) -> Period {
        let true_span = match unit {
            Unit::Hour => self.hour(at),
            Unit::Day => self.day(at),
        };
        let span = rounded_up(true_span.start, grain)..rounded_up(true_span.end, grain);
        let name = match unit {
            Unit::Hour => {
                self.shown(span.start, if self.is_utc() { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%:z" })
            }
            Unit::Day => self.shown(at, "%Y-%m-%d"),
        };
        Period { span, name }
    }

    /// Returns the time that has passed since the beginning of the hour or day.
    pub fn since_the_beginning(&self, unit: Unit, at: Timestamp) -> Duration {
        at.since(self.period(unit, at, Duration::from_micros(1)).span.start)
    }

    /// Formats a moment as this zone's clocks show it.
    pub fn shown(&self, at: Timestamp, format: &str) -> String {
        at.to_jiff().to_zoned_datetime(self.rules.clone()).strftime(format).to_string()
    }

    /// Returns the span from the last full hour or clock change to the next one.
    fn hour(&self, at: Timestamp) -> Range<Timestamp> {
        const HOUR: i64 = 3_600_000_000;
        let offset = i64::from(self.rules.to_offset(at.to_jiff()).seconds()) * 1_000_000;
        let shown = at.as_micros().saturating_add(offset);
        let start = Timestamp::from_micros(shown.div_euclid(HOUR).saturating_mul(HOUR).saturating_sub(offset));
        let end = start.plus(Duration::from_secs(3600));
        // `preceding` and `following` exclude the given moment.
        let just_later = at.plus(Duration::from_micros(1)).to_jiff();
        let set_before = self.rules.preceding(just_later).next().map(|set| moment(set.timestamp()));
        let set_after = self.rules.following(at.to_jiff()).next().map(|set| moment(set.timestamp()));
        set_before.map_or(start, |set| set.max(start))..set_after.map_or(end, |set| set.min(end))
    }

    /// Returns the span from midnight to midnight. If a clock change skips midnight, the day begins at its first
    /// moment.
    fn day(&self, at: Timestamp) -> Range<Timestamp> {
        let zoned = at.to_jiff().to_zoned_datetime(self.rules.clone());
        let start = zoned.start_of_day().map_or(at, |start| moment(start.timestamp()));
        let tomorrow = zoned.date().checked_add(1.day()).and_then(|date| date.to_zoned_datetime(self.rules.clone()));
        start..tomorrow.map_or(Timestamp::MAX, |end| moment(end.timestamp()))
    }
}

fn moment(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_microsecond())
}

/// Returns the first beginning of a bucket that is not before `at`.
fn rounded_up(at: Timestamp, grain: Duration) -> Timestamp {
    let grain = i64::try_from(grain.as_micros()).unwrap_or(i64::MAX).max(1);
    let counts = at.as_micros().div_euclid(grain) + i64::from(at.as_micros().rem_euclid(grain) > 0);
    Timestamp::from_micros(counts.saturating_mul(grain))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Duration = Duration::from_secs(300);
    const COARSE: Duration = Duration::from_secs(3600);

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Returns a period's name, its beginning in UTC, and its length in minutes.
    fn period(zone: &str, unit: Unit, moment: &str, grain: Duration) -> (String, String, u64) {
        let Period { span, name } = zone.parse::<Zone>().unwrap().period(unit, at(moment), grain);
        (name, span.start.to_string()[..16].to_owned(), span.end.since(span.start).as_secs() / 60)
    }

    fn expect(zone: &str, unit: Unit, moment: &str, grain: Duration, name: &str, start: &str, minutes: u64) {
        let found = period(zone, unit, moment, grain);
        assert_eq!(found, (name.to_owned(), start.to_owned(), minutes), "{zone}, {moment}");
    }

    #[test]
    fn days_have_as_many_hours_as_their_clocks_show() {
        use Unit::Day;
        for grain in [FINE, COARSE] {
            expect("UTC", Day, "2026-11-23T17:40:00Z", grain, "2026-11-23", "2026-11-23T00:00", 1440);
            expect("Europe/Berlin", Day, "2026-11-23T23:00:00Z", grain, "2026-11-24", "2026-11-23T23:00", 1440);
            expect("Europe/Berlin", Day, "2026-10-25T12:00:00Z", grain, "2026-10-25", "2026-10-24T22:00", 1500);
            expect("Europe/Berlin", Day, "2026-03-29T12:00:00Z", grain, "2026-03-29", "2026-03-28T23:00", 1380);
            // The clocks change at midnight: the day begins at one o'clock.
            expect("Africa/Cairo", Day, "2026-04-24T12:00:00Z", grain, "2026-04-24", "2026-04-23T22:00", 1380);
            expect(
                "CET-1CEST,M3.5.0,M10.5.0/3",
                Day,
                "2026-10-25T12:00:00Z",
                grain,
                "2026-10-25",
                "2026-10-24T22:00",
                1500,
            );
        }
    }

    #[test]
    fn an_hour_that_comes_twice_has_two_names() {
        use Unit::Hour;
        for grain in [FINE, COARSE] {
            expect("UTC", Hour, "2026-11-23T17:40:00Z", grain, "2026-11-23T17:00:00Z", "2026-11-23T17:00", 60);
            for (moment, name) in [
                ("2026-10-25T00:00:00Z", "2026-10-25T02:00:00+02:00"),
                ("2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00"),
                ("2026-10-25T02:00:00Z", "2026-10-25T03:00:00+01:00"),
                ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"),
            ] {
                expect("Europe/Berlin", Hour, moment, grain, name, &moment[..16], 60);
            }
        }
    }

    #[test]
    fn zones_between_the_hours_are_right_by_minutes_and_say_when_they_begin_by_hours() {
        use Unit::{Day, Hour};
        let noon = "2026-11-23T12:00:00Z";
        expect("Asia/Kolkata", Day, noon, FINE, "2026-11-23", "2026-11-22T18:30", 1440);
        expect("Asia/Kolkata", Day, noon, COARSE, "2026-11-23", "2026-11-22T19:00", 1440);
        expect("Asia/Kolkata", Hour, noon, FINE, "2026-11-23T17:00:00+05:30", "2026-11-23T11:30", 60);
        expect("Asia/Kolkata", Hour, noon, COARSE, "2026-11-23T17:30:00+05:30", "2026-11-23T12:00", 60);
        expect("Asia/Kathmandu", Day, noon, FINE, "2026-11-23", "2026-11-22T18:15", 1440);
        expect("America/St_Johns", Day, "2026-11-23T03:30:00Z", FINE, "2026-11-23", "2026-11-23T03:30", 1440);
        expect("America/St_Johns", Day, "2026-11-23T03:00:00Z", COARSE, "2026-11-22", "2026-11-22T04:00", 1440);
        // The clocks change by half an hour: 02:00+11:00 becomes 01:30+10:30.
        expect(
            "Australia/Lord_Howe",
            Hour,
            "2026-04-04T14:55:00Z",
            FINE,
            "2026-04-05T01:00:00+11:00",
            "2026-04-04T14:00",
            60,
        );
        expect(
            "Australia/Lord_Howe",
            Hour,
            "2026-04-04T15:00:00Z",
            FINE,
            "2026-04-05T01:30:00+10:30",
            "2026-04-04T15:00",
            30,
        );
        expect("Australia/Lord_Howe", Day, "2026-04-05T00:00:00Z", FINE, "2026-04-05", "2026-04-04T13:00", 1470);
        let kolkata: Zone = "Asia/Kolkata".parse().unwrap();
        assert_eq!(kolkata.since_the_beginning(Day, at("2026-11-22T19:00:00Z")), Duration::from_secs(1800));
        assert_eq!(kolkata.since_the_beginning(Day, at("2026-11-22T18:30:00Z")), Duration::ZERO);
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        let zones = [
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Asia/Kolkata",
            "Australia/Lord_Howe",
            "Africa/Cairo",
            "Asia/Kathmandu",
            "Pacific/Chatham",
            "America/St_Johns",
            "America/Havana",
            "Pacific/Apia",
            "<-0307>3:07",
        ];
        for (zone, unit) in zones.iter().flat_map(|zone| [(*zone, Unit::Hour), (*zone, Unit::Day)]) {
            for grain in [FINE, COARSE] {
                let zone: Zone = zone.parse().unwrap();
                let mut moment = at("2026-03-01T00:00:00Z");
                while moment < at("2026-12-01T00:00:00Z") {
                    let period = zone.period(unit, moment, grain);
                    assert!(period.span.contains(&moment), "{zone} {unit:?} at {moment}: {period:?}");
                    assert_eq!(zone.period(unit, period.span.start, grain), period, "{zone} {unit:?} at {moment}");
                    let next = zone.period(unit, period.span.end, grain);
                    assert!(
                        next.span.start == period.span.end && next.name != period.name,
                        "{zone}: {period:?} {next:?}"
                    );
                    moment = period.span.end;
                }
            }
        }
    }

    #[test]
    fn zones_have_names() {
        for (text, name) in
            [("europe/berlin", "Europe/Berlin"), ("UTC", "UTC"), ("EST5EDT,M3.2.0,M11.1.0", "EST5EDT,M3.2.0,M11.1.0")]
        {
            assert_eq!(text.parse::<Zone>().unwrap().to_string(), name);
        }
        assert!(Zone::default().is_utc() && "Etc/UTC".parse::<Zone>().unwrap().is_utc());
        for wrong in ["", "Berlin", "../../etc/passwd", "Etc/Unknown", "UTC+25:99", "Europe/Berlin\0", "local"] {
            assert!(wrong.parse::<Zone>().is_err(), "{wrong}");
        }
    }
}
