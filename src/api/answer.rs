//! Decides whether an answer is the service's own, and describes what it is if not: a login page, another server, or a
//! proxy that compresses answers.

use bytes::Bytes;
use http::{Response, StatusCode, header};
use serde::de::IgnoredAny;
use url::Url;

use crate::domain::{
    encoding,
    problem::{Problem, ProblemCode},
};

/// The service answers JSON, or 204 without a body, for paths that begin with this.
const API: &str = "/v1/";

/// Whether a failing status is enough by itself, whatever the body is: a client that must log in, pay or wait learns it
/// from the status, and a failing server may send no more.
pub(super) fn decides(status: u16) -> bool {
    matches!(status, 401 | 402 | 403 | 429 | 500..=599)
}

/// The message for a port that only accepts TLS; common servers say so in a page.
pub const SPEAKS_TLS: &str = "this port speaks TLS";

fn holds(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|part| part == words)
}

/// Removes a byte order mark from a body.
pub(super) fn without_mark(body: Bytes) -> Bytes {
    if body.starts_with(encoding::MARK.as_bytes()) { body.slice(encoding::MARK.len()..) } else { body }
}

/// Whether a 404 is caused by a path in the service's URL: with `/v1/webhooks` in it, `/v1/stats` asks for a webhook
/// called `v1`, which is never an id.
pub(super) fn is_about_a_prefix(problem: &Problem, place: &str) -> bool {
    let begins = API.trim_matches('/');
    problem.status == 404
        && problem.code == ProblemCode::NotFound.as_str()
        && problem.detail.rsplit(' ').next() == Some(begins)
        && Url::parse(place).is_ok_and(|url| url.path() != "/")
}

/// Describes a failed answer whose body is not the service's own.
pub(super) fn refusal(response: &Response<Bytes>) -> String {
    let status = response.status().as_u16();
    if status == 400 && [&b"HTTPS server"[..], b"HTTPS port"].iter().any(|words| holds(response.body(), words)) {
        return format!("{SPEAKS_TLS}, and was asked without it");
    }
    match response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()) {
        Some(to) => format!("it redirects ({status}) to {to}"),
        None => match (packed(response).or_else(|| misspelt(response)), content_type(response)) {
            (Some(how), _) => format!("it answered {status}, {how}"),
            (None, Some(kind)) => format!("it answered {status} with {kind}"),
            (None, None) => format!("it answered {status} without saying why"),
        },
    }
}

/// Checks that a successful answer can be the service's own.
///
/// # Errors
/// Describes what it is instead.
pub(super) fn check(path: &str, response: &Response<Bytes>) -> Result<(), String> {
    if let Some(how) = packed(response) {
        return Err(format!("its answer is {how}"));
    }
    if !path.starts_with(API) || response.status() == StatusCode::NO_CONTENT {
        return Ok(());
    }
    if let Some(how) = misspelt(response) {
        return Err(format!("its answer is {how}"));
    }
    serde_json::from_slice::<IgnoredAny>(response.body()).map(drop).map_err(|error| unexpected(response, &error))
}

/// Describes an answer that is not the expected JSON.
pub(super) fn unexpected(response: &Response<Bytes>, error: &serde_json::Error) -> String {
    match (packed(response).or_else(|| misspelt(response)), content_type(response)) {
        (Some(how), _) => format!("its answer is {how}"),
        (None, Some(kind)) if kind.starts_with("application/json") => format!("its JSON has another shape ({error})"),
        (None, Some(kind)) => format!("it answered {kind} instead of JSON"),
        (None, None) => "it answered something that is not JSON".to_owned(),
    }
}

fn content_type(response: &Response<Bytes>) -> Option<&str> {
    response.headers().get(header::CONTENT_TYPE)?.to_str().ok()
}

/// Describes an unrequested compression, by the header or by the first bytes of gzip.
fn packed(response: &Response<Bytes>) -> Option<String> {
    let named = response.headers().get(header::CONTENT_ENCODING).and_then(|coding| coding.to_str().ok());
    let coding = named.map(str::trim).filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let coding = coding.or(response.body().starts_with(&[0x1f, 0x8b]).then_some("gzip"))?;
    Some(format!("compressed ({coding}), which was not asked for"))
}

/// Describes the encoding of a JSON or text body that is not UTF-8.
fn misspelt(response: &Response<Bytes>) -> Option<String> {
    let wrong = encoding::text(response.body()).err()?;
    wrong.looks.name().map(|name| format!("{name}, where JSON is UTF-8"))
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
    fn how_an_answer_is_spelled_is_named_unless_it_is_utf_8() {
        let marked = Bytes::from_static(b"\xef\xbb\xbf{}");
        assert_eq!(without_mark(marked), "{}");
        assert_eq!(without_mark(Bytes::from_static(b"{}")), "{}");
        let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        for (body, named) in [
            (wide("\u{feff}{\"name\":1}"), "UTF-16"),
            (wide("{\"name\":1}"), "UTF-16"),
            (b"{\"name\":\"caf\xe9\"}".to_vec(), "Latin-1 or Windows-1252"),
        ] {
            let json = answer(200, &[("content-type", "application/json")], &body);
            assert_eq!(check("/v1/me", &json).unwrap_err(), format!("its answer is {named}, where JSON is UTF-8"));
            let json = answer(404, &[], &body);
            assert_eq!(refusal(&json), format!("it answered 404, {named}, where JSON is UTF-8"));
        }
    }

    #[test]
    fn an_id_that_is_the_beginning_of_a_path_tells_of_a_prefix() {
        let of = |detail: &str, place: &str| is_about_a_prefix(&Problem::new(ProblemCode::NotFound, detail), place);
        assert!(of("there is no webhook v1", "https://a.example/v1/webhooks"));
        assert!(!of("there is no webhook v1", "https://a.example"));
        assert!(!of("there is no webhook v1", "local"));
        assert!(!of("there is no webhook wh_k3v9m2x7qd", "https://a.example/hooks"));
        let other = Problem::new(ProblemCode::NameTaken, "there is no webhook v1");
        assert!(!is_about_a_prefix(&other, "https://a.example/v1"));
    }

    #[test]
    fn a_refusal_says_what_came() {
        let of = |status, headers: &[(&str, &str)]| refusal(&answer(status, headers, b"no"));
        assert_eq!(of(404, &[("content-type", "text/html")]), "it answered 404 with text/html");
        assert_eq!(of(302, &[("location", "/login")]), "it redirects (302) to /login");
        assert_eq!(of(418, &[]), "it answered 418 without saying why");
        let page = b"<html>The plain HTTP request was sent to HTTPS port</html>";
        assert!(refusal(&answer(400, &[("content-type", "text/html")], page)).starts_with(SPEAKS_TLS));
    }

    #[test]
    fn these_decide_whatever_the_body_is() {
        let deciding: Vec<u16> = (300..600).filter(|status| decides(*status)).collect();
        assert_eq!(deciding[..4], [401, 402, 403, 429]);
        assert_eq!(deciding[4..], (500..600).collect::<Vec<u16>>()[..]);
    }
}
