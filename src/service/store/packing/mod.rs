//! Packs bodies and exchanges, which are stored and seldom read. The store's callers pack and unpack, never the writing
//! thread.
//!
//! The first byte is the number of the dictionary, or 0 for plain bytes. A dictionary never changes: a better one gets
//! its own number, and older rows stay readable.

use std::sync::{LazyLock, Mutex, PoisonError};

use zstd::{
    bulk::{Compressor, Decompressor},
    dict::{DecoderDictionary, EncoderDictionary},
    zstd_safe::compress_bound,
};

#[cfg(test)]
mod training;

/// What a dictionary packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dictionary {
    /// Bodies of deliveries.
    Bodies = 1,
    /// Requests and answers.
    Exchanges = 2,
}

/// The reason why packed bytes cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a stored body or exchange is damaged: {0}")]
pub struct Damaged(String);

impl Damaged {
    /// Makes the error with this reason.
    pub fn new(why: impl Into<String>) -> Self {
        Damaged(why.into())
    }
}

/// The compression level. Higher levels cost more time than their space is worth: level 3 saves 3 %.
const LEVEL: i32 = 1;
/// The largest size, in bytes: larger ones are not packed, and nothing unpacks to more, even from a damaged row. The
/// largest event has 256 KiB of data, which nulls and quotes may enlarge.
const LARGEST: usize = 1024 * 1024;
/// The start of every frame, which is not stored.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The most idle contexts that are kept; each takes about 100 KB.
const MOST_IDLE: usize = 4;

static BODIES: LazyLock<Codec> = LazyLock::new(|| Codec::new(include_bytes!("bodies.dict")));
static EXCHANGES: LazyLock<Codec> = LazyLock::new(|| Codec::new(include_bytes!("exchanges.dict")));

impl Dictionary {
    fn codec(self) -> &'static Codec {
        match self {
            Dictionary::Bodies => &BODIES,
            Dictionary::Exchanges => &EXCHANGES,
        }
    }

    fn of(number: u8) -> Option<Dictionary> {
        [Dictionary::Bodies, Dictionary::Exchanges].into_iter().find(|known| *known as u8 == number)
    }
}

/// Packs bytes; those that would not become smaller stay plain.
pub fn pack(bytes: &[u8], with: Dictionary) -> Vec<u8> {
    let packed = (bytes.len() <= LARGEST).then(|| with.codec().pack(bytes)).flatten();
    match packed.as_deref().and_then(|frame| frame.strip_prefix(&MAGIC)).filter(|frame| frame.len() < bytes.len()) {
        Some(frame) => [&[with as u8], frame].concat(),
        None => [&[0], bytes].concat(),
    }
}

/// Unpacks bytes, in bounded memory whatever the input is.
///
/// # Errors
/// If the bytes were not packed by [`pack`] or were damaged since.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, Damaged> {
    match packed.split_first() {
        None => Err(Damaged::new("it is empty")),
        Some((0, plain)) => Ok(plain.to_vec()),
        Some((number, frame)) => {
            let dictionary = Dictionary::of(*number);
            dictionary.ok_or_else(|| Damaged(format!("there is no dictionary {number}")))?.codec().unpack(frame)
        }
    }
}

/// A prepared dictionary with its idle contexts.
struct Codec {
    encoder: EncoderDictionary<'static>,
    decoder: DecoderDictionary<'static>,
    compressors: Mutex<Vec<Compressor<'static>>>,
    decompressors: Mutex<Vec<Decompressor<'static>>>,
}

impl Codec {
    fn new(dictionary: &[u8]) -> Self {
        Codec {
            encoder: EncoderDictionary::copy(dictionary, LEVEL),
            decoder: DecoderDictionary::copy(dictionary),
            compressors: Mutex::default(),
            decompressors: Mutex::default(),
        }
    }

