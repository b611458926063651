//! The service's own TLS certificate.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    certificates::{self, Concern, HOW_TO_MAKE, Unusable},
    domain::time::Timestamp,
    files,
};

/// The largest key file that is read, in bytes.
const LARGEST_KEY: u64 = 256 * 1024;

/// The reason why a certificate cannot be used.
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
    /// The file with the key cannot be read or contains no key.
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
    /// The TLS library refuses the certificate or the key.
    #[error("the certificate and the key cannot be used together: {0}")]
    Refused(String),
}

impl TlsError {
    /// What to do about it, if that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            TlsError::Chain { why, .. } => Some(why.hint().to_owned()),
            TlsError::Key { .. } => Some("it must be a private key in PEM: -----BEGIN PRIVATE KEY-----".to_owned()),
            TlsError::OtherKey { .. } => {
                Some("the service's own certificate stands first, its authority's behind it".to_owned())
            }
            TlsError::Refused(_) => Some(format!("one of your own is made by\n{HOW_TO_MAKE}")),
        }
    }
}

/// A certificate and its key, which can be reloaded while the service runs.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    shown: RwLock<Shown>,
}

/// The certificate for new connections.
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

    /// Reads both files again, for new connections. If they cannot be used, nothing changes.
    pub fn reload(&self) -> Result<(), TlsError> {
        let fresh = read(&self.certificate, &self.key)?;
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The reasons why clients refuse the certificate at `now` or will refuse it soon.
    pub fn concerns(&self, now: Timestamp) -> Vec<Concern> {
        certificates::concerns(&self.shown.read().unwrap_or_else(PoisonError::into_inner).certificate, now)
    }

    /// The acceptor for new connections' handshakes.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
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

#[cfg(test)]
pub(super) mod tests;
