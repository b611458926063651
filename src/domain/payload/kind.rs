//! The types of known fields: which JSON values they take, and how times and zones are read.

use std::{fmt, sync::LazyLock};

use jiff::{
    civil::DateTime,
    tz::{TimeZone, TimeZoneDatabase},
};

use super::json::JsonRef;

/// The largest whole number that JavaScript's numbers hold for sure: 2^53 - 1.
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// The type of a known field. Every field takes `null` as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any string.
    Text,
    /// `In` or `Out`.
    Direction,
    /// A whole number within ±(2^53 - 1).
    Integer,
    /// A whole number of 64 bits with sign, beyond what a double holds.
    Integer64,
    /// `true` or `false`.
    Boolean,
    /// A UUID in its form with hyphens.
    Uuid,
    /// A time zone's name in the IANA database, spelled as there.
    TimeZone,
    /// A date and time of day without offset, `2026-11-23T08:57:43`, with up to 7 fractional digits.
    LocalTime,
    /// A moment in UTC with exactly 7 fractional digits, `2026-11-23T07:57:44.1834521Z`.
    UtcTime,
}

impl Kind {
    /// Whether a field of this type takes this value.
    pub fn takes(self, value: JsonRef<'_>) -> bool {
        match (self, value) {
            (_, JsonRef::Null) | (Kind::Text, JsonRef::String(_)) | (Kind::Boolean, JsonRef::Bool(_)) => true,
            (Kind::Integer64, JsonRef::Number(number)) => number.parse::<i64>().is_ok(),
            (Kind::Integer, JsonRef::Number(number)) => {
                number.parse::<i64>().is_ok_and(|n| n.unsigned_abs() <= MAX_SAFE_INTEGER.unsigned_abs())
            }
            (_, JsonRef::String(_)) => value.as_str().is_some_and(|text| self.takes_text(&text)),
            _ => false,
        }
    }

    /// Whether a field of this type takes this string.
    fn takes_text(self, text: &str) -> bool {
        match self {
            Kind::Text => true,
            Kind::Direction => matches!(text, "In" | "Out"),
            Kind::Uuid => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
            Kind::TimeZone => time_zone(text).is_some(),
            Kind::LocalTime => local_time(text).is_some(),
            Kind::UtcTime => is_utc_time(text),
            Kind::Integer | Kind::Integer64 | Kind::Boolean => false,
        }
    }

    /// Whether its values are JSON strings.
    pub fn is_text(self) -> bool {
        !matches!(self, Kind::Integer | Kind::Integer64 | Kind::Boolean)
    }

    /// What it takes, for an error: "expected …".
    pub fn expected(self) -> &'static str {
        match self {
            Kind::Text => "a string",
            Kind::Direction => "\"In\" or \"Out\"",
            Kind::Integer => "an integer from -9007199254740991 to 9007199254740991",
            Kind::Integer64 => "a signed 64-bit integer",
            Kind::Boolean => "true or false",
            Kind::Uuid => "a UUID such as 3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b",
            Kind::TimeZone => "an IANA time zone name such as Europe/London",
            Kind::LocalTime => "a local time without offset such as 2026-11-23T08:57:43",
            Kind::UtcTime => "a UTC time with 7 fractional digits such as 2026-11-23T07:57:44.1834521Z",
        }
    }
}

/// The short name of the type, for tables.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Text => "string",
            Kind::Direction => "`In` or `Out`",
            Kind::Integer => "integer",
            Kind::Integer64 => "signed 64-bit integer",
            Kind::Boolean => "boolean",
            Kind::Uuid => "UUID",
            Kind::TimeZone => "IANA time zone name",
            Kind::LocalTime => "local time, no offset",
            Kind::UtcTime => "UTC time, 7 fractional digits, `Z`",
        })
    }
}

/// The zones the program brings along: what is valid must not depend on the machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of exactly this name. Receivers may look it up where case matters, so it matters here.
pub(super) fn time_zone(name: &str) -> Option<TimeZone> {
    let zone = ZONES.get(name).ok()?;
    let spelled_alike = zone.iana_name() == Some(name) && !zone.is_unknown();
    spelled_alike.then_some(zone)
}

