//! Who may do what: logging in, tokens, where they are kept, and that no secret is told.

#[cfg(target_os = "linux")]
mod keyring;
mod login;
mod secrets;
mod tokens;
