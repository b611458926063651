//! When a failed delivery is tried again.

use std::time::Duration;

use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        delivery::{DeliveryStatus, wait_after},
        time::Timestamp,
    },
    service::store::Next,
};

/// The longest delay a receiver can ask for.
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

/// How long a `Retry-After` asks to wait (RFC 9110, section 10.2.3: seconds or a date), at most a day; none for a
/// date that is past, or garbage.
fn parse_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        let date = jiff::fmt::rfc2822::parse(value).ok()?;
        Timestamp::from_micros(date.timestamp().as_microsecond()).since(now)
    };
    (!wait.is_zero()).then(|| wait.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
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
}
