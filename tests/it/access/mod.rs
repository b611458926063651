//! Tests access: logging in, tokens and where they are kept, and that no secret is revealed.

#[cfg(target_os = "linux")]
mod keyring;
mod login;
mod secrets;
mod tokens;
