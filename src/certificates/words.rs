//! Describes the TLS library's errors in sentences; the library prints most reasons as names from its code.

use rustls::{AlertDescription, CertificateError, Error, pki_types::UnixTime};

use crate::domain::time::Timestamp;

/// Describes what is wrong with a certificate; the text follows "its certificate".
pub fn certificate_in_words(error: &CertificateError) -> String {
    use CertificateError as E;
    match error {
        E::Expired => "has expired".to_owned(),
        E::ExpiredContext { not_after, .. } => format!("expired on {}", moment(*not_after).day()),
        E::NotValidYet => "is not valid yet".to_owned(),
        E::NotValidYetContext { not_before, .. } => format!("is not valid before {}", moment(*not_before)),
        E::UnknownIssuer => "is of an authority that is not trusted here".to_owned(),
        E::BadSignature => "bears a signature that its authority did not make".to_owned(),
        E::NotValidForName => "is made out to another name".to_owned(),
        E::NotValidForNameContext { expected, presented } => {
            format!("{}, not to {}", made_out_to(presented), expected.to_str())
        }
        E::Revoked => "was revoked".to_owned(),
        E::BadEncoding => "cannot be read".to_owned(),
        E::UnhandledCriticalExtension => "demands something of its readers that is not known here".to_owned(),
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => "is not made for a server".to_owned(),
        E::UnsupportedSignatureAlgorithmContext { .. } | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "is signed in a way that is not safe any more, or not known here".to_owned()
        }
        E::Other(other) => by_its_name(&other.to_string()),
        other => by_its_name(&format!("{other:?}")),
    }
}

/// Whether the certificate is an authority's own, as self-signed ones with OpenSSL's defaults are.
pub fn is_of_an_authority(error: &CertificateError) -> bool {
    // The library has no variant for this error, only an inner name.
    matches!(error, CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity"))
}

/// Describes the reasons without a variant of their own.
fn by_its_name(name: &str) -> String {
    match name {
        _ if name.contains("CaUsedAsEndEntity") => {
            "is an authority's own, and nobody said that it is trusted".to_owned()
        }
        _ if name.contains("UnsupportedCertVersion") => "is of a version of X.509 before the third".to_owned(),
        _ if name.contains("UnsupportedSignatureAlgorithm") => {
            "is signed in a way that is not safe any more, or not known here".to_owned()
        }
        _ => format!("was refused: {}", spelled(name)),
    }
}

fn made_out_to(presented: &[String]) -> String {
    // The library writes names like this: `DnsName("a.example")`, `IpAddress(127.0.0.1)`.
    let bare = |name: &String| {
        let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
        inside.trim_matches('"').to_owned()
    };
    let mut names: Vec<String> = presented.iter().take(3).map(bare).collect();
    if presented.len() > 3 {
        names.push(format!("{} more", presented.len() - 3));
    }
    match names.is_empty() {
        true => "is made out to no name at all (it has no subjectAltName)".to_owned(),
        false => format!("is made out to {}", names.join(", ")),
    }
}

/// The message for a receiver that requires a client certificate.
pub const WANTS_CLIENT: &str = "wants a certificate of whoever connects";

/// Describes why a handshake failed; the text follows "the TLS handshake failed:".
pub fn tls_in_words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => format!("its certificate {}", certificate_in_words(error)),
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } => {
            "what answers does not speak TLS on this port".to_owned()
        }
        Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_) => {
            "what answers speaks no version of TLS that is safe (1.2 or 1.3)".to_owned()
        }
        Error::AlertReceived(AlertDescription::CertificateRequired | AlertDescription::NoCertificate) => {
            format!("what answers {WANTS_CLIENT} (a client certificate, mutual TLS)")
        }
        Error::AlertReceived(alert) => format!("what answers ended it: {}", spelled(&format!("{alert:?}"))),
        Error::PeerMisbehaved(why) => format!("what answers broke the rules of TLS: {}", spelled(&format!("{why:?}"))),
        other => other.to_string(),
    }
}

/// Writes `Other(OtherError(PathLenConstraintViolated))` as `path len constraint violated`.
fn spelled(name: &str) -> String {
    let innermost = name.trim_end_matches([')', '}', ' ']).rsplit(['(', '{']).next().unwrap_or(name);
    let mut words = String::new();
    for letter in innermost.chars() {
        if letter.is_uppercase() && words.chars().last().is_some_and(char::is_lowercase) {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

fn moment(time: UnixTime) -> Timestamp {
    Timestamp::from_seconds(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use std::{fmt, sync::Arc, time::Duration};

    use rustls::{OtherError, PeerMisbehaved, pki_types::ServerName};

    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[derive(Debug)]
    struct Named(&'static str);

    impl fmt::Display for Named {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Named {}

    #[test]
    fn each_reason_is_a_sentence() {
        let expected = ServerName::try_from("hooks.example").unwrap();
        let wrong = |presented: &[&str]| {
            let presented = presented.iter().map(|name| (*name).to_owned()).collect();
            certificate_in_words(&CertificateError::NotValidForNameContext { expected: expected.clone(), presented })
        };
        assert_eq!(wrong(&["DnsName(\"a.example\")"]), "is made out to a.example, not to hooks.example");
        assert_eq!(wrong(&[]), "is made out to no name at all (it has no subjectAltName), not to hooks.example");
        assert_eq!(wrong(&["a", "b", "c", "d", "e"]), "is made out to a, b, c, 2 more, not to hooks.example");
        let expired = CertificateError::ExpiredContext { time: at(1_795_455_600), not_after: at(1_582_934_400) };
        assert_eq!(certificate_in_words(&expired), "expired on 2020-02-29");
        let future = CertificateError::NotValidYetContext { time: at(0), not_before: at(1_795_455_600) };
        assert_eq!(certificate_in_words(&future), "is not valid before 2026-11-23T17:40:00.000Z");
    }

    #[test]
    fn what_has_no_variant_is_told_by_its_name() {
        let other = |name| CertificateError::Other(OtherError(Arc::new(Named(name))));
        assert!(is_of_an_authority(&other("CaUsedAsEndEntity")) && !is_of_an_authority(&other("BadDer")));
        assert!(certificate_in_words(&other("CaUsedAsEndEntity")).starts_with("is an authority's own"));
        assert_eq!(
            certificate_in_words(&other("PathLenConstraintViolated")),
            "was refused: path len constraint violated"
        );
        assert_eq!(spelled("PeerMisbehaved(BadCertChainExtensions)"), "bad cert chain extensions");
    }

    #[test]
    fn a_handshake_that_fails_is_told_without_names_of_code() {
        for (error, words) in [
            (Error::AlertReceived(AlertDescription::HandshakeFailure), "what answers ended it: handshake failure"),
            (
                Error::AlertReceived(AlertDescription::ProtocolVersion),
                "what answers speaks no version of TLS that is safe (1.2 or 1.3)",
            ),
            (
                Error::PeerMisbehaved(PeerMisbehaved::BadCertChainExtensions),
                "what answers broke the rules of TLS: bad cert chain extensions",
            ),
            (
                Error::InvalidCertificate(CertificateError::UnknownIssuer),
                "its certificate is of an authority that is not trusted here",
            ),
        ] {
            assert_eq!(tls_in_words(&error), words);
        }
    }
}
