//! Tokens as a store keeps them.

use crate::domain::{
    ids::TokenId,
    token::{NewToken, Token},
};

/// A token to be stored; its input is checked.
#[derive(Debug, Clone)]
pub struct AddToken {
    /// Its new id.
    pub id: TokenId,
    /// What was asked for.
    pub new: NewToken,
    /// SHA-256 of its text.
    pub digest: [u8; 32],
}

/// A token and what it is recognised by.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// The token.
    pub token: Token,
    /// SHA-256 of its text.
    pub digest: [u8; 32],
}
