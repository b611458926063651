//! Which moments a clocking's local times mean. They carry no offset, so that a time in the hour that comes twice can be
//! read in two ways, and one in the hour that is skipped as well: with the offset from before the change, and with the
//! one from after it.
//!
//! A clocking is stored after it was made, mostly at once. So the reading is taken that lies at or before `timeInserted`
//! and nearest to it; where there is none, as when a terminal's clock is fast or `timeInserted` is missing, the one with
//! the offset from before the change. A terminal that was offline stores its clockings late, when both readings have
//! passed: then nothing tells them apart, and the later one is taken.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

use super::data::EventData;
use crate::domain::event;

/// What the local times of one clocking are read by.
pub(super) struct Moments {
    zone: Option<TimeZone>,
    inserted: Option<Timestamp>,
    logged: Option<Timestamp>,
}

impl Moments {
    /// Those of this data.
    pub(super) fn of(data: &EventData) -> Self {
        let text = |name| data.get(name).as_str();
        let zone = text("timeZone").and_then(|name| event::time_zone(&name));
        let inserted = text("timeInserted").and_then(|text| utc(&text));
        let local = text("timeLogged").and_then(|text| event::local_time(&text));
        let logged = zone.as_ref().zip(local).and_then(|(zone, local)| moment(zone, local, inserted));
        Moments { zone, inserted, logged }
    }

    /// A local time with the offset of its zone, in RFC 3339. One that says its own offset stands as it came.
    ///
    /// The rounded time is the reading that lies nearest to the clocking itself: whatever it was rounded by, the two belong
    /// together.
    pub(super) fn with_offset(&self, name: &str, text: &str) -> Option<String> {
        let Some(local) = event::local_time(text) else {
            return text.parse::<Timestamp>().ok().map(|_| text.to_owned());
        };
        let zone = self.zone.as_ref()?;
        let moment = match self.logged {
            Some(logged) if name == "timeLoggedRounded" => nearest(zone, local, logged),
            Some(logged) if name == "timeLogged" => Some(logged),
            _ => moment(zone, local, self.inserted),
        }?;
        Some(moment.display_with_offset(zone.to_offset(moment)).to_string())
    }
}

/// The moment of a text that means one in UTC, whether it says so or not.
pub(super) fn utc(text: &str) -> Option<Timestamp> {
    let unsaid = || TimeZone::UTC.to_timestamp(event::local_time(text)?).ok();
    text.parse().ok().or_else(unsaid)
}

/// The moment that a local time means when it was stored then.
pub(super) fn moment(zone: &TimeZone, local: DateTime, inserted: Option<Timestamp>) -> Option<Timestamp> {
    let [before, after] = readings(zone, local);
    let [before, after] = [before?, after?];
    let not_after = |reading: &Timestamp| inserted.is_some_and(|inserted| *reading <= inserted);
    Some([before, after].into_iter().filter(not_after).max().unwrap_or(before))
}

/// The reading of a local time that is nearest to a moment.
fn nearest(zone: &TimeZone, local: DateTime, to: Timestamp) -> Option<Timestamp> {
    readings(zone, local).into_iter().flatten().min_by_key(|reading| reading.duration_since(to).abs())
}

