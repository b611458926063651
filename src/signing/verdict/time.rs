//! Checks the age of a request.

use std::time::Duration;

use super::{code::Code, said::Verdict};
use crate::domain::{retry_after::http_date, time::Timestamp};

/// How far a timestamp may be from the receiver's clock, in either direction: what Standard Webhooks recommends.
pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Returns a verdict if the time of a signed request is unreadable, too old or in the future.
pub fn judged(name: &str, value: &str, now: Timestamp, tolerance: Duration) -> Option<Verdict> {
    let Some(sent) = moment(value) else {
        let sentence =
            format!("the signature is right, but {name} is no time: seconds since 1970, RFC 3339, or a date of HTTP");
        return Some(Verdict::new(Code::TimestampUnreadable, sentence));
    };
    // A sender that sends whole seconds may have signed up to a second later.
    let (age, ahead) = (now.since(sent), sent.since(now));
    if age > tolerance + Duration::from_secs(1) {
        let sentence = format!(
            "the signature is right, but the request is {} old by {name}, and {} are allowed: it is sent again by somebody, \
             or the clocks differ",
            in_words(age),
            in_words(tolerance)
        );
        return Some(Verdict::new(Code::TimestampTooOld, sentence));
    }
    (ahead > tolerance).then(|| {
        let sentence = format!(
            "the signature is right, but the request is {} ahead by {name}: the clocks differ",
            in_words(ahead)
        );
        Verdict::new(Code::TimestampTooNew, sentence)
    })
}

/// The moment that a header tells: Unix seconds, milliseconds or microseconds, RFC 3339, or a date of HTTP.
pub fn moment(value: &str) -> Option<Timestamp> {
    let value = value.trim();
    match value.parse::<i64>() {
        Ok(number) if number.abs() < 100_000_000_000 => Some(Timestamp::from_seconds(number)),
        Ok(number) if number.abs() < 100_000_000_000_000 => Some(Timestamp::from_micros(number.saturating_mul(1_000))),
        Ok(number) => Some(Timestamp::from_micros(number)),
        Err(_) => value.parse().ok().or_else(|| http_date(value)),
    }
}

fn in_words(span: Duration) -> String {
    let of = |number: u64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    match span.as_secs() {
        seconds @ 0..=59 => of(seconds, "second"),
        seconds @ 60..=7_199 => of(seconds / 60, "minute"),
        seconds @ 7_200..=172_799 => format!("{} ({})", of(seconds / 3_600, "hour"), of(seconds / 60, "minute")),
        seconds => format!("{} ({})", of(seconds / 86_400, "day"), of(seconds / 60, "minute")),
    }
}
