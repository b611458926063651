//! Reads the trusted certificates of a flag, a setting or a variable.

use std::{ffi::OsStr, path::Path};

use rustls::pki_types::CertificateDer;

use crate::{
    certificates::{self, Store},
    error::CliError,
    term::Environment,
};

/// Reads the certificates of the file at `path`, which `from` named.
///
/// # Errors
/// Fails if it cannot be read, holds no certificate, or one is broken.
pub fn certificates(path: &Path, from: &str) -> Result<Vec<CertificateDer<'static>>, CliError> {
    certificates::read(path).map_err(|error| {
        let hint = error.hint();
        CliError::usage(format!("could not read certificates from {} (from {from})", path.display()))
            .source(error)
            .hint(hint)
    })
}

/// Returns the trusted authorities: those of `SSL_CERT_FILE` if it is set, or else the system's.
///
/// # Errors
/// Fails if a variable names nothing usable.
pub fn store(environment: &Environment) -> Result<Store, CliError> {
    let empty = environment.given("SSL_CERT_FILE").filter(|value| value.is_empty()).map(Path::new);
    let file = environment.path("SSL_CERT_FILE");
    let named = Store::named(empty.or(file.as_deref()), environment.given("SSL_CERT_DIR").map(OsStr::new));
    named.map_err(|error| {
        let hint = error.hint();
        CliError::usage(error.to_string()).source(error).hint(hint)
    })
}
