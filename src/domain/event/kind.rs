//! The types of known fields: which JSON values they accept, and how their times and time zones are parsed.

use std::{fmt, sync::LazyLock};

use jiff::{
    civil::DateTime,
    tz::{TimeZone, TimeZoneDatabase},
};

use crate::domain::json::JsonRef;

/// The integer up to which JavaScript represents every integer exactly: 2^53 - 1.
pub const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// The type of a known field. Every field also accepts `null`, and every text field accepts any string: TimeMoto may
/// send other forms than those observed, and the service passes them on unchanged. It only warns about an unusual form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any string.
    Text,
    /// `In` or `Out`.
    Direction,
    /// An integer within ±(2^53 - 1).
    Integer,
    /// A signed 64-bit integer, which a double cannot always represent.
    Integer64,
    /// `true` or `false`.
    Boolean,
    /// A UUID with hyphens.
    Uuid,
    /// The name of a time zone, spelled as in the IANA database.
    TimeZone,
    /// A local date and time without an offset, `2026-11-23T08:57:43`, with up to 9 fractional digits.
    LocalTime,
    /// A UTC time, `2026-11-23T07:57:44.1834521Z`, with up to 9 fractional digits.
    UtcTime,
}

impl Kind {
    /// Whether a field of this type accepts this value.
    pub fn takes(self, value: JsonRef<'_>) -> bool {
        match (self, value) {
            (_, JsonRef::Null) | (Kind::Boolean, JsonRef::Bool(_)) => true,
            (Kind::Integer64, JsonRef::Number(number)) => number.parse::<i64>().is_ok(),
            (Kind::Integer, JsonRef::Number(number)) => {
                number.parse::<i64>().is_ok_and(|n| n.unsigned_abs() <= MAX_SAFE_INTEGER.unsigned_abs())
            }
            (_, JsonRef::String(_)) => self.is_text(),
            _ => false,
        }
    }

    /// Whether an accepted value has the form that TimeMoto was observed to send.
    pub fn is_usual(self, value: JsonRef<'_>) -> bool {
        value.as_str().is_none_or(|text| self.is_usual_text(&text))
    }

    fn is_usual_text(self, text: &str) -> bool {
        match self {
            Kind::Text => true,
            Kind::Direction => matches!(text, "In" | "Out"),
            Kind::Uuid => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
            // A receiver may look the name up in a case-sensitive table.
            Kind::TimeZone => time_zone(text).is_some_and(|zone| zone.iana_name() == Some(text)),
            Kind::LocalTime => is_local_time(text),
            Kind::UtcTime => ["Z", "+00:00"].iter().any(|utc| text.strip_suffix(utc).is_some_and(is_local_time)),
            Kind::Integer | Kind::Integer64 | Kind::Boolean => false,
        }
    }

    /// Whether its values are JSON strings.
    pub fn is_text(self) -> bool {
        !matches!(self, Kind::Integer | Kind::Integer64 | Kind::Boolean)
    }

    /// Describes the accepted values for an error: "expected …".
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
            Kind::UtcTime => "a UTC time such as 2026-11-23T07:57:44.1834521Z",
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
            Kind::UtcTime => "UTC time, 0 to 9 fractional digits, `Z`",
        })
    }
}

/// The program's own copy of the time zones, so that the check does not depend on the machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Finds a zone by its name, ignoring case.
pub(in crate::domain) fn time_zone(name: &str) -> Option<TimeZone> {
    ZONES.get(name).ok().filter(|zone| zone.iana_name().is_some() && !zone.is_unknown())
}

/// Parses a local date and time without an offset; seconds may be left out.
pub(in crate::domain) fn local_time(text: &str) -> Option<DateTime> {
    let is_long_enough = text.len() >= "0000-00-00T00:00".len();
    // The parser would ignore an offset and read a leap second as the second before it. Neither is valid here.
    let time = text.get("0000-00-00T".len()..)?;
    let is_local = !time.contains(['+', '-', 'Z', 'z', '[']) && !time.ends_with(":60");
    if is_long_enough && is_local { text.parse().ok() } else { None }
}

