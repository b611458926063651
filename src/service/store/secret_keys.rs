//! Encrypts secrets at rest with AES-256-GCM-SIV, bound to their webhook, with a key that is kept elsewhere.
//!
//! A sealed value consists of one byte for its form, the key's id (8 bytes), a random nonce (12 bytes) and the cipher
//! text. Sealed texts are `sealed:` and the Base64 of that.

use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::files;

/// The first byte of a sealed value; no plain secret begins with it.
const FORM: u8 = 1;
const ID_LENGTH: usize = 8;
const KEY_LENGTH: usize = 32;
/// The start of a sealed text; no JSON begins like this.
const TEXT: &str = "sealed:";
/// The longest key file that is read, in bytes.
const LONGEST_FILE: u64 = 64 * 1024;

/// The reason why secrets cannot be encrypted or decrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretKeyError {
    /// The file cannot be read, or a line of it is not a key.
    #[error("the key file {path} cannot be used: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The value is encrypted with a key that was not given.
    #[error("it is encrypted with the key {0}, which was not given")]
    OtherKey(String),
    /// The value was changed or belongs to another owner.
    #[error("what was encrypted has been changed")]
    Damaged,
}

/// A key's id: a part of its digest, which does not reveal the key.
pub type KeyId = [u8; ID_LENGTH];

struct SecretKey {
    id: KeyId,
    key: LessSafeKey,
}

impl SecretKey {
    fn new(bytes: &[u8; KEY_LENGTH]) -> Option<Self> {
        let digest = Sha256::new().chain_update("tm-hooks key id").chain_update(bytes).finalize();
        let mut id = KeyId::default();
        id.copy_from_slice(&digest[..ID_LENGTH]);
        Some(SecretKey { id, key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, bytes).ok()?) })
    }
}

/// The keys: the first one encrypts, and all of them decrypt. Dropping it wipes them.
pub struct SecretKeys {
    current: SecretKey,
    previous: Vec<SecretKey>,
}

impl SecretKeys {
    /// Reads keys from files, the current key first. Each line is 64 hex digits or the Base64 of 32 bytes.
    pub fn read(current: &Path, previous: Option<&Path>) -> Result<Self, SecretKeyError> {
        let mut keys = Vec::new();
        for path in [Some(current), previous].into_iter().flatten() {
            let wrong = |why: String| SecretKeyError::File { path: path.to_owned(), why };
            let text = files::read_text(path, LONGEST_FILE).map_err(|error| wrong(error.to_string()))?;
            let found = parse(&text).ok_or_else(|| {
                wrong("each line must be a key: 64 hex digits, as `openssl rand -hex 32` makes".to_owned())
            })?;
            keys.extend(found);
        }
        let mut keys = keys.into_iter();
        let current = keys
            .next()
            .ok_or_else(|| SecretKeyError::File { path: current.to_owned(), why: "it holds no key".to_owned() })?;
        Ok(SecretKeys { current, previous: keys.collect() })
    }

    /// The id of the key that encrypts.
    pub fn current(&self) -> KeyId {
        self.current.id
    }

    /// Seals a value that belongs to `owner`.
    pub fn seal(&self, plain: &[u8], owner: &str) -> Result<Vec<u8>, SecretKeyError> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SecretKeyError::Damaged)?;
        let mut sealed = plain.to_vec();
        let (key, aad) = (&self.current, Aad::from(owner.as_bytes()));
        let made = key.key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed);
        if made.is_err() {
            sealed.zeroize();
            return Err(SecretKeyError::Damaged);
        }
        Ok([&[FORM][..], &key.id, &nonce, &sealed].concat())
    }

    /// Opens a value that was sealed for `owner`.
    pub fn open(&self, sealed: &[u8], owner: &str) -> Result<Zeroizing<Vec<u8>>, SecretKeyError> {
        let id = key_of(sealed).ok_or(SecretKeyError::Damaged)?;
        let key = std::iter::once(&self.current).chain(&self.previous).find(|key| key.id == id);
        let key = key.ok_or_else(|| SecretKeyError::OtherKey(hex::encode(id)))?;
        let rest = &sealed[1 + ID_LENGTH..];
        let (nonce, cipher) = rest.split_at_checked(NONCE_LEN).ok_or(SecretKeyError::Damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SecretKeyError::Damaged)?;
        let mut plain = Zeroizing::new(cipher.to_vec());
        let aad = Aad::from(owner.as_bytes());
        let length = key.key.open_in_place(nonce, aad, &mut plain).map_err(|_| SecretKeyError::Damaged)?.len();
        plain.truncate(length);
        Ok(plain)
    }

    /// Seals a text that belongs to `owner`.
    pub fn seal_text(&self, plain: &str, owner: &str) -> Result<String, SecretKeyError> {
        Ok(format!("{TEXT}{}", STANDARD.encode(self.seal(plain.as_bytes(), owner)?)))
    }

    /// Opens a text that was sealed for `owner`.
    pub fn open_text(&self, sealed: &str, owner: &str) -> Result<String, SecretKeyError> {
        let plain = self.open(&sealed_text(sealed).ok_or(SecretKeyError::Damaged)?, owner)?;
        String::from_utf8(plain.to_vec()).map_err(|_| SecretKeyError::Damaged)
    }
}

