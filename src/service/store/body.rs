//! The body of a delivery, as it is kept and as it is sent.

use bytes::Bytes;

use super::packing::{Damaged, Dictionary, pack, unpack};
use crate::domain::{payload::Draft, varint};

/// The frozen body of a delivery, packed until it is needed.
#[derive(Debug, Clone)]
pub struct Body(Form);

#[derive(Debug, Clone)]
enum Form {
    Whole(Bytes),
    Kept { row: Bytes, sequence: u64 },
}

impl Body {
    /// A body as a row has it, of the event with this sequence.
    pub fn kept(row: Vec<u8>, sequence: u64) -> Self {
        Body(Form::Kept { row: row.into(), sequence })
    }

    /// The bytes that are sent.
    ///
    /// # Errors
    /// When the row is damaged.
    pub fn bytes(&self) -> Result<Bytes, Damaged> {
        match &self.0 {
            Form::Whole(bytes) => Ok(bytes.clone()),
            Form::Kept { row, sequence } => Ok(read(row)?.with_sequence(*sequence).into()),
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Body(Form::Whole(bytes.into()))
    }
}

/// What a row keeps of a body: where its sequence belongs, counted from 1 or 0 for nowhere, and the packed rest.
pub fn row(draft: &Draft) -> Vec<u8> {
    let (text, gap) = draft.parts();
    let mut row = Vec::new();
    varint::write(&mut row, gap.map_or(0, |gap| gap as u64 + 1));
    row.extend(pack(text, Dictionary::Bodies));
    row
}

/// The body of a row.
///
/// # Errors
/// When the row is damaged.
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
    fn a_damaged_row_is_an_error() {
        for damaged in [&[][..], &[0], &[0, 9, 1], &[5, 0, b'a'], &[0xff; 12]] {
            assert!(Body::kept(damaged.to_vec(), 1).bytes().is_err(), "{damaged:?}");
        }
        assert_eq!(Body::from(vec![7]).bytes().unwrap(), vec![7]);
    }
}
