//! Finds the scheme that genuine requests are signed by: every plausible construction is tried.
//!
//! - `candidates`: what may be a signature. - `messages`: what may be signed. - `digests`: all keys and hashes, tried.
//! - `search`: puts them together, within bounds. - `rank`: the simplest first. - [`lacking`]: why nothing was found.

mod candidates;
mod digests;
pub mod lacking;
mod messages;
mod rank;
mod search;

pub use candidates::LONGEST_VALUE;
pub use lacking::Lacking;
pub use search::{FoundScheme, detect, keys, scope, search};

#[cfg(test)]
pub(in crate::signing) mod tests;
