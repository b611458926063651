//! Parses `Retry-After`: the pause that a receiver or a service asks for.

use std::time::Duration;

use super::time::Timestamp;

/// The longest pause that can be asked for.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Returns the wait that a `Retry-After` asks for (RFC 9110, section 10.2.3: seconds or a date), at most a day, or
/// `None` for a past date or an invalid value. The longest of several values counts, as a proxy may join several
/// headers.
pub fn wait(line: &str, now: Timestamp) -> Option<Duration> {
    let parts: Vec<&str> = line.split(',').collect();
    // A date contains a comma itself.
    let pairs = line.match_indices(',').zip(&parts).map(|((comma, _), first)| {
        let rest = &line[comma + 1..];
        &line[comma - first.len()..comma + 1 + rest.find(',').unwrap_or(rest.len())]
    });
    let waits = parts.iter().copied().chain(pairs).filter_map(|value| wait_for(value.trim(), now));
    waits.max().filter(|wait| !wait.is_zero()).map(|wait| wait.min(LONGEST))
}

/// Returns the wait that a single value asks for.
fn wait_for(value: &str, now: Timestamp) -> Option<Duration> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    http_date(value).map(|date| date.since(now))
}

/// Parses a date in any of the three forms of RFC 9110, section 5.6.7: IMF-fixdate, RFC 850, and asctime. Some senders
/// write the end of the year 9999 for "never"; it becomes the latest supported time.
pub fn http_date(text: &str) -> Option<Timestamp> {
    let in_utc = |format| {
        let date = jiff::civil::DateTime::strptime(format, text).ok()?;
        Some(jiff::tz::TimeZone::UTC.to_timestamp(date).unwrap_or(if date.year() > 0 {
            jiff::Timestamp::MAX
        } else {
            jiff::Timestamp::MIN
        }))
    };
    let date = jiff::fmt::rfc2822::parse(text)
        .map(|date| date.timestamp())
        .ok()
        .or_else(|| in_utc("%a, %d %b %Y %H:%M:%S GMT"))
        .or_else(|| in_utc("%A, %d-%b-%y %H:%M:%S GMT"))
        .or_else(|| in_utc("%a %b %e %H:%M:%S %Y"))?;
    Some(Timestamp::from_micros(date.as_microsecond()))
}

/// The time as such a date, in the form that is sent: IMF-fixdate.
pub fn to_http_date(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_795_455_600 + seconds)
    }

    #[test]
    fn every_form_of_a_date_is_read() {
        for (line, expected) in [
            ("Mon, 23 Nov 2026 17:42:00 GMT", Some(120)),
            ("Monday, 23-Nov-26 17:42:00 GMT", Some(120)),
            ("Mon Nov 23 17:42:00 2026", Some(120)),
            ("Tue Dec  1 17:40:00 2026", Some(24 * 3600)),
            ("Mon, 23 Nov 2026 17:42:00 +0000", Some(120)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(24 * 3600)),
            ("Thu, 30 Dec 9999 22:00:01 GMT", Some(24 * 3600)),
            ("Fri Dec 31 23:59:59 9999", Some(24 * 3600)),
            ("Fri, 31 Dec 9998 23:59:59 GMT", Some(24 * 3600)),
            ("Sat, 01 Jan 0000 00:00:00 GMT", None),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None),
            ("Sun Nov  6 08:49:37 1994", None),
            ("Mon, 23 Nov 2026 17:40:00 GMT", None),
            ("Mon, 99 Nov 2026 17:42:00 GMT", None),
            ("2026-11-23T17:42:00Z", None),
        ] {
            assert_eq!(wait(line, at(0)), expected.map(Duration::from_secs), "{line}");
        }
    }

    #[test]
    fn of_several_values_the_longest_counts() {
        for (line, expected) in [
            ("120, 60", Some(120)),
            ("60,120", Some(120)),
            ("soon, 60", Some(60)),
            ("60, Mon, 23 Nov 2026 17:42:00 GMT", Some(120)),
            ("Mon, 23 Nov 2026 17:42:00 GMT, 60", Some(120)),
            ("Mon, 23 Nov 2026 17:41:00 GMT, Mon, 23 Nov 2026 17:42:00 GMT", Some(120)),
            (",,", None),
        ] {
            assert_eq!(wait(line, at(0)), expected.map(Duration::from_secs), "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic_or_wait_for_more_than_a_day(line in ".{0,60}|[0-9,: A-Za-z-]{0,60}") {
            if let Some(asked) = wait(&line, at(0)) {
                prop_assert!(!asked.is_zero() && asked <= LONGEST);
            }
        }
    }
}
