//! Finds the values in a request's headers that may be signatures.

use super::super::{digest::encode, request::Request};
use crate::domain::scheme::{Encoding, Hash};

/// A value of a header that may be a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The header.
    pub header: String,
    /// The text before the digest.
    pub prefix: String,
    /// The digest, as it is written.
    pub text: String,
    /// A hash whose digest has this length.
    pub hash: Hash,
    /// The encodings that fit. Another request may decide between several.
    pub encodings: Vec<Encoding>,
}

/// Headers that are never signatures but may look like digests.
const NEVER: [&str; 7] = ["host", "content-length", "content-type", "user-agent", "etag", "traceparent", "webhook-id"];

/// Returns all possible signatures in the order of the headers.
pub fn candidates(request: &Request) -> Vec<Candidate> {
    let never = |name: &str| NEVER.iter().any(|other| other.eq_ignore_ascii_case(name));
    let headers = request.headers.iter().filter(|header| !never(&header.name));
    headers.flat_map(|header| parts(&header.value).into_iter().flat_map(|part| of_part(&header.name, part))).collect()
}

/// Returns the digests that a part of a header's value may be, by its length.
fn of_part<'a>(header: &'a str, (prefix, text): (&'a str, &'a str)) -> impl Iterator<Item = Candidate> {
    Hash::ALL.iter().filter_map(move |hash| {
        let encodings = encodings(text, *hash);
        let (header, prefix, text) = (header.to_owned(), prefix.to_owned(), text.to_owned());
        (!encodings.is_empty()).then_some(Candidate { header, prefix, text, hash: *hash, encodings })
    })
}

/// The length of the shortest digest. A shorter word is a prefix such as `HMAC`.
const SHORTEST: usize = 22;

/// Splits a value into signatures, each with its possible prefix: `sha256=…`, `v1,…`, `HMAC …`.
fn parts(value: &str) -> Vec<(&str, &str)> {
    let value = value.trim();
    match value.rsplit_once(' ') {
        Some((before, text)) if before.split(' ').any(|word| word.len() < SHORTEST) => {
            vec![(&value[..=before.len()], text)]
        }
        _ => value.split_ascii_whitespace().flat_map(parts_of_word).collect(),
    }
}

fn parts_of_word(word: &str) -> Vec<(&str, &str)> {
    let separators = word.char_indices().filter(|(_, character)| matches!(character, '=' | ',' | ':'));
    let split = separators.map(|(at, _)| word.split_at(at + 1));
    // A prefix that holds a time differs in each request.
    let is_fixed = |prefix: &str| !prefix.split(|character: char| !character.is_ascii_digit()).any(|run| run.len() > 5);
    std::iter::once(("", word)).chain(split.filter(|(prefix, text)| !text.is_empty() && is_fixed(prefix))).collect()
}

/// Returns the encodings in which a digest of this hash could look like `text`.
fn encodings(text: &str, hash: Hash) -> Vec<Encoding> {
    let length = |encoding| encode(&vec![0; hash.length()], encoding).len();
    let fits = |encoding: Encoding| {
        let belongs = |byte: u8| match encoding {
            Encoding::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Encoding::HexUpper => matches!(byte, b'0'..=b'9' | b'A'..=b'F'),
            Encoding::Base64 | Encoding::Base64Nopad => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
            }
            Encoding::Base64url | Encoding::Base64urlNopad => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=')
            }
        };
        text.len() == length(encoding) && text.bytes().all(belongs)
    };
    Encoding::ALL.iter().copied().filter(|encoding| fits(*encoding)).collect()
}
