//! Parses typed values: durations, moments, rates, shares.

use std::{str::FromStr, time::Duration};

use crate::{
    domain::{
        scheme::{NotAScheme, SchemeChoice},
        time::Timestamp,
        window::{self, NotAWindow},
    },
    error::CliError,
};

pub use crate::domain::duration::{duration, some_duration};

/// A scheme that something can be signed by.
///
/// # Errors
/// When the text is none, or says that nothing is signed.
pub fn signing_scheme(text: &str) -> Result<SchemeChoice, String> {
    match text.parse().map_err(|error: NotAScheme| error.to_string())? {
        SchemeChoice::None => Err("it signs nothing, so nothing can be verified".to_owned()),
        scheme => Ok(scheme),
    }
}

/// A point in time as people name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A duration before now.
    Ago(Duration),
    /// A fixed time.
    At(Timestamp),
}

impl Moment {
    /// Resolves it with the current time.
    pub fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Moment::Ago(span) => now.minus(span),
            Moment::At(at) => at,
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    /// Parses `2h` (before now), a time in RFC 3339, or a date, which means its beginning in UTC.
    fn from_str(text: &str) -> Result<Self, String> {
        let date = || format!("{text}T00:00:00Z").parse().ok();
        if let Some(at) = text.parse().ok().or_else(date) {
            return Ok(Moment::At(at));
        }
        duration(text).map(Moment::Ago).map_err(|_| {
            format!(
                "\"{text}\" is neither a duration (2h, 7d), nor a date (2026-11-23), nor a time (2026-11-23T17:40:00Z)"
            )
        })
    }
}

/// A window of time in the past.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// Its start, included.
    pub since: Option<Timestamp>,
    /// Its end, excluded.
    pub until: Option<Timestamp>,
}

impl Window {
    /// Makes the window of `--since` and `--until` with the current time.
    ///
    /// # Errors
    /// Fails if the window begins in the future, is empty, or ends before it begins.
    pub fn of(since: Option<Moment>, until: Option<Moment>, now: Timestamp) -> Result<Self, CliError> {
        let [since, until] = [since, until].map(|moment| moment.map(|moment| moment.resolve(now)));
        window::begun(since, until, now).map_err(|wrong| {
            let hint = match wrong {
                NotAWindow::Backwards { .. } => "exchange --since and --until",
                NotAWindow::Empty(_) => "--since is before --until, and before now: 2h means so long ago",
                NotAWindow::Ahead { .. } => "--since is a time before now: 2h (ago), 2026-11-23, or a time in RFC 3339",
            };
            CliError::usage(wrong.to_string()).hint(hint)
        })?;
        Ok(Window { since, until })
    }
}

/// Parses a rate: `10/s`, `90/m`; a bare number is per second. Returns the interval.
///
/// # Errors
/// Returns a sentence that says what a rate looks like.
pub fn rate(text: &str) -> Result<Duration, String> {
    let wrong = || format!("\"{text}\" is not a rate, such as 10/s or 90/m");
    let (number, seconds) = match text.split_once('/') {
        None | Some((_, "s")) => (text.strip_suffix("/s").unwrap_or(text), 1.0),
        Some((number, "m")) => (number, 60.0),
        Some((number, "h")) => (number, 3_600.0),
        Some(_) => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let between = Duration::try_from_secs_f64(seconds / number).map_err(|_| wrong())?;
    if number.is_finite() { Ok(between) } else { Err(wrong()) }
}

/// Parses a share: `5%`, or `0.05`. Returns 0 to 1.
///
/// # Errors
/// Returns a sentence that says what a share looks like.
pub fn share(text: &str) -> Result<f64, String> {
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |number| (number.trim_end(), 100.0));
    let share = number.parse::<f64>().map(|number| number / whole).ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("\"{text}\" is not a share, such as 5% or 0.05"))
}

/// Reads an item of a list of types: `list` prints them with blanks between (`user.inserted, user.updated`).
///
/// # Errors
/// As the item's own.
pub fn listed<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|error: T::Err| error.to_string())
}

