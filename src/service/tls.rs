//! Answering over TLS: handshakes beside each other, each with a time limit, so that a slow one holds up nobody.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::serve::Listener;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{
    certificates::{self, Concern, HOW_TO_MAKE, Unusable},
    domain::time::Timestamp,
    files,
};

/// How long a handshake may take.
const LONGEST_HANDSHAKE: Duration = Duration::from_secs(5);
/// How many may be under way at once; further connections wait in the system's queue.
const MOST_HANDSHAKES: usize = 512;

/// The largest file with a key that is read, in bytes.
const LARGEST_KEY: u64 = 256 * 1024;

/// A certificate that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file with the chain of certificates cannot be used.
    #[error("{path} cannot be used as certificates: {why}")]
    Chain {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: Unusable,
    },
    /// The file with the key cannot be read, or holds none.
    #[error("{path} cannot be used: {why}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The key belongs to another certificate.
    #[error("{key} is not the key of the first certificate in {certificate}")]
    OtherKey {
        /// The file with the chain.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
    /// The library refuses them.
    #[error("the certificate and the key cannot be used together: {0}")]
    Refused(String),
}

impl TlsError {
    /// What to do about it, where that can be told.
    pub fn hint(&self) -> Option<String> {
        match self {
            TlsError::Chain { why, .. } => Some(why.hint().to_owned()),
            TlsError::Key { .. } => Some("it is a private key in PEM: -----BEGIN PRIVATE KEY-----".to_owned()),
            TlsError::OtherKey { .. } => {
                Some("the service's own certificate stands first, its authority's behind it".to_owned())
            }
            TlsError::Refused(_) => Some(format!("one of your own is made by\n{HOW_TO_MAKE}")),
        }
    }
}

/// A certificate and its key, which can be read anew while the service runs.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    shown: RwLock<Shown>,
}

/// What is shown to new connections.
struct Shown {
    config: Arc<ServerConfig>,
    certificate: CertificateDer<'static>,
}

impl Tls {
    /// Reads a chain of certificates and a private key, both PEM.
    pub fn load(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let shown = RwLock::new(read(&certificate, &key)?);
        Ok(Tls { certificate, key, shown })
    }

    /// Reads both files again, for new connections. When they cannot be used, everything stays as it is.
    pub fn reload(&self) -> Result<(), TlsError> {
        let fresh = read(&self.certificate, &self.key)?;
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Why clients will refuse the certificate, at `now` or soon.
    pub fn concerns(&self, now: Timestamp) -> Vec<Concern> {
        certificates::concerns(&self.shown.read().unwrap_or_else(PoisonError::into_inner).certificate, now)
    }

    fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner).config).into()
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Shown, TlsError> {
    let unusable = |why| TlsError::Chain { path: certificate.to_owned(), why };
    let chain = certificates::read(certificate).map_err(unusable)?;
    let first = chain.first().cloned().ok_or(unusable(Unusable::Nothing { has_key: false }))?;
    let private = private_key(key).map_err(|why| TlsError::Key { path: key.to_owned(), why })?;
    let refused = |error| match error {
        rustls::Error::InconsistentKeys(_) => {
            TlsError::OtherKey { certificate: certificate.to_owned(), key: key.to_owned() }
        }
        other => TlsError::Refused(certificates::tls_in_words(&other)),
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = versions.and_then(|versions| versions.with_no_client_auth().with_single_cert(chain, private));
    let mut config = config.map_err(refused)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Shown { config: Arc::new(config), certificate: first })
}

/// The first private key of a file.
fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let text = files::read_text(path, LARGEST_KEY).map_err(|error| error.to_string())?;
    PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| match text.as_str() {
        text if text.contains("ENCRYPTED") => {
            "its key is locked by a passphrase; `openssl pkey -in FILE -out FILE.open` writes it without".to_owned()
        }
        text if text.contains("PRIVATE KEY-----") => "its key is damaged".to_owned(),
        _ => "it holds no private key in PEM".to_owned(),
    })
}

/// Accepts connections and has each make its handshake by itself.
pub(super) struct TlsListener {
    tcp: TcpListener,
    tls: Arc<Tls>,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl TlsListener {
    pub(super) fn new(tcp: TcpListener, tls: Arc<Tls>) -> Self {
        TlsListener { tcp, tls, handshakes: JoinSet::new() }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                (stream, address) = Listener::accept(&mut self.tcp), if self.handshakes.len() < MOST_HANDSHAKES => {
                    let handshake = self.tls.acceptor().accept(stream);
                    self.handshakes.spawn(async move {
                        let made = tokio::time::timeout(LONGEST_HANDSHAKE, handshake).await;
                        // A caller that speaks no TLS, or not in time, is none of our failures.
                        made.ok()?.ok().map(|stream| (stream, address))
                    });
                }
                Some(made) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = made {
                        return connection;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
    use tokio::io::AsyncReadExt;
    use tokio_rustls::TlsConnector;

    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        use base64::{Engine, engine::general_purpose::STANDARD};
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    }

    struct Files(tempfile::TempDir);

    impl Files {
        fn new() -> Self {
            let files = Files(tempfile::tempdir().unwrap());
            files.renew();
            files
        }

        /// Another certificate in the same files; its DER.
        fn renew(&self) -> CertificateDer<'static> {
            let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            std::fs::write(self.path("cert"), pem("CERTIFICATE", made.cert.der())).unwrap();
            std::fs::write(self.path("key"), pem("PRIVATE KEY", &made.signing_key.serialize_der())).unwrap();
            made.cert.der().clone()
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }
    }

    async fn connects(address: SocketAddr, trusted: &CertificateDer<'static>) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = versions.with_root_certificates(roots).with_no_client_auth();
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.is_ok()
    }

    #[tokio::test]
    async fn a_silent_caller_holds_up_nobody_and_a_certificate_is_renewed() {
        let files = Files::new();
        let first = files.renew();
        let tls = Arc::new(Tls::load(files.path("cert"), files.path("key")).unwrap());
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let mut listener = TlsListener::new(tcp, tls.clone());
        tokio::spawn(async move {
            loop {
                drop(listener.accept().await);
            }
        });
        let mut silent = TcpStream::connect(address).await.unwrap();
        assert!(connects(address, &first).await, "while another says nothing");
        let second = files.renew();
        tls.reload().unwrap();
        assert!(connects(address, &second).await);
        std::fs::write(files.path("key"), "no key").unwrap();
        assert!(tls.reload().is_err());
        assert!(connects(address, &second).await, "what cannot be used changes nothing");
        let mut nothing = Vec::new();
        silent.read_to_end(&mut nothing).await.unwrap();
        assert!(nothing.is_empty(), "it is hung up on when its time is over");
    }

    #[test]
    fn files_that_cannot_be_used_are_named() {
        let files = Files::new();
        let error = Tls::load(files.path("nowhere"), files.path("key")).err().unwrap().to_string();
        assert!(error.contains("nowhere"), "{error}");
        let error = Tls::load(files.path("cert"), files.path("cert")).err().unwrap().to_string();
        assert!(error.contains("cert cannot be used"), "{error}");
    }
}
