//! Why there is no connection to a receiver, or no answer from it.

use crate::domain::attempt::AttemptError;

/// The longest detail, in bytes: some of it may be a receiver's own words.
const LONGEST_DETAIL: usize = 500;

/// What is said when a connection would need a file descriptor that there is not.
const NO_DESCRIPTOR: &str = "this program, or its whole machine, has no file descriptor left for a connection; \
                             `ulimit -n` says how many it may have";

/// Why there is no connection, or no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ConnectError {
    /// The stable code.
    pub code: AttemptError,
    /// What happened, in words; at most a few lines.
    pub detail: String,
}

impl ConnectError {
    /// An error whose detail is cut when it is too long.
    pub fn new(code: AttemptError, detail: impl ToString) -> Self {
        let mut detail = detail.to_string();
        if detail.len() > LONGEST_DETAIL {
            detail.truncate(detail.floor_char_boundary(LONGEST_DETAIL));
            detail.push('…');
        }
        ConnectError { code, detail }
    }

    /// The system gave no file descriptor: our own failure, and one that passes.
    pub fn no_descriptor() -> Self {
        ConnectError::new(AttemptError::Internal, NO_DESCRIPTOR)
    }

    /// Whether it is that the system gave no file descriptor.
    pub fn is_no_descriptor(&self) -> bool {
        lacked_descriptor(Some(self.code), Some(&self.detail))
    }
}

/// Whether a failure with this code and detail is that the system gave no file descriptor.
pub fn lacked_descriptor(code: Option<AttemptError>, detail: Option<&str>) -> bool {
    code == Some(AttemptError::Internal) && detail == Some(NO_DESCRIPTOR)
}
