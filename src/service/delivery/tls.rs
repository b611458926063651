//! Securing a connection, and telling apart why that did not work.

use std::{fmt, io, sync::Arc};

use rustls::{CertificateError, ClientConfig, pki_types::ServerName};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    connector::ConnectError,
    limits::{Limits, in_words},
};
use crate::{
    certificates::{self, Accepted, Store, client_config},
    domain::attempt::AttemptError,
};

/// The machine's own roots; read when the first `https:` receiver is connected to, not before.
pub fn system_config() -> Result<Arc<ClientConfig>, ConnectError> {
    let failed = |why: &dyn fmt::Display| ConnectError::new(AttemptError::TlsFailed, why);
    let store = Store::of_process().map_err(|error| failed(&error))?;
    let config = client_config(store, Vec::new(), "", Accepted::default());
    config.map(Arc::new).map_err(|error| failed(&error))
}

/// The same configuration, for HTTP/1.1 alone.
#[cfg(test)]
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
    let known = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let code = match known {
        Some(rustls::Error::InvalidCertificate(certificate)) => certificate_code(certificate),
        _ => AttemptError::TlsFailed,
    };
    let detail = match known {
        Some(error) => certificates::tls_in_words(error),
        None if error.kind() == io::ErrorKind::UnexpectedEof => "the receiver closed the connection".to_owned(),
        None => error.to_string(),
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
        own if certificates::is_of_an_authority(own) => AttemptError::TlsUntrusted,
        _ => AttemptError::TlsFailed,
    }
}
