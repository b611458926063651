//! The errors of API calls.

use std::time::Duration;

use crate::domain::problem::{Problem, ProblemCode};

use super::transport::TransportError;

/// The reason why a call failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CallError {
    /// The service refused the call and said why.
    #[error("{}", .problem.detail)]
    Refused {
        /// The service's problem, with the `status` of the answer.
        problem: Box<Problem>,
        /// The wait that the answer asks for.
        retry_after: Option<Duration>,
    },
    /// The service has no such path: its URL contains an extra path, or it has another version.
    #[error("{}", .problem.detail)]
    NoSuchPath {
        /// The address of the service.
        place: String,
        /// The service's problem.
        problem: Box<Problem>,
    },
    /// The status is a failure, and the body is not the service's own.
    #[error("{place} answered {status}")]
    Status {
        /// The address of the service.
        place: String,
        /// The status.
        status: u16,
        /// The wait that the answer asks for.
        retry_after: Option<Duration>,
    },
    /// The answer is not from this service, or from a version that is too old or too new.
    #[error("{place} is not a tm-hooks service: {what}")]
    NotThisService {
        /// The address of the service.
        place: String,
        /// Describes the answer.
        what: String,
    },
    /// No token was sent, and the service requires one.
    #[error("not logged in to {place}")]
    NotLoggedIn {
        /// The address of the service.
        place: String,
    },
    /// The path is too long for any server and was not sent.
    #[error("what is asked for is too long for a request: {bytes} bytes")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// There was no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl CallError {
    /// Returns the HTTP status of a failed answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            CallError::Refused { problem, .. } | CallError::NoSuchPath { problem, .. } => Some(problem.status),
            CallError::Status { status, .. } => Some(*status),
            CallError::NotLoggedIn { .. } => Some(401),
            CallError::NotThisService { .. } | CallError::TooLong { .. } | CallError::Transport(_) => None,
        }
    }

    /// Returns the stable code: the service's own, if it gave one.
    pub fn code(&self) -> String {
        match self {
            CallError::Refused { problem, .. } | CallError::NoSuchPath { problem, .. } => problem.code.clone(),
            CallError::Status { status, .. } => format!("http_{status}"),
            CallError::NotLoggedIn { .. } => ProblemCode::Unauthorized.as_str().to_owned(),
            CallError::NotThisService { .. } => "not_this_service".to_owned(),
            CallError::TooLong { .. } => "too_long".to_owned(),
            CallError::Transport(error) => error.failure.as_str().to_owned(),
        }
    }

    /// Whether the same request may succeed later: 429, 502, 503, 504 and failures of the network.
    pub fn is_temporary(&self) -> bool {
        match self {
            CallError::Transport(error) => error.failure.is_temporary(),
            _ => matches!(self.status(), Some(429 | 502 | 503 | 504)),
        }
    }

    /// Whether the service refused this parameter or field, possibly because it does not know it.
    pub fn concerns(&self, field: &str) -> bool {
        matches!(self, CallError::Refused { problem, .. } if problem.errors.iter().any(|error| error.field == field))
    }

    /// Returns the wait that the service asks for.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            CallError::Refused { retry_after, .. } | CallError::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether events of several sources have the id that was asked for.
    pub fn is_ambiguous_event(&self) -> bool {
        let code = ProblemCode::AmbiguousId.as_str();
        matches!(self, CallError::Refused { problem, .. } if problem.status == 409 && problem.code == code)
    }

    /// Whether the service itself says that the object does not exist. A 404 from something else, or the same code with
    /// another status, does not say that.
    pub fn is_not_found(&self) -> bool {
        let code = ProblemCode::NotFound.as_str();
        matches!(self, CallError::Refused { problem, .. } if problem.status == 404 && problem.code == code)
    }
}
