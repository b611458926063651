//! Tests receivers with TLS, and its failures.

use std::net::{IpAddr, Ipv4Addr};

use async_trait::async_trait;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
};
use tokio_rustls::TlsAcceptor;

use super::{
    wire::{Wire, brief, receiver},
    *,
};
use crate::{
    certificates::{Accepted, Store, client_config},
    domain::attempt::AttemptError,
    service::delivery::{
        connector::Connector,
        limits::Limits,
        resolver::{LookupError, Resolve},
        tls::Authorities,
    },
};

/// A resolver that maps every name to this machine.
struct Here;

#[async_trait]
impl Resolve for Here {
    async fn resolve(&self, _: &str) -> Result<Vec<IpAddr>, LookupError> {
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    }
}

/// An authority that only these tests trust.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut root = CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.distinguished_name.push(DnType::CommonName, "Invented Authority");
        Authority(CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap())
    }

    /// Makes a server's acceptor for a certificate of this authority.
    fn certify(&self, certificate: CertificateParams) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        acceptor(certificate.signed_by(&key, &self.0).unwrap().der(), &key)
    }

    /// Makes an acceptor for the receivers' address that speaks one version of TLS.
    pub fn certify_in(&self, version: &'static SupportedProtocolVersion) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        acceptor_in(&[version], certificate_for("127.0.0.1").signed_by(&key, &self.0).unwrap().der(), &key)
    }

    /// A webhook whose sender trusts this authority.
    pub fn wire(&self, limits: Limits, url: &str) -> Wire {
        let trusted = self.0.der().clone();
        wire(limits, url, move || trusting(vec![trusted.clone()]))
    }
}

fn trusting(certificates: Vec<CertificateDer<'static>>) -> Result<ClientConfig, String> {
    if certificates.is_empty() {
        return Err("there is none".to_owned());
    }
    client_config(Store::Only(certificates), Vec::new(), "", Accepted::default()).map_err(|error| error.to_string())
}

/// A webhook whose sender reads its authorities again for each connection.
fn wire(limits: Limits, url: &str, read: impl Fn() -> Result<ClientConfig, String> + Send + Sync + 'static) -> Wire {
    let authorities = Authorities::read_by(Duration::ZERO, read);
    let connector = Connector::new(NetGuard::local(), limits).trusting(authorities).with_resolver(Arc::new(Here));
    Wire::over(connector, limits, &url.replace("http:", "https:"))
}

fn acceptor(certificate: &CertificateDer<'static>, key: &KeyPair) -> TlsAcceptor {
    acceptor_in(rustls::DEFAULT_VERSIONS, certificate, key)
}

