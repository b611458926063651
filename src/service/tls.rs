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

/// How long a handshake may take.
const LONGEST_HANDSHAKE: Duration = Duration::from_secs(5);
/// How many may be under way at once; further connections wait in the system's queue.
const MOST_HANDSHAKES: usize = 512;

/// A certificate that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file cannot be read, or holds nothing of its kind.
    #[error("{path} cannot be used: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The certificate and the key do not go together.
    #[error("the certificate and the key cannot be used together: {0}")]
    Pair(#[from] rustls::Error),
}

/// A certificate and its key, which can be read anew while the service runs.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    config: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads a chain of certificates and a private key, both PEM.
    pub fn load(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let config = RwLock::new(read(&certificate, &key)?);
        Ok(Tls { certificate, key, config })
    }

    /// Reads both files again, for new connections. When they cannot be used, everything stays as it is.
    pub fn reload(&self) -> Result<(), TlsError> {
        let fresh = read(&self.certificate, &self.key)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let wrong = |path: &Path, why: String| TlsError::File { path: path.to_owned(), why };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(wrong(certificate, "it holds no PEM certificate".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = versions.with_no_client_auth().with_single_cert(chain, private)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
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
