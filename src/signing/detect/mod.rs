//! Finds the scheme that genuine requests are signed by: every plausible construction is tried.

mod candidates;
mod messages;
mod rank;
mod search;

pub use search::{FoundScheme, detect};

#[cfg(test)]
mod tests;
