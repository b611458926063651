//! Searches for the scheme by trying every construction.

use std::collections::HashMap;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    super::{
        digest::{digest, encode},
        request::Request,
        secret::SharedSecret,
    },
    candidates::{Candidate, candidates},
    messages::messages,
    rank::oddness,
};
use crate::domain::scheme::{Algorithm, KeyForm, Message, Place, Scheme};

/// The result of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundScheme {
    /// The schemes that explain every request, the simplest first.
    pub schemes: Vec<Scheme>,
    /// How many constructions were tried.
    pub tried: usize,
    /// The headers of the first request that may hold a signature.
    pub headers: Vec<String>,
}

/// Tries every plausible construction on genuine requests of one sender.
pub fn detect(requests: &[Request], secret: &SharedSecret) -> FoundScheme {
    let Some((first, others)) = requests.split_first() else {
        return FoundScheme { schemes: Vec::new(), tried: 0, headers: Vec::new() };
    };
    let signatures = candidates(first);
    let mut headers: Vec<String> = signatures.iter().map(|candidate| candidate.header.clone()).collect();
    headers.dedup();
    let keys = keys(secret);
    let (mut schemes, mut tried) = (Vec::new(), 0);
    for header in &headers {
        let of_header: Vec<&Candidate> = signatures.iter().filter(|candidate| candidate.header == *header).collect();
        let search = Search { candidates: &of_header, keys: &keys };
        let (found, number) = search.run(first, header);
        schemes.extend(found);
        tried += number;
    }
    schemes.retain(|scheme| others.iter().all(|request| explains(scheme, request, secret)));
    schemes.sort_by_key(oddness);
    schemes.dedup();
    FoundScheme { schemes, tried, headers }
}

/// Whether a request is signed by this scheme.
fn explains(scheme: &Scheme, request: &Request, secret: &SharedSecret) -> bool {
    let (Some(key), Ok(message)) = (secret.key(scheme.key), request.message(&scheme.message)) else { return false };
    let expected = format!("{}{}", scheme.prefix, encode(&digest(scheme.algorithm, &key, &message), scheme.encoding));
    let values = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(&scheme.header));
    let same = |value: &str| bool::from(value.as_bytes().ct_eq(expected.as_bytes()));
    values.map(|header| header.value.trim()).any(|value| same(value) || value.split_ascii_whitespace().any(same))
}

/// A key, and the form of the secret that makes it.
type Key = (Zeroizing<Vec<u8>>, KeyForm);

/// Derives the distinct keys of the secret, each by its simplest form: a lower-case secret equals its lower-case form.
fn keys(secret: &SharedSecret) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for form in KeyForm::ALL {
        if let Some(key) = secret.key(*form).filter(|key| keys.iter().all(|(other, _)| other != key)) {
            keys.push((key, *form));
        }
    }
    keys
}

struct Search<'a> {
    /// The possible signatures in one header.
    candidates: &'a [&'a Candidate],
    keys: &'a [Key],
}

impl Search<'_> {
    /// The schemes that explain one of the candidates, and how many constructions were tried.
    fn run(&self, request: &Request, header: &str) -> (Vec<Scheme>, usize) {
        let mut messages_of: HashMap<Vec<u8>, Vec<Message>> = HashMap::new();
        for message in messages(request, header) {
            if let Ok(bytes) = request.message(&message) {
                messages_of.entry(bytes).or_default().push(message);
            }
        }
        let mut hashes: Vec<_> = self.candidates.iter().map(|candidate| candidate.hash).collect();
        hashes.sort_by_key(|hash| *hash as u8);
        hashes.dedup();
        let (mut found, mut tried) = (Vec::new(), 0);
        for hash in hashes {
            let plain = Place::ALL.iter().map(|place| Algorithm::Plain(hash, *place));
            for algorithm in std::iter::once(Algorithm::Hmac(hash)).chain(plain) {
                for ((bytes, messages), (key, form)) in
                    messages_of.iter().flat_map(|message| self.keys.iter().map(move |key| (message, key)))
                {
                    tried += messages.len();
                    let digest = digest(algorithm, key, bytes);
                    for candidate in self.candidates.iter().filter(|candidate| candidate.hash == hash) {
                        found.extend(matching(candidate, &digest, algorithm, *form, messages));
                    }
                }
            }
        }
        (found, tried)
    }
}

/// Returns the schemes by which this digest is written as the candidate.
fn matching(
    candidate: &Candidate,
    digest: &[u8],
    algorithm: Algorithm,
    key: KeyForm,
    messages: &[Message],
) -> Vec<Scheme> {
    let Candidate { header, prefix, text, hash: _, encodings } = candidate;
    let mut schemes = Vec::new();
    let same = |encoding| bool::from(encode(digest, encoding).as_bytes().ct_eq(text.as_bytes()));
    for encoding in encodings.iter().copied().filter(|encoding| same(*encoding)) {
        schemes.extend(messages.iter().map(|message| Scheme {
            algorithm,
            key,
            message: message.clone(),
            encoding,
            header: header.clone(),
            prefix: prefix.clone(),
        }));
    }
    schemes
}
