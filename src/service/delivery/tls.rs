//! Securing a connection, and telling apart why that did not work.

use std::{io, sync::Arc};

use rustls::{AlertDescription, CertificateError, ClientConfig, pki_types::ServerName};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    connector::ConnectError,
    limits::{Limits, in_words},
};
use crate::domain::attempt::AttemptError;

/// The machine's own roots; read when the first `https:` receiver is connected to, not before.
pub fn system_config() -> Result<Arc<ClientConfig>, ConnectError> {
    let config = ClientConfig::with_platform_verifier().map_err(|error| {
        ConnectError::new(AttemptError::TlsFailed, format!("the system's certificates cannot be read: {error}"))
    })?;
    Ok(for_http1(config))
}

/// The same configuration, for HTTP/1.1 alone.
pub fn for_http1(mut config: ClientConfig) -> Arc<ClientConfig> {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

/// Makes the handshake with the receiver called `host`.
pub async fn secure(
    config: Arc<ClientConfig>,
    host: &str,
    tcp: TcpStream,
    limits: &Limits,
) -> Result<TlsStream<TcpStream>, ConnectError> {
    // A dot at the end makes a name absolute; certificates are made out without it.
    let name = ServerName::try_from(host.trim_end_matches('.').to_owned())
        .map_err(|error| ConnectError::new(AttemptError::TlsWrongName, format!("not a name for TLS: {error}")))?;
    match timeout(limits.tls, TlsConnector::from(config).connect(name, tcp)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(tls_error(&error)),
        Err(_) => Err(ConnectError::new(
            AttemptError::TlsTimeout,
            format!("the TLS handshake took longer than {}", in_words(limits.tls)),
        )),
    }
}

fn tls_error(error: &io::Error) -> ConnectError {
    use rustls::Error;
    let known = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let (code, detail) = match known {
        Some(Error::InvalidCertificate(certificate)) => (certificate_code(certificate), error.to_string()),
        Some(Error::InvalidMessage(_)) => {
            (AttemptError::TlsFailed, "the receiver does not speak TLS on this port".to_owned())
        }
        Some(Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_)) => {
            (AttemptError::TlsFailed, "the receiver speaks no version of TLS that is safe (1.2 or 1.3)".to_owned())
        }
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            (AttemptError::TlsFailed, "the receiver closed the connection".to_owned())
        }
        _ => (AttemptError::TlsFailed, error.to_string()),
    };
    ConnectError::new(code, format!("the TLS handshake failed: {detail}"))
}

fn certificate_code(error: &CertificateError) -> AttemptError {
    match error {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => AttemptError::TlsExpired,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            AttemptError::TlsWrongName
        }
        // A bad signature is of an authority that only bears the name of one we trust.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => AttemptError::TlsUntrusted,
        // What a self-signed certificate is that was made with OpenSSL's defaults: an authority of its own.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => AttemptError::TlsUntrusted,
        _ => AttemptError::TlsFailed,
    }
}
