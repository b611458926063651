//! A body before its event has a number: rendered ahead, its sequence is filled in when the event is stored.

use super::{data::EventData, envelope::Envelope, render::write};
use crate::domain::version::Version;

/// A body in which the sequence may still be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    text: Vec<u8>,
    /// Where the sequence belongs; none when nothing is missing.
    gap: Option<usize>,
}

/// The digits of the largest sequence.
const MOST_DIGITS: usize = 20;

impl Draft {
    /// The body of an event in a version.
    pub fn of(version: Version, envelope: &Envelope, data: &EventData) -> Draft {
        let (text, gap) = write(version, envelope, None, data);
        Draft { text, gap: Some(gap) }
    }

    /// A body from its parts; one without a gap is whole. None when the gap is outside.
    pub fn from_parts(text: Vec<u8>, gap: Option<usize>) -> Option<Draft> {
        gap.is_none_or(|gap| gap <= text.len()).then_some(Draft { text, gap })
    }

    /// What there is of it, and where its sequence belongs.
    pub fn parts(&self) -> (&[u8], Option<usize>) {
        (&self.text, self.gap)
    }

    /// The whole body. A sequence is a number of ours, which counts from 1 and stays far below 2^53.
    pub fn with_sequence(self, sequence: u64) -> Vec<u8> {
        let Draft { mut text, gap } = self;
        if let Some(gap) = gap {
            text.reserve_exact(MOST_DIGITS);
            text.splice(gap..gap, sequence.to_string().into_bytes());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::{golden::envelope, render};
    use super::*;
    use crate::domain::event::EventType;

    #[test]
    fn with_its_sequence_it_is_the_body() {
        for version in Version::ALL {
            for event_type in EventType::KNOWN {
                let (envelope, data) = (envelope(event_type), EventData::example(event_type));
                for sequence in [1, 48_213, 9_007_199_254_740_991] {
                    let draft = Draft::of(version, &envelope, &data);
                    assert!(!draft.parts().0.is_empty());
                    assert_eq!(draft.with_sequence(sequence), render(version, &envelope, sequence, &data));
                }
            }
        }
    }

    #[test]
    fn one_that_is_whole_stays_as_it_is_and_a_gap_outside_is_none() {
        let text = br#"{"sequence": 7}"#.to_vec();
        assert_eq!(Draft::from_parts(text.clone(), None).unwrap().with_sequence(9), text);
        assert_eq!(Draft::from_parts(text.clone(), Some(text.len() + 1)), None);
    }
}
