//! The reasons for having no connection to a receiver or no answer from it.

use crate::domain::attempt::AttemptError;

/// The longest detail, in bytes; part of it may be a receiver's own text.
const LONGEST_DETAIL: usize = 500;

/// The message when no file descriptor is left for a connection.
const NO_DESCRIPTOR: &str = "this program, or its whole machine, has no file descriptor left for a connection; \
                             `ulimit -n` says how many it may have";

/// The reason for having no connection or no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ConnectError {
    /// The stable code.
    pub code: AttemptError,
    /// What happened, in at most a few lines.
    pub detail: String,
}

impl ConnectError {
    /// Makes an error; a detail that is too long is cut.
    pub fn new(code: AttemptError, detail: impl ToString) -> Self {
        let mut detail = detail.to_string();
        if detail.len() > LONGEST_DETAIL {
            detail.truncate(detail.floor_char_boundary(LONGEST_DETAIL));
            detail.push('…');
        }
        ConnectError { code, detail }
    }

    /// No file descriptor was left: a temporary failure of this service.
    pub fn no_descriptor() -> Self {
        ConnectError::new(AttemptError::Internal, NO_DESCRIPTOR)
    }

    /// Whether the reason is that no file descriptor was left.
    pub fn is_no_descriptor(&self) -> bool {
        lacked_descriptor(Some(self.code), Some(&self.detail))
    }
}

/// Whether a failure with this code and detail means that no file descriptor was left.
pub fn lacked_descriptor(code: Option<AttemptError>, detail: Option<&str>) -> bool {
    code == Some(AttemptError::Internal) && detail == Some(NO_DESCRIPTOR)
}
