//! Which schemes a webhook's deliveries can be signed by: all that is signed must be there in each of them.

use super::{
    choice::SchemeChoice,
    message::{tells_id, tells_time},
    parts::KeyForm,
    text::Scheme,
};
use crate::domain::{own_headers::is_of_the_request, problem::FieldError};

/// The longest text of a webhook's scheme, in bytes.
pub const LONGEST_SCHEME: usize = 1000;

/// Headers of every delivery that a scheme may sign: what stands in them is known.
const KNOWN: [&str; 3] = ["content-type", "host", "user-agent"];

/// Checks that a webhook with these headers of its own can sign so.
///
/// # Errors
/// When the scheme signs a header that nothing sets, or its headers are somebody else's.
pub fn check_sendable<'a>(
    choice: &SchemeChoice,
    own_headers: impl Iterator<Item = &'a String> + Clone,
) -> Result<(), FieldError> {
    let SchemeChoice::Text(scheme) = choice else { return Ok(()) };
    fault(scheme, &|name| own_headers.clone().any(|own| own.eq_ignore_ascii_case(name)))
        .map_or(Ok(()), |fault| Err(FieldError::new("scheme", fault)))
}

fn fault(scheme: &Scheme, is_own: &dyn Fn(&str) -> bool) -> Option<String> {
    let Scheme { algorithm: _, key, message, encoding: _, header, prefix } = scheme;
    if scheme.to_string().len() > LONGEST_SCHEME {
        return Some(format!("must be at most {LONGEST_SCHEME} bytes"));
    }
    if *key == KeyForm::Hex {
        return Some("takes the secret for hex (key=hex), and a webhook's secret has other letters too".to_owned());
    }
    if http::HeaderValue::from_str(prefix).is_err() || !prefix.is_ascii() {
        return Some("has a prefix that no header can begin with: it must be visible ASCII characters".to_owned());
    }
    if is_of_the_request(header) {
        return Some(format!("puts the signature into {header}, which says something else of the request"));
    }
    if is_own(header) {
        return Some(format!("puts the signature into {header}, which is one of the webhook's own headers"));
    }
    message.headers().find_map(|name| {
        let is_known = KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
        let is_made = (tells_time(name) || tells_id(name)) && !is_of_the_request(name);
        if name.eq_ignore_ascii_case(header) {
            return Some(format!("signs the header {name}, in which the signature itself stands"));
        }
        let why = "a header is signed that tells the time or the id, that the webhook adds, or that each delivery has";
        (!is_known && !is_made && !is_own(name)).then(|| format!("signs the header {name}, which nothing sets: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(scheme: &str) -> Result<(), String> {
        let own = ["X-Tenant".to_owned()];
        check_sendable(&scheme.parse().unwrap(), own.iter()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_can_be_signed_is_taken() {
        for scheme in [
            "timemoto",
            "none",
            "hmac-sha256",
            "hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=",
            "sha512 key=bare place=both message={header:X-Timestamp}.{id}.{raw} header=Authorization prefix=HMAC\\x20",
            "hmac-sha256 message={header:x-tenant}{header:Content-Type}{header:svix-id}{url}{raw} header=webhook-signature",
        ] {
            assert_eq!(checked(scheme), Ok(()), "{scheme}");
        }
    }

    #[test]
    fn what_cannot_be_signed_is_said() {
        for (scheme, why) in [
            ("hmac-sha256 key=hex", "scheme: takes the secret for hex"),
            ("hmac-sha256 header=Content-Length", "scheme: puts the signature into Content-Length"),
            ("hmac-sha256 header=transfer-encoding", "scheme: puts the signature into transfer-encoding"),
            ("hmac-sha256 header=X-TENANT", "scheme: puts the signature into X-TENANT, which is one of"),
            ("hmac-sha256 prefix=a\\n", "scheme: has a prefix"),
            ("hmac-sha256 prefix=é", "scheme: has a prefix"),
            ("hmac-sha256 message={header:X-Api-Key}{raw}", "scheme: signs the header X-Api-Key, which nothing sets"),
            ("hmac-sha256 message={header:X-S}{raw} header=x-s", "scheme: signs the header X-S, in which"),
        ] {
            let said = checked(scheme).unwrap_err();
            assert!(said.starts_with(why), "{said}");
        }
        assert!(checked(&format!("hmac-sha256 message={{raw}}{}", "x".repeat(1000))).is_err());
    }
}
