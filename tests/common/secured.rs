//! A listener with TLS and a certificate made for the test.

use std::{io::Write, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::{ServerConfig, crypto::aws_lc_rs::default_provider, pki_types::PrivateKeyDer};

use super::wire::{Wire, json};

/// A listener with its certificate and key in PEM.
pub struct Secured {
    pub wire: Wire,
    pub certificate: String,
    pub key: String,
}

/// What `openssl req -x509` makes for these names: the certificate of an authority itself.
pub fn openssl_s_own(names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

impl Secured {
    /// Starts a listener that shows this self-signed certificate, and answers everything with `body`.
    pub fn with(params: CertificateParams, body: &'static str) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let der = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], der);
        let config = Arc::new(config.unwrap());
        let wire = Wire::raw(move |mut stream, _| {
            let mut session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::Stream::new(&mut session, &mut stream);
            let mut head = [0; 4096];
            if std::io::Read::read(&mut tls, &mut head).is_ok() {
                let _ = tls.write_all(json(200, body).as_bytes());
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        });
        let (certificate, key) = (pem("CERTIFICATE", certificate.der()), pem("PRIVATE KEY", &key.serialize_der()));
        Secured { wire, certificate, key }
    }

    /// Its URL with this host name.
    pub fn url(&self, host: &str) -> String {
        format!("https://{host}:{}", self.wire.address.port())
    }
}

/// Encodes bytes as PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}
