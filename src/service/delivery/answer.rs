//! A receiver's answer: how it is judged, and what of it is kept.

use std::{error::Error, io};

use bytes::Bytes;
use http::{
    HeaderMap, StatusCode, Version,
    header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, TRANSFER_ENCODING},
};

use super::{
    charset,
    connect_error::ConnectError,
    lenient,
    limits::{LARGEST_HEAD, MOST_KEPT, MOST_READ},
    redact::Hidden,
    tls,
};
use crate::domain::{
    attempt::{AttemptError, Header, ReceivedResponse, status_in_words},
    webhook::LONGEST_HEADER_VALUE,
};

/// The part of an answer that has arrived.
#[derive(Default)]
pub struct Answer {
    /// The status and headers, once they have arrived.
    pub head: Option<(StatusCode, HeaderMap)>,
    /// Whether the body broke off.
    pub cut: bool,
    body: Vec<u8>,
}

impl Answer {
    /// Reads an answer that the HTTP library refuses. Returns whether its head is complete.
    pub fn take_in_odd(&mut self, raw: &[u8]) -> bool {
        let Some((status, headers, body)) = lenient::head(raw) else { return false };
        self.head = Some((status, headers));
        self.take_in(&Bytes::copy_from_slice(&raw[body..]));
        true
    }

    /// Adds a part of the body. Returns whether enough has been read.
    pub fn take_in(&mut self, data: &Bytes) -> bool {
        let room = MOST_READ - self.body.len();
        self.body.extend_from_slice(&data[..data.len().min(room)]);
        self.body.len() == MOST_READ
    }

    /// Whether the body has no length and ends with the connection.
    pub fn lasts_until_closed(&self) -> bool {
        let Some((_, headers)) = &self.head else { return false };
        match headers.get_all(TRANSFER_ENCODING).iter().next_back() {
            Some(last) => !last.as_bytes().to_ascii_lowercase().ends_with(b"chunked"),
            None => !headers.contains_key(CONTENT_LENGTH),
        }
    }

    /// The answer's `Retry-After` as it arrived.
    pub fn retry_after(&self) -> Option<String> {
        let (_, headers) = self.head.as_ref()?;
        headers.get(RETRY_AFTER)?.to_str().ok().map(str::to_owned)
    }

    /// The answer as the history shows it, with secrets masked; none without a head.
    pub fn kept(self, hidden: &Hidden) -> Option<ReceivedResponse> {
        let (_, headers) = self.head?;
        let truncated = self.cut || self.body.len() > MOST_KEPT;
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Some(ReceivedResponse {
            headers: kept_headers(&headers, hidden),
            body: kept_body(&self.body, content_type, hidden),
            truncated,
        })
    }
}

/// The headers, as long as their names and values fit into the size of a kept body; the last value may be cut.
fn kept_headers(headers: &HeaderMap, hidden: &Hidden) -> Vec<Header> {
    let mut kept = Vec::with_capacity(headers.len());
    let mut room = MOST_KEPT;
    for (name, value) in headers {
        if room < name.as_str().len() {
            break;
        }
        room -= name.as_str().len();
        let value = hidden.mask(&String::from_utf8_lossy(value.as_bytes()), room).into_owned();
        room = room.saturating_sub(value.len());
        kept.push(Header { name: name.as_str().to_owned(), value });
    }
    kept
}

/// The start of a body as text. Unreadable bytes are replaced, and so is NUL, which some databases refuse.
fn kept_body(body: &[u8], content_type: Option<&str>, hidden: &Hidden) -> String {
    // Slightly more is read than is kept, so that a secret at the cut is found and no character is cut here. A text may
    // take twice the bytes in its own charset.
    let most = 2 * (MOST_KEPT + LONGEST_HEADER_VALUE) + char::MAX_LEN_UTF8;
    let text = charset::text(&body[..body.len().min(most)], content_type);
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    hidden.mask(&text, MOST_KEPT).into_owned()
}

/// Whether the connection can serve another request after this answer.
pub fn stays_open(version: Version, headers: &HeaderMap) -> bool {
    let says = |what| {
        let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(what))
    };
    !says("close") && (version >= Version::HTTP_11 || says("keep-alive"))
}

/// Judges the status of an answer: only 2xx is a success.
pub fn judge(status: StatusCode) -> Result<(), ConnectError> {
    let code = match status.as_u16() {
        200..=299 => return Ok(()),
        301 | 302 | 303 | 307 | 308 => AttemptError::Redirected,
        410 => AttemptError::Gone,
        _ => AttemptError::UnexpectedStatus,
    };
    let words = status_in_words(status.as_u16());
    Err(ConnectError::new(code, format!("the receiver answered {} {words}", status.as_u16())))
}

/// The reason why a connection brought no answer.
pub fn no_answer(error: &hyper::Error) -> ConnectError {
    if let Some(refused) = tls::broken_off(error) {
        return refused;
    }
    if is_malformed(error) {
        return ConnectError::new(AttemptError::InvalidResponse, with_causes(error));
    }
    if !error.is_parse() {
        let closed = "the receiver closed the connection before it answered";
        return ConnectError::new(AttemptError::ConnectionClosed, format!("{closed}: {}", with_causes(error)));
    }
    let what = if error.is_parse_too_large() {
        format!("the head of the answer is larger than {} KiB", LARGEST_HEAD / 1024)
    } else if error.is_parse_status() {
        "the answer has no status that HTTP knows".to_owned()
    } else if error.to_string().contains("version") {
        "the answer is not HTTP/1.1".to_owned()
    } else {
        // The library's message names the kind of header, never its value.
        format!("the answer has a header that cannot be read: {error}")
    };
    ConnectError::new(AttemptError::InvalidResponse, what)
}

/// The reason why an answer's body broke off.
pub fn broken_off(error: &hyper::Error) -> ConnectError {
    let code = if is_malformed(error) { AttemptError::InvalidResponse } else { AttemptError::ConnectionClosed };
    ConnectError::new(code, format!("the answer's body broke off: {}", with_causes(error)))
}

/// Whether the received data was wrong and not just cut short: unreadable chunks, or more than the limit.
pub fn is_malformed(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| matches!(cause.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData))
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        text.push_str(": ");
        text.push_str(&current.to_string());
        cause = current.source();
    }
    text
}
