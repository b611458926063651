//! Decides which certificates a client trusts: those of the system's or a file's authorities, of given authorities, and
//! a given certificate itself. `openssl req -x509` makes the last kind, and most programs accept it, but the TLS
//! library refuses it because it is an authority's.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, aws_lc_rs::default_provider},
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};
use rustls_platform_verifier::Verifier;

use super::{
    der::{Validity, validity},
    store::Store,
    words::certificate_in_words,
};
use crate::domain::time::Timestamp;

type Certificates = Vec<CertificateDer<'static>>;

/// The reason why no certificate can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The system has no authorities.
    #[error("no certificate of an authority was found on this machine")]
    NoSystemStore,
    /// A given certificate cannot be trusted.
    #[error("certificate {number} of {of} {why}")]
    Given {
        /// Its number, from 1.
        number: usize,
        /// The number of given certificates.
        of: usize,
        /// What is wrong with it; the text follows the number.
        why: String,
    },
    /// An unexpected error occurred.
    #[error("{0}")]
    Other(String),
}

/// The expiry of the host's certificate that was accepted last.
#[derive(Debug, Clone, Default)]
pub struct Accepted(Arc<Mutex<Option<Timestamp>>>);

impl Accepted {
    /// Returns when it expires, or `None` before the first one.
    pub fn expiry(&self) -> Option<Timestamp> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the TLS configuration of a client that trusts `store` and the `given` certificates. It records an accepted
/// certificate of `host` in `accepted`.
///
/// # Errors
/// Fails if there is nothing to trust, or a given certificate is not valid.
pub fn client_config(
    store: Store,
    given: Certificates,
    host: &str,
    accepted: Accepted,
) -> Result<ClientConfig, TrustError> {
    let provider = Arc::new(default_provider());
    // A file with authorities may also hold a certificate that is trusted itself.
    let named = match &store {
        Store::Only(named) => named.clone(),
        Store::System => Vec::new(),
    };
    let authorities = authorities(store, &given, Arc::clone(&provider))?;
    let given = given.into_iter().chain(named).collect();
    let trust = ServerVerifier { authorities, given, host: host.trim_matches(['[', ']']).to_owned(), accepted };
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|error| TrustError::Other(error.to_string()))?;
    let mut config = versions.dangerous().with_custom_certificate_verifier(Arc::new(trust)).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn authorities(
    store: Store,
    given: &Certificates,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TrustError> {
    let mut roots = RootCertStore::empty();
    for (number, certificate) in (1..).zip(given) {
        roots.add(certificate.clone()).map_err(|error| TrustError::Given {
            number,
            of: given.len(),
            why: match error {
                Error::InvalidCertificate(error) => certificate_in_words(&error),
                other => format!("cannot be used: {other}"),
            },
        })?;
    }
    let Store::Only(only) = store else {
        let verifier = match given.is_empty() {
            true => Verifier::new(provider),
            false => Verifier::new_with_extra_roots(given.iter().cloned(), provider),
        };
        return Ok(Arc::new(verifier.map_err(|_| TrustError::NoSystemStore)?));
    };
    roots.add_parsable_certificates(only);
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build();
    Ok(verifier.map_err(|error| TrustError::Other(error.to_string()))?)
}

/// The verifier of server certificates.
#[derive(Debug)]
struct ServerVerifier {
    authorities: Arc<dyn ServerCertVerifier>,
    given: Certificates,
    host: String,
    accepted: Accepted,
}

impl ServerVerifier {
    /// Verifies a given certificate: it needs no authority, but its names and its validity count as usual.
    fn verify_given(
        &self,
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Validity { from, until } = validity(certificate).ok_or(CertificateError::BadEncoding)?;
        let unix = |time: Timestamp| {
            let seconds = u64::try_from(time.as_seconds()).unwrap_or_default();
            UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds))
        };
        if now < unix(from) {
            return Err(CertificateError::NotValidYetContext { time: now, not_before: unix(from) }.into());
        }
        if now > unix(until) {
            return Err(CertificateError::ExpiredContext { time: now, not_after: unix(until) }.into());
        }
        verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
        Ok(ServerCertVerified::assertion())
    }
}

