//! Tokens, which authenticate callers of the API, and their scopes.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    ids::TokenId,
    random::Random,
    secret::{MASK, random_text},
    text::named,
    time::Timestamp,
};

#[cfg(feature = "service")]
use super::{name, problem::FieldError};

named!(
    /// What a token may do.
    Scope, "a scope", {
        /// Allows reading webhooks, their attempts, events and error rates.
        WebhooksRead = "webhooks:read",
        /// Allows adding, changing, testing and deleting webhooks, and retrying deliveries. Includes reading.
        WebhooksWrite = "webhooks:write",
        /// Allows reading webhooks' secrets.
        SecretsRead = "secrets:read",
        /// Allows reading sources and what came to them.
        SourcesRead = "sources:read",
        /// Allows adding, changing and deleting sources, and setting their secrets. Includes reading.
        SourcesWrite = "sources:write",
        /// Allows sending events.
        EventsWrite = "events:write",
        /// Allows everything, including tokens and the audit log.
        Admin = "admin",
    }
);

impl Scope {
    /// Whether a token with this scope may do what requires `needed`.
    pub fn includes(self, needed: Scope) -> bool {
        self == needed
            || self == Scope::Admin
            || matches!(
                (self, needed),
                (Scope::WebhooksWrite, Scope::WebhooksRead) | (Scope::SourcesWrite, Scope::SourcesRead)
            )
    }
}

/// The text of a token: `tmtoken_` and 43 letters and digits, 256 random bits. `Debug` masks it.
#[derive(Clone)]
pub struct TokenText(SecretString);

impl TokenText {
    /// The prefix of every token, by which scanners for leaked secrets find it.
    pub const PREFIX: &'static str = "tmtoken_";
    /// The number of letters and digits after the prefix.
    pub const LETTERS: usize = 43;

    /// A new token.
    pub fn generate(random: &dyn Random) -> Self {
        TokenText(random_text(Self::PREFIX, Self::LETTERS, random))
    }

    /// The token itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the hash that is stored. A fast hash is enough because nobody can guess 256 random bits.
    pub fn digest(&self) -> [u8; 32] {
        digest(self.expose())
    }
}

/// Returns the hash that is stored for a token with this text.
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{MASK}", Self::PREFIX)
    }
}

/// The text is not a token of a service. The error does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token is tmtoken_ and 43 letters and digits")]
pub struct NotAToken;

impl FromStr for TokenText {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let letters = text.strip_prefix(Self::PREFIX).ok_or(NotAToken)?;
        let well_formed = letters.len() == Self::LETTERS && letters.bytes().all(|b| b.is_ascii_alphanumeric());
        if well_formed { Ok(TokenText(text.to_owned().into())) } else { Err(NotAToken) }
    }
}

impl Serialize for TokenText {
    /// Serializes the token itself: only the answer that issues it has a field of this type.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for TokenText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::text::deserialize(deserializer)
    }
}

/// A token in the list: without its text, which is not stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Token {
    /// Its id, which names the token and is not secret.
    pub id: TokenId,
    /// Its name, unique among tokens.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires; null if it never does.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to about a minute; null if it never was.
    pub last_used_at: Option<Timestamp>,
}

/// A new token with its text: the only answer that shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct IssuedToken {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires; null if it never does.
    pub expires_at: Option<Timestamp>,
    /// The token itself, which is shown only once.
    #[cfg_attr(feature = "service", schema(value_type = String, example = "tmtoken_<43 letters and digits>"))]
    pub token: TokenText,
}

impl IssuedToken {
    /// Combines a token and its text.
    pub fn new(info: Token, token: TokenText) -> Self {
        let Token { id, name, scopes, created_at, expires_at, last_used_at: _ } = info;
        IssuedToken { id, name, scopes, created_at, expires_at, token }
    }
}

/// A request for a new token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema), schema(as = TokenInput))]
pub struct NewToken {
    /// Its name: 1 to 100 characters, unique among tokens.
    pub name: String,
    /// What it may do: at least one scope.
    pub scopes: Vec<Scope>,
    /// When it expires; never when absent or null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// The audit log uses these names for callers without a listed token.
#[cfg(feature = "service")]
const RESERVED_NAMES: [&str; 3] = ["admin", "service", "local"];

#[cfg(feature = "service")]
impl NewToken {
    /// Returns the request with its name as it is stored, and with each scope once, in the order of [`Scope::ALL`].
    ///
    /// # Errors
    /// Lists every field that is not acceptable.
    pub fn checked(self, now: Timestamp) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = name::normalised(&self.name);
        errors.extend(name::check(&name).err());
        if RESERVED_NAMES.contains(&name.to_lowercase().as_str()) {
            let message = format!("must not be {}: the audit log calls others so", RESERVED_NAMES.join(", "));
            errors.push(FieldError::new("name", message));
        }
        if self.scopes.is_empty() {
            errors.push(FieldError::new("scopes", "must name at least one scope"));
        }
        if self.expires_at.is_some_and(|at| at <= now) {
            errors.push(FieldError::new("expiresAt", "must be in the future"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let scopes = Scope::ALL.iter().copied().filter(|scope| self.scopes.contains(scope)).collect();
        Ok(NewToken { name, scopes, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::random::SystemRandom;

    #[test]
    fn writing_includes_reading_and_admin_everything() {
        let included = |scope: Scope| Scope::ALL.iter().filter(|needed| scope.includes(**needed)).count();
        assert_eq!(Scope::ALL.iter().map(|scope| included(*scope)).collect::<Vec<_>>(), [1, 2, 1, 1, 2, 1, 7]);
        assert!(Scope::WebhooksWrite.includes(Scope::WebhooksRead));
        assert!(!Scope::WebhooksWrite.includes(Scope::SecretsRead));
    }

    #[test]
    fn a_tokens_text_is_never_shown_by_debug_and_read_back() {
        let token = TokenText::generate(&SystemRandom);
        assert_eq!(token.expose().parse::<TokenText>().unwrap().digest(), token.digest());
        assert!(!format!("{token:?}").contains(&token.expose()[8..]));
        assert!("tmtoken_short".parse::<TokenText>().is_err());
    }

    #[cfg(feature = "service")]
    #[test]
    fn every_field_of_a_new_token_is_checked() {
        let now = Timestamp::from_seconds(100);
        let new = NewToken { name: " ".to_owned(), scopes: vec![], expires_at: Some(now) };
        let fields: Vec<String> = new.checked(now).unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["name", "scopes", "expiresAt"]);
        let scopes = vec![Scope::EventsWrite, Scope::WebhooksRead, Scope::EventsWrite];
        let new = NewToken { name: "CI".to_owned(), scopes, expires_at: None }.checked(now).unwrap();
        assert_eq!(new.scopes, [Scope::WebhooksRead, Scope::EventsWrite]);
        let named = |name: &str| NewToken { name: name.to_owned(), ..new.clone() }.checked(now);
        assert_eq!(named(" Cafe\u{301} ").unwrap().name, "Café");
        for reserved in ["admin", " Local", "SERVICE"] {
            assert!(named(reserved).unwrap_err()[0].message.contains("audit log"), "{reserved}");
        }
    }
}
