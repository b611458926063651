//! When a failed delivery is tried again, and for how long its receiver wants to be left alone.

use std::time::Duration;

use http::StatusCode;

use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        delivery::{DeliveryStatus, wait_after},
        health::LONGEST_HOLD,
        time::Timestamp,
    },
    service::store::Next,
};

/// The longest delay of one delivery that a receiver can ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// What is next after attempt `number` that ended at `finished_at`: tests are never retried, `Retry-After` may only
/// delay. `jitter` is from 0 to 1.
pub fn next(
    kind: AttemptKind,
    number: u32,
    error: Option<AttemptError>,
    retry_after: Option<&str>,
    finished_at: Timestamp,
    jitter: f64,
) -> Next {
    if error.is_none() {
        return Next::End(DeliveryStatus::Succeeded);
    }
    match wait_after(number, jitter) {
        Some(wait) if kind != AttemptKind::Test => {
            let asked = retry_after.and_then(|value| parse_retry_after(value, finished_at)).unwrap_or_default();
            Next::Retry(finished_at.plus(wait.max(asked)))
        }
        _ => Next::End(DeliveryStatus::Exhausted),
    }
}

/// Until when the whole webhook is held after an attempt that ended at `finished_at`: 429 and 503 with a `Retry-After`
/// are about the receiver, not about the one delivery. At most an hour; none after a test, which says nothing of how
/// its webhook fares.
pub fn hold(
    kind: AttemptKind,
    status: Option<StatusCode>,
    retry_after: Option<&str>,
    finished_at: Timestamp,
) -> Option<Timestamp> {
    let about_the_receiver = matches!(status, Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE));
    let asked = retry_after.filter(|_| about_the_receiver && kind != AttemptKind::Test)?;
    Some(finished_at.plus(parse_retry_after(asked, finished_at)?.min(LONGEST_HOLD)))
}

/// How long a `Retry-After` asks to wait (RFC 9110, section 10.2.3: seconds or a date), at most a day; none for a
/// date that is past, or garbage. Of several values in one line the longest counts, as a proxy joins several headers.
fn parse_retry_after(line: &str, now: Timestamp) -> Option<Duration> {
    let parts: Vec<&str> = line.split(',').collect();
    // A date has a comma of its own.
    let pairs = line.match_indices(',').zip(&parts).map(|((comma, _), first)| {
        let rest = &line[comma + 1..];
        &line[comma - first.len()..comma + 1 + rest.find(',').unwrap_or(rest.len())]
    });
    let waits = parts.iter().copied().chain(pairs).filter_map(|value| wait_for(value.trim(), now));
    waits.max().filter(|wait| !wait.is_zero()).map(|wait| wait.min(LONGEST_RETRY_AFTER))
}

/// How long a single value asks to wait.
fn wait_for(value: &str, now: Timestamp) -> Option<Duration> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    parse_date(value).map(|date| date.since(now))
}

