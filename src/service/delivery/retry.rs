//! When a failed delivery is tried again, and for how long its receiver wants to be left alone.

use http::StatusCode;

use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        delivery::{DeliveryStatus, wait_after},
        health::LONGEST_HOLD,
        retry_after as header,
        time::Timestamp,
    },
    service::store::Next,
};

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
            let asked = retry_after.and_then(|value| header::wait(value, finished_at)).unwrap_or_default();
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
    Some(finished_at.plus(header::wait(asked, finished_at)?.min(LONGEST_HOLD)))
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
}
