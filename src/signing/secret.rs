//! A shared secret in any form, and the keys that it yields.

use std::fmt;

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::domain::{
    scheme::{KeyForm, Scheme, SchemeChoice},
    secret::{MASK, Secret},
};

/// The prefixes of secrets that are not part of the encoded bytes.
const PREFIXES: [&str; 2] = [Secret::PREFIX, STANDARD_PREFIX];

/// The prefix of a Standard Webhooks secret.
const STANDARD_PREFIX: &str = "whsec_";

/// The shortest key that is safe, in bytes: Standard Webhooks wants 24 to 64, 16 cannot be guessed.
const SHORTEST_KEY: usize = 16;

/// Base64 with and without padding, as libraries decode it that mind neither.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// A secret that sender and receiver share: `tmkey_…`, `whsec_…`, plain text, hex or Base64. `Debug` masks it, and
/// dropping wipes it.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedSecret(Zeroizing<String>);

/// The text cannot be a secret. The error does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret has at least one character")]
pub struct Empty;

impl SharedSecret {
    /// Reads a secret from a file's text, without surrounding whitespace. A `whsec_` secret that encodes a `tmkey_`
    /// secret becomes that secret.
    ///
    /// # Errors
    /// Fails if the text is empty.
    pub fn read(text: &str) -> Result<Self, Empty> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Empty);
        }
        let whole = SharedSecret(text.to_owned().into());
        Ok(whole.own().unwrap_or(whole))
    }

    /// Returns the secret with a text before and after it.
    pub(super) fn within(&self, before: &str, behind: &str) -> Self {
        SharedSecret(Zeroizing::new([before, self.0.as_str(), behind].concat()))
    }

    /// Decodes a `tmkey_` secret from its `whsec_` form.
    fn own(&self) -> Option<Self> {
        let bytes = decoded(self.0.strip_prefix(STANDARD_PREFIX)?)?;
        let own: Secret = std::str::from_utf8(&bytes).ok()?.parse().ok()?;
        Some(SharedSecret::from(&own))
    }

    /// Returns the form of the key for Standard Webhooks. Its libraries decode a secret from Base64, with `whsec_` or
    /// without; a `tmkey_` secret, or one that is not Base64, is used as it is.
    pub fn standard_key(&self) -> KeyForm {
        let decodes = !self.0.starts_with(Secret::PREFIX) && self.key(KeyForm::Base64).is_some();
        if decodes { KeyForm::Base64 } else { KeyForm::Secret }
    }

    /// All that a choice stands for with this secret, as Standard Webhooks' key depends on how it is written.
    pub fn schemes(&self, choice: &SchemeChoice) -> Vec<Scheme> {
        let standard = || Scheme::standard(self.standard_key());
        match choice {
            SchemeChoice::Timemoto => vec![Scheme::timemoto()],
            SchemeChoice::Standard => vec![standard()],
            SchemeChoice::Both => vec![Scheme::timemoto(), standard()],
            SchemeChoice::None => Vec::new(),
            SchemeChoice::Text(scheme) => vec![scheme.clone()],
        }
    }

    /// What is odd of a secret of Standard Webhooks, which libraries refuse or take for another key than the sender's. It
    /// does not repeat the secret.
    pub fn oddity(&self) -> Option<String> {
        if self.0.strip_prefix("v1,").is_some_and(|rest| rest.starts_with(STANDARD_PREFIX)) {
            return Some("begins with v1, which is no part of a secret but of a signature: leave it out".to_owned());
        }
        self.0.strip_prefix(STANDARD_PREFIX)?;
        match self.key(KeyForm::Base64) {
            None => Some(
                "begins with whsec_, and what follows is no Base64: its characters themselves are taken for the key. Is a part \
                 of it missing?"
                    .to_owned(),
            ),
            Some(key) if key.len() < SHORTEST_KEY => Some(format!(
                "makes a key of {} bytes alone, and {SHORTEST_KEY} are the least that is safe: is a part of it missing?",
                key.len()
            )),
            Some(_) => None,
        }
    }

    /// Whether a text holds the secret, or what follows its prefix. A secret of fewer than eight bytes is in nothing: it may
    /// be any word.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let bare = self.bare().as_bytes();
        let mut parts = text.as_bytes().windows(bare.len().max(8));
        parts.any(|part| bool::from(part.ct_eq(bare)))
    }

    fn bare(&self) -> &str {
        PREFIXES.iter().find_map(|prefix| self.0.strip_prefix(prefix)).unwrap_or(&self.0)
    }

    /// The key of this form; none where the secret is none of that form, or says nothing in it: an empty key, and one of
    /// zeros alone, which an HMAC takes for an empty one.
    pub fn key(&self, form: KeyForm) -> Option<Zeroizing<Vec<u8>>> {
        let whole = self.0.as_str();
        let bare = self.bare();
        let key: Zeroizing<Vec<u8>> = match form {
            KeyForm::Secret => whole.as_bytes().to_vec().into(),
            KeyForm::Bare => bare.as_bytes().to_vec().into(),
            KeyForm::Hex => hex::decode(bare).ok()?.into(),
            KeyForm::Base64 => decoded(bare)?,
            KeyForm::Utf16le => whole.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>().into(),
            KeyForm::Sha256 => Sha256::digest(whole).to_vec().into(),
            KeyForm::Upper => whole.to_uppercase().into_bytes().into(),
            KeyForm::Lower => whole.to_lowercase().into_bytes().into(),
        };
        key.iter().any(|byte| *byte != 0).then_some(key)
    }
}

fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let decode = |alphabet| GeneralPurpose::new(alphabet, LENIENT).decode(text).ok();
    decode(&STANDARD).or_else(|| decode(&URL_SAFE)).map(Zeroizing::new)
}

impl From<&Secret> for SharedSecret {
    fn from(secret: &Secret) -> Self {
        SharedSecret(secret.expose().to_owned().into())
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str, form: KeyForm) -> Option<Vec<u8>> {
        SharedSecret::read(secret).unwrap().key(form).map(|key| key.to_vec())
    }

    #[test]
    fn keys_are_made_of_any_secret() {
        let own = format!("tmkey_{}", "aB".repeat(16));
        assert_eq!(key(&format!("{own}\r\n"), KeyForm::Secret).unwrap(), own.as_bytes());
        assert_eq!(key(&own, KeyForm::Bare).unwrap(), &own.as_bytes()[6..]);
        assert_eq!(key(&own, KeyForm::Upper).unwrap(), own.to_uppercase().as_bytes());
        assert_eq!(key(&own, KeyForm::Utf16le).unwrap()[..4], *b"t\0m\0");
        assert_eq!(key(&own, KeyForm::Sha256).unwrap().len(), 32);
        assert_eq!(key(&own, KeyForm::Base64).unwrap().len(), 24, "the prefix is no Base64");
        assert_eq!(key("tmkey_00ff", KeyForm::Hex).unwrap(), [0, 255]);
        assert_eq!(key("whsec_AP8=", KeyForm::Base64).unwrap(), [0, 255]);
        assert_eq!(key("AP8", KeyForm::Base64).unwrap(), [0, 255]);
        assert_eq!(key("_-8", KeyForm::Base64).unwrap(), [255, 239]);
    }

    #[test]
    fn what_says_nothing_is_no_key() {
        assert_eq!(key("no hex", KeyForm::Hex), None);
        assert_eq!(key("whsec_", KeyForm::Base64), None);
        assert_eq!(key("tmkey_", KeyForm::Bare), None);
        assert_eq!(key("====", KeyForm::Base64), None);
        assert_eq!(key("tmkey_0000", KeyForm::Hex), None, "an HMAC takes zeros for an empty key");
        assert_eq!(key("whsec_AAAAAAAAAAAA", KeyForm::Base64), None);
        assert!(SharedSecret::read(" \n").is_err());
        let standard = |secret: &str| SharedSecret::read(secret).unwrap().standard_key();
        assert_eq!(
            [standard("MfKQ9r8G"), standard("whsec_MfKQ9r8G"), standard("plain text")].map(KeyForm::as_str),
            ["base64", "base64", "secret"]
        );
    }

    #[test]
    fn what_is_odd_of_a_secret_is_said_without_it() {
        let odd = |secret: &str| SharedSecret::read(secret).unwrap().oddity();
        assert!(odd("whsec_not base64!").unwrap().contains("is no Base64"));
        assert!(odd("whsec_").unwrap().contains("is no Base64"));
        assert!(odd("v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap().contains("leave it out"));
        assert!(odd("whsec_AP8=").unwrap().contains("a key of 2 bytes"));
        assert!(!odd("whsec_not base64!").unwrap().contains("not base64!"));
        for usual in ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "plain text", "AP8=", "tmkey_a"] {
            assert_eq!(odd(usual), None, "{usual}");
        }
    }

    #[test]
    fn a_text_that_holds_the_secret_is_known() {
        let is_in = |secret: &str, text: &str| SharedSecret::read(secret).unwrap().is_in(text);
        assert!(is_in("whsec_MfKQ9r8G", "Bearer MfKQ9r8G") && is_in("whsec_MfKQ9r8G", "whsec_MfKQ9r8G"));
        assert!(is_in("plain text", "plain text") && !is_in("plain text", "plain tex") && !is_in("plain text", ""));
        assert!(!is_in("json", "application/json") && !is_in("whsec_", "whsec_"));
    }

    #[test]
    fn a_choice_stands_for_schemes() {
        let secret = SharedSecret::read("whsec_MfKQ9r8G").unwrap();
        let all = |text: &str| {
            let schemes = secret.schemes(&text.parse().unwrap());
            schemes.iter().map(|scheme| format!("{} {}", scheme.header, scheme.key)).collect::<Vec<_>>()
        };
        assert_eq!(all("both"), ["Timemoto-Signature secret", "webhook-signature base64"]);
        assert_eq!(all("standard"), ["webhook-signature base64"]);
        assert_eq!(all("timemoto"), ["Timemoto-Signature secret"]);
        assert_eq!(all("sha1 header=X-A"), ["X-A secret"]);
        assert!(all("none").is_empty());
    }

    #[test]
    fn our_own_secret_is_known_in_the_form_of_standard_webhooks() {
        let own: Secret = format!("tmkey_{}", "a".repeat(32)).parse().unwrap();
        let standard = "whsec_dG1rZXlfYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
        assert_eq!(SharedSecret::read(standard), Ok(SharedSecret::from(&own)));
        assert_eq!(format!("{:?}", SharedSecret::from(&own)), MASK);
    }
}
