//! Functions of times: seconds since 1970, and jq's broken down times `[year, month from 0, day, hours, minutes,
//! seconds, day of the week from Sunday, day of the year from 0]`.

use jaq_core::{
    Error,
    native::{self, bome, v},
};
use jiff::{
    Timestamp as Moment, ZonedDateTime,
    civil::{Date, DateTime},
    fmt::strtime::BrokenDownTime,
    tz::TimeZone,
};

use super::native::{Given, of, text, with};
use crate::{
    domain::time::Timestamp,
    render::jq::{
        value::{Thrown, Val},
        world::{Function, Language},
    },
};

/// Seconds in a day.
const DAY: f64 = 86_400.0;

pub(super) fn all() -> Vec<Function> {
    vec![
        native::run::<Language>(("now", v(0), |cv| {
            let now = cv.0.data().facts.now.as_micros() as f64 / 1e6;
            bome(Ok(now.into()))
        })),
        native::run::<Language>(("localtime", v(0), |cv| {
            let zone = &cv.0.data().facts.zone;
            bome(broken_down(&cv.1, "localtime", zone))
        })),
        native::run::<Language>(("strflocaltime", v(1), |mut cv| {
            let format = cv.0.pop_var();
            let zone = &cv.0.data().facts.zone;
            bome(formatted(&cv.1, &format, "strflocaltime/1", zone))
        })),
        of!("gmtime", |value: Val| broken_down(&value, "gmtime", &TimeZone::UTC)),
        of!("mktime", |value: Val| seconds(&value)),
        with!("strftime", 1, |value: Val, format: Val| formatted(&value, &format, "strftime/1", &TimeZone::UTC)),
        with!("strptime", 1, parsed),
        of!("fromdateiso8601", |value: Val| from_rfc3339(&value)),
    ]
}

fn broken_down(value: &Val, name: &str, zone: &TimeZone) -> Given {
    let Some(number) = value.as_number() else { return Err(Error::str(format_args!("{name}() requires a number"))) };
    let seconds = number.to_f64();
    let time = moment(seconds)?.to_zoned_datetime(zone.clone());
    Ok(parts(time.datetime(), seconds - seconds.floor()))
}

fn moment(seconds: f64) -> Result<Moment, Thrown> {
    let whole = seconds.floor();
    let moment = if whole.is_finite() { Moment::from_second(whole as i64).ok() } else { None };
    moment.ok_or_else(|| Error::str(format_args!("{} is outside of the calendar", Val::from(seconds).named())))
}

fn parts(time: DateTime, fraction: f64) -> Val {
    let day_of_week = time.date().weekday().to_sunday_zero_offset();
    let numbers = [
        f64::from(time.year()),
        f64::from(time.month() - 1),
        f64::from(time.day()),
        f64::from(time.hour()),
        f64::from(time.minute()),
        f64::from(time.second()) + fraction,
        f64::from(day_of_week),
        f64::from(time.date().day_of_year() - 1),
    ];
    numbers.map(Val::from).into_iter().collect()
}

/// Converts a broken down time to a date and time and the fraction of its second. Parts may exceed their range, as in
/// C.
fn civil(value: &Val, name: &str) -> Result<DateTime, Thrown> {
    let parts = value.as_list().ok_or_else(|| Error::str(format_args!("{name} requires array inputs")))?;
    if parts.items().len() < 6 {
        return Err(Error::str(format_args!("{name} requires array of 6 numbers")));
    }
    let number = |item: &Val| match item.as_number().map(|number| number.to_f64()) {
        Some(number) if number.is_finite() => Ok(number.trunc()),
        _ => Err(Error::str(format_args!("{name} requires parsed datetime inputs"))),
    };
    let numbers = parts.items()[..6].iter().map(number).collect::<Result<Vec<_>, Thrown>>()?;
    let [year, month, day, hours, minutes, seconds] = numbers[..] else {
        return Err(Error::str(format_args!("{name} requires array of 6 numbers")));
    };
    let year = year + (month / 12.0).floor();
    let outside = || Error::str(format_args!("{} is outside of the calendar", value.named()));
    let first = Date::new(year as i16, month.rem_euclid(12.0) as i8 + 1, 1).ok();
    let first = first.filter(|first| f64::from(first.year()) == year).ok_or_else(outside)?;
    let further = (day - 1.0) * DAY + hours * 3_600.0 + minutes * 60.0 + seconds;
    let further = jiff::SignedDuration::try_from_secs_f64(further).map_err(|_| outside())?;
    first.to_datetime(jiff::civil::Time::midnight()).checked_add(further).map_err(|_| outside())
}

