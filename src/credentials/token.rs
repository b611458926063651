//! A token, and the check of its characters.

use secrecy::SecretString;

use super::{error::CredentialError, source::TokenSource};
use crate::domain::encoding::without_mark;

/// A token for a service.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself.
    pub secret: SecretString,
    /// Its source.
    pub source: TokenSource,
}

/// Checks that a text can be sent as a token, and removes whitespace and a byte order mark around it.
///
/// # Errors
/// Fails if the text cannot be a token.
pub fn usable(text: &str, source: TokenSource) -> Result<Token, CredentialError> {
    let token = without_mark(text.trim()).trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CredentialError::BadToken(source));
    }
    Ok(Token { secret: SecretString::from(token.to_owned()), source })
}
