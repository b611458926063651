//! Ids. Our own have a prefix for their type: `wh_…`, `src_…`, `dl_…`, `at_…`, `rc_…`, `tk_…`, and the wire's `tm_…`; an event may
//! have any id of its caller's.

use std::{fmt, str::FromStr};

use uuid::Uuid;

#[cfg(test)]
pub(crate) use self::event::tests::any_other_id;
use self::shared::uuid_v7;
pub use self::{
    event::{EventId, StoredEventId},
    shared::NotAnId,
};
use super::{text::serde_as_text, time::Timestamp};

/// Crockford's base 32 in lower case, as TypeIDs use it: no `i`, `l`, `o` or `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

macro_rules! debug_as_display {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

mod event;
mod shared;

macro_rules! short_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $wanted:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; Self::LETTERS]);

        impl $name {
            /// The prefix of every id of this type.
            pub const PREFIX: &'static str = $prefix;
            /// The number of letters after the prefix.
            pub const LETTERS: usize = 10;

            /// Makes an id from random bytes; it uses five bits of each.
            pub fn from_random(bytes: [u8; Self::LETTERS]) -> Self {
                $name(bytes.map(|byte| ALPHABET[usize::from(byte & 31)]))
            }

            fn letters(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&format!("{}{}", Self::PREFIX, self.letters()))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let not = || NotAnId { text: text.to_owned(), wanted: $wanted };
                let letters = text.strip_prefix(Self::PREFIX).ok_or_else(not)?;
                let letters: [u8; Self::LETTERS] = letters.as_bytes().try_into().map_err(|_| not())?;
                if letters.iter().all(|letter| ALPHABET.contains(letter)) { Ok($name(letters)) } else { Err(not()) }
            }
        }

        debug_as_display!($name);
        serde_as_text!($name);
    };
}

short_id!(
    /// A webhook's id: `wh_` and ten letters of Crockford's base 32, short enough to type.
    WebhookId,
    "wh_",
    "a webhook's id, such as wh_k3v9m2x7qd"
);
short_id!(
    /// A source's id: `src_` and ten letters of Crockford's base 32.
    SourceId,
    "src_",
    "a source's id, such as src_k3v9m2x7qd"
);

impl WebhookId {
    /// The least number of letters that a person must type to select a webhook by a unique beginning.
    pub const SHORTEST_PREFIX: usize = 4;

    /// Whether `text` may be the beginning of a webhook's id and is long enough to select one.
    pub fn is_beginning(text: &str) -> bool {
        text.strip_prefix(Self::PREFIX).is_some_and(|letters| {
            (Self::SHORTEST_PREFIX..=Self::LETTERS).contains(&letters.len())
                && letters.bytes().all(|b| ALPHABET.contains(&b))
        })
    }
}

/// Writes a UUID as the 26 letters of a TypeID: 128 bits in base 32, the first letter at most `7`.
fn write_base32(id: Uuid, out: &mut dyn fmt::Write) -> fmt::Result {
    let mut value = id.as_u128();
    let mut letters = [0; 26];
    for letter in letters.iter_mut().rev() {
        *letter = ALPHABET[value as usize & 31];
        value >>= 5;
    }
    out.write_str(std::str::from_utf8(&letters).unwrap_or_default())
}

fn decode_base32(letters: &str) -> Option<Uuid> {
    let letters = letters.as_bytes();
    if letters.len() != 26 || letters[0] > b'7' {
        return None;
    }
    let value = letters.iter().try_fold(0u128, |value, letter| {
        let digit = ALPHABET.iter().position(|known| known == letter)?;
        Some(value << 5 | digit as u128)
    })?;
    Some(Uuid::from_u128(value))
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $wanted:literal, $write:expr, $decode:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix of every id of this type.
            pub const PREFIX: &'static str = $prefix;

            /// Makes a new id. Later ids sort after earlier ones, to the millisecond.
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                $name(uuid_v7(at, random))
            }

            /// Reads the id from its sixteen stored bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                $name(Uuid::from_bytes(bytes))
            }

            /// Returns the sixteen bytes that are stored.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            fn write(&self, out: &mut dyn fmt::Write) -> fmt::Result {
                let write: fn(Uuid, &mut dyn fmt::Write) -> fmt::Result = $write;
                out.write_str($prefix)?;
                write(self.0, out)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if f.width().is_none() {
                    return self.write(f);
                }
                let mut text = String::new();
                self.write(&mut text)?;
                f.pad(&text)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let decode: fn(&str) -> Option<Uuid> = $decode;
                text.strip_prefix($prefix)
                    .and_then(decode)
                    .map($name)
                    .ok_or_else(|| NotAnId { text: text.to_owned(), wanted: $wanted })
            }
        }

        debug_as_display!($name);
        serde_as_text!($name);
    };
}

uuid_id!(
    /// A delivery's id: `dl_` and a UUIDv7 as a TypeID.
    DeliveryId,
    "dl_",
    "a delivery's id, such as dl_01h2xcejqtf2nbrexx3vqjhp41",
    write_base32,
    decode_base32
);
uuid_id!(
    /// An attempt's id: `at_` and a UUIDv7 as a TypeID.
    AttemptId,
    "at_",
    "an attempt's id, such as at_01h2xcejqtf2nbrexx3vqjhp41",
    write_base32,
    decode_base32
);
uuid_id!(
    /// A token's id: `tk_` and a UUIDv7 as a TypeID. It names the token and is not secret.
    TokenId,
    "tk_",
    "a token's id, such as tk_01h2xcejqtf2nbrexx3vqjhp41",
    write_base32,
    decode_base32
);
uuid_id!(
    /// A recovery's id: `rc_` and a UUIDv7 as a TypeID.
    RecoveryId,
    "rc_",
    "a recovery's id, such as rc_01h2xcejqtf2nbrexx3vqjhp41",
    write_base32,
    decode_base32
);
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhook_ids_are_ten_crockford_letters() {
        let id = WebhookId::from_random([0, 1, 31, 32, 255, 9, 10, 17, 18, 20]);
        assert_eq!(id.to_string(), "wh_01z0z9ahjm");
        assert_eq!("wh_01z0z9ahjm".parse(), Ok(id));
        for wrong in ["wh_01z0z9ahj", "wh_01z0z9ahjmm", "wh_01Z0Z9AHJM", "wh_01z0z9ahji", "01z0z9ahjm", ""] {
            assert!(wrong.parse::<WebhookId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_beginning_needs_four_letters() {
        assert!(WebhookId::is_beginning("wh_7c1z"));
        assert!(!WebhookId::is_beginning("wh_7c1"));
        assert!(!WebhookId::is_beginning("wh_7c1i"));
        assert!(!WebhookId::is_beginning("7c1zr"));
    }

    #[test]
    fn type_ids_match_the_specification() {
        // The pair is from the TypeID specification's list of valid examples.
        let bytes = *Uuid::parse_str("01890a5d-ac96-774b-bcce-b302099a8057").unwrap().as_bytes();
        let id = AttemptId::from_bytes(bytes);
        assert_eq!(id.to_string(), "at_01h455vb4pex5vsknk084sn02q");
        assert_eq!("at_01h455vb4pex5vsknk084sn02q".parse(), Ok(id));
        assert!("at_81h455vb4pex5vsknk084sn02q".parse::<AttemptId>().is_err(), "more than 128 bits");
        assert!("dl_01h455vb4pex5vsknk084sn02q".parse::<AttemptId>().is_err(), "another kind");
    }
}
