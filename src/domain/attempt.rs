//! An attempt: one HTTP request of a delivery, its answer, and its error codes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    event::EventType,
    ids::{AttemptId, DeliveryId, EventId, WebhookId},
    text::{named, serde_as_text},
    time::Timestamp,
    version::Version,
};

/// An attempt as the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The delivery it belongs to.
    pub delivery_id: DeliveryId,
    /// The webhook it went to.
    pub webhook_id: WebhookId,
    /// The event it carried.
    pub event_id: EventId,
    /// The event's type.
    pub event_type: EventType,
    /// Why it was made.
    pub kind: AttemptKind,
    /// Which attempt of the delivery it is, from 1.
    pub number: u32,
    /// How many tries the delivery has at most.
    pub max_attempts: u32,
    /// How it ended, or that it is in flight.
    pub status: AttemptStatus,
    /// The status of the receiver's answer, when there was one.
    pub http_status: Option<u16>,
    /// Why it failed, if it did.
    pub error: Option<AttemptError>,
    /// A longer description of the failure, if there is one. For a success, it says how the answer's body broke off.
    pub error_detail: Option<String>,
    /// When its request began.
    pub started_at: Timestamp,
    /// The duration in milliseconds; null while it is in flight.
    pub duration_ms: Option<u64>,
    /// When the delivery is tried next; only its newest attempt has one.
    pub next_retry_at: Option<Timestamp>,
    /// The version of the body; null if its format is none of the versions.
    pub version: Option<Version>,
    /// The request; present only if a single attempt is requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<SentRequest>,
    /// The answer; present only if a single attempt is requested and there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ReceivedResponse>,
}

/// One header of a request or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Header {
    /// Its name, as it was sent.
    pub name: String,
    /// Its value as text; masked if the header belongs to the webhook.
    pub value: String,
}

/// The request of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct SentRequest {
    /// The URL it went to.
    pub url: String,
    /// Its headers; the values of the webhook's own are masked.
    pub headers: Vec<Header>,
    /// Its body; null if it is no longer kept.
    pub body: Option<String>,
}

/// The receiver's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct ReceivedResponse {
    /// Its headers.
    pub headers: Vec<Header>,
    /// The first 16 KiB of its body, decoded from the charset that it names. Undecodable bytes are replaced, and
    /// secrets are masked.
    pub body: String,
    /// Whether the body was longer or broke off.
    pub truncated: bool,
}

named!(
    /// How an attempt ended.
    AttemptStatus, "an attempt's status", {
        /// It is in flight.
        Pending = "pending",
        /// The receiver answered 2xx.
        Succeeded = "succeeded",
        /// The attempt failed.
        Failed = "failed",
    }
);

named!(
    /// Why an attempt was made.
    AttemptKind, "an attempt's kind", {
        /// The delivery's first try.
        Event = "event",
        /// A later try by the schedule.
        Retry = "retry",
        /// A person asked for it.
        Manual = "manual",
        /// A recovery asked for it.
        Recover = "recover",
        /// It is a test of a webhook.
        Test = "test",
    }
);

named!(
    /// Why an attempt failed: a stable code.
    AttemptError, "an attempt's error", {
        /// The receiver's name does not exist.
        DnsNotFound = "dns_not_found",
        /// Looking up the receiver's name took longer than 3 s.
        DnsTimeout = "dns_timeout",
        /// Looking up the receiver's name failed.
        DnsFailed = "dns_failed",
        /// The service may not connect to the receiver's address.
        AddressRefused = "address_refused",
        /// The receiver's machine refused the connection.
        ConnectionRefused = "connection_refused",
        /// Connecting took longer than 5 s.
        ConnectTimeout = "connect_timeout",
        /// Connecting failed.
        ConnectFailed = "connect_failed",
        /// The connection was closed before the answer was complete.
        ConnectionClosed = "connection_closed",
        /// The TLS handshake took longer than 5 s.
        TlsTimeout = "tls_timeout",
        /// The receiver's certificate has expired, or is not valid yet.
        TlsExpired = "tls_expired",
        /// The service does not trust the issuer of the receiver's certificate.
        TlsUntrusted = "tls_untrusted",
        /// The receiver's certificate is for another name.
        TlsWrongName = "tls_wrong_name",
        /// The TLS handshake failed.
        TlsFailed = "tls_failed",
        /// The answer was not complete after 20 s.
        Timeout = "timeout",
        /// The answer was not HTTP, or a part of it could not be read.
        InvalidResponse = "invalid_response",
        /// The receiver redirected the request; the service never follows redirects.
        Redirected = "redirected",
        /// The receiver answered 410: it wants no more deliveries.
        Gone = "gone",
        /// The receiver answered something other than 2xx.
        UnexpectedStatus = "unexpected_status",
        /// The sending program stopped waiting before the answer was complete.
        Interrupted = "interrupted",
        /// The request could not be made.
        Internal = "internal",
    }
);

