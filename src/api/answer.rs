//! Whether an answer can be our service's own, and what it is when it is not: a page to sign in, another server, a proxy
//! that packs what it passes on.

use bytes::Bytes;
use http::{Response, StatusCode, header};
use serde::de::IgnoredAny;

/// Below this path the service answers JSON, or 204 without a body.
const API: &str = "/v1/";

/// Whether a status that says "failed" decides by itself, whatever the body is: who is asked to log in, to pay or to wait
/// learns that from it, and a server that fails may not be able to say more.
pub(super) fn decides(status: u16) -> bool {
    matches!(status, 401 | 402 | 403 | 429 | 500..=599)
}

/// What answered instead of the service, when the status says that it failed, and the body is not the service's own.
pub(super) fn refusal(response: &Response<Bytes>) -> String {
    let status = response.status().as_u16();
    match response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()) {
        Some(to) => format!("it redirects ({status}) to {to}"),
        None => match (packed(response), content_type(response)) {
            (Some(how), _) => format!("it answered {status}, {how}"),
            (None, Some(kind)) => format!("it answered {status} with {kind}"),
            (None, None) => format!("it answered {status} without saying why"),
        },
    }
}

/// Makes sure that the answer to a request that succeeded can be the service's own.
///
/// # Errors
/// What it is instead.
pub(super) fn check(path: &str, response: &Response<Bytes>) -> Result<(), String> {
    if let Some(how) = packed(response) {
        return Err(format!("its answer is {how}"));
    }
    if !path.starts_with(API) || response.status() == StatusCode::NO_CONTENT {
        return Ok(());
    }
    serde_json::from_slice::<IgnoredAny>(response.body()).map(drop).map_err(|error| unexpected(response, &error))
}

/// What an answer is that is not the JSON that was asked for.
pub(super) fn unexpected(response: &Response<Bytes>, error: &serde_json::Error) -> String {
    match (packed(response), content_type(response)) {
        (Some(how), _) => format!("its answer is {how}"),
        (None, Some(kind)) if kind.starts_with("application/json") => format!("its JSON has another shape ({error})"),
        (None, Some(kind)) => format!("it answered {kind} instead of JSON"),
        (None, None) => "it answered something that is not JSON".to_owned(),
    }
}

fn content_type(response: &Response<Bytes>) -> Option<&str> {
    response.headers().get(header::CONTENT_TYPE)?.to_str().ok()
}

/// How the body is compressed, which nobody has asked for; by its header, or by how gzip begins.
fn packed(response: &Response<Bytes>) -> Option<String> {
    let named = response.headers().get(header::CONTENT_ENCODING).and_then(|coding| coding.to_str().ok());
    let coding = named.map(str::trim).filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let coding = coding.or(response.body().starts_with(&[0x1f, 0x8b]).then_some("gzip"))?;
    Some(format!("compressed ({coding}), which was not asked for"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Response<Bytes> {
        let builder =
            headers.iter().fold(Response::builder().status(status), |it, (name, value)| it.header(*name, *value));
        builder.body(Bytes::copy_from_slice(body)).unwrap()
    }

    #[test]
    fn the_api_answers_json_or_nothing_with_204() {
        let of = |path: &str, status, body: &str| check(path, &answer(status, &[], body.as_bytes()));
        for (path, status, body) in
            [("/v1/me", 200, "{}"), ("/v1/tokens/x", 204, ""), ("/docs", 200, "<html>"), ("/metrics", 200, "a 1")]
        {
            assert_eq!(of(path, status, body), Ok(()), "{path}");
        }
        for (status, body) in [(200, "<html>"), (200, ""), (202, "fine"), (200, "{} {}")] {
            assert!(of("/v1/me", status, body).is_err(), "{status} {body}");
        }
    }

    #[test]
    fn what_was_compressed_is_named() {
        let by_header = answer(200, &[("content-encoding", "br"), ("content-type", "application/json")], b"x");
        assert_eq!(check("/docs", &by_header).unwrap_err(), "its answer is compressed (br), which was not asked for");
        let by_its_beginning = answer(404, &[], &[0x1f, 0x8b, 8, 0]);
        assert_eq!(refusal(&by_its_beginning), "it answered 404, compressed (gzip), which was not asked for");
        assert_eq!(check("/v1/me", &answer(200, &[("content-encoding", "identity")], b"{}")), Ok(()));
    }

    #[test]
    fn a_refusal_says_what_came() {
        let of = |status, headers: &[(&str, &str)]| refusal(&answer(status, headers, b"no"));
        assert_eq!(of(404, &[("content-type", "text/html")]), "it answered 404 with text/html");
        assert_eq!(of(302, &[("location", "/login")]), "it redirects (302) to /login");
        assert_eq!(of(418, &[]), "it answered 418 without saying why");
    }

    #[test]
    fn these_decide_whatever_the_body_is() {
        let deciding: Vec<u16> = (300..600).filter(|status| decides(*status)).collect();
        assert_eq!(deciding[..4], [401, 402, 403, 429]);
        assert_eq!(deciding[4..], (500..600).collect::<Vec<u16>>()[..]);
    }
}
