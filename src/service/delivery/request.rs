//! The request of one attempt: the frozen body, signed anew, with the headers the contract names.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, header};
use http_body_util::Full;

use crate::{
    domain::{attempt::Header, secret::MASK, time::Timestamp},
    service::store::Claim,
    signing,
};

/// What the program calls itself.
const USER_AGENT: &str = concat!("tm-hooks/", env!("CARGO_PKG_VERSION"));

/// A request that is ready to be sent, and its headers as the history shows them.
pub struct Prepared {
    /// The request.
    pub request: Request<Full<Bytes>>,
    /// Its headers, the webhook's own masked.
    pub headers: Vec<Header>,
}

/// Makes the request of a claimed attempt that begins at `now`. Fails when the URL or a header, though checked when
/// they were stored, make no request.
pub fn prepare(claim: &Claim, now: Timestamp) -> Result<Prepared, http::Error> {
    let id = claim.event_id.to_string();
    let signed = signing::sign(&claim.secrets, &id, now, &claim.body);
    let ours = [
        (header::CONTENT_TYPE.as_str(), "application/json".to_owned()),
        (header::USER_AGENT.as_str(), USER_AGENT.to_owned()),
        (signing::TIMEMOTO_SIGNATURE, signed.timemoto),
        (signing::WEBHOOK_ID, id),
        (signing::WEBHOOK_TIMESTAMP, signed.timestamp),
        (signing::WEBHOOK_SIGNATURE, signed.standard),
        ("webhook-version", claim.version.as_str().to_owned()),
        ("webhook-attempt", claim.number.to_string()),
    ];
    let mut request = Request::builder().method(Method::POST).uri(&claim.url).body(Full::new(claim.body.clone()))?;
    let mut headers = Vec::with_capacity(ours.len() + claim.headers.len());
    for (name, value) in ours {
        request.headers_mut().append(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(&value)?);
        headers.push(Header { name: name.to_owned(), value });
    }
    for (name, value) in &claim.headers {
        let mut secret_value = HeaderValue::from_str(value)?;
        secret_value.set_sensitive(true);
        request.headers_mut().append(HeaderName::from_bytes(name.as_bytes())?, secret_value);
        headers.push(Header { name: name.clone(), value: MASK.to_owned() });
    }
    Ok(Prepared { request, headers })
}
