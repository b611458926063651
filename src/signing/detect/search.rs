//! Searches for the scheme by trying every construction, within bounds: a request may be anybody's.

use subtle::ConstantTimeEq;

use super::{
    super::{
        explains::still,
        request::{Reading, Request},
        secret::SharedSecret,
    },
    candidates::{SignatureCandidate, candidates},
    digests::{Computed, DerivedKey, affordable, each},
    messages::Plan,
    rank::oddness,
};
use crate::domain::scheme::{Hash, KeyForm, Scheme};

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

/// How many bytes one search hashes at most. An event of TimeMoto, of 1.3 KiB, needs less than a tenth of it for each hash;
/// of a body of 64 KiB the simpler constructions are tried.
const MOST_HASHED: usize = 128 << 20;

/// Tries every plausible construction on genuine requests of one sender.
pub fn detect(requests: &[Request], secret: &SharedSecret) -> FoundScheme {
    let Some((first, others)) = requests.split_first() else {
        return FoundScheme { schemes: Vec::new(), tried: 0, headers: Vec::new() };
    };
    let mut found = search(first, &keys(secret, 1));
    for other in others {
        found.schemes = still(&found.schemes, other, secret);
    }
    found
}

/// Derives the distinct keys of the secret, each by its simplest form: a lower-case secret equals its lower-case form. Those
/// of fewer than `shortest` bytes are left out; zeros at the end do not count, as an HMAC takes a key with and without them
/// for the same.
pub fn keys(secret: &SharedSecret, shortest: usize) -> Vec<DerivedKey> {
    let length = |key: &[u8]| key.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let mut keys: Vec<DerivedKey> = Vec::new();
    for form in KeyForm::ALL {
        let key = secret.key(*form).filter(|key| length(key) >= shortest);
        if let Some(key) = key.filter(|key| keys.iter().all(|(other, _)| other != key)) {
            keys.push((key, *form));
        }
    }
    keys
}

/// Tries every plausible construction on one request with these keys.
pub fn search(request: &Request, keys: &[DerivedKey]) -> FoundScheme {
    run(request, keys, true)
}

/// What a search that finds nothing says, without searching.
pub fn scope(request: &Request, keys: &[DerivedKey]) -> FoundScheme {
    run(request, keys, false)
}

fn run(request: &Request, keys: &[DerivedKey], compute: bool) -> FoundScheme {
    let candidates = candidates(request);
    let mut headers: Vec<String> = candidates.iter().map(|candidate| candidate.header.clone()).collect();
    headers.dedup();
    let hashes: Vec<Hash> =
        Hash::ALL.iter().copied().filter(|hash| candidates.iter().any(|candidate| candidate.hash == *hash)).collect();
    if hashes.is_empty() || keys.is_empty() {
        return FoundScheme { schemes: Vec::new(), tried: 0, headers };
    }
    let reading = Reading::of(request);
    let plan = Plan::of(&reading);
    let (frames, constructions) = affordable(&plan, keys.len(), MOST_HASHED / hashes.len());
    let mut schemes = Vec::new();
    for hash in hashes.iter().copied().filter(|_| compute) {
        let of_hash: Vec<&SignatureCandidate> = candidates.iter().filter(|candidate| candidate.hash == hash).collect();
        each(&plan, &plan.frames[..frames], keys, hash, &mut |computed| {
            for candidate in of_hash.iter().filter(|candidate| bool::from(candidate.digest.ct_eq(computed.digest))) {
                schemes.extend(named(candidate, &computed, &plan));
            }
        });
    }
    schemes.sort_by_key(oddness);
    schemes.dedup();
    FoundScheme { schemes, tried: constructions * hashes.len(), headers }
}

/// The schemes by which this digest is written as the candidate. A signature does not sign itself.
fn named(candidate: &SignatureCandidate, computed: &Computed<'_>, plan: &Plan<'_>) -> Vec<Scheme> {
    let SignatureCandidate { header, prefix, digest: _, hash: _, encodings } = candidate;
    let Computed { digest: _, algorithm, key, frame, behind } = computed;
    let mut schemes = Vec::new();
    for message in plan.messages(frame, behind) {
        if message.headers().any(|name| name.eq_ignore_ascii_case(header)) {
            continue;
        }
        schemes.extend(encodings.iter().map(|encoding| Scheme {
            algorithm: *algorithm,
            key: *key,
            message: message.clone(),
            encoding: *encoding,
            header: header.clone(),
            prefix: prefix.clone(),
        }));
    }
    schemes
}
