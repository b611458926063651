//! Describes why there was no answer. The libraries distinguish failures of names, proxies and certificates only by
//! their types and texts.

use std::{error::Error, io};

use rustls::CertificateError;

use super::options::{HttpOptions, ProxyHop};
use crate::{
    api::transport::{TransportError, TransportFailure},
    certificates::{HOW_TO_MAKE, certificate_in_words, tls_in_words},
};

/// Classifies the failure of a request without an answer.
pub(super) fn of(error: &reqwest::Error, options: &HttpOptions) -> TransportError {
    let place = options.way();
    if let Some(refused) = tls_error(error) {
        return of_tls(refused, place);
    }
    let detail = with_causes(error);
    if let Some(proxy) = &options.proxy
        && let Some(failed) = of_proxy(proxy, &detail, &options.place())
    {
        return failed;
    }
    let mentions = |parts: &[&str]| parts.iter().any(|part| detail.contains(part));
    let (failure, what) = if mentions(&["dns error", "lookup address"]) {
        (TransportFailure::Dns, "cannot be reached")
    } else if mentions(&["tls handshake eof", "corrupt message"]) {
        (TransportFailure::Tls, "cannot be trusted")
    } else if error.is_connect() {
        (TransportFailure::Connect, "cannot be reached")
    } else if mentions(&["invalid HTTP"]) {
        (TransportFailure::Garbled, "does not answer in HTTP")
    } else {
        (TransportFailure::Closed, "closed the connection before its answer was whole")
    };
    let hint = if mentions(&[LOOKED_UP_HERE]) {
        Some("check the service's name; by socks5h:// instead of socks5:// the proxy looks it up".to_owned())
    } else if failure == TransportFailure::Garbled {
        with_tls(options).map(|url| format!("this port speaks TLS, or something else than HTTP: try {url}"))
    } else {
        None
    };
    TransportError { failure, place, what: what.to_owned(), detail, hint }
}

/// Returns the service's URL with https:// if it begins with http://.
fn with_tls(options: &HttpOptions) -> Option<String> {
    Some(format!("https://{}", options.place().strip_prefix("http://")?))
}

/// The library's message if it must resolve a name before it uses a proxy.
const LOOKED_UP_HERE: &str = "error resolving for socks proxy";

fn of_tls(error: &rustls::Error, place: String) -> TransportError {
    use CertificateError as E;
    let what = |error| format!("has a certificate that {}", certificate_in_words(error));
    let (failure, what, detail) = match error {
        rustls::Error::InvalidCertificate(error @ (E::Expired | E::ExpiredContext { .. })) => {
            (TransportFailure::Expired, what(error), String::new())
        }
        rustls::Error::InvalidCertificate(error @ (E::NotValidYet | E::NotValidYetContext { .. })) => {
            (TransportFailure::NotYetValid, what(error), String::new())
        }
        rustls::Error::InvalidCertificate(error @ (E::NotValidForName | E::NotValidForNameContext { .. })) => {
            (TransportFailure::WrongName, what(error), String::new())
        }
        other => (TransportFailure::Tls, "cannot be trusted".to_owned(), tls_in_words(other)),
    };
    let hint = match (failure, error) {
        (TransportFailure::WrongName, _) => {
            Some(format!("use a name that it is made out to; a new one of your own is made by\n{HOW_TO_MAKE}"))
        }
        (_, rustls::Error::InvalidMessage(_)) => {
            Some("check the port; the URL may have to begin with http://".to_owned())
        }
        _ => None,
    };
    TransportError { failure, place, what, detail, hint }
}

/// Describes the failure of the proxy, if the proxy failed.
fn of_proxy(proxy: &ProxyHop, detail: &str, target: &str) -> Option<TransportError> {
    let mentions = |parts: &[&str]| parts.iter().any(|part| detail.contains(part));
    if mentions(&[LOOKED_UP_HERE]) {
        return None;
    }
    if mentions(&["proxy authorization required", "credentials not accepted", "user/pass authentication"]) {
        return Some(unauthorized(proxy));
    }
    let refused = mentions(&["tunnel error", "SOCKS error"]) && !mentions(&["underlying connection"]);
    let what = match refused {
        true => format!("does not lead to {target}"),
        false if mentions(&["tunnel error", "SOCKS error", "tcp connect error", "dns error"]) => {
            "cannot be reached".to_owned()
        }
        false => return None,
    };
    let (failure, detail) = (TransportFailure::Proxy, detail.to_owned());
    Some(TransportError { failure, place: proxy.in_words(), what, detail, hint: None })
}

/// Makes the error for a proxy that requires a login.
pub(super) fn unauthorized(proxy: &ProxyHop) -> TransportError {
    let named = !proxy.url.username().is_empty();
    let what = if named { "does not accept the user and the password" } else { "wants a user and a password" };
    let (failure, what) = (TransportFailure::ProxyLogin, what.to_owned());
    TransportError { failure, place: proxy.in_words(), what, detail: String::new(), hint: None }
}

/// Returns the TLS error, if the handshake failed.
fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| innermost(cause).downcast_ref())
}

/// Returns the error inside an I/O error, which is not its source; any other error is returned unchanged.
fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inside) => innermost(inside),
        None => error,
    }
}

/// Joins the causes of an error, without the URL that reqwest puts first.
pub(super) fn with_causes(error: &reqwest::Error) -> String {
    let mut texts: Vec<String> = causes(error).map(ToString::to_string).collect();
    texts.dedup();
    texts.join(": ")
}

/// Returns the sources of an error, the nearest first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}
