//! Computes keyed digests and encodes them.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::domain::scheme::{Algorithm, Encoding, Hash, Place};

/// Computes the digest of a message with a key.
pub fn digest(algorithm: Algorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Hmac(Hash::Sha256) => mac::<Hmac<Sha256>>(key, message),
        Algorithm::Hmac(Hash::Sha1) => mac::<Hmac<Sha1>>(key, message),
        Algorithm::Hmac(Hash::Sha512) => mac::<Hmac<Sha512>>(key, message),
        Algorithm::Hmac(Hash::Md5) => mac::<Hmac<Md5>>(key, message),
        Algorithm::Plain(Hash::Sha256, place) => plain::<Sha256>(place, key, message),
        Algorithm::Plain(Hash::Sha1, place) => plain::<Sha1>(place, key, message),
        Algorithm::Plain(Hash::Sha512, place) => plain::<Sha512>(place, key, message),
        Algorithm::Plain(Hash::Md5, place) => plain::<Md5>(place, key, message),
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

fn plain<D: Digest>(place: Place, key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut hash = D::new();
    if place != Place::After {
        hash.update(key);
    }
    hash.update(message);
    if place != Place::Before {
        hash.update(key);
    }
    hash.finalize().to_vec()
}

/// Encodes a digest as text.
pub fn encode(digest: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::Hex => hex::encode(digest),
        Encoding::HexUpper => hex::encode_upper(digest),
        Encoding::Base64 => STANDARD.encode(digest),
        Encoding::Base64Nopad => STANDARD_NO_PAD.encode(digest),
        Encoding::Base64url => URL_SAFE.encode(digest),
        Encoding::Base64urlNopad => URL_SAFE_NO_PAD.encode(digest),
    }
}
