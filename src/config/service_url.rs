//! Parses the address of a service.

use url::Url;

use super::{error::ConfigError, source::SettingSource};
use crate::domain::text::url_fault;

/// Parses a service's address: the part of its URLs before `/v1`.
///
/// # Errors
/// Fails if it is not an address, or holds more than one part of a URL may.
pub fn service_url(text: &str, from: SettingSource) -> Result<Url, ConfigError> {
    let bad =
        |why: &str| ConfigError::BadServiceUrl { url: without_login(text), from: from.clone(), why: why.to_owned() };
    let mut url: Url = text.parse().map_err(|error| bad(url_fault(error)))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(bad("it must start with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad(
            "it must hold no user and no password: the token goes into TM_HOOKS_TOKEN, or to tm-hooks login",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it must have no query and no fragment"));
    }
    // A service's address has one spelling, because it is the key of its token.
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Removes the part before an `@`, where a password would be.
pub fn without_login(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…@{}", &text[..scheme], &text[at + 1..]),
        (None, Some(at)) => format!("…@{}", &text[at + 1..]),
        _ => text.to_owned(),
    }
}