    fn pack(&'static self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut compressor = match take(&self.compressors) {
            Some(idle) => idle,
            None => {
                let mut fresh = Compressor::with_prepared_dictionary(&self.encoder).ok()?;
                fresh.include_dictid(false).ok()?;
                fresh
            }
        };
        let mut frame = Vec::with_capacity(compress_bound(bytes.len()));
        compressor.compress_to_buffer(bytes, &mut frame).ok()?;
        give_back(&self.compressors, compressor);
        Some(frame)
    }

    fn unpack(&'static self, frame: &[u8]) -> Result<Vec<u8>, Damaged> {
        let damaged = |error: std::io::Error| Damaged(error.to_string());
        let mut decompressor = match take(&self.decompressors) {
            Some(idle) => idle,
            None => Decompressor::with_prepared_dictionary(&self.decoder).map_err(damaged)?,
        };
        let bytes = decompressor.decompress(&[&MAGIC, frame].concat(), LARGEST).map_err(damaged)?;
        give_back(&self.decompressors, decompressor);
        Ok(bytes)
    }
}

fn take<T>(idle: &Mutex<Vec<T>>) -> Option<T> {
    idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn give_back<T>(idle: &Mutex<Vec<T>>, context: T) {
    let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
    if idle.len() < MOST_IDLE {
        idle.push(context);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: [Dictionary; 2] = [Dictionary::Bodies, Dictionary::Exchanges];

    #[test]
    fn the_smaller_is_kept() {
        let random: Vec<u8> = (0..64_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for (bytes, is_packed) in [(&b""[..], false), (b"x", false), (&random, false), (&[b'a'; 500], true)] {
            let packed = pack(bytes, Dictionary::Bodies);
            assert_eq!((packed[0] == 1, packed.len() <= bytes.len() + 1), (is_packed, true), "{bytes:?}");
            assert_eq!(unpack(&packed).unwrap(), bytes);
        }
        let beyond = vec![b'a'; LARGEST + 1];
        assert_eq!(pack(&beyond, Dictionary::Bodies)[0], 0);
        assert_eq!(unpack(&pack(&beyond, Dictionary::Bodies)).unwrap(), beyond);
        let largest = vec![b'a'; LARGEST];
        assert_eq!(unpack(&pack(&largest, Dictionary::Exchanges)).unwrap(), largest);
    }

    #[test]
    fn what_is_damaged_is_an_error_in_bounded_memory() {
        for damaged in [&[][..], &[3, 1, 2], &[255], &[1], &[2, 0, 0], &[1, 0x60, 0, 0xff, 0xff, 0xff, 0xff]] {
            assert!(unpack(damaged).is_err(), "{damaged:?}");
        }
        // The frames declare 4 GB, contain more than allowed, and declare no size.
        assert!(unpack(&[1, 0xa0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0]).is_err());
        let mut bomb = zstd::bulk::compress(&vec![0; LARGEST + 1], 1).unwrap();
        bomb.splice(..4, [1]);
        assert!(unpack(&bomb).is_err());
        let unknown_size = [1, 0x00, 0x58, 0x02 | 1, 0xff, 0x7f, 0x41];
        assert!(unpack(&unknown_size).map_or(0, |bytes| bytes.len()) <= LARGEST);
    }

    proptest! {
        #[test]
        fn what_was_packed_is_unpacked(bytes: Vec<u8>, repeated in 0..200_usize) {
            let bytes = bytes.repeat(repeated.max(1));
            for dictionary in BOTH {
                prop_assert_eq!(unpack(&pack(&bytes, dictionary)).unwrap(), &bytes[..]);
            }
        }

        #[test]
        fn whatever_stands_there_is_read_or_refused(mut packed: Vec<u8>, text in "[a-z\":,{}]{0,300}", at: usize, byte: u8) {
            let _ = unpack(&packed);
            packed.insert(0, 1);
            let _ = unpack(&packed);
            let mut altered = pack(text.as_bytes(), Dictionary::Bodies);
            let at = at % altered.len();
            altered[at] = byte;
            prop_assert!(unpack(&altered).map_or(0, |bytes| bytes.len()) <= LARGEST);
        }
    }
}
