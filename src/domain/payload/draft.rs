//! A body that is rendered before its event is stored. The store then fills in the sequence.

use super::{data::EventData, envelope::Envelope, render::write};
use crate::domain::{event::MAX_SAFE_INTEGER, version::Version};

/// A body in which the sequence may still be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    text: Vec<u8>,
    /// The offset of the missing sequence, or `None` if the body is complete.
    gap: Option<usize>,
}

/// The number of digits of the largest `u64`.
const MOST_DIGITS: usize = 20;

impl Draft {
    /// Renders the body of an event without its sequence.
    pub fn of(version: Version, envelope: &Envelope, data: &EventData) -> Draft {
        let (text, gap) = write(version, envelope, None, data);
        Draft { text, gap: Some(gap) }
    }

    /// A complete body.
    pub fn whole(text: Vec<u8>) -> Draft {
        Draft { text, gap: None }
    }

    /// Completes the body with a source's sequence, or with `null` if it has none.
    pub fn numbered(self, sequence: Option<u64>) -> Draft {
        let Draft { mut text, gap } = self;
        if let Some(gap) = gap {
            // A program that reads numbers as doubles gets the digits of a larger one as a text.
            let written = match sequence {
                Some(number) if number > MAX_SAFE_INTEGER.unsigned_abs() => format!("\"{number}\""),
                Some(number) => number.to_string(),
                None => "null".to_owned(),
            };
            text.splice(gap..gap, written.into_bytes());
        }
        Draft::whole(text)
    }

    /// Builds a draft from its parts. Returns `None` if the gap lies outside the text.
    pub fn from_parts(text: Vec<u8>, gap: Option<usize>) -> Option<Draft> {
        gap.is_none_or(|gap| gap <= text.len()).then_some(Draft { text, gap })
    }

    /// Returns the text, and the offset of the missing sequence.
    pub fn parts(&self) -> (&[u8], Option<usize>) {
        (&self.text, self.gap)
    }

    /// Fills in the sequence and returns the whole body. The service counts sequences from 1, far below 2^53.
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
