//! The sources of tokens.

use std::{fmt, path::PathBuf};

/// The variable that holds a token.
pub(super) const VARIABLE: &str = "TM_HOOKS_TOKEN";
/// The variable that names a file with a token.
pub(super) const FILE_VARIABLE: &str = "TM_HOOKS_TOKEN_FILE";

/// The source of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// `TM_HOOKS_TOKEN`.
    Variable,
    /// The file that `TM_HOOKS_TOKEN_FILE`, or `--token-file`, names.
    File(PathBuf),
    /// The operating system's keyring.
    Keyring,
    /// The file of tokens.
    Stored(PathBuf),
    /// The person typed it.
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
