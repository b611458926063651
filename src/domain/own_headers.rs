//! The headers that a webhook adds to its deliveries.

use super::problem::FieldError;

/// How many headers a webhook can add.
pub const MOST_HEADERS: usize = 20;
/// The longest value of a header, in bytes: a token of an identity provider has some 2,000, and servers end there.
pub const LONGEST_HEADER_VALUE: usize = 8 * 1024;

/// Headers that are about the connection, and not about what is sent; a webhook cannot set them.
const HOP_BY_HOP_HEADERS: [&str; 12] = [
    "connection",
    "expect",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "trailers",
    "transfer-encoding",
    "upgrade",
];

/// Headers that say what the request is, or would say of the body what it is not.
const OF_THE_REQUEST: [&str; 6] =
    ["content-encoding", "content-length", "content-range", "content-type", "host", "user-agent"];

/// Headers the service sets itself; a webhook cannot.
const OURS: [&str; 6] = [
    "timemoto-signature",
    "webhook-attempt",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
    "webhook-version",
];

/// Checks one additional header: a legal name that the service does not set itself, and a legal value.
pub fn check_header(name: &str, value: &str) -> Result<(), FieldError> {
    let wrong = |message: &str| Err(FieldError::new(format!("headers.{name}"), message));
    if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
        return wrong("is not a header's name");
    }
    let lower = name.to_ascii_lowercase();
    if OF_THE_REQUEST.contains(&lower.as_str()) || OURS.contains(&lower.as_str()) {
        return wrong(match lower.as_str() {
            "content-encoding" | "content-range" => "says of the body what it is not: it is sent whole, as it is",
            _ => "is set by the service itself",
        });
    }
    if HOP_BY_HOP_HEADERS.contains(&lower.as_str()) {
        return wrong("is about the connection, which the service makes itself");
    }
    if value.len() > LONGEST_HEADER_VALUE {
        return wrong("must be at most 8192 characters");
    }
    if http::HeaderValue::from_str(value).is_err() {
        return wrong("must be visible ASCII characters");
    }
    Ok(())
}

/// Whether a header is about the connection, the host or the form of the body: nothing but the request itself sets it.
pub fn is_of_the_request(name: &str) -> bool {
    let is = |other: &&str| other.eq_ignore_ascii_case(name);
    OF_THE_REQUEST.iter().chain(&HOP_BY_HOP_HEADERS).any(is)
}

/// Checks how many headers there are, and each of them.
pub fn check_headers<'a>(headers: impl ExactSizeIterator<Item = (&'a String, &'a String)>) -> Vec<FieldError> {
    if headers.len() > MOST_HEADERS {
        return vec![FieldError::new("headers", format!("are more than {MOST_HEADERS}"))];
    }
    let headers: Vec<_> = headers.collect();
    let twice = named_twice(headers.iter().map(|(name, _)| name.as_str()));
    twice.into_iter().chain(headers.iter().filter_map(|(name, value)| check_header(name, value).err())).collect()
}

/// The first name that stands there twice: to a receiver it is the same in capitals and without.
pub fn named_twice<'a>(names: impl Iterator<Item = &'a str>) -> Option<FieldError> {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if let Some(before) = seen.iter().find(|before| before.eq_ignore_ascii_case(name)) {
            return Some(FieldError::new(format!("headers.{name}"), format!("is the same header as {before}")));
        }
        seen.push(name);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_the_service_sets_are_refused() {
        assert!(check_header("Authorization", "Basic abc").is_ok());
        for (name, value) in [("Host", "x"), ("webhook-id", "x"), ("a b", "x"), ("x", "a\r\nb: c"), ("", "x")] {
            assert!(check_header(name, value).is_err(), "{name}: {value}");
        }
        for name in ["Content-Encoding", "content-range"] {
            assert!(check_header(name, "gzip").unwrap_err().message.contains("of the body"), "{name}");
        }
        for name in ["Connection", "keep-alive", "TE", "Proxy-Connection", "Expect"] {
            assert!(check_header(name, "x").unwrap_err().message.contains("about the connection"), "{name}");
        }
    }

    #[test]
    fn a_header_may_have_8_kib() {
        assert_eq!(check_header("Authorization", &"x".repeat(8 * 1024)), Ok(()));
        let long = check_header("Authorization", &"x".repeat(8 * 1024 + 1)).unwrap_err();
        assert_eq!(long.to_string(), "headers.Authorization: must be at most 8192 characters");
    }
}
