//! The body of a delivery, packed in a row and unpacked for sending.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::packing::{Damaged, Dictionary, pack, unpack};
use crate::domain::{payload::Draft, varint};

/// The frozen body of a delivery, packed until it is needed. Deliveries that share it unpack it once.
#[derive(Debug, Clone)]
pub struct Body(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    row: Vec<u8>,
    sequence: u64,
    whole: OnceLock<Bytes>,
}

/// The longest body that stays unpacked for the other deliveries that share it, in bytes.
const LONGEST_SHARED: usize = 8 * 1024;

impl Body {
    /// Makes a body of a row of the event with this sequence.
    pub fn kept(row: Vec<u8>, sequence: u64) -> Self {
        Body(Arc::new(Kept { row, sequence, whole: OnceLock::new() }))
    }

    /// Makes a body of a future row of the event with this sequence, and of the bytes to send.
    pub fn known(row: Vec<u8>, sequence: u64, whole: Bytes) -> Self {
        Body(Arc::new(Kept { row, sequence, whole: whole.into() }))
    }

    /// Whether it is the body of this row of the event with this sequence.
    pub fn is(&self, row: &[u8], sequence: u64) -> bool {
        self.0.row == row && self.0.sequence == sequence
    }

    /// Whether it is short enough to be cached: neither its row nor its unpacked bytes take much memory.
    pub fn is_short(&self) -> bool {
        let Kept { row, sequence: _, whole } = &*self.0;
        row.len() <= LONGEST_SHARED && whole.get().is_none_or(|whole| whole.len() <= LONGEST_SHARED)
    }

    /// The bytes to send.
    ///
    /// # Errors
    /// If the row is damaged.
    pub fn bytes(&self) -> Result<Bytes, Damaged> {
        let Kept { row, sequence, whole: shared } = &*self.0;
        if let Some(whole) = shared.get() {
            return Ok(whole.clone());
        }
        let whole: Bytes = read(row)?.with_sequence(*sequence).into();
        if whole.len() <= LONGEST_SHARED {
            // Another delivery may have set the same bytes first.
            let _ = shared.set(whole.clone());
        }
        Ok(whole)
    }
}

/// Makes a body without a row.
#[cfg(test)]
impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Body::known(Vec::new(), 0, bytes.into())
    }
}

/// Packs a body for a row: the position of its sequence, counted from 1 or 0 for none, and the packed rest.
pub fn row(draft: &Draft) -> Vec<u8> {
    let (text, gap) = draft.parts();
    let mut row = Vec::new();
    varint::write(&mut row, gap.map_or(0, |gap| gap as u64 + 1));
    row.extend(pack(text, Dictionary::Bodies));
    row
}

/// Reads the body of a row.
///
/// # Errors
/// If the row is damaged.
pub fn read(mut row: &[u8]) -> Result<Draft, Damaged> {
    let outside = || Damaged::new("its sequence lies outside");
    let gap = varint::read(&mut row).ok_or_else(outside)?;
    let gap = gap.checked_sub(1).map(usize::try_from).transpose().map_err(|_| outside())?;
    Draft::from_parts(unpack(row)?, gap).ok_or_else(outside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_body_is_kept(text: Vec<u8>, gap: Option<u16>) {
            let gap = gap.map(|gap| usize::from(gap) % (text.len() + 1));
            let draft = Draft::from_parts(text.clone(), gap).unwrap();
            prop_assert_eq!(&read(&row(&draft)).unwrap(), &draft);
            let whole = Body::kept(row(&draft), 42).bytes().unwrap();
            prop_assert_eq!(whole.len(), text.len() + 2 * usize::from(gap.is_some()));
            if gap.is_none() {
                prop_assert_eq!(&whole[..], &text[..]);
            }
        }

        #[test]
        fn any_row_is_read_or_refused(row: Vec<u8>) {
            let _ = Body::kept(row, u64::MAX).bytes();
        }
    }

    #[test]
    fn what_shares_a_body_has_its_bytes_unpacked_once_unless_they_are_long() {
        let whole = |length: usize| {
            let row = row(&Draft::from_parts(vec![b'a'; length], None).unwrap());
            let (first, second) = (Body::kept(row.clone(), 1), Body::kept(row, 1));
            let shared = first.clone();
            assert_eq!(first.bytes().unwrap(), second.bytes().unwrap());
            first.bytes().unwrap().as_ptr() == shared.bytes().unwrap().as_ptr()
        };
        assert!(whole(LONGEST_SHARED));
        assert!(!whole(LONGEST_SHARED + 1));
    }

    #[test]
    fn a_damaged_row_is_an_error() {
        for damaged in [&[][..], &[0], &[0, 9, 1], &[5, 0, b'a'], &[0xff; 12]] {
            assert!(Body::kept(damaged.to_vec(), 1).bytes().is_err(), "{damaged:?}");
        }
        assert_eq!(Body::from(vec![7]).bytes().unwrap(), vec![7]);
    }
}
