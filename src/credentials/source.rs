//! Where a token can come from.

use std::{fmt, path::PathBuf};

/// The variable that holds a token.
pub(super) const VARIABLE: &str = "TM_HOOKS_TOKEN";
/// The variable that names a file with one.
pub(super) const FILE_VARIABLE: &str = "TM_HOOKS_TOKEN_FILE";

/// Where a token came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// `TM_HOOKS_TOKEN`.
    Variable,
    /// The file that `TM_HOOKS_TOKEN_FILE`, or `--token-file`, names.
    File(PathBuf),
    /// The operating system's keyring.
    Keyring,
    /// The file of those who asked for one.
    Stored(PathBuf),
    /// The person, just now.
    Typed,
}

impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenSource::Variable => f.write_str(VARIABLE),
            TokenSource::File(path) | TokenSource::Stored(path) => write!(f, "{}", path.display()),
            TokenSource::Keyring => f.write_str("keyring"),
            TokenSource::Typed => f.write_str("typed"),
        }
    }
}