/// Parses a filter. It may begin with a sign, as in `-1`, but a text like a flag means that the filter was forgotten.
///
/// # Errors
/// Fails if `text` looks like a flag.
pub fn filter(text: &str) -> Result<String, String> {
    let name = text.strip_prefix("--").or_else(|| text.strip_prefix('-').filter(|name| name.len() == 1));
    if name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphabetic())) {
        return Err(format!("a filter is missing: {text} is a flag"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        let seconds = |text: &str| duration(text).map(|duration| duration.as_secs_f64());
        assert_eq!(seconds("30s"), Ok(30.0));
        assert_eq!(seconds("5m"), Ok(300.0));
        assert_eq!(seconds("1h30m"), Ok(5_400.0));
        assert_eq!(seconds("1.5h"), Ok(5_400.0));
        assert_eq!(seconds("500ms"), Ok(0.5));
        assert_eq!(seconds("7d"), Ok(604_800.0));
        assert_eq!(seconds("1w"), Ok(604_800.0));
        for wrong in ["", "30", "s", "5x", "-5m", "1 h", "5m3", "1..2s", "99999999w", "1e9s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert!(some_duration("0s").is_err());
    }

    #[test]
    fn moments_are_ago_a_date_or_a_time() {
        let now = Timestamp::from_seconds(1_795_455_600);
        let at = |text: &str| text.parse::<Moment>().map(|moment| moment.resolve(now).to_string());
        assert_eq!(at("2h").as_deref(), Ok("2026-11-23T15:40:00.000Z"));
        assert_eq!(at("2026-11-23").as_deref(), Ok("2026-11-23T00:00:00.000Z"));
        assert_eq!(at("2026-11-23T18:40:00+01:00").as_deref(), Ok("2026-11-23T17:40:00.000Z"));
        assert!(at("yesterday").is_err() && at("2026-13-01").is_err());
    }

    #[test]
    fn windows_that_hold_nothing_are_refused_and_say_what_is_wrong() {
        let now = Timestamp::from_seconds(1_795_455_600);
        let moment = |text: &str| (!text.is_empty()).then(|| text.parse::<Moment>().unwrap());
        let window = |since: &str, until: &str| Window::of(moment(since), moment(until), now);
        for (since, until) in [("", ""), ("1ms", ""), ("2h", "1h"), ("2026-11-23", "2030-01-01"), ("", "0s")] {
            assert!(window(since, until).is_ok(), "{since} to {until}");
        }
        for (since, until, why) in [
            ("2030-01-01", "", "in the future, at 2030-01-01T00:00:00.000Z; now it is 2026-11-23T17:40:00.000Z"),
            ("2026-11-24", "", "in the future"),
            ("0d", "", "the window is empty"),
            ("0s", "2030-01-01", "the window is empty"),
            ("2h", "2h", "the window is empty"),
            ("1h", "2h", "ends (2026-11-23T15:40:00.000Z) before it begins (2026-11-23T16:40:00.000Z)"),
            ("2030-01-02", "2030-01-01", "before it begins"),
        ] {
            let error = window(since, until).unwrap_err();
            assert_eq!(error.kind().exit_code(), 2);
            assert!(error.message().contains(why) && error.hint_text().is_some(), "{since} to {until}: {error}");
        }
    }

    #[test]
    fn rates_give_the_time_between() {
        assert_eq!(rate("10/s"), Ok(Duration::from_millis(100)));
        assert_eq!(rate("4"), Ok(Duration::from_millis(250)));
        assert_eq!(rate("90/m").map(|between| between.as_millis()), Ok(666));
        for wrong in ["", "0/s", "-1/s", "5/x", "fast", "inf/s", "NaN"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shares_are_per_cent_or_a_fraction() {
        assert_eq!(share("5%"), Ok(0.05));
        assert_eq!(share("0.05"), Ok(0.05));
        assert_eq!(share("100 %"), Ok(1.0));
        for wrong in ["", "5", "101%", "-1%", "NaN", "%"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
