//! Prepares the request of an attempt: the frozen body with a new signature and the documented headers.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;

use super::{redact::Hidden, spelling::Spelling};
use crate::{
    domain::{
        attempt::Header,
        receiver_url,
        scheme::{
            SchemeChoice, TIMEMOTO_SIGNATURE, WEBHOOK_ATTEMPT, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP,
            WEBHOOK_VERSION,
        },
        secret::MASK,
        time::Timestamp,
    },
    service::store::{Claim, Damaged, Recipient},
    signing::{self, Delivery, sender::Unsignable},
};

/// The program's `User-Agent`.
const USER_AGENT: &str = concat!("tm-hooks/", env!("CARGO_PKG_VERSION"));

/// A prepared request, and its headers as the history shows them.
pub struct PreparedRequest {
    /// The request.
    pub request: Outgoing,
    /// The headers, with the webhook's own masked.
    pub headers: Vec<Header>,
}

/// The signed request, which stays the same however often it must be sent.
pub struct Outgoing {
    /// The URL.
    pub url: Uri,
    /// The texts to mask in its answer.
    pub hidden: Hidden,
    /// The spelling of its header names on the wire.
    pub spelling: Arc<Spelling>,
    path: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Outgoing {
    /// The request in the form for a connection to the receiver.
    pub fn to_request(&self) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.path.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }
}