/// Whether the text is a local date and time as TimeMoto sends it, with up to 9 fractional digits.
fn is_local_time(text: &str) -> bool {
    let Some((seconds, fraction)) = text.split_at_checked(DATE_TIME.len()) else { return false };
    let digits = fraction.strip_prefix('.').unwrap_or("none");
    let fits = fraction.is_empty() || (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let is_of_form = seconds.bytes().zip(DATE_TIME.bytes()).all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        separator => byte == separator,
    });
    fits && is_of_form && local_time(seconds).is_some()
}

/// The form of a date and time to the second; `0` stands for any digit.
const DATE_TIME: &str = "0000-00-00T00:00:00";

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the string has the observed form. The field must accept it either way.
    fn usual(kind: Kind, text: &str) -> bool {
        let json = format!("\"{text}\"");
        assert!(kind.takes(JsonRef::String(&json)), "{text}");
        kind.is_usual(JsonRef::String(&json))
    }

    #[test]
    fn times_have_the_wires_form() {
        for good in
            ["2026-11-23T08:57:43", "2024-02-29T23:59:59", "2026-11-23T08:57:43.5", "0001-01-01T00:00:00.123456789"]
        {
            assert!(usual(Kind::LocalTime, good), "{good}");
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
            "2026-11-23T08:57:43.1234567890",
            "2026-11-23T08:57:43,5",
            "2026-11-23T08:57:43x1",
            "2026-11-23T08:57:43Z",
            "2026-11-23T08:57:43+01:00",
            "2026-11-23T08:57:4é",
            "+002026-11-23T08:57:43",
        ] {
            assert!(!usual(Kind::LocalTime, bad), "{bad}");
        }
        for good in ["", ".1", ".1834", ".183452", ".1834521", ".183452199"] {
            assert!(usual(Kind::UtcTime, &format!("2026-11-23T07:57:44{good}Z")), "{good}");
            assert!(usual(Kind::UtcTime, &format!("2026-11-23T07:57:44{good}+00:00")), "{good}");
        }
        for bad in ["", "Z", "2026-11-23T07:57:44.1834521", "2026-11-23T07:57:44+01:00", "2026-11-23T07:57:44.Z"] {
            assert!(!usual(Kind::UtcTime, bad), "{bad}");
        }
    }

    #[test]
    fn local_times_are_read_from_more_than_the_wires_form() {
        assert_eq!(local_time("2026-11-23T08:57:43.25").unwrap().subsec_nanosecond(), 250_000_000);
        assert_eq!(local_time("2026-11-23T08:57").unwrap(), local_time("2026-11-23 08:57:00").unwrap());
        for none in ["", "2026-11-23", "today", "2026-11-23T08:57:60", "2026-11-23T08:57:43+01:00", "2026-11-23T08Z"] {
            assert_eq!(local_time(none), None, "{none}");
        }
    }

    #[test]
    fn zones_are_spelled_as_in_the_database() {
        assert!(usual(Kind::TimeZone, "Europe/London"));
        assert!(usual(Kind::TimeZone, "Asia/Calcutta"), "an old name that is still in the database");
        assert!(usual(Kind::TimeZone, "UTC"));
        for bad in ["europe/london", "Europe/Nowhere", "CET+1", "+01:00", "Etc/Unknown", ""] {
            assert!(!usual(Kind::TimeZone, bad), "{bad}");
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
        assert!(!Kind::Integer.takes(JsonRef::String("\"1\"")));
    }

    #[test]
    fn words_uuids_and_null() {
        assert!(usual(Kind::Direction, "Out") && !usual(Kind::Direction, "out"));
        assert!(usual(Kind::Uuid, "3F2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b"));
        for bad in ["3f2b8c1e5d4a4e6f9a7b0c1d2e3f4a5b", "3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5g", ""] {
            assert!(!usual(Kind::Uuid, bad), "{bad}");
        }
        assert!(!Kind::Uuid.takes(JsonRef::Number("1")) && !Kind::UtcTime.takes(JsonRef::Number("1795000000")));
        assert!(Kind::Boolean.takes(JsonRef::Bool(false)) && !Kind::Boolean.takes(JsonRef::Number("0")));
        assert!(
            Kind::Text.takes(JsonRef::Null)
                && Kind::Uuid.is_usual(JsonRef::Null)
                && !Kind::Text.takes(JsonRef::Array("[\"x\"]"))
        );
    }
}
