//! Parses durations as people write them.

use std::time::Duration;

/// The units of a duration, with their seconds.
const UNITS: [(&str, f64); 6] =
    [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("d", 86_400.0), ("w", 604_800.0)];

/// The longest accepted duration: a hundred years.
const LONGEST_SECONDS: f64 = 100.0 * 365.0 * 86_400.0;

/// Parses a duration: `30s`, `5m`, `2h`, `7d`, `1w`, `500ms`, or several together, as in `1h30m`.
///
/// # Errors
/// Returns a sentence that says what a duration looks like.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("\"{text}\" is not a duration, such as 500ms, 30s, 5m, 2h, 7d or 1w");
    let mut seconds = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let number: f64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
        let unit = UNITS.iter().find(|(unit, _)| *unit == &rest[digits..unit_end]).ok_or_else(wrong)?;
        seconds += number * unit.1;
        rest = &rest[unit_end..];
    }
    if text.is_empty() || seconds > LONGEST_SECONDS {
        return Err(wrong());
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// Parses a duration that is longer than zero.
///
/// # Errors
/// Fails like [`duration`], and for a duration of zero.
pub fn some_duration(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("must be longer than nothing".to_owned()),
        duration => Ok(duration),
    }
}
