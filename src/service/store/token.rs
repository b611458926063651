//! Tokens as the store keeps them.

use crate::domain::{
    ids::TokenId,
    token::{NewToken, Token},
};

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

/// A stored token and the digest that identifies it.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// The token.
    pub token: Token,
    /// The SHA-256 of the token's text.
    pub digest: [u8; 32],
}
