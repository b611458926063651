//! The service's certificate: reads and checks it, and reloads it at each SIGHUP.

use std::sync::Arc;

use tokio::signal::unix::SignalKind;

use super::{arguments::Args, secret_files};
use crate::{
    certificates::HOW_TO_MAKE,
    commands::Context,
    domain::time::{Clock, Timestamp},
    error::{CliError, Kind},
    service::tls::Tls,
};

/// Loads the certificate of `--tls-cert` and `--tls-key`, if given.
pub fn of(args: &Args, context: &Context) -> Result<Option<Arc<Tls>>, CliError> {
    let (Some(certificate), Some(key)) = (&args.tls_cert, &args.tls_key) else { return Ok(None) };
    let [certificate, key] = [certificate, key].map(|path| context.environment.expanded(path));
    let loaded = Tls::load(certificate, key.clone());
    let tls = Arc::new(loaded.map_err(|error| {
        let hint = error.hint();
        let failure = CliError::usage("--tls-cert and --tls-key cannot be used").source(error);
        hint.into_iter().fold(failure, CliError::hint)
    })?);
    warn(&tls, context.now());
    let mut hang_up = tokio::signal::unix::signal(SignalKind::hangup())
        .map_err(|error| CliError::new(Kind::Unexpected, "cannot wait for signals").source(error))?;
    let (renewed, clock): (_, Arc<dyn Clock>) = (Arc::clone(&tls), Arc::clone(&context.clock));
    tokio::spawn(async move {
        while hang_up.recv().await.is_some() {
            match renewed.reload() {
                Ok(()) => {
                    tracing::info!("the certificate was read again");
                    secret_files::warn_if_open("TLS key", &key);
                    warn(&renewed, clock.now());
                }
                Err(error) => tracing::error!(%error, "the certificate stays as it was"),
            }
        }
    });
    Ok(Some(tls))
}

/// Warns why clients will refuse the certificate, now or soon. The service starts all the same, as some clients may
/// accept it.
fn warn(tls: &Tls, now: Timestamp) {
    let concerns = tls.concerns(now);
    for concern in &concerns {
        tracing::warn!("{concern}");
    }
    if concerns.iter().any(|concern| concern.is_about_how_it_was_made()) {
        tracing::warn!("a certificate of your own that every program takes is made by: {HOW_TO_MAKE}");
    }
}