fn seconds(value: &Val) -> Given {
    let time = civil(value, "mktime")?;
    let moment = time.to_zoned_datetime(TimeZone::UTC).map_err(Error::str)?.timestamp();
    Ok((moment.as_second() as isize).into())
}

fn formatted(value: &Val, format: &Val, name: &str, zone: &TimeZone) -> Given {
    let time = match value.as_number() {
        Some(number) => moment(number.to_f64())?.to_zoned_datetime(zone.clone()),
        None if value.as_list().is_some() => civil(value, name)?.to_zoned_datetime(zone.clone()).map_err(Error::str)?,
        None => return Err(Error::str(format_args!("{name} requires parsed datetime inputs"))),
    };
    let Some(format) = format.as_text() else {
        return Err(Error::str(format_args!("{name} requires a string format")));
    };
    written(&time, &as_in_c(format, Some("%%")).unwrap_or_default())
}

fn written(time: &ZonedDateTime, format: &str) -> Given {
    let mut written = String::new();
    let broken_down = BrokenDownTime::from(time);
    broken_down.format(format, &mut written).map_err(|error| Error::str(format_args!("\"{format}\": {error}")))?;
    Ok(written.into())
}

/// The directives of C's `strftime` in glibc. The library has more, which jq does not.
const DIRECTIVES: &str = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%";

/// Converts a format of C: locale-dependent directives follow the C locale, and an unknown directive stays, with
/// `percent` as its `%`. Returns `None` if `percent` is `None` and a directive is unknown.
fn as_in_c(format: &str, percent: Option<&str>) -> Option<String> {
    let mut plain = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        // A directive has flags and a width, then a modifier (`E`, `O`) without effect in the C locale.
        let flags = after.find(|c: char| !c.is_ascii_digit() && !"_-^#".contains(c)).unwrap_or(after.len());
        let (flags, behind) = after.split_at(flags);
        let behind = behind.strip_prefix(['E', 'O']).unwrap_or(behind);
        let directive = behind.chars().next().filter(|directive| DIRECTIVES.contains(*directive));
        rest = directive.map_or(after, |directive| &behind[directive.len_utf8()..]);
        match directive {
            Some('c') => plain.push_str("%a %b %e %H:%M:%S %Y"),
            Some('x') => plain.push_str("%m/%d/%y"),
            Some('X') => plain.push_str("%H:%M:%S"),
            Some('r') => plain.push_str("%I:%M:%S %p"),
            Some(known) => plain.extend(["%", flags].into_iter().chain([&*known.to_string()])),
            None => plain.push_str(percent?),
        }
    }
    Some(plain + rest)
}

fn parsed(value: Val, format: Val) -> Given {
    let Some(input) = value.as_text() else {
        return Err(Error::str(format_args!("strptime/1 requires string inputs and arguments")));
    };
    let format = text(&format, "is not a string")?;
    let wrong = || Error::str(format_args!("date \"{input}\" does not match format \"{format}\""));
    let plain = as_in_c(format, None).ok_or_else(wrong)?;
    let time = BrokenDownTime::parse(plain, &**input).map_err(|_| wrong())?;
    // A time of day is optional, and seconds since 1970 are a time too.
    let day = || Some(time.to_date().ok()?.to_datetime(jiff::civil::Time::midnight()));
    let moment = || Some(TimeZone::UTC.to_datetime(time.to_timestamp().ok()?));
    let found = time.to_datetime().ok().or_else(day).or_else(moment).ok_or_else(wrong)?;
    Ok(parts(found, 0.0))
}

/// Parses RFC 3339 to seconds since 1970. The fraction is kept, as the service's times have milliseconds.
fn from_rfc3339(value: &Val) -> Given {
    let time: Timestamp = text(value, "cannot be parsed as a time")?.parse().map_err(Error::str)?;
    if time.as_micros() % 1_000_000 == 0 {
        return Ok((time.as_seconds() as isize).into());
    }
    Ok((time.as_micros() as f64 / 1e6).into())
}
