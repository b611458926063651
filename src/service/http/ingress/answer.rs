//! The answers of the ingress.

use std::time::Duration;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    domain::{
        problem::ProblemCode,
        source::{NoEnvelope, Outcome, RefusedBecause},
    },
    service::{http::problem::ApiError, store::StoreError},
};

/// Says that a request was taken, and what became of it.
pub(super) fn received(outcome: Outcome) -> Response {
    Json(json!({ "outcome": outcome })).into_response()
}

/// A refused request.
#[derive(Debug)]
pub(super) struct RefusedRequest {
    error: Box<ApiError>,
    /// Whether this sender's requests are refused too often.
    is_too_often: bool,
}

/// How long the answer to a sender is held back whose requests are refused too often.
const HELD_BACK: Duration = Duration::from_millis(50);

impl RefusedRequest {
    /// There is no such source, or it is disabled, which nobody outside needs to know.
    pub fn unknown(source: &str) -> Self {
        ApiError::not_found("source", source.chars().take(40).collect::<String>()).into()
    }

    /// The sender has to try again later.
    pub fn busy(detail: &str) -> Self {
        ApiError::new(ProblemCode::RateLimited, detail).retry_after(Duration::from_secs(1)).into()
    }

    /// The request was refused for this reason.
    pub fn of(reason: RefusedBecause) -> Self {
        let detail = match reason {
            RefusedBecause::Forged => "the signature does not fit",
            RefusedBecause::NoSecret => "the source has no secret yet",
            RefusedBecause::Unexplained => "no signature with the source's secret was found",
            RefusedBecause::TooMany => "too many requests were refused",
            RefusedBecause::TooLarge => "the body is larger than 272 KiB",
            RefusedBecause::MediaType => "the body must be application/json, and not encoded",
            RefusedBecause::NoEnvelope => "the body is no event",
        };
        let refused = ApiError::new(code(reason), detail);
        match reason {
            RefusedBecause::TooMany => {
                RefusedRequest { is_too_often: true, ..refused.retry_after(Duration::from_secs(60)).into() }
            }
            _ => refused.into(),
        }
    }

    /// Says what exactly is wrong with the body, unless the sender has to wait for another reason.
    pub fn because(self, error: &NoEnvelope) -> Self {
        if self.is_too_often {
            return self;
        }
        RefusedRequest { error: Box::new(ApiError::new(ProblemCode::NoEnvelope, error.to_string())), ..self }
    }

    /// How long the answer is held back. Whoever is refused too often sends the next request on this connection so much
    /// later, and leaves the processor to others.
    pub fn held_back(&self) -> Duration {
        if self.is_too_often { HELD_BACK } else { Duration::ZERO }
    }

    /// The answer.
    pub fn answer(self) -> Response {
        self.error.into_response()
    }
}

/// The code of a refusal.
pub(super) fn code(reason: RefusedBecause) -> ProblemCode {
    match reason {
        RefusedBecause::Forged | RefusedBecause::NoSecret | RefusedBecause::Unexplained => ProblemCode::NotGenuine,
        RefusedBecause::TooMany => ProblemCode::RateLimited,
        RefusedBecause::TooLarge => ProblemCode::TooLarge,
        RefusedBecause::MediaType => ProblemCode::UnsupportedMediaType,
        RefusedBecause::NoEnvelope => ProblemCode::NoEnvelope,
    }
}

impl From<ApiError> for RefusedRequest {
    fn from(error: ApiError) -> Self {
        RefusedRequest { error: Box::new(error), is_too_often: false }
    }
}

impl From<StoreError> for RefusedRequest {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_what_is_answered() {
        let status = |reason| RefusedRequest::of(reason).because(&NoEnvelope::Id).answer().status().as_u16();
        assert_eq!(status(RefusedBecause::NoEnvelope), code(RefusedBecause::NoEnvelope).status());
        assert_eq!(status(RefusedBecause::TooMany), code(RefusedBecause::TooMany).status());
    }
}
