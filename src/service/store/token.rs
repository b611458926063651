//! Tokens as the store keeps them.

use crate::domain::{ids::TokenId, token::NewToken};

/// A token to store; its input has been checked.
#[derive(Debug, Clone)]
pub struct AddToken {
    /// The new token's id.
    pub id: TokenId,
    /// The caller's input.
    pub new: NewToken,
    /// The SHA-256 of the token's text.
    pub digest: [u8; 32],
}
