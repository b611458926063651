//! Secures a connection, and distinguishes the reasons for a failure.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rustls::{
    AlertDescription, CertificateError, ClientConfig, SignatureScheme, client::ResolvesClientCert,
    pki_types::ServerName, sign::CertifiedKey,
};
use tokio::{
    net::TcpStream,
    sync::Mutex,
    task::spawn_blocking,
    time::{Instant, timeout},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    connect_error::ConnectError,
    limits::{Limits, in_words},
};
use crate::{
    certificates::{self, Accepted, Store, client_config},
    domain::attempt::AttemptError,
};

/// How long authorities are cached, so that a new or withdrawn one counts within a minute.
const READ_AGAIN: Duration = Duration::from_secs(30);

type Read = dyn Fn() -> Result<ClientConfig, String> + Send + Sync;

/// The authorities that must vouch for receivers. They are read on the first connection to an `https:` receiver, and
/// again after a while.
pub struct Authorities {
    read: Arc<Read>,
    again: Duration,
    last: Mutex<Option<(Instant, Arc<ClientConfig>)>>,
}

impl Authorities {
    /// The machine's authorities, or those that the usual variables name.
    pub fn of_process() -> Self {
        Self::read_by(READ_AGAIN, || {
            let store = Store::of_process().map_err(|error| error.to_string())?;
            client_config(store, Vec::new(), "", Accepted::default()).map_err(|error| error.to_string())
        })
    }

    /// The authorities that `read` returns; it is called again after `again`.
    pub fn read_by(again: Duration, read: impl Fn() -> Result<ClientConfig, String> + Send + Sync + 'static) -> Self {
        Authorities { read: Arc::new(read), again, last: Mutex::new(None) }
    }

    /// The current authorities.
    ///
    /// # Errors
    /// If there are none, which is a failure of this machine and not of the receiver. The next call looks again.
    pub async fn current(&self) -> Result<Arc<ClientConfig>, ConnectError> {
        self.at(Instant::now()).await
    }

    /// The authorities at `now`.
    pub async fn at(&self, now: Instant) -> Result<Arc<ClientConfig>, ConnectError> {
        let mut last = self.last.lock().await;
        if let Some((_, config)) = last.as_ref().filter(|(at, _)| now.duration_since(*at) < self.again) {
            return Ok(Arc::clone(config));
        }
        *last = None;
        let read = Arc::clone(&self.read);
        let read = spawn_blocking(move || read()).await.unwrap_or_else(|error| Err(error.to_string()));
        let config = Arc::new(read.map_err(|why| {
            ConnectError::new(AttemptError::Internal, format!("no receiver can be trusted by this machine: {why}"))
        })?);
        *last = Some((now, Arc::clone(&config)));
        Ok(config)
    }
}

/// Makes the TLS handshake with the receiver `host`.
pub async fn secure(
    config: Arc<ClientConfig>,
    host: &str,
    tcp: TcpStream,
    limits: &Limits,
) -> Result<TlsStream<TcpStream>, ConnectError> {
    // A final dot makes a name absolute; certificates contain the name without it.
    let name = ServerName::try_from(host.trim_end_matches('.').to_owned())
        .map_err(|error| ConnectError::new(AttemptError::TlsWrongName, format!("not a name for TLS: {error}")))?;
    let asked = Arc::new(Asked::default());
    let mut config = (*config).clone();
    config.client_auth_cert_resolver = asked.clone();
    match timeout(limits.tls, TlsConnector::from(Arc::new(config)).connect(name, tcp)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(tls_error(&error, &asked)),
        Err(_) => Err(ConnectError::new(
            AttemptError::TlsTimeout,
            format!("the TLS handshake took longer than {}", in_words(limits.tls)),
        )),
    }
}

/// Records whether the receiver asked for a client certificate; this service has none.
#[derive(Debug, Default)]
struct Asked(AtomicBool);

impl ResolvesClientCert for Asked {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// The error, if the receiver broke off TLS with an alert after the handshake, for example because it wanted a
/// certificate.
pub fn broken_off(error: &(dyn std::error::Error + 'static)) -> Option<ConnectError> {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let known = causes.filter_map(|error| tls_cause(error.downcast_ref()?)).next()?;
    let alert = matches!(known, rustls::Error::AlertReceived(_));
    alert.then(|| ConnectError::new(AttemptError::TlsFailed, certificates::tls_in_words(known)))
}

fn tls_cause(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn tls_error(error: &io::Error, asked: &Asked) -> ConnectError {
    // TLS before 1.3 has no separate alert for a missing certificate.
    let known = match tls_cause(error) {
        Some(rustls::Error::AlertReceived(_)) if asked.0.load(Ordering::Relaxed) => {
            Some(&rustls::Error::AlertReceived(AlertDescription::CertificateRequired))
        }
        known => known,
    };
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
        // A bad signature comes from an authority that only has the name of a trusted one.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => AttemptError::TlsUntrusted,
        // A self-signed certificate made with OpenSSL's defaults is an authority itself.
        own if certificates::is_of_an_authority(own) => AttemptError::TlsUntrusted,
        _ => AttemptError::TlsFailed,
    }
}
