//! The secret that a source shares with its sender.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::secret::MASK;

/// The secret that a source's sender signs with. The sender chose it, so it may have any form. `Debug` masks it, and
/// dropping wipes it.
#[derive(Clone)]
pub struct SenderSecret(SecretString);

/// Why a text cannot be a sender's secret. The error does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASenderSecret {
    /// Anybody could guess it.
    #[error("a sender's secret has at least {} characters", SenderSecret::SHORTEST)]
    TooShort,
    /// No sender has such a one.
    #[error("a sender's secret has at most {} characters", SenderSecret::LONGEST)]
    TooLong,
    /// It is several lines, or holds a control character.
    #[error("a sender's secret is one line of text without control characters")]
    NotALine,
}

impl SenderSecret {
    /// The least number of characters: with fewer, anybody could try all of them.
    pub const SHORTEST: usize = 8;
    /// The greatest number of characters.
    pub const LONGEST: usize = 512;

    /// Reads a secret without surrounding whitespace.
    ///
    /// # Errors
    /// Says what is wrong with it, without repeating it.
    pub fn read(text: &str) -> Result<Self, NotASenderSecret> {
        let text = text.trim();
        let length = text.chars().count();
        if text.chars().any(char::is_control) {
            return Err(NotASenderSecret::NotALine);
        }
        match length {
            0..Self::SHORTEST => Err(NotASenderSecret::TooShort),
            Self::SHORTEST..=Self::LONGEST => Ok(SenderSecret(text.to_owned().into())),
            _ => Err(NotASenderSecret::TooLong),
        }
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for SenderSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl PartialEq for SenderSecret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for SenderSecret {}

impl Serialize for SenderSecret {
    /// Serialises the secret itself: only requests have a field of this type.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for SenderSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        SenderSecret::read(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_a_line_that_nobody_guesses_and_nothing_shows() {
        let secret = SenderSecret::read(" an invented secret\r\n").unwrap();
        assert_eq!(secret.expose(), "an invented secret");
        assert_eq!(format!("{secret:?}"), MASK);
        let wrong = |text: &str| SenderSecret::read(text).unwrap_err();
        assert_eq!(wrong("   1234567 "), NotASenderSecret::TooShort);
        assert_eq!(wrong(&"x".repeat(513)), NotASenderSecret::TooLong);
        assert_eq!(wrong("two lines\nof a file"), NotASenderSecret::NotALine);
        let error = serde_json::from_str::<SenderSecret>("\"abcdefg\"").unwrap_err().to_string();
        assert!(error.contains("at least 8") && !error.contains("abcdefg"), "{error}");
    }
}