fn acceptor_in(
    versions: &[&'static SupportedProtocolVersion],
    certificate: &CertificateDer<'static>,
    key: &KeyPair,
) -> TlsAcceptor {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(default_provider().into())
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn certificate_for(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

/// A certificate for the receivers' address with one change.
fn changed(change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut certificate = certificate_for("127.0.0.1");
    change(&mut certificate);
    certificate
}

async fn secured(acceptor: TlsAcceptor) -> (String, Arc<super::wire::Ledger>) {
    receiver(move |line| {
        let acceptor = acceptor.clone();
        async move { line.through(|stream| acceptor.accept(stream)).await?.serve().await }
    })
    .await
}

#[tokio::test]
async fn a_certificate_that_is_trusted_gets_the_delivery() {
    let authority = Authority::new();
    let (url, ledger) = secured(authority.certify(certificate_for("127.0.0.1"))).await;
    let wire = authority.wire(Limits::default(), &url);
    for _ in 0..5 {
        wire.deliver().await;
    }
    assert_eq!((ledger.connections(), ledger.requests()), (1, 5));
    let (url, ledger) = secured(authority.certify(certificate_for("receiver.example"))).await;
    for host in ["receiver.example", "receiver.example."] {
        authority.wire(Limits::default(), &url.replace("127.0.0.1", host)).deliver().await;
    }
    assert_eq!(ledger.requests(), 2);
}

#[tokio::test]
async fn new_and_withdrawn_authorities_count_without_a_restart() {
    let authority = Authority::new();
    let (url, _ledger) = secured(authority.certify(certificate_for("127.0.0.1"))).await;
    let trusted = Arc::new(std::sync::Mutex::new(Vec::new()));
    let read = trusted.clone();
    let authorities = Authorities::read_by(Duration::ZERO, move || trusting(read.lock().unwrap().clone()));
    let connector = Connector::new(NetGuard::local(), Limits::default()).trusting(authorities);
    let uri = url.replace("http:", "https:").parse().unwrap();
    let code = async || connector.connect(&uri, || {}).await.map(drop).map_err(|error| error.code);
    assert_eq!(code().await, Err(AttemptError::Internal), "it is none of the receiver's faults");
    *trusted.lock().unwrap() = vec![authority.0.der().clone()];
    assert_eq!(code().await, Ok(()), "it was added");
    *trusted.lock().unwrap() = vec![Authority::new().0.der().clone()];
    assert_eq!(code().await, Err(AttemptError::TlsUntrusted), "it was withdrawn");
}

#[tokio::test]
async fn authorities_are_read_again_within_a_minute_and_not_for_each_connection() {
    let reads = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = reads.clone();
    let read = move || {
        counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        trusting(vec![Authority::new().0.der().clone()])
    };
    let authorities = Authorities::read_by(Duration::from_secs(30), read);
    let began = tokio::time::Instant::now();
    for (seconds, expected) in [(0, 1), (29, 1), (30, 2), (59, 2), (119, 3)] {
        authorities.at(began + Duration::from_secs(seconds)).await.unwrap();
        assert_eq!(reads.load(std::sync::atomic::Ordering::SeqCst), expected, "{seconds}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_named_itself_is_trusted() {
    let key = KeyPair::generate().unwrap();
    let own = changed(|it| it.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)).self_signed(&key).unwrap();
    let (url, ledger) = secured(acceptor(own.der(), &key)).await;
    let named = own.der().clone();
    wire(Limits::default(), &url, move || trusting(vec![named.clone()])).deliver().await;
    assert_eq!(ledger.requests(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_apart() {
    use AttemptError::{TlsExpired, TlsUntrusted, TlsWrongName};
    let (authority, stranger) = (Authority::new(), Authority::new());
    let good = || changed(|_| {});
    let expired = changed(|certificate| certificate.not_after = date_time_ymd(2020, 1, 1));
    let future = changed(|certificate| certificate.not_before = date_time_ymd(3000, 1, 1));
    let many: Vec<_> = (0..500).map(|number| format!("host{number}.example")).collect();
    let key = KeyPair::generate().unwrap();
    let self_signed = acceptor(good().self_signed(&key).unwrap().der(), &key);
    let own_authority = changed(|certificate| certificate.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    let own_authority = own_authority.self_signed(&key).unwrap();
    for (what, acceptor, error) in [
        ("expired", authority.certify(expired), TlsExpired),
        ("not valid yet", authority.certify(future), TlsExpired),
        ("another address", authority.certify(certificate_for("127.0.0.2")), TlsWrongName),
        ("another name", authority.certify(certificate_for("other.example")), TlsWrongName),
        ("hundreds of names", authority.certify(CertificateParams::new(many).unwrap()), TlsWrongName),
        ("self-signed", self_signed, TlsUntrusted),
        ("its own authority", acceptor(own_authority.der(), &key), TlsUntrusted),
        ("another authority", stranger.certify(good()), TlsUntrusted),
    ] {
        let (url, ledger) = secured(acceptor).await;
        let outcome = authority.wire(Limits::default(), &url).send().await;
        assert_eq!(outcome.error, Some(error), "{what}: {outcome:?}");
        let detail = outcome.detail.as_deref().unwrap();
        assert!(
            detail.starts_with("the TLS handshake failed: its certificate ") && !detail.contains("Error"),
            "{detail}"
        );
        ledger.all_closed().await;
        assert_eq!((ledger.connections(), ledger.requests()), (1, 0), "{what}");
    }
}

#[tokio::test]
async fn a_receiver_that_wants_our_certificate_is_told_as_that() {
    let authority = Authority::new();
    let mut roots = RootCertStore::empty();
    roots.add(authority.0.der().clone()).unwrap();
    let provider: Arc<_> = default_provider().into();
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider)).build().unwrap();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let key = KeyPair::generate().unwrap();
        let certificate = certificate_for("127.0.0.1").signed_by(&key, &authority.0).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_client_cert_verifier(Arc::clone(&verifier))
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap());
        let (url, _ledger) = secured(TlsAcceptor::from(Arc::new(config.unwrap()))).await;
        let detail = authority.wire(Limits::default(), &url).fail(AttemptError::TlsFailed).await;
        assert!(detail.contains(crate::certificates::WANTS_CLIENT), "{version:?}: {detail}");
    }
}

#[tokio::test]
async fn a_port_without_tls_says_so() {
    // A server that speaks only TLS 1.0 sends this fatal alert, protocol_version.
    const TOO_OLD: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46";
    for (answer, words) in [
        (&b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"[..], "does not speak TLS on this port"),
        (TOO_OLD, "no version of TLS that is safe"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "handshake failure"),
        (b"", "closed the connection"),
    ] {
        let (url, ledger) = receiver(move |mut line| async move {
            tokio::io::AsyncReadExt::read(&mut line.stream, &mut [0; 4096]).await?;
            line.say(answer).await
        })
        .await;
        let detail = Authority::new().wire(Limits::default(), &url).fail(AttemptError::TlsFailed).await;
        assert!(detail.contains(words), "{detail}");
        assert_eq!(ledger.connections(), 1);
    }
}

#[tokio::test]
async fn a_handshake_that_stalls_ends_at_its_limit() {
    for begun in [&b""[..], b"\x16\x03\x03\x40"] {
        let (url, ledger) = receiver(move |mut line| async move {
            line.say(begun).await?;
            std::future::pending().await
        })
        .await;
        let detail = Authority::new().wire(brief(), &url).fail(AttemptError::TlsTimeout).await;
        assert_eq!(detail, "the TLS handshake took longer than 0.2 s");
        assert_eq!(ledger.connections(), 1);
    }
}
