//! Finds the values in a request's headers that may be signatures.
//!
//! A header is anybody's text, so what is looked at is bounded: [`LONGEST_VALUE`], [`PER_HEADER`] and [`MOST`]. Headers
//! whose names speak of signatures come first, so that no number of others displaces them.

use super::super::{
    digest::{decode, encoded_length},
    request::Request,
};
use crate::domain::scheme::{Encoding, Hash};

/// A value of a header that may be a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureCandidate {
    /// The header.
    pub header: String,
    /// The text before the digest.
    pub prefix: String,
    /// The digest.
    pub digest: Vec<u8>,
    /// The hash whose digest has this length.
    pub hash: Hash,
    /// The encodings that fit. Another request may decide between several.
    pub encodings: Vec<Encoding>,
}

/// The longest value of a header that is looked at, in bytes: SHA-512 in hex has 128, and some headers hold several.
pub const LONGEST_VALUE: usize = 1024;

/// The longest name of a header that is looked at, in bytes: a scheme's text repeats it.
pub const LONGEST_NAME: usize = 64;

/// The largest number of candidates in one header.
const PER_HEADER: usize = 8;

/// The largest number of candidates in one request.
const MOST: usize = 32;

/// The longest text before a digest, in bytes.
const LONGEST_PREFIX: usize = 64;

/// Headers that are never signatures but may look like digests.
const NEVER: [&str; 7] = ["host", "content-length", "content-type", "user-agent", "etag", "traceparent", "webhook-id"];

/// Words in the names of headers that hold signatures.
const TELLING: [&str; 9] = ["sig", "hmac", "mac", "digest", "hash", "token", "auth", "webhook", "timemoto"];

/// Returns the possible signatures in the order of the headers.
pub fn candidates(request: &Request) -> Vec<SignatureCandidate> {
    let never = |name: &str| name.len() > LONGEST_NAME || NEVER.iter().any(|other| other.eq_ignore_ascii_case(name));
    let named: Vec<_> = request.headers.iter().filter(|header| !never(&header.name)).enumerate().collect();
    let (telling, others): (Vec<_>, Vec<_>) = named.into_iter().partition(|(_, header)| is_telling(&header.name));
    let mut found: Vec<(usize, SignatureCandidate)> = Vec::new();
    for (place, header) in telling.into_iter().chain(others) {
        let of_header =
            parts(&header.value).into_iter().filter_map(|part| SignatureCandidate::read(&header.name, part));
        for candidate in of_header.take(PER_HEADER) {
            if found.len() < MOST && found.iter().all(|(_, other)| !other.is_same(&candidate)) {
                found.push((place, candidate));
            }
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

fn is_telling(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    TELLING.iter().any(|word| lower.contains(word))
}

impl SignatureCandidate {
    /// Reads the digest that a part of a header's value may be: its length says the hash.
    fn read(header: &str, (prefix, text): (&str, &str)) -> Option<Self> {
        let hash = Hash::ALL.iter().copied().find(|hash| could_be(text, *hash))?;
        let fitting = Encoding::ALL.iter().filter_map(|encoding| {
            let digest = decode(text, *encoding).filter(|digest| digest.len() == hash.length())?;
            Some((*encoding, digest))
        });
        let (encodings, digests): (Vec<_>, Vec<_>) = fitting.unzip();
        let digest = digests.into_iter().next().filter(|_| is_fixed(prefix))?;
        Some(SignatureCandidate { header: header.to_owned(), prefix: prefix.to_owned(), digest, hash, encodings })
    }

    /// Whether both are one, as in a header that is repeated.
    fn is_same(&self, other: &Self) -> bool {
        let what = |one: &Self| (one.prefix.clone(), one.digest.clone(), one.encodings.clone());
        self.header.eq_ignore_ascii_case(&other.header) && what(self) == what(other)
    }
}

fn could_be(text: &str, hash: Hash) -> bool {
    Encoding::ALL.iter().any(|encoding| encoded_length(hash, *encoding) == text.len())
}

/// Whether a prefix may be the same in each request: it holds no time and no digest.
fn is_fixed(prefix: &str) -> bool {
    let longest = |belongs: fn(char) -> bool| {
        prefix.split(|character: char| !belongs(character)).map(str::len).max().unwrap_or_default()
    };
    prefix.len() <= LONGEST_PREFIX
        && longest(|character| character.is_ascii_digit()) <= 5
        && longest(|character| character.is_ascii_alphanumeric()) < SHORTEST
}

/// The length of the shortest digest. A shorter word is a prefix such as `HMAC`.
const SHORTEST: usize = 22;

/// Splits a value into texts, each with its possible prefix: `sha256=…`, `v1,…`, `HMAC …`, `HMAC signature=…`.
fn parts(value: &str) -> Vec<(&str, &str)> {
    let value = value.trim();
    if value.len() > LONGEST_VALUE {
        return Vec::new();
    }
    match value.rsplit_once(' ') {
        Some((before, _)) if before.split(' ').any(|word| word.len() < SHORTEST) => {
            parts_of_word(value, before.len() + 1).collect()
        }
        _ => value.split_ascii_whitespace().flat_map(|word| parts_of_word(word, 0)).collect(),
    }
}

/// Splits a text at `from` and behind each separator that follows.
fn parts_of_word(text: &str, from: usize) -> impl Iterator<Item = (&str, &str)> {
    let separators = text[from..].char_indices().filter(|(_, character)| matches!(character, '=' | ',' | ':'));
    let behind = separators.map(move |(at, _)| from + at + 1).filter(|at| *at < text.len());
    std::iter::once(from).chain(behind).map(|at| text.split_at(at))
}