/// A date in any of the three forms of RFC 9110, section 5.6.7: IMF-fixdate, RFC 850, and asctime.
fn parse_date(text: &str) -> Option<Timestamp> {
    let in_utc = |format| {
        let date = jiff::civil::DateTime::strptime(format, text).ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(date).ok()
    };
    let date = jiff::fmt::rfc2822::parse(text)
        .map(|date| date.timestamp())
        .ok()
        .or_else(|| in_utc("%A, %d-%b-%y %H:%M:%S GMT"))
        .or_else(|| in_utc("%a %b %e %H:%M:%S %Y"))?;
    Some(Timestamp::from_micros(date.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FAILED: Option<AttemptError> = Some(AttemptError::UnexpectedStatus);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_795_455_600 + seconds)
    }

    #[test]
    fn success_ends_and_failure_follows_the_schedule() {
        assert_eq!(next(AttemptKind::Event, 1, None, None, at(0), 0.0), Next::End(DeliveryStatus::Succeeded));
        assert_eq!(next(AttemptKind::Event, 1, FAILED, None, at(0), 0.0), Next::Retry(at(5)));
        assert_eq!(next(AttemptKind::Retry, 10, FAILED, None, at(0), 0.0), Next::End(DeliveryStatus::Exhausted));
        assert_eq!(next(AttemptKind::Test, 1, FAILED, None, at(0), 0.0), Next::End(DeliveryStatus::Exhausted));
    }

    #[test]
    fn retry_after_may_only_delay() {
        let after = |value| next(AttemptKind::Event, 1, FAILED, Some(value), at(0), 0.0);
        assert_eq!(after("120"), Next::Retry(at(120)));
        assert_eq!(after("Mon, 23 Nov 2026 17:42:00 GMT"), Next::Retry(at(120)));
        for no_longer in ["0", "3", "-7", "soon", "", "Sun, 22 Nov 2026 17:42:00 GMT", "1e9", "١٢٠"] {
            assert_eq!(after(no_longer), Next::Retry(at(5)), "{no_longer}");
        }
        for absurd in ["999999", "99999999999999999999999", "Fri, 23 Nov 2046 17:42:00 GMT"] {
            assert_eq!(after(absurd), Next::Retry(at(24 * 3600)), "{absurd}");
        }
    }

    #[test]
    fn every_form_of_a_date_is_read() {
        for (line, wait) in [
            ("Mon, 23 Nov 2026 17:42:00 GMT", Some(120)),
            ("Monday, 23-Nov-26 17:42:00 GMT", Some(120)),
            ("Mon Nov 23 17:42:00 2026", Some(120)),
            ("Tue Dec  1 17:40:00 2026", Some(24 * 3600)),
            ("Mon, 23 Nov 2026 17:42:00 +0000", Some(120)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None),
            ("Sun Nov  6 08:49:37 1994", None),
            ("Mon, 23 Nov 2026 17:40:00 GMT", None),
            ("Mon, 99 Nov 2026 17:42:00 GMT", None),
            ("2026-11-23T17:42:00Z", None),
        ] {
            assert_eq!(parse_retry_after(line, at(0)), wait.map(Duration::from_secs), "{line}");
        }
    }

    #[test]
    fn of_several_values_the_longest_counts() {
        for (line, wait) in [
            ("120, 60", Some(120)),
            ("60,120", Some(120)),
            ("soon, 60", Some(60)),
            ("60, Mon, 23 Nov 2026 17:42:00 GMT", Some(120)),
            ("Mon, 23 Nov 2026 17:42:00 GMT, 60", Some(120)),
            ("Mon, 23 Nov 2026 17:41:00 GMT, Mon, 23 Nov 2026 17:42:00 GMT", Some(120)),
            (",,", None),
        ] {
            assert_eq!(parse_retry_after(line, at(0)), wait.map(Duration::from_secs), "{line}");
        }
    }

    #[test]
    fn only_429_and_503_that_say_how_long_hold_the_webhook() {
        let held = |status: u16, asked| hold(AttemptKind::Event, StatusCode::from_u16(status).ok(), asked, at(0));
        assert_eq!(held(429, Some("120")), Some(at(120)));
        assert_eq!(held(503, Some("Mon, 23 Nov 2026 17:42:00 GMT")), Some(at(120)));
        assert_eq!(held(503, Some("86400")), Some(at(3600)), "at most an hour");
        for (status, asked) in
            [(503, None), (503, Some("soon")), (429, Some("0")), (500, Some("120")), (200, Some("9"))]
        {
            assert_eq!(held(status, asked), None, "{status} {asked:?}");
        }
        assert_eq!(hold(AttemptKind::Test, Some(StatusCode::TOO_MANY_REQUESTS), Some("120"), at(0)), None);
        assert_eq!(hold(AttemptKind::Event, None, Some("120"), at(0)), None);
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic_or_wait_for_more_than_a_day(line in ".{0,60}|[0-9,: A-Za-z-]{0,60}") {
            if let Some(wait) = parse_retry_after(&line, at(0)) {
                prop_assert!(!wait.is_zero() && wait <= LONGEST_RETRY_AFTER);
            }
        }
    }
}