/// A local time with the offset from before a change and with that from after it: twice the same where nothing changes.
/// None of one that is beyond the calendar.
fn readings(zone: &TimeZone, local: DateTime) -> [Option<Timestamp>; 2] {
    let (before, after) = match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => (offset, offset),
        AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => (before, after),
    };
    [before, after].map(|offset| offset.to_timestamp(local).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        event::time_zone(name).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The moment of a local time in a zone, stored then; in UTC.
    fn read(name: &str, local: &str, inserted: &str) -> String {
        let inserted = (!inserted.is_empty()).then(|| at(inserted));
        moment(&zone(name), event::local_time(local).unwrap(), inserted).unwrap().to_string()
    }

    #[test]
    fn in_the_hour_that_comes_twice_the_reading_is_taken_that_was_just_stored() {
        let berlin = |inserted| read("Europe/Berlin", "2026-10-25T02:10:00", inserted);
        assert_eq!(berlin("2026-10-25T00:10:01Z"), "2026-10-25T00:10:00Z");
        assert_eq!(berlin("2026-10-25T01:10:01Z"), "2026-10-25T01:10:00Z");
        assert_eq!(berlin("2026-10-25T01:10:00Z"), "2026-10-25T01:10:00Z", "at that moment");
        assert_eq!(berlin("2026-10-25T01:09:59Z"), "2026-10-25T00:10:00Z", "the second is not yet");
        assert_eq!(berlin("2026-10-26T09:00:00Z"), "2026-10-25T01:10:00Z", "a terminal that was offline");
        assert_eq!(berlin("2026-10-24T23:00:00Z"), "2026-10-25T00:10:00Z", "a terminal whose clock is fast");
        assert_eq!(berlin(""), "2026-10-25T00:10:00Z");
        let lord_howe = |inserted| read("Australia/Lord_Howe", "2026-04-05T01:45:00", inserted);
        assert_eq!(lord_howe("2026-04-04T14:45:02Z"), "2026-04-04T14:45:00Z");
        assert_eq!(lord_howe("2026-04-04T15:15:02Z"), "2026-04-04T15:15:00Z");
        assert_eq!(lord_howe("2026-04-04T15:14:59Z"), "2026-04-04T14:45:00Z");
        let new_york = |inserted| read("America/New_York", "2026-11-01T01:30:00", inserted);
        assert_eq!(new_york("2026-11-01T06:30:05Z"), "2026-11-01T06:30:00Z");
        assert_eq!(new_york("2026-11-01T05:30:05Z"), "2026-11-01T05:30:00Z");
    }

    #[test]
    fn an_hour_that_is_skipped_is_read_by_the_same_rule() {
        let berlin = |inserted| read("Europe/Berlin", "2026-03-29T02:30:00", inserted);
        assert_eq!(berlin("2026-03-29T01:30:05Z"), "2026-03-29T01:30:00Z", "a clock that was not put forward");
        assert_eq!(berlin("2026-03-29T00:30:05Z"), "2026-03-29T00:30:00Z", "one that was put forward too early");
        assert_eq!(berlin("2026-03-30T00:00:00Z"), "2026-03-29T01:30:00Z");
        assert_eq!(berlin(""), "2026-03-29T01:30:00Z");
        let lord_howe = |inserted| read("Australia/Lord_Howe", "2026-10-04T02:15:00", inserted);
        assert_eq!(lord_howe("2026-10-03T15:45:05Z"), "2026-10-03T15:45:00Z");
        assert_eq!(lord_howe("2026-10-03T15:15:05Z"), "2026-10-03T15:15:00Z");
    }

    #[test]
    fn a_day_that_is_skipped_and_the_ends_of_the_calendar_have_their_readings() {
        assert_eq!(read("Pacific/Apia", "2011-12-30T12:00:00", ""), "2011-12-30T22:00:00Z");
        assert_eq!(read("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-29T22:00:01Z"), "2011-12-29T22:00:00Z");
        let end = event::local_time("9999-12-31T23:59:59").unwrap();
        assert_eq!(moment(&zone("America/New_York"), end, None), None);
    }

    #[test]
    fn a_moment_in_utc_need_not_say_so() {
        assert_eq!(utc("2026-10-25T01:10:01.1834521Z"), Some(at("2026-10-25T01:10:01.1834521Z")));
        assert_eq!(utc("2026-10-25T01:10:01"), Some(at("2026-10-25T01:10:01Z")));
        assert_eq!(utc("2026-10-25T02:10:01+01:00"), Some(at("2026-10-25T01:10:01Z")));
        assert_eq!(utc("this morning"), None);
    }

    const ZONES: [&str; 10] = [
        "Europe/Berlin",
        "Europe/London",
        "Australia/Lord_Howe",
        "America/New_York",
        "America/St_Johns",
        "Pacific/Chatham",
        "Africa/Casablanca",
        "Asia/Kolkata",
        "Antarctica/Troll",
        "America/Nuuk",
    ];

    proptest! {
        /// What a terminal shows and stores within so many seconds is read as the moment it was, in any zone, around any
        /// change: all shifts of that year are crossed by times of its days.
        #[test]
        fn a_clocking_stored_at_once_is_read_as_it_was(
            name in proptest::sample::select(&ZONES[..]), second in 1_767_225_600_i64..1_798_761_600, delay in 0_i64..1_800,
        ) {
            let zone = zone(name);
            let clocked = Timestamp::from_second(second).unwrap();
            let inserted = Timestamp::from_second(second + delay).unwrap();
            prop_assert_eq!(moment(&zone, zone.to_datetime(clocked), Some(inserted)), Some(clocked));
        }

        /// Near a change too, where few of the times above fall.
        #[test]
        fn near_a_change_too(name in proptest::sample::select(&ZONES[..]), from in -7_200_i64..7_200, delay in 0_i64..1_800) {
            let zone = zone(name);
            for change in zone.following(at("2026-01-01T00:00:00Z")).take(4) {
                let clocked = Timestamp::from_second(change.timestamp().as_second() + from).unwrap();
                let inserted = Timestamp::from_second(clocked.as_second() + delay).unwrap();
                prop_assert_eq!(moment(&zone, zone.to_datetime(clocked), Some(inserted)), Some(clocked), "{}", clocked);
            }
        }

        /// In which order two clockings were made is told by what is read of them.
        #[test]
        fn an_out_is_never_before_its_in(name in proptest::sample::select(&ZONES[..]), from in -7_200_i64..7_200, span in 1_i64..9_000) {
            let zone = zone(name);
            for change in zone.following(at("2026-01-01T00:00:00Z")).take(4) {
                let read = |second: i64| {
                    let clocked = Timestamp::from_second(change.timestamp().as_second() + second).unwrap();
                    moment(&zone, zone.to_datetime(clocked), Some(Timestamp::from_second(clocked.as_second() + 1).unwrap()))
                };
                prop_assert!(read(from) < read(from + span));
            }
        }

        #[test]
        fn what_was_rounded_stays_with_its_clocking(name in proptest::sample::select(&ZONES[..]), from in -7_200_i64..7_200, delay in -7_200_i64..7_200) {
            let zone = zone(name);
            for change in zone.following(at("2026-01-01T00:00:00Z")).take(4) {
                let local = zone.to_datetime(Timestamp::from_second(change.timestamp().as_second() + from).unwrap());
                let inserted = Timestamp::from_second(change.timestamp().as_second() + delay).unwrap();
                let logged = moment(&zone, local, Some(inserted)).unwrap();
                let rounded = local.with().second(0).build().unwrap();
                let span = logged.duration_since(nearest(&zone, rounded, logged).unwrap()).as_secs();
                prop_assert!((0..60).contains(&span), "{} {}", local, span);
            }
        }
    }
}
