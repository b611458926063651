//! What came to a source's address, and what became of it.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::domain::{attempt::Header, page::Cursor, text::named, time::Timestamp};

/// The longest body of a refused request that is kept, in bytes; of a longer one the beginning is kept.
pub const LONGEST_REFUSED: usize = 64 * 1024;

named!(
    /// What became of a request.
    Outcome, "an outcome", {
        /// It is an event, which was taken in with its deliveries.
        Accepted = "accepted",
        /// It is a test, which is delivered nowhere.
        Test = "test",
        /// The same event had come before. It was delivered once.
        Repeated = "repeated",
        /// The same event had come before with other content.
        Changed = "changed",
        /// Its signature uses the secret. It is delivered as soon as a second request confirms the scheme.
        Kept = "kept",
        /// It was refused.
        Refused = "refused",
    }
);

named!(
    /// Why a request was refused.
    RefusedBecause, "a reason", {
        /// The signature does not fit.
        Forged = "forged",
        /// The source has no secret yet, so no request can be genuine.
        NoSecret = "no_secret",
        /// No scheme with the secret explains the signature.
        Unexplained = "unexplained",
        /// Too many requests of this sender were refused.
        TooMany = "too_many",
        /// The body is too large.
        TooLarge = "too_large",
        /// The body is not JSON by its `Content-Type`.
        MediaType = "media_type",
        /// The body is no envelope with an id and a type.
        NoEnvelope = "no_envelope",
    }
);

/// A request that came to a source's address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct ReceivedRequest {
    /// When it came.
    pub received_at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// The status that it was answered with.
    pub status: u16,
    /// Why it was refused; null if it was not.
    pub reason: Option<RefusedBecause>,
    /// The event's id; null if the request named none, or was refused before its body was believed.
    pub event_id: Option<String>,
    /// The event's type, likewise.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// The sender's sequence, likewise.
    pub sequence: Option<u64>,
    /// The size of its body in bytes.
    pub size: u64,
    /// The address that sent it, if it was refused.
    pub address: Option<String>,
    /// The request itself, if it was refused or changed an event. `tm-hooks verify` reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestAsCame>,
}

/// A request as it came, without headers that hold credentials of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct RequestAsCame {
    /// Its headers in their order.
    pub headers: Vec<Header>,
    /// Its body, if it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Its body in Base64, if it is not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
    /// Whether only the beginning of the body is kept.
    pub is_cut: bool,
}

impl ReceivedRequest {
    /// A genuine request with a body of this size in bytes.
    pub fn taken(received_at: Timestamp, outcome: Outcome, size: usize) -> Self {
        ReceivedRequest {
            received_at,
            outcome,
            status: 200,
            reason: None,
            event_id: None,
            event_type: None,
            sequence: None,
            size: size as u64,
            address: None,
            request: None,
        }
    }
}

impl RequestAsCame {
    /// A request of which only the body is kept.
    pub fn of_body(body: &[u8]) -> Self {
        RequestAsCame::of(Vec::new(), body, usize::MAX)
    }

    /// A request with at most this many bytes of its body.
    pub fn of(headers: Vec<Header>, body: &[u8], most: usize) -> Self {
        let (part, is_cut) = (&body[..body.len().min(most)], body.len() > most);
        // The cut may lie within a character.
        let text = match std::str::from_utf8(part) {
            Ok(text) => Some(text),
            Err(error) if is_cut && error.error_len().is_none() => {
                std::str::from_utf8(&part[..error.valid_up_to()]).ok()
            }
            Err(_) => None,
        };
        let body_base64 = text.is_none().then(|| STANDARD.encode(part));
        RequestAsCame { headers, body: text.map(str::to_owned), body_base64, is_cut }
    }
}

/// Which requests a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "service", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ReceivedQuery {
    /// Only those with this outcome.
    pub outcome: Option<Outcome>,
    /// The largest number of entries: 1 to 250, 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the previous page.
    pub cursor: Option<Cursor>,
}
