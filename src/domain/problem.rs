//! The API's error answers: RFC 9457 problems with a stable code.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One field of the input that was not accepted, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's path in the request body: `url`, `events[1]`, `data.timeLogged`.
    pub field: String,
    /// What is wrong with it, and what would be right.
    pub message: String,
}

impl FieldError {
    /// An error that concerns `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        FieldError { field: field.into(), message: message.into() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// The codes of all refusals. Their texts are part of the API and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemCode {
    /// 400: the body is not JSON, a parameter cannot be read, the input is too deep.
    BadRequest,
    /// 401: there is no token, or it is not valid.
    Unauthorized,
    /// 403: the token is valid, but lacks the scope that this needs.
    MissingScope,
    /// 404: the object does not exist.
    NotFound,
    /// 404: the API has no such path. Whether the object exists is not known then.
    NoSuchPath,
    /// 405: the path exists but does not allow the method.
    MethodNotAllowed,
    /// 409: another webhook, or another token, has this name.
    NameTaken,
    /// 401: a request to a source's address is not signed with its secret.
    NotGenuine,
    /// 422: the body of a request to a source's address is no event.
    NoEnvelope,
    /// 409: events of several sources have this id.
    AmbiguousId,
    /// 409: this event id was used with other content.
    EventIdReused,
    /// 409: this idempotency key was used with another request.
    IdempotencyKeyReused,
    /// 409: a request with this idempotency key is still in progress.
    IdempotencyKeyInUse,
    /// 409: an attempt of the delivery is in flight.
    DeliveryInFlight,
    /// 409: the body that would be sent is no longer kept.
    BodyNotKept,
    /// 409: the webhook that the delivery went to was deleted.
    WebhookDeleted,
    /// 409: the webhook is disabled.
    WebhookDisabled,
    /// 409: the secret was rotated, and the previous one is still valid.
    RotationUnderWay,
    /// 409: tests are never retried.
    TestNotRetried,
    /// 412: the webhook has changed since it was read.
    PreconditionFailed,
    /// 413: the request is too large.
    TooLarge,
    /// 415: the body is not `application/json`.
    UnsupportedMediaType,
    /// 422: the input is readable but not acceptable.
    Invalid,
    /// 422: a value contains the mask: it was copied from a place where secrets are masked.
    MaskedValue,
    /// 429: the token has sent too many requests.
    RateLimited,
    /// 500: the service failed; its log describes the error under the request's id.
    Internal,
    /// 503: the service cannot do this now; the caller should try again.
    Unavailable,
}

