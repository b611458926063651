//! An event's id: our own `tm_…`, or any that a caller or a source gave.

use std::{fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::shared::{NotAnId, uuid_v7};
use crate::domain::{text::serde_as_text, time::Timestamp};

/// An event's id: 1–128 printable ASCII characters without blanks. Our own are `tm_` and a UUIDv7 as 32 lower-case hex
/// digits; a caller may set any other.
///
/// Our own sort by time, to the millisecond, and before all others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(Form);

/// How an id is held. `tm_` and 32 lower-case hex digits are always the sixteen bytes, so that one id has one form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Uuid([u8; 16]),
    Text(Text),
}

/// A text of at most 128 ASCII characters, filled up with zeros. The length comes last, for the order of texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Text {
    bytes: [u8; EventId::LONGEST],
    len: u8,
}

/// What is stored of an event's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredEventId<'a> {
    /// The sixteen bytes of `tm_` and 32 lower-case hex digits.
    Bytes(&'a [u8; 16]),
    /// Any other id.
    Text(&'a str),
}

/// The characters of an id that stand in a URL's path as they are.
const NOT_IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl EventId {
    /// The prefix of our own events' ids.
    pub const PREFIX: &'static str = "tm_";
    /// The greatest number of characters.
    pub const LONGEST: usize = 128;

    /// Makes a new id. Later ids sort after earlier ones, to the millisecond.
    pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
        EventId(Form::Uuid(uuid_v7(at, random).into_bytes()))
    }

    /// Reads the id `tm_…` from its sixteen stored bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        EventId(Form::Uuid(bytes))
    }

    /// Whether it is `tm_` and 32 lower-case hex digits, as our own are.
    pub fn is_own(&self) -> bool {
        matches!(self.0, Form::Uuid(_))
    }

    /// Returns what is stored.
    pub fn stored(&self) -> StoredEventId<'_> {
        match &self.0 {
            Form::Uuid(bytes) => StoredEventId::Bytes(bytes),
            Form::Text(text) => StoredEventId::Text(text.as_str()),
        }
    }

    /// Shows the id as a JSON string: in quotes, with `"` and `\` escaped.
    pub fn in_json(&self) -> impl fmt::Display {
        fmt::from_fn(move |f| match self.stored() {
            StoredEventId::Text(text) if text.contains(['"', '\\']) => {
                f.write_str("\"")?;
                for character in text.chars() {
                    if matches!(character, '"' | '\\') {
                        f.write_str("\\")?;
                    }
                    write!(f, "{character}")?;
                }
                f.write_str("\"")
            }
            _ => write!(f, "\"{self}\""),
        })
    }

    /// Shows the id as a part of a URL's path: percent-encoded but for letters, digits and `-._~`.
    pub fn in_path(&self) -> impl fmt::Display {
        fmt::from_fn(move |f| match self.stored() {
            StoredEventId::Bytes(_) => write!(f, "{self}"),
            StoredEventId::Text(text) => write!(f, "{}", utf8_percent_encode(text, NOT_IN_PATHS)),
        })
    }
}

impl Text {
    fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; EventId::LONGEST];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Text { bytes, len: u8::try_from(text.len()).ok()? })
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stored() {
            StoredEventId::Text(text) => f.pad(text),
            StoredEventId::Bytes(bytes) => {
                let mut text = *b"tm_00000000000000000000000000000000";
                Uuid::from_bytes(*bytes).simple().encode_lower(&mut text[EventId::PREFIX.len()..]);
                f.pad(std::str::from_utf8(&text).unwrap_or_default())
            }
        }
    }
}

impl FromStr for EventId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if let Some(bytes) = text.strip_prefix(EventId::PREFIX).and_then(uuid_of_hex) {
            return Ok(EventId::from_bytes(bytes));
        }
        let printable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let other = printable.then(|| Text::new(text)).flatten();
        other.map(|text| EventId(Form::Text(text))).ok_or_else(|| NotAnId {
            text: text.to_owned(),
            wanted: "an event's id: 1 to 128 printable ASCII characters without blanks",
        })
    }
}

/// Reads 32 lower-case hex digits.
fn uuid_of_hex(digits: &str) -> Option<[u8; 16]> {
    let lower = digits.len() == 32 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if lower { Uuid::try_parse(digits).ok().map(Uuid::into_bytes) } else { None }
}

