//! Renders a body in its version, and finds the offset of its sequence.

use super::{data::EventData, envelope::Envelope, v1, v2};
use crate::domain::version::Version;

/// The initial size of the buffer in bytes; a typical body fits into it.
pub(super) const TYPICAL_BODY: usize = 2048;

/// Renders the body of a delivery as compact JSON in the version's format. `sequence` rises with each event of a
/// service, and receivers sort by it. The same input gives the same bytes.
pub fn render(version: Version, envelope: &Envelope, sequence: u64, data: &EventData) -> Vec<u8> {
    write(version, envelope, Some(sequence), data).0
}

/// Writes a body, with or without its sequence, and returns the offset of the sequence.
pub(super) fn write(
    version: Version,
    envelope: &Envelope,
    sequence: Option<u64>,
    data: &EventData,
) -> (Vec<u8>, usize) {
    match version {
        Version::V1 => {
            let mut body = String::with_capacity(TYPICAL_BODY);
            let gap = v1::write(&mut body, envelope, sequence, data);
            (body.into_bytes(), gap)
        }
        Version::V2 => {
            let mut body = Vec::with_capacity(TYPICAL_BODY);
            let gap = v2::write(&mut body, envelope, sequence, data);
            (body, gap)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::golden::{SEQUENCE, envelope};
    use super::*;
    use crate::domain::{event::EventType, ids::any_other_id};

    proptest! {
        #[test]
        fn a_body_with_any_id_is_json_with_this_id(id in any_other_id()) {
            let envelope = Envelope { id, ..envelope(EventType::TEST) };
            for version in Version::ALL {
                let body = render(version, &envelope, SEQUENCE, &EventData::example(EventType::TEST));
                let body: Value = serde_json::from_slice(&body).unwrap();
                prop_assert_eq!((&body["id"], &body["sequence"]), (&json!(id.to_string()), &json!(SEQUENCE)));
            }
        }
    }
}