impl AttemptError {
    /// Whether this program failed, so that the error says nothing about the receiver.
    pub fn is_our_own(self) -> bool {
        matches!(self, AttemptError::Interrupted | AttemptError::Internal)
    }

    /// The error in a few words, for the outcome column.
    pub fn describe(self) -> &'static str {
        match self {
            AttemptError::DnsNotFound => "name not found",
            AttemptError::DnsTimeout => "name lookup timed out",
            AttemptError::DnsFailed => "name lookup failed",
            AttemptError::AddressRefused => "address not allowed",
            AttemptError::ConnectionRefused => "connection refused",
            AttemptError::ConnectTimeout => "connecting timed out",
            AttemptError::ConnectFailed => "no connection",
            AttemptError::ConnectionClosed => "connection closed early",
            AttemptError::TlsTimeout => "TLS handshake timed out",
            AttemptError::TlsExpired => "certificate expired",
            AttemptError::TlsUntrusted => "certificate not trusted",
            AttemptError::TlsWrongName => "certificate for another name",
            AttemptError::TlsFailed => "TLS failed",
            AttemptError::Timeout => "timed out",
            AttemptError::InvalidResponse => "answer cannot be read",
            AttemptError::Redirected => "redirected, not followed",
            AttemptError::Gone => "gone",
            AttemptError::UnexpectedStatus => "not 2xx",
            AttemptError::Interrupted => "interrupted",
            AttemptError::Internal => "request not possible",
        }
    }
}

impl Attempt {
    /// Describes the end of the attempt: `succeeded`, `in flight`, `failed: unavailable`.
    pub fn outcome(&self) -> String {
        match (self.status, self.error, self.http_status) {
            (AttemptStatus::Pending, ..) => "in flight".to_owned(),
            (AttemptStatus::Succeeded, ..) => "succeeded".to_owned(),
            (AttemptStatus::Failed, None | Some(AttemptError::UnexpectedStatus), Some(status)) => {
                format!("failed: {}", status_in_words(status))
            }
            (AttemptStatus::Failed, Some(error), _) => format!("failed: {}", error.describe()),
            (AttemptStatus::Failed, None, None) => "failed".to_owned(),
        }
    }
}

/// Describes an HTTP status in lower case: `unauthorized`, `service unavailable`; `not 2xx` for an unknown one.
pub fn status_in_words(status: u16) -> String {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .map_or_else(|| "not 2xx".to_owned(), str::to_lowercase)
}

/// A filter of attempts by the answer's status: one code, or a class such as `5xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeFilter {
    /// The lowest status that passes.
    pub from: u16,
    /// The highest status that passes.
    pub to: u16,
}

impl CodeFilter {
    /// Whether an attempt with this answer passes; one without an answer never does.
    pub fn holds(self, http_status: Option<u16>) -> bool {
        http_status.is_some_and(|status| (self.from..=self.to).contains(&status))
    }
}

impl fmt::Display for CodeFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to { write!(f, "{}", self.from) } else { write!(f, "{}xx", self.from / 100) }
    }
}

impl FromStr for CodeFilter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is not an HTTP status (100 to 599) or a class such as 5xx");
        if let Some(class) = text.strip_suffix("xx") {
            let class: u16 = class.parse().ok().filter(|class| (1..=5).contains(class)).ok_or_else(wrong)?;
            return Ok(CodeFilter { from: class * 100, to: class * 100 + 99 });
        }
        let code: u16 = text.parse().ok().filter(|code| (100..=599).contains(code)).ok_or_else(wrong)?;
        Ok(CodeFilter { from: code, to: code })
    }
}

serde_as_text!(CodeFilter);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_one_status_or_a_class() {
        assert_eq!("503".parse(), Ok(CodeFilter { from: 503, to: 503 }));
        assert_eq!("5xx".parse(), Ok(CodeFilter { from: 500, to: 599 }));
        for wrong in ["", "xx", "6xx", "0xx", "5x", "99", "600", "-1"] {
            assert!(wrong.parse::<CodeFilter>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn errors_have_codes_of_their_own() {
        for error in AttemptError::ALL {
            assert_eq!(error.as_str().parse(), Ok(*error));
        }
        assert_eq!(status_in_words(503), "service unavailable");
        assert_eq!(status_in_words(599), "not 2xx");
    }
}
