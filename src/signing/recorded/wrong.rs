//! What is no recorded request.

/// Bytes that are no recorded requests. It repeats nothing of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRecorded {
    /// There is nothing.
    #[error("it is empty")]
    Empty,
    /// It looks like a request, and cannot be read as one.
    #[error("it is no HTTP request: {0}")]
    Http(&'static str),
    /// It looks like JSON, and holds no request.
    #[error("line {line}: {why}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
}