impl ServerCertVerifier for ServerVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = if self.given.contains(end_entity) {
            self.verify_given(end_entity, server_name, now)?
        } else {
            self.authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?
        };
        // A proxy has a certificate too, which is not recorded.
        if server_name.to_str() == self.host {
            let expiry = validity(end_entity).map(|validity| validity.until);
            *self.accepted.0.lock().unwrap_or_else(PoisonError::into_inner) = expiry;
        }
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};

    use super::{super::words::is_of_an_authority, *};

    const NOW: Duration = Duration::from_secs(1_795_455_600); // 2026-11-23T17:40:00Z

    /// Makes a certificate like `openssl req -x509`, changed by `change`.
    fn self_signed(change: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
        let mut params = CertificateParams::new(["hooks.example".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params.not_before, params.not_after) = (date_time_ymd(2026, 11, 1), date_time_ymd(2026, 12, 1));
        change(&mut params);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()
    }

    fn verify(given: &[&CertificateDer<'static>], shown: &CertificateDer<'_>, name: &str) -> Result<(), Error> {
        let given: Certificates = given.iter().map(|one| (*one).clone()).collect();
        let provider = Arc::new(default_provider());
        let other = self_signed(|_| {});
        let authorities = authorities(Store::Only(vec![other]), &given, provider).unwrap();
        let trust = ServerVerifier { authorities, given, host: String::new(), accepted: Accepted::default() };
        let name = ServerName::try_from(name.to_owned()).unwrap();
        trust.verify_server_cert(shown, &[], &name, &[], UnixTime::since_unix_epoch(NOW)).map(drop)
    }

    #[test]
    fn a_certificate_that_was_given_itself_is_trusted_for_its_names() {
        let own = self_signed(|_| {});
        assert_eq!(verify(&[&own], &own, "hooks.example"), Ok(()));
        assert_eq!(verify(&[&self_signed(|_| {}), &own], &own, "127.0.0.1"), Ok(()));
        let wrong = verify(&[&own], &own, "other.example").unwrap_err();
        assert!(
            matches!(&wrong, Error::InvalidCertificate(CertificateError::NotValidForNameContext { .. })),
            "{wrong}"
        );
        let nameless = self_signed(|params| params.subject_alt_names.clear());
        assert!(verify(&[&nameless], &nameless, "hooks.example").is_err());
    }

    #[test]
    fn it_is_trusted_in_its_time_alone() {
        let past = self_signed(|params| params.not_after = date_time_ymd(2026, 11, 20));
        let future = self_signed(|params| params.not_before = date_time_ymd(2026, 11, 25));
        let expired = verify(&[&past], &past, "hooks.example").unwrap_err();
        assert!(matches!(expired, Error::InvalidCertificate(CertificateError::ExpiredContext { .. })), "{expired}");
        let early = verify(&[&future], &future, "hooks.example").unwrap_err();
        assert!(matches!(early, Error::InvalidCertificate(CertificateError::NotValidYetContext { .. })), "{early}");
    }

    #[test]
    fn one_that_was_not_given_is_not_trusted() {
        let (own, other) = (self_signed(|_| {}), self_signed(|_| {}));
        match verify(&[&other], &own, "hooks.example") {
            Err(Error::InvalidCertificate(error)) => assert!(is_of_an_authority(&error), "{error:?}"),
            trusted => panic!("{trusted:?}"),
        }
        let leaf = self_signed(|params| params.is_ca = IsCa::NoCa);
        assert!(matches!(
            verify(&[&other], &leaf, "hooks.example"),
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature))
        ));
    }

    #[test]
    fn a_given_certificate_that_is_none_is_numbered() {
        let (own, none) = (self_signed(|_| {}), CertificateDer::from(vec![0x30, 0]));
        let given = vec![own, none];
        let error = client_config(Store::Only(Vec::new()), given, "", Accepted::default()).unwrap_err();
        assert_eq!(error.to_string(), "certificate 2 of 2 cannot be read");
    }
}
