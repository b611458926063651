//! Finds the reasons why clients refuse a server's certificate, now or soon.

use std::{sync::Arc, time::Duration};

use rustls::{
    CertificateError, Error, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier, verify_server_name},
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

use super::{
    der::{Validity, validity},
    words::{certificate_in_words, is_of_an_authority},
};
use crate::domain::time::Timestamp;

/// A certificate that expires within this time is reported: automatic renewals happen earlier.
pub const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// A command that makes a self-signed certificate that every client can trust.
pub const HOW_TO_MAKE: &str = "openssl req -x509 -newkey rsa:2048 -nodes -days 365 -keyout key.pem -out cert.pem -subj \
                               /CN=HOST -addext subjectAltName=DNS:HOST -addext basicConstraints=critical,CA:FALSE";

/// A reason why clients refuse a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Concern {
    /// The certificate has expired.
    #[error("the certificate expired on {}: every client refuses it", .0.day())]
    Expired(Timestamp),
    /// The certificate expires soon.
    #[error("the certificate expires on {}", .0.day())]
    ExpiresSoon(Timestamp),
    /// The certificate is not valid yet.
    #[error("the certificate is not valid before {0}: every client refuses it")]
    NotYet(Timestamp),
    /// The certificate names no host.
    #[error("the certificate is made out to no name (it has no subjectAltName): every client refuses it")]
    Nameless,
    /// The certificate is an authority's, as `openssl req -x509` makes it.
    #[error(
        "the certificate is an authority's own (CA:TRUE, as `openssl req -x509` makes it): tm-hooks trusts it when it is \
         given with --ca-cert, but other programs refuse it as a server's"
    )]
    Authority,
    /// The clients cannot use the certificate.
    #[error("the certificate {0}: clients refuse it")]
    Unusable(String),
}

impl Concern {
    /// Whether a certificate that is made differently would help.
    pub fn is_about_how_it_was_made(&self) -> bool {
        matches!(self, Concern::Nameless | Concern::Authority | Concern::Unusable(_))
    }
}

/// Returns what is wrong with a server's certificate at `now`.
pub fn concerns(certificate: &CertificateDer<'_>, now: Timestamp) -> Vec<Concern> {
    let Some(Validity { from, until }) = validity(certificate) else {
        return vec![Concern::Unusable("cannot be read".to_owned())];
    };
    let time = match until {
        _ if now < from => Some(Concern::NotYet(from)),
        _ if now > until => Some(Concern::Expired(until)),
        _ if until.since(now) < SOON => Some(Concern::ExpiresSoon(until)),
        _ => None,
    };
    let parsed = match ParsedCertificate::try_from(certificate) {
        Ok(parsed) => parsed,
        Err(Error::InvalidCertificate(error)) => {
            return time.into_iter().chain([Concern::Unusable(certificate_in_words(&error))]).collect();
        }
        Err(error) => return time.into_iter().chain([Concern::Unusable(error.to_string())]).collect(),
    };
    let nameless = has_no_name(&parsed).then_some(Concern::Nameless);
    let authority = is_authority(certificate, until).then_some(Concern::Authority);
    time.into_iter().chain(nameless).chain(authority).collect()
}

/// Whether the certificate has no name: asked for a name that never matches, the library lists the certificate's names.
fn has_no_name(certificate: &ParsedCertificate<'_>) -> bool {
    let nobody = ServerName::try_from("nobody.invalid").ok();
    let refused = nobody.and_then(|nobody| verify_server_name(certificate, &nobody).err());
    matches!(
        refused,
        Some(Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. }))
            if presented.is_empty()
    )
}

/// Whether it is an authority's certificate: the library says so if it verifies the certificate by itself at a valid
/// time.
fn is_authority(certificate: &CertificateDer<'_>, until: Timestamp) -> bool {
    let mut roots = RootCertStore::empty();
    let (Ok(()), Ok(nobody)) = (roots.add(certificate.clone().into_owned()), ServerName::try_from("nobody.invalid"))
    else {
        return false;
    };
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), Arc::new(default_provider())).build();
    let then = Duration::from_secs(u64::try_from(until.as_seconds()).unwrap_or_default());
    let verified = verifier
        .ok()
        .map(|verifier| verifier.verify_server_cert(certificate, &[], &nobody, &[], UnixTime::since_unix_epoch(then)));
    matches!(verified, Some(Err(Error::InvalidCertificate(error))) if is_of_an_authority(&error))
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};

    use super::*;

    fn of(change: impl FnOnce(&mut CertificateParams)) -> Vec<Concern> {
        let mut params = CertificateParams::new(["hooks.example".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2026, 11, 1), date_time_ymd(2027, 11, 1));
        change(&mut params);
        let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        concerns(made.der(), "2026-11-23T17:40:00Z".parse().unwrap())
    }

    #[test]
    fn a_good_one_raises_none() {
        assert_eq!(of(|_| {}), []);
        assert_eq!(of(|params| params.not_after = date_time_ymd(2026, 12, 8)), []);
    }

    #[test]
    fn its_time_matters() {
        let until = "2026-12-07T00:00:00Z".parse().unwrap();
        assert_eq!(of(|params| params.not_after = date_time_ymd(2026, 12, 7)), [Concern::ExpiresSoon(until)]);
        let past = "2026-11-23T00:00:00Z".parse().unwrap();
        assert_eq!(of(|params| params.not_after = date_time_ymd(2026, 11, 23)), [Concern::Expired(past)]);
        let from = "2026-11-24T00:00:00Z".parse().unwrap();
        assert_eq!(of(|params| params.not_before = date_time_ymd(2026, 11, 24)), [Concern::NotYet(from)]);
    }

    #[test]
    fn how_it_was_made_matters() {
        let authority = |params: &mut CertificateParams| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        assert_eq!(of(authority), [Concern::Authority]);
        assert_eq!(of(|params| params.subject_alt_names.clear()), [Concern::Nameless]);
        let openssl_s_own = |params: &mut CertificateParams| {
            authority(params);
            params.subject_alt_names.clear();
            params.not_after = date_time_ymd(2026, 11, 2);
        };
        assert_eq!(of(openssl_s_own).len(), 3);
        assert!(Concern::Nameless.is_about_how_it_was_made());
        assert_eq!(concerns(&vec![0x30, 0].into(), Timestamp::MAX).len(), 1);
    }
}
