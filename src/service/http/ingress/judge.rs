//! Judges whether a request is genuine by what is known of its source. Nothing here reads the store.

use axum::http::{HeaderMap, header};

use super::cache::LiveSource;
use crate::{
    domain::source::{RefusedBecause, SourceState},
    signing::{
        Request, Scheme, SharedSecret,
        learn::{first, still},
    },
};

/// What a request is.
#[derive(Debug)]
pub(super) enum JudgedRequest {
    /// It comes from the sender.
    Genuine {
        /// The schemes that are left, if it has told several apart.
        narrowed: Option<Vec<Scheme>>,
    },
    /// It does not, as far as can be told.
    Refused(RefusedBecause),
    /// The scheme is not known: it must be searched for with this secret.
    Unknown(SharedSecret),
}

/// Judges a request.
pub(super) fn judge(live: &LiveSource, request: &Request) -> JudgedRequest {
    if live.stored.scheme.is_none() {
        return JudgedRequest::Genuine { narrowed: None };
    }
    let Some(secret) = &live.secret else { return JudgedRequest::Refused(RefusedBecause::NoSecret) };
    if live.stored.state() == SourceState::Learning {
        return JudgedRequest::Unknown(secret.clone());
    }
    let Some(fits) = first(&live.schemes, request, secret) else {
        return JudgedRequest::Refused(RefusedBecause::Forged);
    };
    // Usually the simplest scheme fits. Where it does not, the request tells apart those that were found.
    let is_refuted = !live.stored.found.is_empty() && live.schemes.first() != Some(fits);
    JudgedRequest::Genuine { narrowed: is_refuted.then(|| still(&live.schemes, request, secret)) }
}

/// Whether a body is JSON by its headers: it is not encoded, and its type is JSON or not told.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim().to_ascii_lowercase());
    let is_plain = text(header::CONTENT_ENCODING).is_none_or(|encoding| encoding.is_empty() || encoding == "identity");
    let is_json = |kind: String| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
    };
    is_plain && text(header::CONTENT_TYPE).is_none_or(is_json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_json_is_told_by_its_headers() {
        let of = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            is_json(&headers)
        };
        assert!(of(&[]));
        for kind in ["application/json", "Application/JSON; charset=utf-8", "application/cloudevents+json", "text/json"]
        {
            assert!(of(&[("content-type", kind)]), "{kind}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"] {
            assert!(!of(&[("content-type", kind)]), "{kind}");
        }
        assert!(of(&[("content-encoding", "identity")]));
        assert!(!of(&[("content-encoding", "gzip")]));
    }
}
