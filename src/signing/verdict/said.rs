//! The verdict on a request.

use super::{body::BodyChange, code::Code};
use crate::domain::scheme::Scheme;

/// Whether a request is genuine, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The reason, for programs.
    pub code: Code,
    /// The reason, for people. It repeats neither the secret nor the signature that would be right.
    pub sentence: String,
    /// Another scheme by which the request would be genuine.
    pub instead: Option<Scheme>,
    /// The change of the body, if one explains the signature.
    pub change: Option<BodyChange>,
}

impl Verdict {
    pub(super) fn new(code: Code, sentence: impl Into<String>) -> Self {
        Verdict { code, sentence: sentence.into(), instead: None, change: None }
    }

    /// Whether the sender knows the secret and the request is recent enough.
    pub fn is_genuine(&self) -> bool {
        self.code.is_genuine()
    }
}
