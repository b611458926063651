//! Whether an answer can be our service's own, and what it is when it is not: a page to sign in, another server, a proxy
//! that packs what it passes on.

use bytes::Bytes;
use http::{Response, StatusCode, header};
use serde::de::IgnoredAny;
use url::Url;

use crate::domain::{
    encoding,
    problem::{Problem, ProblemCode},
};

/// Below this path the service answers JSON, or 204 without a body.
const API: &str = "/v1/";

/// Whether a status that says "failed" decides by itself, whatever the body is: who is asked to log in, to pay or to wait
/// learns that from it, and a server that fails may not be able to say more.
pub(super) fn decides(status: u16) -> bool {
    matches!(status, 401 | 402 | 403 | 429 | 500..=599)
}

/// What is said of a port that takes requests by TLS alone, as common servers say it in a page.
pub const SPEAKS_TLS: &str = "this port speaks TLS";

fn holds(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|part| part == words)
}

/// A body without the byte order mark that may stand before it.
pub(super) fn without_mark(body: Bytes) -> Bytes {
    if body.starts_with(encoding::MARK.as_bytes()) { body.slice(encoding::MARK.len()..) } else { body }
}

/// Whether there is no such thing because the service's URL has something behind its host: with `/v1/webhooks` there,
/// `/v1/stats` asks for a webhook that is called `v1`, which no id is.
pub(super) fn is_about_a_prefix(problem: &Problem, place: &str) -> bool {
    let begins = API.trim_matches('/');
    problem.status == 404
        && problem.code == ProblemCode::NotFound.as_str()
        && problem.detail.rsplit(' ').next() == Some(begins)
        && Url::parse(place).is_ok_and(|url| url.path() != "/")
}

/// What answered instead of the service, when the status says that it failed, and the body is not the service's own.
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
    if let Some(how) = misspelt(response) {
        return Err(format!("its answer is {how}"));
    }
    serde_json::from_slice::<IgnoredAny>(response.body()).map(drop).map_err(|error| unexpected(response, &error))
}

/// What an answer is that is not the JSON that was asked for.
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

/// How the body is compressed, which nobody has asked for; by its header, or by how gzip begins.
fn packed(response: &Response<Bytes>) -> Option<String> {
    let named = response.headers().get(header::CONTENT_ENCODING).and_then(|coding| coding.to_str().ok());
    let coding = named.map(str::trim).filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let coding = coding.or(response.body().starts_with(&[0x1f, 0x8b]).then_some("gzip"))?;
    Some(format!("compressed ({coding}), which was not asked for"))
}

/// How the body is spelled, when it says that it is JSON, or text, and is not UTF-8.
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
