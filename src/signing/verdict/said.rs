//! What is said of a request.

use super::{super::scheme::Scheme, body::Change, code::Code};

/// Whether a request is genuine, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The reason, for programs.
    pub code: Code,
    /// The reason, for people. It repeats neither the secret nor the signature that would be right.
    pub sentence: String,
    /// The scheme by which it would be genuine, where it is another one.
    pub instead: Option<Scheme>,
    /// What was done to the body, where that is known.
    pub change: Option<Change>,
}

impl Verdict {
    pub(super) fn new(code: Code, sentence: impl Into<String>) -> Self {
        Verdict { code, sentence: sentence.into(), instead: None, change: None }
    }

    /// Whether the request is from who knows the secret, and fresh enough.
    pub fn is_genuine(&self) -> bool {
        self.code.is_genuine()
    }
}
