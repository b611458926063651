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

/// Computes the digest of a message, which comes in pieces, with a key.
pub fn digest(algorithm: Algorithm, key: &[u8], message: &[impl AsRef<[u8]>]) -> Vec<u8> {
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

fn mac<M: Mac + KeyInit>(key: &[u8], message: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mac = message.iter().fold(keyed::<M>(key), |mac, piece| mac.chain_update(piece));
    mac.finalize().into_bytes().to_vec()
}

/// An HMAC with this key and no message yet.
pub fn keyed<M: KeyInit>(key: &[u8]) -> M {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    M::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn plain<D: Digest>(place: Place, key: &[u8], message: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut hash = D::new();
    if place != Place::After {
        hash.update(key);
    }
    message.iter().for_each(|piece| hash.update(piece));
    if place != Place::Before {
        hash.update(key);
    }
    hash.finalize().to_vec()
}

/// Encodes a digest as text.
pub fn encode(digest: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::Hex => hex(digest),
        Encoding::HexUpper => hex(digest).to_ascii_uppercase(),
        Encoding::Base64 => STANDARD.encode(digest),
        Encoding::Base64Nopad => STANDARD_NO_PAD.encode(digest),
        Encoding::Base64url => URL_SAFE.encode(digest),
        Encoding::Base64urlNopad => URL_SAFE_NO_PAD.encode(digest),
    }
}

fn hex(digest: &[u8]) -> String {
    let mut digits = vec![0; 2 * digest.len()];
    // `hex::encode` collects single characters, which is slow. This cannot fail: the buffer has the right length.
    let _ = hex::encode_to_slice(digest, &mut digits);
    String::from_utf8(digits).unwrap_or_default()
}

/// Decodes a text that [`encode`] writes so, and no other: hex digits of the other case and bits that are left over are none.
pub fn decode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    let is_hex = |letters: std::ops::RangeInclusive<u8>| {
        text.bytes().all(|byte| byte.is_ascii_digit() || letters.contains(&byte))
    };
    match encoding {
        Encoding::Hex => is_hex(b'a'..=b'f').then(|| hex::decode(text).ok()).flatten(),
        Encoding::HexUpper => is_hex(b'A'..=b'F').then(|| hex::decode(text).ok()).flatten(),
        Encoding::Base64 => STANDARD.decode(text).ok(),
        Encoding::Base64Nopad => STANDARD_NO_PAD.decode(text).ok(),
        Encoding::Base64url => URL_SAFE.decode(text).ok(),
        Encoding::Base64urlNopad => URL_SAFE_NO_PAD.decode(text).ok(),
    }
}

/// How many characters a digest of this hash has as text.
pub fn encoded_length(hash: Hash, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Hex | Encoding::HexUpper => 2 * hash.length(),
        Encoding::Base64 | Encoding::Base64url => hash.length().div_ceil(3) * 4,
        Encoding::Base64Nopad | Encoding::Base64urlNopad => (hash.length() * 4).div_ceil(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_has_its_length_and_is_decoded_again() {
        for (hash, encoding) in Hash::ALL.iter().flat_map(|hash| Encoding::ALL.iter().map(move |one| (*hash, *one))) {
            let digest: Vec<u8> = (0..hash.length()).map(|byte| byte as u8 ^ 0xfb).collect();
            let text = encode(&digest, encoding);
            assert_eq!(text.len(), encoded_length(hash, encoding), "{hash} {encoding}");
            assert_eq!(decode(&text, encoding), Some(digest), "{hash} {encoding}");
        }
        assert_eq!(decode("0A", Encoding::Hex), None);
        assert_eq!(decode("0a", Encoding::HexUpper), None);
        assert_eq!(decode("AB==", Encoding::Base64), None, "bits are left over");
    }
}