impl ProblemCode {
    /// A row for each code with its HTTP status and its title.
    const TABLE: [(ProblemCode, &'static str, u16, &'static str); 27] = [
        (ProblemCode::BadRequest, "bad_request", 400, "The request cannot be read"),
        (ProblemCode::Unauthorized, "unauthorized", 401, "A valid token is needed"),
        (ProblemCode::MissingScope, "missing_scope", 403, "The token does not allow this"),
        (ProblemCode::NotFound, "not_found", 404, "There is no such thing"),
        (ProblemCode::NoSuchPath, "no_such_path", 404, "The API has no such path"),
        (ProblemCode::MethodNotAllowed, "method_not_allowed", 405, "The path does not take this method"),
        (ProblemCode::NameTaken, "name_taken", 409, "The name is taken"),
        (ProblemCode::NotGenuine, "not_genuine", 401, "The request is not genuine"),
        (ProblemCode::NoEnvelope, "no_envelope", 422, "The body is no event"),
        (ProblemCode::AmbiguousId, "ambiguous_id", 409, "Several sources have an event with this id"),
        (ProblemCode::EventIdReused, "event_id_reused", 409, "The event id was used with other content"),
        (
            ProblemCode::IdempotencyKeyReused,
            "idempotency_key_reused",
            409,
            "The idempotency key was used with another request",
        ),
        (
            ProblemCode::IdempotencyKeyInUse,
            "idempotency_key_in_use",
            409,
            "A request with this idempotency key is still under way",
        ),
        (ProblemCode::DeliveryInFlight, "delivery_in_flight", 409, "An attempt of the delivery is in flight"),
        (ProblemCode::BodyNotKept, "body_not_kept", 409, "What was to be sent is no longer kept"),
        (ProblemCode::WebhookDeleted, "webhook_deleted", 409, "The webhook was deleted"),
        (ProblemCode::WebhookDisabled, "webhook_disabled", 409, "The webhook is disabled"),
        (ProblemCode::RotationUnderWay, "rotation_under_way", 409, "The secret before is still valid"),
        (ProblemCode::TestNotRetried, "test_not_retried", 409, "A test is not tried again"),
        (ProblemCode::PreconditionFailed, "precondition_failed", 412, "It has changed since it was read"),
        (ProblemCode::TooLarge, "too_large", 413, "The request is too large"),
        (ProblemCode::UnsupportedMediaType, "unsupported_media_type", 415, "The body must be application/json"),
        (ProblemCode::Invalid, "invalid", 422, "The input was not accepted"),
        (ProblemCode::MaskedValue, "masked_value", 422, "A value is masked"),
        (ProblemCode::RateLimited, "rate_limited", 429, "The token has asked too often"),
        (ProblemCode::Internal, "internal", 500, "The service failed"),
        (ProblemCode::Unavailable, "unavailable", 503, "The service cannot do this right now"),
    ];

    /// Every code.
    pub fn all() -> [ProblemCode; 27] {
        Self::TABLE.map(|row| row.0)
    }

    fn row(self) -> (ProblemCode, &'static str, u16, &'static str) {
        Self::TABLE.into_iter().find(|row| row.0 == self).unwrap_or(Self::TABLE[22])
    }

    /// The code's stable text.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// Returns the HTTP status of the answer.
    pub fn status(self) -> u16 {
        self.row().2
    }

    /// A short summary that is the same for every occurrence.
    pub fn title(self) -> &'static str {
        self.row().3
    }
}

/// An RFC 9457 problem as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The path of the service's documentation that explains the code.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// A summary that is the same for every occurrence of the code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code, on which scripts may rely.
    pub code: String,
    /// What happened this time.
    pub detail: String,
    /// The fields that were not accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The id of the object that conflicts with the request, if it helps the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicting_id: Option<String>,
    /// The id of the request in the service's log.
    #[serde(default)]
    pub request_id: String,
}

impl Problem {
    /// Makes a problem; `detail` says what happened.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Problem {
            type_uri: format!("/docs#{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code: code.as_str().to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            conflicting_id: None,
            request_id: String::new(),
        }
    }

    /// Makes a problem for input that was not accepted, field by field.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors.iter().map(FieldError::to_string).collect::<Vec<_>>().join("; ");
        Problem { errors, ..Problem::new(ProblemCode::Invalid, detail) }
    }

    /// Makes a problem that says there is no `what` with this id.
    pub fn not_found(what: &str, id: impl fmt::Display) -> Self {
        Problem::new(ProblemCode::NotFound, format!("there is no {what} {id}"))
    }

    /// Adds the id of the conflicting object.
    pub fn conflicting_with(self, id: impl fmt::Display) -> Self {
        Problem { conflicting_id: Some(id.to_string()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_row_of_its_own() {
        for (code, text, status, title) in ProblemCode::TABLE {
            assert_eq!((code.as_str(), code.status(), code.title()), (text, status, title));
        }
        assert_eq!(ProblemCode::Internal.status(), 500);
    }

    #[test]
    fn invalid_input_names_each_field() {
        let problem =
            Problem::invalid(vec![FieldError::new("url", "must be HTTPS"), FieldError::new("name", "is empty")]);
        assert_eq!(problem.detail, "url: must be HTTPS; name: is empty");
        assert_eq!(problem.status, 422);
    }
}
