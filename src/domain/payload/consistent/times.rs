//! When a clocking was made and when it was stored, each following from the other, in the zone that is named.

use std::time::Duration;

use jiff::{
    Timestamp as Moment,
    civil::{Date, DateTime, ISOWeekDate},
    tz::TimeZone,
};
use serde_json::Value;

use super::{
    super::moments::{moment, utc},
    keys::given_sequence,
    making::{Making, digest},
    occasion::{Occasion, to_milliseconds},
};
use crate::domain::{
    event::{self, EventType},
    time::Timestamp,
};

/// How long before its record is changed or removed a clocking was made.
const EARLIER: Duration = Duration::from_secs(14 * 60 + 4);

/// How a person is identified who did not clock at a terminal: somebody has typed the clocking, to the minute.
pub(super) const BY_HAND: i64 = 12;

/// What the times of a clocking are.
pub(super) struct Times {
    /// The day on which it was made, where it was made.
    pub(super) day: Date,
    /// When its event has happened, to the millisecond.
    pub(super) happened: Timestamp,
}

/// Lets the times follow from those that were given, and all of them from the occasion.
pub(super) fn follow(making: &mut Making<'_>, event_type: EventType, occasion: &Occasion) -> Times {
    let zone = zone(making.text("timeZone"));
    let by_hand = making.value("verificationModeId").as_i64() == Some(BY_HAND);
    if by_hand && making.is_given("verificationModeId") {
        making.put("deviceSerialNumber", Value::Null);
    }
    if making.is_given("timeLoggedRounded") {
        let rounded = making.value("timeLoggedRounded");
        making.put("timeLogged", rounded);
    }
    let is_logged = making.is_any_given(&["timeLogged", "timeLoggedRounded"]);
    let inserted = making.text("timeInserted").filter(|_| making.is_given("timeInserted")).and_then(utc);
    let logged = making.text("timeLogged").filter(|_| is_logged).and_then(|text| read(text, &zone, inserted));
    let clocked = logged.unwrap_or_else(|| match inserted {
        Some(inserted) => less(inserted, earlier(event_type)),
        None => less(on_given_day(making, &zone, occasion), earlier(event_type)),
    });
    let stored = inserted.unwrap_or_else(|| stored(event_type, clocked, logged.is_some(), occasion));
    let clocked = if logged.is_some() { clocked } else { as_shown(clocked, &zone, by_hand) };
    if !is_logged {
        making.put("timeLogged", zone.to_datetime(clocked).to_string());
    }
    round(making, &zone);
    if inserted.is_none() {
        let text = with_all_digits(making, stored).to_string();
        making.put("timeInserted", text);
    }
    let happened = Timestamp::from_micros(stored.as_microsecond());
    let happened = match occasion.is_set {
        true => occasion.at,
        false if event_type.is_deletion() => happened.max(occasion.at),
        false => happened,
    };
    Times { day: zone.to_datetime(clocked).date(), happened: to_milliseconds(happened) }
}

/// The zone of this name; UTC where there is none.
pub(super) fn zone(name: Option<&str>) -> TimeZone {
    name.and_then(event::time_zone).unwrap_or(TimeZone::UTC)
}

/// The moment that the text of `timeLogged` means.
pub(super) fn read(text: &str, zone: &TimeZone, inserted: Option<Moment>) -> Option<Moment> {
    match event::local_time(text) {
        Some(local) => moment(zone, local, inserted),
        None => text.parse().ok(),
    }
}

fn earlier(event_type: EventType) -> Duration {
    if event_type == EventType::ATTENDANCE_UPDATED || event_type.is_deletion() { EARLIER } else { Duration::ZERO }
}

fn less(moment: Moment, span: Duration) -> Moment {
    moment.checked_sub(span).unwrap_or(moment)
}

/// When the event happens; on the day that a sequence or a pair names, or in the week of a pay period, if that was given
/// and nothing more exact.
fn on_given_day(making: &Making<'_>, zone: &TimeZone, occasion: &Occasion) -> Moment {
    let at = occasion.at.to_jiff();
    let local = zone.to_datetime(at);
    let (today, yesterday) = (local.date(), local.date().yesterday().unwrap_or_default());
    let of_sequence = given_sequence(making).map(|sequence| sequence.date).filter(|date| *date != yesterday);
    let week = making.text("payPeriodName").filter(|_| making.is_given("payPeriodName"));
    let of_week = || week_day(week?.parse().ok()?, today);
    match of_sequence.or_else(of_week) {
        Some(day) if day != today && !occasion.is_set => {
            let then = DateTime::from_parts(day, local.time());
            zone.to_ambiguous_timestamp(then).compatible().unwrap_or(at)
        }
        _ => at,
    }
}

/// The same day of the week in the last week of this number. Not every year has a week 53: the seventh from here may.
fn week_day(week: i8, today: Date) -> Option<Date> {
    let now = today.iso_week_date();
    let in_year = |year| ISOWeekDate::new(year, week, now.weekday()).ok().map(|day| day.date());
    (0..8).filter_map(|ago| in_year(now.year() - ago)).find(|day| *day <= today)
}

/// When the record was stored that was clocked then: as it happens; changed a while later, or now.
fn stored(event_type: EventType, clocked: Moment, is_given: bool, occasion: &Occasion) -> Moment {
    let at = Some(occasion.at.to_jiff()).filter(|at| *at >= clocked);
    match event_type {
        EventType::ATTENDANCE_UPDATED => {
            let later = || clocked.checked_add(EARLIER).unwrap_or(clocked);
            at.filter(|_| is_given).unwrap_or_else(later)
        }
        _ if is_given && occasion.is_set && !event_type.is_deletion() => at.unwrap_or(clocked),
        _ => clocked,
    }
}

/// As a terminal notes it, to the second; whoever types a clocking does so to the minute.
fn as_shown(clocked: Moment, zone: &TimeZone, by_hand: bool) -> Moment {
    let local = zone.to_datetime(clocked);
    let seconds = if by_hand { local.second().unsigned_abs() } else { 0 };
    let fraction = Duration::from_nanos(local.subsec_nanosecond().unsigned_abs().into());
    less(clocked, fraction + Duration::from_secs(seconds.into()))
}

/// The rounded time is the logged one, down to the minute.
fn round(making: &mut Making<'_>, zone: &TimeZone) {
    if let Some(text) = making.text("timeLogged") {
        let rounded = match text {
            "" => making.value("timeLogged"),
            text => rounded(text, zone).map_or(Value::Null, |local| local.to_string().into()),
        };
        making.put("timeLoggedRounded", rounded);
    }
}

/// A logged time down to the minute.
pub(super) fn rounded(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let local = event::local_time(text).or_else(|| text.parse().ok().map(|moment| zone.to_datetime(moment)))?;
    local.with().second(0).subsec_nanosecond(0).build().ok()
}

/// With seven digits of a second's fraction, as most have on the wire: those below the millisecond are made up.
fn with_all_digits(making: &Making<'_>, stored: Moment) -> Moment {
    const MILLISECOND: i128 = 1_000_000;
    let whole = stored.as_nanosecond().div_euclid(MILLISECOND) + i128::from(stored.as_nanosecond() % MILLISECOND != 0);
    let parts = ["userId", "timeLogged"].map(|name| making.text(name).unwrap_or_default());
    let [a, b, ..] = digest(["inserted"].into_iter().chain(parts));
    let made_up = i128::from(u16::from_be_bytes([a, b]) % 999) * 10 + i128::from(b % 9) + 1;
    Moment::from_nanosecond(whole * MILLISECOND + made_up * 100).unwrap_or(stored)
}
