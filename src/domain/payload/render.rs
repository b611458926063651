//! Writing a body: which version writes it, and where its sequence stands.

use super::{data::EventData, envelope::Envelope, v1, v2};
use crate::domain::version::Version;

/// What a typical body fits in without the buffer growing, in bytes.
pub(super) const TYPICAL_BODY: usize = 2048;

/// The body of a delivery: compact JSON in the given version's format. `sequence` rises with each event of a service;
/// receivers sort by it. The same input gives the same bytes.
pub fn render(version: Version, envelope: &Envelope, sequence: u64, data: &EventData) -> Vec<u8> {
    write(version, envelope, Some(sequence), data).0
}

/// Writes a body; and where in it its sequence belongs, when there is none yet.
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
