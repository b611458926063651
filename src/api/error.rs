//! What a call of the API can fail with.

use std::time::Duration;

use crate::domain::problem::{Problem, ProblemCode};

use super::transport::TransportError;

/// Why a call did not give what was asked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApiError {
    /// The service refused, and said why.
    #[error("{}", .problem.detail)]
    Refused {
        /// What it said. Its `status` is the one of the answer.
        problem: Box<Problem>,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The service is ours, and has no such path: its URL has something behind it, or it is of another version.
    #[error("{}", .problem.detail)]
    NoSuchPath {
        /// Where the service was looked for.
        place: String,
        /// What it said.
        problem: Box<Problem>,
    },
    /// The answer's status says that it failed; its body is not the service's own.
    #[error("{place} answered {status}")]
    Status {
        /// Where the service was looked for.
        place: String,
        /// The status.
        status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// What answered is not this service, or one that is too old or too new.
    #[error("{place} is not a tm-hooks service: {what}")]
    NotThisService {
        /// Where the service was looked for.
        place: String,
        /// What it answered instead.
        what: String,
    },
    /// No token was sent, and the service wants one.
    #[error("not logged in to {place}")]
    NotLoggedIn {
        /// Where the service is.
        place: String,
    },
    /// The path is longer than any server reads, so that it was not sent.
    #[error("what is asked for is too long for a request: {bytes} bytes")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// There was no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl ApiError {
    /// The HTTP status of the answer, when there was one that says it failed.
    pub fn status(&self) -> Option<u16> {
        match self {
            ApiError::Refused { problem, .. } | ApiError::NoSuchPath { problem, .. } => Some(problem.status),
            ApiError::Status { status, .. } => Some(*status),
            ApiError::NotLoggedIn { .. } => Some(401),
            ApiError::NotThisService { .. } | ApiError::TooLong { .. } | ApiError::Transport(_) => None,
        }
    }

    /// The stable code: the service's own where it has said one.
    pub fn code(&self) -> String {
        match self {
            ApiError::Refused { problem, .. } | ApiError::NoSuchPath { problem, .. } => problem.code.clone(),
            ApiError::Status { status, .. } => format!("http_{status}"),
            ApiError::NotLoggedIn { .. } => ProblemCode::Unauthorized.as_str().to_owned(),
            ApiError::NotThisService { .. } => "not_this_service".to_owned(),
            ApiError::TooLong { .. } => "too_long".to_owned(),
            ApiError::Transport(error) => error.failure.as_str().to_owned(),
        }
    }

    /// Whether the same request may succeed later: 429, 502, 503, 504 and failures of the network.
    pub fn is_temporary(&self) -> bool {
        match self {
            ApiError::Transport(error) => error.failure.is_temporary(),
            _ => matches!(self.status(), Some(429 | 502 | 503 | 504)),
        }
    }

    /// Whether the service refused this parameter or field, be it that it does not know it.
    pub fn concerns(&self, field: &str) -> bool {
        matches!(self, ApiError::Refused { problem, .. } if problem.errors.iter().any(|error| error.field == field))
    }

    /// How long the service asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            ApiError::Refused { retry_after, .. } | ApiError::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether the service itself says that there is no such thing; a 404 of something else says nothing, and no more
    /// does the same code under another status.
    pub fn is_not_found(&self) -> bool {
        let code = ProblemCode::NotFound.as_str();
        matches!(self, ApiError::Refused { problem, .. } if problem.status == 404 && problem.code == code)
    }
}
