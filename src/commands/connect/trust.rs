//! Whom to trust: the files with certificates that a flag, a setting or a variable names.

use std::{ffi::OsStr, path::Path};

use rustls::pki_types::CertificateDer;

use crate::{
    certificates::{self, Store},
    error::CliError,
    term::Environment,
};

/// The certificates of the file at `path`, which `from` has named.
///
/// # Errors
/// When it cannot be read, holds none, or one of them is broken.
pub fn certificates(path: &Path, from: &str) -> Result<Vec<CertificateDer<'static>>, CliError> {
    certificates::read(path).map_err(|error| {
        let hint = error.hint();
        CliError::usage(format!("could not read certificates from {} (from {from})", path.display()))
            .source(error)
            .hint(hint)
    })
}

/// The authorities that are trusted anyway: those of `SSL_CERT_FILE`, where it is set, else the system's.
///
/// # Errors
/// When a variable names nothing.
pub fn store(environment: &Environment) -> Result<Store, CliError> {
    let empty = environment.given("SSL_CERT_FILE").filter(|value| value.is_empty()).map(Path::new);
    let file = environment.path("SSL_CERT_FILE");
    let named = Store::named(empty.or(file.as_deref()), environment.given("SSL_CERT_DIR").map(OsStr::new));
    named.map_err(|error| {
        let hint = error.hint();
        CliError::usage(error.to_string()).source(error).hint(hint)
    })
}