debug_as_display!(EventId);
serde_as_text!(EventId);

#[cfg(test)]
pub(super) mod tests {
    use std::hash::{BuildHasher, RandomState};

    use proptest::prelude::*;

    use super::*;

    /// Any id that is not our own; most with characters that are special somewhere.
    pub(crate) fn any_other_id() -> impl Strategy<Value = EventId> {
        let texts = prop_oneof!["[!-~]{1,128}", r#"["\\/?#%.&+'$=-]{1,8}"#, "tm_[0-9a-fA-F]{30,33}"];
        let ids = texts.prop_map(|text| text.parse::<EventId>().unwrap());
        ids.prop_filter("our own", |id| !id.is_own())
    }

    fn id(text: &str) -> EventId {
        text.parse().unwrap()
    }

    #[test]
    fn own_ids_are_hex_and_sort_by_time() {
        let at = 1_795_455_600_123_456;
        let earlier = EventId::new(Timestamp::from_micros(at), [0xff; 10]);
        let later = EventId::new(Timestamp::from_micros(at + 1000), [0; 10]);
        assert!(earlier < later && later < id("!") && id("a") < id("a!") && id("a!") < id("b"));
        assert_eq!(earlier.to_string().len(), 35);
        assert_eq!(earlier.to_string().parse(), Ok(earlier));
        assert_eq!(format!("{:?} {:<36}|", EventId::from_bytes([7; 16]), EventId::from_bytes([7; 16])), {
            let digits = "07".repeat(16);
            format!("tm_{digits} tm_{digits} |")
        });
    }

    #[test]
    fn what_looks_like_our_own_is_the_sixteen_bytes_and_nothing_else_is() {
        let own = "tm_0199c1d2e3f4758697a8b9cadbecfd0e";
        assert!(matches!(id(own).stored(), StoredEventId::Bytes(bytes) if bytes[..2] == [0x01, 0x99]));
        for other in [&own.to_uppercase(), &own.replace('c', "C"), &own[..34], &own[3..], "tm_", "7", "tm-1"] {
            assert_eq!(id(other).stored(), StoredEventId::Text(other));
        }
    }

    #[test]
    fn an_id_is_1_to_128_printable_characters_of_ascii() {
        let longest = "x".repeat(128);
        assert_eq!(id(&longest).to_string(), longest);
        for wrong in ["", " ", "a b", "a\t", "a\n", "\u{7f}", "é", "a\0", &"x".repeat(129), &"é".repeat(64)] {
            let error = wrong.parse::<EventId>().unwrap_err().to_string();
            let told = "is not an event's id: 1 to 128 printable ASCII characters without blanks";
            assert_eq!(error, format!("\"{wrong}\" {told}"));
        }
    }

    #[test]
    fn paths_keep_what_they_may() {
        let own = "tm_0199c1d2e3f4758697a8b9cadbecfd0e";
        assert_eq!(id(own).in_path().to_string(), own);
        assert_eq!(id(r#"a/b?c#d%25"\.~-_"#).in_path().to_string(), "a%2Fb%3Fc%23d%2525%22%5C.~-_");
    }

    proptest! {
        #[test]
        fn ids_are_read_as_they_are_written(other in any_other_id(), bytes: [u8; 16]) {
            for id in [other, EventId::from_bytes(bytes)] {
                let text = id.to_string();
                prop_assert_eq!(text.parse::<EventId>().unwrap(), id);
                let json = serde_json::to_string(&id).unwrap();
                prop_assert_eq!(&id.in_json().to_string(), &json);
                prop_assert_eq!(serde_json::from_str::<EventId>(&json).unwrap(), id);
                let path = id.in_path().to_string();
                prop_assert!(!path.contains(['/', '?', '#', '"', '\\', ' ']), "{}", path);
                let decoded = percent_encoding::percent_decode_str(&path).decode_utf8().unwrap();
                prop_assert_eq!(decoded, text);
            }
        }

        #[test]
        fn ids_compare_as_their_texts(one in any_other_id(), other in any_other_id()) {
            prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
            let state = RandomState::new();
            let again: EventId = one.to_string().parse().unwrap();
            prop_assert_eq!(state.hash_one(one), state.hash_one(again));
        }
    }
}
