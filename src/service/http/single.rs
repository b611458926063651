//! Refuses requests that programs on the way may read in different ways: with two values of a header that may occur
//! once, or without a valid host.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::{ApiError, ApiResult};

/// Marks requests that came over the network: these must name a host, those within the process need not.
#[derive(Clone)]
pub struct OverNetwork;

const SINGLE: [HeaderName; 3] = [header::AUTHORIZATION, header::HOST, header::CONTENT_TYPE];

/// Refuses a request that repeats one of these headers, or whose host is missing or not valid.
pub(super) async fn refuse_ambiguous(request: Request, next: Next) -> Response {
    let names_host = request.version() >= Version::HTTP_11 && request.extensions().get::<OverNetwork>().is_some();
    match check(request.headers(), names_host) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

fn check(headers: &HeaderMap, names_host: bool) -> ApiResult<()> {
    if let Some(name) = SINGLE.iter().find(|name| headers.get_all(*name).iter().nth(1).is_some()) {
        let detail = format!(
            "the header {name} is there more than once; send one, so that all programs on the way read the same"
        );
        return Err(ApiError::bad_request(detail));
    }
    match headers.get(header::HOST) {
        None if names_host => Err(ApiError::bad_request("there is no Host header; HTTP/1.1 requires one")),
        Some(host) if !is_host(host) => {
            Err(ApiError::bad_request("the Host header must be a name or an address, with an optional port"))
        }
        _ => Ok(()),
    }
}

/// Whether the value is a name or an address, with an optional port.
fn is_host(host: &HeaderValue) -> bool {
    let Ok(host) = Authority::try_from(host.as_bytes()) else { return false };
    let port = host.as_str().rsplit_once(':').map(|(_, port)| port).filter(|port| !port.ends_with(']'));
    !host.as_str().contains('@') && port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok())
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
    fn a_host_is_a_name_or_an_address() {
        for host in ["x", "hooks.example.com", "127.0.0.1:8420", "[::1]", "[::1]:8420", "x:", "my_host"] {
            assert!(is_host(&HeaderValue::from_static(host)), "{host}");
        }
        for host in ["", "a, b", "a b", "u@h", "h/x", "h:99999", "h:x", "h:-1", "::1"] {
            assert!(!is_host(&HeaderValue::from_static(host)), "{host}");
        }
    }

    #[test]
    fn a_host_is_named_over_the_network() {
        assert!(check(&headers(&[]), true).is_err());
        assert!(check(&headers(&["host"]), true).is_ok());
        assert!(check(&headers(&[]), false).is_ok());
    }
}