/// A date and time of day, with seconds and without offset.
pub(super) fn local_time(text: &str) -> Option<DateTime> {
    let (seconds, fraction) = text.split_at_checked(DATE_TIME.len())?;
    let digits = fraction.strip_prefix('.').unwrap_or(fraction);
    let fits = match fraction.len() {
        0 => true,
        2..=8 => fraction.starts_with('.') && digits.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    let parsed = date_time(seconds)?;
    fits.then(|| text.parse().unwrap_or(parsed))
}

fn is_utc_time(text: &str) -> bool {
    let local = text.strip_suffix('Z').filter(|local| local.len() == DATE_TIME.len() + ".0000000".len());
    local.and_then(local_time).is_some()
}

/// The form of a date and time to the second; `0` stands for any digit.
const DATE_TIME: &str = "0000-00-00T00:00:00";

fn date_time(text: &str) -> Option<DateTime> {
    let is_of_form = text.bytes().zip(DATE_TIME.bytes()).all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        separator => byte == separator,
    });
    // The parser below takes a leap second for the second before it; on the wire there is none.
    if is_of_form && !text.ends_with(":60") { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(kind: Kind, text: &str) -> bool {
        kind.takes(JsonRef::String(&format!("\"{text}\"")))
    }

    #[test]
    fn times_have_the_wires_form_and_no_other() {
        for good in
            ["2026-11-23T08:57:43", "2024-02-29T23:59:59", "2026-11-23T08:57:43.5", "0001-01-01T00:00:00.1234567"]
        {
            assert!(takes(Kind::LocalTime, good), "{good}");
        }
        for bad in [
            "",
            "2026-11-23",
            "2026-11-23 08:57:43",
            "2026-11-23t08:57:43",
            "2026-11-23T08:57",
            "2026-11-23T08:57:60",
            "2026-02-29T08:57:43",
            "2026-11-23T24:00:00",
            "2026-11-23T08:57:43.",
            "2026-11-23T08:57:43.12345678",
            "2026-11-23T08:57:43x1",
            "2026-11-23T08:57:43Z",
            "2026-11-23T08:57:43+01:00",
            "2026-11-23T08:57:4é",
            "+002026-11-23T08:57:43",
        ] {
            assert!(!takes(Kind::LocalTime, bad), "{bad}");
        }
        assert!(takes(Kind::UtcTime, "2026-11-23T07:57:44.1834521Z"));
        for bad in ["2026-11-23T07:57:44Z", "2026-11-23T07:57:44.183Z", "2026-11-23T07:57:44.1834521", "Z"] {
            assert!(!takes(Kind::UtcTime, bad), "{bad}");
        }
    }

    #[test]
    fn fractions_of_a_local_time_are_read() {
        assert_eq!(local_time("2026-11-23T08:57:43.25").unwrap().subsec_nanosecond(), 250_000_000);
    }

    #[test]
    fn zones_are_spelled_as_in_the_database() {
        assert!(takes(Kind::TimeZone, "Europe/London"));
        assert!(takes(Kind::TimeZone, "Asia/Calcutta"), "an old name that is still in the database");
        assert!(takes(Kind::TimeZone, "UTC"));
        for bad in ["europe/london", "Europe/Nowhere", "CET+1", "+01:00", "Etc/Unknown", ""] {
            assert!(!takes(Kind::TimeZone, bad), "{bad}");
        }
    }

    #[test]
    fn integers_are_bounded_by_what_their_readers_hold() {
        assert!(Kind::Integer64.takes(JsonRef::Number("-9223372036854775808")));
        assert!(!Kind::Integer64.takes(JsonRef::Number("9223372036854775808")));
        assert!(Kind::Integer.takes(JsonRef::Number("-9007199254740991")));
        for bad in ["9007199254740992", "-9223372036854775808", "1.0", "1e3"] {
            assert!(!Kind::Integer.takes(JsonRef::Number(bad)), "{bad}");
        }
        assert!(!takes(Kind::Integer, "1"));
    }

    #[test]
    fn words_uuids_and_null() {
        assert!(takes(Kind::Direction, "Out") && !takes(Kind::Direction, "out"));
        assert!(takes(Kind::Uuid, "3F2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b"));
        assert!(!takes(Kind::Uuid, "3f2b8c1e5d4a4e6f9a7b0c1d2e3f4a5b"));
        assert!(!takes(Kind::Uuid, "3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5g"));
        assert!(Kind::Boolean.takes(JsonRef::Bool(false)) && !Kind::Boolean.takes(JsonRef::Number("0")));
        assert!(Kind::Text.takes(JsonRef::Null) && !Kind::Text.takes(JsonRef::Array("[\"x\"]")));
    }
}
