//! Points in time, and the clocks that tell them.
//!
//! All code that needs the time takes a [`Clock`], so that tests and the demo can set it.

use std::{fmt, str::FromStr, time::Duration};

use super::text::serde_as_text;

/// A point in time in whole microseconds since 1970-01-01T00:00:00Z.
///
/// It is sent in RFC 3339 in UTC with milliseconds: `2026-11-23T17:40:00.123Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The latest point in time the program handles: the last microsecond of the year 9998.
    pub const MAX: Timestamp = Timestamp(253_370_764_799_999_999);

    /// Reads microseconds since the Unix epoch, clamped to the supported range.
    pub fn from_micros(micros: i64) -> Self {
        Timestamp(micros.clamp(-Self::MAX.0, Self::MAX.0))
    }

    /// Reads seconds since the Unix epoch.
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the Unix epoch.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    pub fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole milliseconds since the Unix epoch, rounded down.
    pub fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Adds `duration`.
    pub fn plus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// Subtracts `duration`.
    pub fn minus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_sub(micros))
    }

    /// Returns the time since `earlier`, or zero if this moment is not later.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0).try_into().unwrap_or(0))
    }

    /// Returns its day in UTC: `2026-11-23`.
    pub fn day(self) -> String {
        self.to_jiff().strftime("%Y-%m-%d").to_string()
    }

    /// Converts it for the calendar's functions.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = jiff::Timestamp::from_millisecond(self.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{millis:.3}")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a time in RFC 3339, such as 2026-11-23T17:40:00Z")]
pub struct NotATime(String);

impl FromStr for Timestamp {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| NotATime(text.to_owned()))?;
        Ok(Self::from_micros(parsed.as_microsecond()))
    }
}

serde_as_text!(Timestamp);

/// A source of the time.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current time.
    fn now(&self) -> Timestamp;

    /// Returns how much of this clock's time has really passed since a fixed moment of this process, even if somebody
    /// sets the clock.
    fn passed(&self) -> Duration {
        static BEGAN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
        BEGAN.elapsed()
    }

    /// Returns the real duration in which `span` of this clock passes. It is shorter for a clock that runs faster.
    fn real(&self, span: Duration) -> Duration {
        span
    }
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that starts at a given time and runs `factor` times as fast as the machine's, as the demo's does.
#[derive(Debug, Clone)]
pub struct FastClock {
    started: std::time::Instant,
    origin: Timestamp,
    factor: u32,
}

impl FastClock {
    /// Makes a clock that shows `origin` now and runs `factor` times (at least once) as fast as the machine's.
    pub fn new(origin: Timestamp, factor: u32) -> Self {
        FastClock { started: std::time::Instant::now(), origin, factor: factor.max(1) }
    }
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        self.origin.plus(self.started.elapsed() * self.factor)
    }

    fn passed(&self) -> Duration {
        self.started.elapsed() * self.factor
    }

    fn real(&self, span: Duration) -> Duration {
        span / self.factor
    }
}

/// A clock that stands still until it is moved: for tests.
#[derive(Debug)]
pub struct ManualClock {
    now: std::sync::atomic::AtomicI64,
    /// The microseconds by which it was advanced, without settings.
    passed: std::sync::atomic::AtomicU64,
}

impl ManualClock {
    /// Makes a clock that stands at `now`.
    pub fn new(now: Timestamp) -> Self {
        ManualClock { now: now.as_micros().into(), passed: 0.into() }
    }

    /// Advances the clock: this much time passes.
    pub fn advance(&self, by: Duration) {
        let micros = u64::try_from(by.as_micros()).unwrap_or(u64::MAX);
        self.passed.fetch_add(micros, std::sync::atomic::Ordering::SeqCst);
        self.set(self.now().plus(by));
    }

    /// Sets the clock, possibly backwards; no time passes.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.as_micros(), std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn passed(&self) -> Duration {
        Duration::from_micros(self.passed.load(std::sync::atomic::Ordering::SeqCst))
    }
}

/// A clock that another process sets: each look reads the time from a file. It is for tests of the real program.
#[cfg(debug_assertions)]
#[derive(Debug)]
pub struct FileClock(std::path::PathBuf);

#[cfg(debug_assertions)]
impl FileClock {
    /// Makes a clock that shows the RFC 3339 time in the file at `path`.
    pub fn new(path: std::path::PathBuf) -> Self {
        FileClock(path)
    }
}

#[cfg(debug_assertions)]
impl Clock for FileClock {
    /// # Panics
    /// Panics if the file holds no time.
    fn now(&self) -> Timestamp {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        text.trim().parse().unwrap_or_else(|error| panic!("{}: {error}", self.0.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_in_utc_with_milliseconds() {
        let at = Timestamp::from_micros(1_795_455_600_123_456);
        assert_eq!(at.to_string(), "2026-11-23T17:40:00.123Z");
        assert_eq!("2026-11-23T18:40:00.123456+01:00".parse(), Ok(at));
        assert_eq!(Timestamp::from_seconds(0).to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn rejects_what_is_no_time() {
        for text in ["", "now", "2026-11-23", "2026-13-01T00:00:00Z", "2026-11-23T17:40:00"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn never_overflows() {
        assert_eq!(Timestamp::MAX.plus(Duration::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::from_seconds(1).since(Timestamp::from_seconds(5)), Duration::ZERO);
        assert!(Timestamp::MAX.to_string().starts_with("9998-12-31T23:59:59"), "{}", Timestamp::MAX);
    }

    #[test]
    fn a_fast_clock_waits_less() {
        let clock = FastClock::new(Timestamp::from_seconds(1_795_455_600), 60);
        assert_eq!(clock.real(Duration::from_secs(120)), Duration::from_secs(2));
        assert!(clock.now() >= clock.origin);
    }
}
