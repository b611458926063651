//! Headers that may stand in a request once: of two, another program on the way may have looked at the other.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::{Answer, ApiError};

/// Marks requests that came over the network, where each names its host; those inside the process do not.
#[derive(Clone)]
pub struct OverNetwork;

const SINGLE: [HeaderName; 3] = [header::AUTHORIZATION, header::HOST, header::CONTENT_TYPE];

/// Refuses a request with two of what there may be one of, or without a host.
pub(super) async fn refuse_ambiguous(request: Request, next: Next) -> Response {
    let names_host = request.version() >= Version::HTTP_11 && request.extensions().get::<OverNetwork>().is_some();
    match check(request.headers(), names_host) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

fn check(headers: &HeaderMap, names_host: bool) -> Answer<()> {
    if let Some(name) = SINGLE.iter().find(|name| headers.get_all(*name).iter().nth(1).is_some()) {
        let detail = format!("the header {name} is there more than once; send one, so that nobody reads another");
        return Err(ApiError::bad_request(detail));
    }
    if names_host && !headers.contains_key(header::HOST) {
        return Err(ApiError::bad_request("there is no Host header; HTTP/1.1 wants one"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(names: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(*name, "x".parse().unwrap());
        }
        headers
    }

    #[test]
    fn what_may_be_there_once_is_there_once() {
        for name in ["authorization", "host", "content-type"] {
            assert!(check(&headers(&["host", name]), false).is_ok() || name == "host", "{name}");
            let refused = check(&headers(&[name, name]), false).unwrap_err();
            assert!(format!("{refused:?}").contains(name), "{name}");
        }
        assert!(check(&headers(&["accept", "accept"]), false).is_ok());
    }

    #[test]
    fn a_host_is_named_over_the_network() {
        assert!(check(&headers(&[]), true).is_err());
        assert!(check(&headers(&["host"]), true).is_ok());
        assert!(check(&headers(&[]), false).is_ok());
    }
}
