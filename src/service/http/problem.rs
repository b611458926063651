//! A refused request: one type, made from any failure; `answer` writes it as an RFC 9457 problem.

use std::time::Duration;

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    domain::problem::{FieldError, Problem, ProblemCode},
    files::Refusal,
    service::store::StoreError,
};

/// Tells the caller, and through them the operator of the service, what to do.
const DISK_FULL: &str = "the disk that holds the service's database is full, so nothing was stored; \
    free some space on it, or shorten --keep-history and --keep-bodies, and try again";

const GONE: &str = "the service's database file was removed, replaced or cut while it was in use, so nothing was stored; \
    put it back where it was, or start the service again on what lies there now";

/// A refused request. `answer` writes its body, because it knows the request's id.
#[derive(Debug, Clone)]
pub(super) struct ApiError {
    code: ProblemCode,
    problem: Box<Problem>,
    cause: Option<String>,
    /// The value of `Retry-After` in seconds.
    retry_after: Option<u64>,
    denied: Option<Denied>,
}

/// Says that the service may not use its own files. Remote callers learn only that the service does not work; a program
/// that runs the service in its own process finds this among the answer's extensions.
#[derive(Debug, Clone)]
pub struct Denied(pub Refusal);

/// The result of a handler.
pub(super) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// Refuses with this code, because of `detail`.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        ApiError { code, problem: Box::new(Problem::new(code, detail)), cause: None, retry_after: None, denied: None }
    }

    /// The request cannot be read.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::BadRequest, detail)
    }

    /// A parameter or a header cannot be read.
    pub fn bad_parameter(name: &str, message: impl Into<String>) -> Self {
        let error = FieldError::new(name, message);
        let mut refused = Self::bad_request(error.to_string());
        refused.problem.errors = vec![error];
        refused
    }

    /// A value in the request is the masked form of a secret value.
    pub fn masked(error: FieldError) -> Self {
        let mut refused = Self::new(ProblemCode::MaskedValue, error.to_string());
        refused.problem.errors = vec![error];
        refused
    }

    /// There is no `what` with this id.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        ApiError { problem: Box::new(Problem::not_found(what, id)), ..Self::new(ProblemCode::NotFound, "") }
    }

    /// The service itself failed. The cause goes to the log, never to the caller.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "the service failed; its log says why, under this requestId";
        ApiError { cause: Some(cause.into()), ..Self::new(ProblemCode::Internal, detail) }
    }

    /// The database cannot be used now. The cause goes to the log.
    fn unavailable(cause: String) -> Self {
        let detail = "the service's database cannot be used right now; try again";
        ApiError { cause: Some(cause), ..Self::new(ProblemCode::Unavailable, detail) }
    }

    /// The service cannot work; `wrong` names the reasons.
    pub fn not_ready(wrong: Vec<FieldError>) -> Self {
        let all = wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let mut refused = Self::new(ProblemCode::Unavailable, format!("the service is not ready: {all}"));
        refused.problem.errors = wrong;
        refused
    }

    /// Adds the id of what stands in the way.
    pub fn conflicting_with(self, id: impl std::fmt::Display) -> Self {
        ApiError { problem: Box::new(self.problem.conflicting_with(id)), ..self }
    }

    /// Adds when the caller may try again: after `wait`.
    pub fn retry_after(self, wait: Duration) -> Self {
        ApiError { retry_after: Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)), ..self }
    }

    /// The cause, which is logged and never shown.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The missing permission, if that is the reason.
    pub fn denied(&self) -> Option<Denied> {
        self.denied.clone()
    }

    /// The problem that the caller gets, with the request's id.
    pub fn into_problem(self, request_id: &str) -> Problem {
        Problem { request_id: request_id.to_owned(), ..*self.problem }
    }
}

impl From<FieldError> for ApiError {
    fn from(error: FieldError) -> Self {
        vec![error].into()
    }
}

impl From<Vec<FieldError>> for ApiError {
    fn from(errors: Vec<FieldError>) -> Self {
        ApiError { problem: Box::new(Problem::invalid(errors)), ..Self::new(ProblemCode::Invalid, "") }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let detail = error.to_string();
        match error {
            StoreError::NotFound { what, id } => Self::not_found(what, id),
            StoreError::NameTaken { id } => Self::new(ProblemCode::NameTaken, detail).conflicting_with(id),
            StoreError::TokenNameTaken(id) => Self::new(ProblemCode::NameTaken, detail).conflicting_with(id),
            StoreError::SourceNameTaken(id) => Self::new(ProblemCode::NameTaken, detail).conflicting_with(id),
            StoreError::UnknownSource(_) => FieldError::new("sources", detail).into(),
            StoreError::AmbiguousId(_) => Self::new(ProblemCode::AmbiguousId, format!("{detail} with ?source=")),
            StoreError::RevisionMismatch { .. } => Self::new(ProblemCode::PreconditionFailed, detail),
            StoreError::EventIdReused(id) => Self::new(ProblemCode::EventIdReused, detail).conflicting_with(id),
            StoreError::IdempotencyKeyReused => Self::new(ProblemCode::IdempotencyKeyReused, detail),
            StoreError::InFlight { attempt, .. } => {
                Self::new(ProblemCode::DeliveryInFlight, detail).conflicting_with(attempt)
            }
            StoreError::BodyNotKept(id) => Self::new(ProblemCode::BodyNotKept, detail).conflicting_with(id),
            StoreError::WebhookDeleted(id) => Self::new(ProblemCode::WebhookDeleted, detail).conflicting_with(id),
            StoreError::WebhookDisabled(id) => Self::new(ProblemCode::WebhookDisabled, detail).conflicting_with(id),
            StoreError::RotationUnderWay { id, .. } => {
                Self::new(ProblemCode::RotationUnderWay, detail).conflicting_with(id)
            }
            StoreError::TestNotRetried(id) => Self::new(ProblemCode::TestNotRetried, detail).conflicting_with(id),
            StoreError::DiskFull(_) => {
                ApiError { cause: Some(detail), ..Self::new(ProblemCode::Unavailable, DISK_FULL) }
            }
            StoreError::Gone(_) => ApiError { cause: Some(detail), ..Self::new(ProblemCode::Unavailable, GONE) },
            StoreError::Unavailable(_) => Self::unavailable(detail),
            StoreError::Denied(refusal) => ApiError { denied: Some(Denied(refusal)), ..Self::unavailable(detail) },
            StoreError::Key(_) | StoreError::Internal(_) => Self::internal(detail),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if self.code == ProblemCode::Unauthorized {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let retry_after = self.retry_after.or((self.code == ProblemCode::Unavailable).then_some(1));
        response.headers_mut().extend(retry_after.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds))));
        response.extensions_mut().insert(self);
        response
    }
}

/// Answers a path that does not exist.
pub(super) async fn no_such_path(request: Request) -> ApiError {
    ApiError::new(ProblemCode::NoSuchPath, format!("there is no path {}; /docs lists them", request.uri().path()))
}

/// Answers a method that the path does not take; `Allow` names the methods that it takes.
pub(super) async fn no_such_method(request: Request) -> ApiError {
    let (method, path) = (request.method(), request.uri().path());
    ApiError::new(ProblemCode::MethodNotAllowed, format!("{path} does not take {method}"))
}
