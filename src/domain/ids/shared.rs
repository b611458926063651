//! What the ids of all types share: the error of a text that is none, and how a UUID is made.

use uuid::Uuid;

use crate::domain::time::Timestamp;

/// The text is not an id of the expected type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not {wanted}")]
pub struct NotAnId {
    pub(super) text: String,
    pub(super) wanted: &'static str,
}

/// Makes a UUIDv7 from a time and random bytes (RFC 9562, section 5.7).
pub(super) fn uuid_v7(at: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
