//! The secret a webhook's deliveries are signed with.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{random::Random, time::Timestamp};

/// A webhook's secret: `tmkey_` and 32 letters and digits. `Debug` masks it, and dropping wipes it.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The prefix of every secret.
    pub const PREFIX: &'static str = "tmkey_";
    /// The number of letters and digits after the prefix.
    pub const LETTERS: usize = 32;

    /// Makes a new secret of 190 random bits.
    pub fn generate(random: &dyn Random) -> Self {
        Secret(random_text(Self::PREFIX, Self::LETTERS, random))
    }

    /// Returns the secret: for signing, storing, and showing to someone who asked.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the masked secret, which everyone may see: `tmkey_••••••••`.
    pub fn masked(&self) -> String {
        format!("{}{}", Self::PREFIX, MASK)
    }

    /// Returns the form for Standard Webhooks libraries: `whsec_` and the Base64 of all its ASCII bytes, prefix
    /// included.
    pub fn to_standard(&self) -> SecretString {
        use base64::{Engine, engine::general_purpose::STANDARD};
        format!("whsec_{}", STANDARD.encode(self.expose())).into()
    }
}

/// Returns `prefix` and `letters` letters and digits, drawn evenly from 62: 5.95 random bits each.
pub fn random_text(prefix: &str, letters: usize, random: &dyn Random) -> SecretString {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut text = String::with_capacity(prefix.len() + letters);
    text.push_str(prefix);
    while text.len() < prefix.len() + letters {
        // 248 is the largest multiple of 62 in a byte. Larger bytes are drawn again, so that every letter is equally
        // likely.
        let [byte] = random.bytes::<1>();
        if byte < 248 {
            text.push(char::from(ALPHABET[usize::from(byte % 62)]));
        }
    }
    text.into()
}

/// The replacement for a secret that is not shown.
pub const MASK: &str = "••••••••";

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq;
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

impl Eq for Secret {}

/// The text is not a secret. The error does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret is tmkey_ and 32 letters and digits")]
pub struct NotASecret;

impl FromStr for Secret {
    type Err = NotASecret;

    fn from_str(text: &str) -> Result<Self, NotASecret> {
        let letters = text.strip_prefix(Self::PREFIX).ok_or(NotASecret)?;
        let well_formed = letters.len() == Self::LETTERS && letters.bytes().all(|b| b.is_ascii_alphanumeric());
        if well_formed { Ok(Secret(text.to_owned().into())) } else { Err(NotASecret) }
    }
}

impl Serialize for Secret {
    /// Serializes the secret itself: only types that carry it on purpose have a field of this type.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::text::deserialize(deserializer)
    }
}

/// A webhook's live secrets: the current one and, during a rotation, the previous one.
///
/// This is the answer of `GET /v1/webhooks/{id}/secret`, the only one that carries a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Secrets {
    /// The secret in force.
    #[cfg_attr(feature = "service", schema(value_type = String, example = "tmkey_<32 letters and digits>"))]
    pub secret: Secret,
    /// The previous secret until its overlap ends; null if no rotation is in progress.
    pub previous: Option<PreviousSecret>,
}

impl Secrets {
    /// Makes the secrets of a webhook without a rotation.
    pub fn only(secret: Secret) -> Self {
        Secrets { secret, previous: None }
    }

    /// Removes a previous secret whose overlap has ended at `now`.
    pub fn live_at(self, now: Timestamp) -> Self {
        Secrets { previous: self.previous.filter(|previous| previous.expires_at > now), ..self }
    }

    /// What a header is made with that takes one signature, as `Timemoto-Signature` does: while a rotation is under way the
    /// previous secret, for receivers that know only one.
    pub fn for_one_signature(&self) -> &Secret {
        self.previous.as_ref().map_or(&self.secret, |previous| &previous.secret)
    }
}

/// A webhook's secrets for display. If masked, they are the answer of `GET /v1/webhooks/{id}/secret?reveal=false`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownSecrets {
    /// The secret in force.
    pub secret: String,
    /// The previous secret until its overlap ends; null if no rotation is in progress.
    pub previous: Option<ShownPrevious>,
}

/// A previous secret for display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownPrevious {
    /// The secret.
    pub secret: String,
    /// When its overlap ends.
    pub expires_at: Timestamp,
}

impl ShownSecrets {
    /// Writes each secret with `show`.
    pub fn of(Secrets { secret, previous }: &Secrets, show: impl Fn(&Secret) -> String) -> Self {
        let previous = previous.as_ref().map(|PreviousSecret { secret, expires_at }| ShownPrevious {
            secret: show(secret),
            expires_at: *expires_at,
        });
        ShownSecrets { secret: show(secret), previous }
    }
}

/// A previous secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct PreviousSecret {
    /// The secret.
    #[cfg_attr(feature = "service", schema(value_type = String))]
    pub secret: Secret,
    /// When its overlap ends.
    pub expires_at: Timestamp,
}

/// A request to replace a webhook's secret by a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = RotationInput))]
pub struct RotateSecret {
    /// How long the old secret stays valid beside the new one, in seconds: 0 to 2,592,000 (30 days); 86,400 (a day)
    /// when absent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "whole_number")]
    pub overlap_seconds: Option<u64>,
}

/// Parses an integer in any of JSON's forms: `3600.0` is one too.
fn whole_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    use serde::de::{Error, Unexpected};
    let Some(number) = Option::<serde_json::Number>::deserialize(deserializer)? else { return Ok(None) };
    let largest = 2_f64.powi(53);
    let float = || number.as_f64().filter(|float| float.fract() == 0.0 && (0.0..=largest).contains(float));
    let whole = number.as_u64().or_else(|| float().map(|float| float as u64));
    let wrong = || D::Error::invalid_type(Unexpected::Other("number"), &"u64");
    whole.map(Some).ok_or_else(wrong)
}

impl RotateSecret {
    /// The overlap when none is given: a day.
    pub const DEFAULT_OVERLAP_SECONDS: u64 = 86_400;
    /// The longest overlap: thirty days.
    pub const LONGEST_OVERLAP_SECONDS: u64 = 30 * 86_400;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::random::SystemRandom;

    #[test]
    fn generated_secrets_are_well_formed_and_differ() {
        let (one, two) = (Secret::generate(&SystemRandom), Secret::generate(&SystemRandom));
        assert_eq!(one.expose().parse::<Secret>(), Ok(one.clone()));
        assert_ne!(one, two);
    }

    #[test]
    fn debug_never_shows_it() {
        let secret = Secret::generate(&SystemRandom);
        let shown = format!("{:?} {:?}", secret, Secrets::only(secret.clone()));
        assert!(!shown.contains(&secret.expose()[6..]));
    }

    #[test]
    fn the_standard_form_is_base64_of_all_bytes() {
        let secret: Secret = format!("tmkey_{}", "a".repeat(32)).parse().unwrap();
        assert_eq!(secret.to_standard().expose_secret(), "whsec_dG1rZXlfYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=");
    }

    #[test]
    fn a_previous_secret_ends_with_its_overlap() {
        let [old, new] = ["a", "b"].map(|c| format!("tmkey_{}", c.repeat(32)).parse::<Secret>().unwrap());
        let at = Timestamp::from_seconds(100);
        let rotating =
            Secrets { secret: new.clone(), previous: Some(PreviousSecret { secret: old.clone(), expires_at: at }) };
        assert_eq!(rotating.for_one_signature(), &old);
        assert_eq!(rotating.clone().live_at(Timestamp::from_seconds(99)).for_one_signature(), &old);
        assert_eq!(rotating.live_at(at), Secrets::only(new));
    }
}
