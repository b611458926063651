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
pub(super) struct Refused(ApiError);

impl Refused {
    /// There is no such source, or it is disabled, which nobody outside needs to know.
    pub fn unknown(source: &str) -> Self {
        Refused(ApiError::not_found("source", source.chars().take(40).collect::<String>()))
    }

    /// The sender has to try again later.
    pub fn busy(detail: &str) -> Self {
        Refused(ApiError::new(ProblemCode::RateLimited, detail).retry_after(Duration::from_secs(1)))
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
        Refused(match reason {
            RefusedBecause::TooMany => refused.retry_after(Duration::from_secs(60)),
            _ => refused,
        })
    }

    /// Says what exactly is wrong with the body.
    pub fn because(self, error: &NoEnvelope) -> Self {
        Refused(ApiError::new(ProblemCode::NoEnvelope, error.to_string()))
    }

    /// The answer.
    pub fn answer(self) -> Response {
        self.0.into_response()
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

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Refused(error)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Refused(error.into())
    }
}
