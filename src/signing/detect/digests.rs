//! Computes the digests of all messages with all keys, for one hash. What several have in common is hashed once.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use super::{
    super::digest::keyed,
    messages::{Frame, Plan, Side},
};
use crate::domain::scheme::{Algorithm, Hash, KeyForm, Place};

/// A key, and the form of the secret that makes it.
pub type DerivedKey = (Zeroizing<Vec<u8>>, KeyForm);

/// A digest and what it was made of.
pub struct Computed<'a> {
    /// The digest.
    pub digest: &'a [u8],
    /// How it was computed.
    pub algorithm: Algorithm,
    /// The key's form.
    pub key: KeyForm,
    /// Where its message stands.
    pub frame: &'a Frame,
    /// What stands behind the body in it.
    pub behind: &'a Side,
}

/// Computes each digest of these frames with this hash.
pub fn each(plan: &Plan<'_>, frames: &[Frame], keys: &[DerivedKey], hash: Hash, tell: &mut impl FnMut(Computed<'_>)) {
    match hash {
        Hash::Sha256 => all::<Sha256, Hmac<Sha256>>(plan, frames, keys, hash, tell),
        Hash::Sha1 => all::<Sha1, Hmac<Sha1>>(plan, frames, keys, hash, tell),
        Hash::Sha512 => all::<Sha512, Hmac<Sha512>>(plan, frames, keys, hash, tell),
        Hash::Md5 => all::<Md5, Hmac<Md5>>(plan, frames, keys, hash, tell),
    }
}

fn all<D: Digest + Clone, M: Mac + KeyInit + Clone>(
    plan: &Plan<'_>,
    frames: &[Frame],
    keys: &[DerivedKey],
    hash: Hash,
    tell: &mut impl FnMut(Computed<'_>),
) {
    let macs: Vec<M> = keys.iter().map(|(key, _)| keyed(key)).collect();
    for frame in frames {
        let (before, body) = (&frame.before.bytes, &plan.bodies[frame.body].bytes);
        let unkeyed = D::new().chain_update(before).chain_update(body);
        for ((key, form), mac) in keys.iter().zip(&macs) {
            let mac = mac.clone().chain_update(before).chain_update(body);
            let plain = D::new().chain_update(key).chain_update(before).chain_update(body);
            for behind in &frame.behind {
                let mut told =
                    |algorithm, digest: &[u8]| tell(Computed { digest, algorithm, key: *form, frame, behind });
                let hmac = mac.clone().chain_update(&behind.bytes).finalize().into_bytes();
                told(Algorithm::Hmac(hash), &hmac);
                let after = unkeyed.clone().chain_update(&behind.bytes).chain_update(key).finalize();
                told(Algorithm::Plain(hash, Place::After), &after);
                let plain = plain.clone().chain_update(&behind.bytes);
                told(Algorithm::Plain(hash, Place::Both), &plain.clone().chain_update(key).finalize());
                told(Algorithm::Plain(hash, Place::Before), &plain.finalize());
            }
        }
    }
}

/// How many of the frames can be computed by hashing at most `most` bytes, and how many constructions that are. The first
/// frame is always one of them.
pub fn affordable(plan: &Plan<'_>, keys: usize, most: usize) -> (usize, usize) {
    let (mut number, mut constructions, mut spent) = (0, 0, 0);
    for frame in &plan.frames {
        let body = &plan.bodies[frame.body];
        let ends: usize = frame.behind.iter().map(|behind| behind.bytes.len() + PER_DIGEST).sum();
        spent += (frame.before.bytes.len() + body.bytes.len()) * (2 * keys + 1) + ends * 4 * keys;
        if spent > most && number > 0 {
            break;
        }
        number += 1;
        constructions += body.ways() * frame.behind.len() * 4 * keys;
    }
    (number, constructions)
}

/// What a digest costs beside its message, in bytes: the blocks that end it.
const PER_DIGEST: usize = 192;
