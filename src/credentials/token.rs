//! A token, and whether a text can be one.

use secrecy::SecretString;

use super::{error::CredentialError, source::TokenSource};
use crate::domain::encoding::without_mark;

/// A token for a service.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself.
    pub secret: SecretString,
    /// Where it came from.
    pub source: TokenSource,
}

/// A token that can stand in a header, without the blanks, the line's end and the byte order mark around it.
///
/// # Errors
/// When it cannot be one.
pub fn usable(text: &str, source: TokenSource) -> Result<Token, CredentialError> {
    let token = without_mark(text.trim()).trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CredentialError::BadToken(source));
    }
    Ok(Token { secret: SecretString::from(token.to_owned()), source })
}
