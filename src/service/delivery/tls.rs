//! Securing a connection, and telling apart why that did not work.

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

/// For how long authorities count as they were read: one that is added, or withdrawn, is heeded within a minute.
const READ_AGAIN: Duration = Duration::from_secs(30);

type Read = dyn Fn() -> Result<ClientConfig, String> + Send + Sync;

/// Whom receivers must be vouched for by. Authorities are read when the first `https:` receiver is connected to, not
/// before, and again after a while.
pub struct Authorities {
    read: Arc<Read>,
    again: Duration,
    last: Mutex<Option<(Instant, Arc<ClientConfig>)>>,
}

impl Authorities {
    /// The machine's own, or those that the usual variables name.
    pub fn of_process() -> Self {
        Self::read_by(READ_AGAIN, || {
            let store = Store::of_process().map_err(|error| error.to_string())?;
            client_config(store, Vec::new(), "", Accepted::default()).map_err(|error| error.to_string())
        })
    }

    /// What `read` gives, which is asked again after a while.
    pub fn read_by(again: Duration, read: impl Fn() -> Result<ClientConfig, String> + Send + Sync + 'static) -> Self {
        Authorities { read: Arc::new(read), again, last: Mutex::new(None) }
    }

    /// What holds now.
    ///
    /// # Errors
    /// When there are none: that is our own failure, and none of the receiver's. It is looked for again each time.
    pub async fn current(&self) -> Result<Arc<ClientConfig>, ConnectError> {
        self.at(Instant::now()).await
    }

    /// What holds at `now`.
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

/// Notes whether the receiver has asked for our certificate: we have none.
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

/// That the receiver has broken off TLS by an alert, after the handshake was over for us: it wanted a certificate, say.
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
    // Before TLS 1.3 there was no alert of its own for it.
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
        // A bad signature is of an authority that only bears the name of one we trust.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => AttemptError::TlsUntrusted,
        // What a self-signed certificate is that was made with OpenSSL's defaults: an authority of its own.
        own if certificates::is_of_an_authority(own) => AttemptError::TlsUntrusted,
        _ => AttemptError::TlsFailed,
    }
}
