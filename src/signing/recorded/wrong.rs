//! The errors of parsing recorded requests.

/// The bytes are not recorded requests. The error repeats none of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRecorded {
    /// There are no bytes.
    #[error("it is empty")]
    Empty,
    /// The bytes look like HTTP but are not a valid request.
    #[error("it is no HTTP request: {0}")]
    Http(&'static str),
    /// The bytes look like JSON but hold no request.
    #[error("line {line}: {why}")]
    Line {
        /// The line, or the position in an array, counted from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
}