/// The id of the key that a value is sealed with; none for a plain value.
pub fn key_of(value: &[u8]) -> Option<KeyId> {
    let (form, rest) = value.split_first()?;
    (*form == FORM).then(|| rest.get(..ID_LENGTH)?.try_into().ok()).flatten()
}

/// The bytes of a sealed text; none for a plain text.
pub fn sealed_text(value: &str) -> Option<Vec<u8>> {
    STANDARD.decode(value.strip_prefix(TEXT)?).ok()
}

/// The keys of a file; none if a line is not a key.
fn parse(text: &str) -> Option<Vec<SecretKey>> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| SecretKey::new(&*key_bytes(line)?)).collect()
}

fn key_bytes(line: &str) -> Option<Zeroizing<[u8; KEY_LENGTH]>> {
    let decoded = Zeroizing::new(hex::decode(line).or_else(|_| STANDARD.decode(line)).ok()?);
    decoded.as_slice().try_into().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret_keys(keys: &[&str]) -> SecretKeys {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        std::fs::write(&path, keys.iter().map(|key| format!("{}\n", key.repeat(32))).collect::<String>()).unwrap();
        SecretKeys::read(&path, None).unwrap()
    }

    #[test]
    fn what_is_sealed_is_opened_for_its_owner_alone() {
        let secret_keys = secret_keys(&["ab"]);
        let sealed = secret_keys.seal(b"tmkey_x", "wh_1").unwrap();
        assert_ne!(sealed, secret_keys.seal(b"tmkey_x", "wh_1").unwrap(), "each time with another nonce");
        assert_eq!(secret_keys.open(&sealed, "wh_1").unwrap().as_slice(), b"tmkey_x");
        assert_eq!(secret_keys.open(&sealed, "wh_2"), Err(SecretKeyError::Damaged));
        for at in [9, 25, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(secret_keys.open(&changed, "wh_1"), Err(SecretKeyError::Damaged), "{at}");
        }
        let text = secret_keys.seal_text("{}", "wh_1").unwrap();
        assert_eq!(secret_keys.open_text(&text, "wh_1").unwrap(), "{}");
        assert_eq!((key_of(b"tmkey_x"), sealed_text("{}")), (None, None));
    }

    #[test]
    fn another_key_is_named_and_a_previous_one_still_opens() {
        let sealed = secret_keys(&["ab"]).seal(b"x", "wh_1").unwrap();
        assert!(matches!(secret_keys(&["cd"]).open(&sealed, "wh_1"), Err(SecretKeyError::OtherKey(_))));
        assert_eq!(secret_keys(&["cd", "ab"]).open(&sealed, "wh_1").unwrap().as_slice(), b"x");
    }

    #[test]
    fn a_file_without_keys_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        for wrong in ["", "\n", "abcd", "no key at all"] {
            std::fs::write(&path, wrong).unwrap();
            let error = SecretKeys::read(&path, None).err().unwrap().to_string();
            assert!(error.contains("keys") && !error.contains("no key at all"), "{error}");
        }
        assert!(SecretKeys::read(&folder.path().join("nowhere"), None).is_err());
    }
}
