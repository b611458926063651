//! Tokens and the audit log. Whether a token may do something is decided in `http::auth`.

pub mod audit;
pub mod tokens;