/// The reason why there is no request.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The URL or a header cannot be sent, although it was checked when it was stored.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// The stored body cannot be read.
    #[error(transparent)]
    Body(#[from] Damaged),
    /// The webhook's scheme signs what the delivery does not have.
    #[error("it cannot be signed by the webhook's scheme: {0}")]
    Unsignable(#[from] Unsignable),
}

/// Makes the request of a claimed attempt that begins at `now`.
pub fn prepare(claim: &Claim, now: Timestamp) -> Result<PreparedRequest, RequestError> {
    let id = claim.event_id.to_string();
    let body = claim.body.bytes()?;
    let url = request_uri(&claim.recipient.url)?;
    let host = url.authority().map_or("", |authority| authority.as_str());
    let mut headers = of_ours(claim, &id, host, &body, now)?;
    let mut values = Values::with_room_for(host.len() + headers.iter().map(|header| header.value.len()).sum::<usize>());
    let mut sent = HeaderMap::with_capacity(1 + headers.len() + claim.recipient.headers.len());
    sent.append(header::HOST, values.value(host)?);
    for Header { name, value } in &headers {
        sent.append(wire_name(name)?, values.value(value)?);
    }
    headers.reserve(claim.recipient.headers.len());
    for (name, value) in &claim.recipient.headers {
        let mut secret_value = HeaderValue::from_str(value).map_err(http::Error::from)?;
        secret_value.set_sensitive(true);
        sent.append(HeaderName::from_bytes(name.as_bytes()).map_err(http::Error::from)?, secret_value);
        headers.push(Header { name: name.clone(), value: MASK.to_owned() });
    }
    let spelling = headers.iter().map(|header| &header.name).filter(|name| !is_lower(name)).cloned().collect();
    let spelling = Arc::new(spelling);
    let path = url.path_and_query().cloned().map_or_else(Uri::default, Uri::from);
    let request = Outgoing { path, spelling, headers: sent, body, hidden: Hidden::of(claim), url };
    Ok(PreparedRequest { request, headers })
}

fn is_lower(name: &str) -> bool {
    !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The address for a webhook's URL. URLs were once stored as given, and not all of these can be sent.
pub fn request_uri(url: &str) -> Result<Uri, http::Error> {
    match receiver_url::request_uri(url) {
        Some(uri) => Ok(uri),
        None => Ok(receiver_url::as_sent(url).parse()?),
    }
}

/// The headers that the service itself gives a request: what it is, and what signs it. Which version a body is in, and
/// which try it is, is told where both signatures are; who has asked for one scheme gets its headers and no other.
fn of_ours(claim: &Claim, id: &str, host: &str, body: &[u8], now: Timestamp) -> Result<Vec<Header>, Unsignable> {
    let header = |name: &str, value: String| Header { name: name.to_owned(), value };
    let mut headers = Vec::with_capacity(8 + claim.recipient.headers.len());
    headers.push(header("content-type", "application/json".to_owned()));
    headers.push(header("user-agent", USER_AGENT.to_owned()));
    let Recipient { url, headers: own, scheme, secrets } = &*claim.recipient;
    let delivery = Delivery { id, at: now, url, headers: &headers, body };
    let signed = match scheme {
        // Only such a scheme may sign other headers too: as the receiver sees them, without blanks around.
        SchemeChoice::Text(_) => {
            let own = own.iter().map(|(name, value)| header(name, value.trim_matches([' ', '\t']).to_owned()));
            let known: Vec<Header> =
                headers.iter().cloned().chain([header("host", host.to_owned())]).chain(own).collect();
            signing::sign(scheme, secrets, Delivery { headers: &known, ..delivery })?
        }
        _ => signing::sign(scheme, secrets, delivery)?,
    };
    headers.extend(signed);
    if *scheme == SchemeChoice::Both {
        // A body without a version's format is sent without this header.
        headers.extend(claim.version.map(|version| header(WEBHOOK_VERSION, version.to_string())));
        headers.push(header(WEBHOOK_ATTEMPT, claim.number.to_string()));
    }
    Ok(headers)
}

/// A header's name as the HTTP library has it, in lower case; `spelling` has it as it is sent. Our usual ones cost no
/// allocation.
fn wire_name(name: &str) -> Result<HeaderName, http::Error> {
    let known = OUR_NAMES.iter().find(|(spelt, _)| *spelt == name);
    match known {
        Some((_, lower)) => Ok(HeaderName::from_static(lower)),
        None => Ok(HeaderName::from_bytes(name.as_bytes())?),
    }
}

/// The names of our usual headers as they are sent, and in lower case.
const OUR_NAMES: [(&str, &str); 8] = [
    ("content-type", "content-type"),
    ("user-agent", "user-agent"),
    (TIMEMOTO_SIGNATURE, "timemoto-signature"),
    (WEBHOOK_ID, WEBHOOK_ID),
    (WEBHOOK_TIMESTAMP, WEBHOOK_TIMESTAMP),
    (WEBHOOK_SIGNATURE, WEBHOOK_SIGNATURE),
    (WEBHOOK_VERSION, WEBHOOK_VERSION),
    (WEBHOOK_ATTEMPT, WEBHOOK_ATTEMPT),
];

/// Header values that share one allocation.
struct Values(BytesMut);

impl Values {
    fn with_room_for(bytes: usize) -> Self {
        Values(BytesMut::with_capacity(bytes))
    }

    fn value(&mut self, text: &str) -> Result<HeaderValue, http::Error> {
        self.0.extend_from_slice(text.as_bytes());
        Ok(HeaderValue::from_maybe_shared(self.0.split().freeze())?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rustls::pki_types::ServerName;

    use super::*;
    use crate::domain::webhook::{check_header, check_url};

    #[test]
    fn the_names_that_are_shown_are_those_that_are_sent() {
        for (shown, sent) in OUR_NAMES {
            assert!(shown.eq_ignore_ascii_case(sent), "{shown} is sent as {sent}");
        }
    }

    #[test]
    fn urls_that_were_stored_as_they_were_given_are_sent_all_the_same() {
        for (stored, sent) in [
            ("https://münchen.example/x", "https://xn--mnchen-3ya.example/x"),
            ("https://example.com/?q=<ä>", "https://example.com/?q=%3C%C3%A4%3E"),
            ("https://example.com/hooks", "https://example.com/hooks"),
        ] {
            assert_eq!(request_uri(stored).unwrap(), sent);
        }
        assert!(request_uri("https://a\"b.example/").is_err());
    }

    proptest! {
        #[test]
        fn a_host_that_is_accepted_can_be_secured(host in "[a-zA-Zäß0-9._~!$&'()*+,;=%-]{1,20}") {
            if let Ok(url) = check_url(&format!("https://{host}/")) {
                let host = url.host_str().unwrap_or_default();
                prop_assert!(ServerName::try_from(host.trim_end_matches('.').to_owned()).is_ok(), "{host}");
                prop_assert!(request_uri(url.as_str()).is_ok());
            }
        }
    }

    #[test]
    fn no_webhook_can_set_a_header_that_the_service_sends() {
        for ours in OUR_NAMES.into_iter().map(|(_, lower)| lower).chain(["host", "Webhook-Version", "WEBHOOK-ATTEMPT"])
        {
            let refused = check_header(ours, "x").unwrap_err();
            assert_eq!(refused.message, "is set by the service itself", "{ours}");
        }
        assert!(check_header("webhook-tenant", "x").is_ok());
    }
}
