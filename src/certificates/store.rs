//! The trusted authorities: the system's, or those that the usual variables name instead.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use rustls::pki_types::CertificateDer;

use super::pem::{self, Unusable};

const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";

/// The trusted authorities, besides given certificates.
#[derive(Debug, Clone)]
pub enum Store {
    /// The system's, or those of the folders that a variable names.
    System,
    /// Only these.
    Only(Vec<CertificateDer<'static>>),
}

/// A variable that names no usable authorities: without this error, every connection would fail without an explanation.
#[derive(Debug, thiserror::Error)]
pub enum BadStore {
    /// The file cannot be used.
    #[error("could not read certificates from {} (from {FILE}): {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: Unusable,
    },
    /// The folder does not exist.
    #[error("{FOLDERS} names {}, which is no folder", .0.display())]
    NoFolder(PathBuf),
    /// The variable is set to an empty value.
    #[error("{FILE} is set to nothing, so that nobody can be trusted")]
    Nothing,
}

impl BadStore {
    /// Suggests what to do.
    pub fn hint(&self) -> String {
        match self {
            BadStore::File { why, .. } => why.hint().to_owned(),
            BadStore::NoFolder(_) => format!("set {FOLDERS} to a folder with certificates in PEM, or unset it"),
            BadStore::Nothing => format!("set {FILE} to a file with certificates in PEM, or unset it"),
        }
    }
}

impl Store {
    /// Reads the values of `SSL_CERT_FILE` and `SSL_CERT_DIR`. The library for the system's store reads both too, but
    /// ignores their errors, and would read an endless file for ever.
    ///
    /// # Errors
    /// Fails if one of them names nothing usable.
    pub fn named(file: Option<&Path>, folders: Option<&OsStr>) -> Result<Self, BadStore> {
        let folders = folders.filter(|folders| !folders.is_empty());
        let Some(file) = file else {
            return match folders {
                Some(folders) if !env::split_paths(folders).any(|path| path.is_dir()) => {
                    Err(BadStore::NoFolder(folders.into()))
                }
                _ => Ok(Store::System),
            };
        };
        if file.as_os_str().is_empty() {
            return Err(BadStore::Nothing);
        }
        let read = pem::read(file).map_err(|why| BadStore::File { path: file.to_owned(), why })?;
        Ok(if folders.is_some() { Store::System } else { Store::Only(read) })
    }

    /// Reads this process's own variables.
    ///
    /// # Errors
    /// Fails like [`Store::named`].
    pub fn of_process() -> Result<Self, BadStore> {
        Self::named(env::var_os(FILE).as_deref().map(Path::new), env::var_os(FOLDERS).as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(file: Option<&str>, folders: Option<&str>) -> String {
        let error = Store::named(file.map(Path::new), folders.map(OsStr::new)).unwrap_err();
        assert!(!error.hint().is_empty());
        error.to_string()
    }

    #[test]
    fn a_variable_that_names_nothing_is_named() {
        assert!(matches!(Store::named(None, None), Ok(Store::System)));
        let file = refused(Some("/nonexistent"), None);
        assert!(file.starts_with("could not read certificates from /nonexistent (from SSL_CERT_FILE): "), "{file}");
        assert!(refused(Some("/"), Some("/")).ends_with("it is a folder"));
        assert!(refused(Some("/dev/null"), None).ends_with("it holds none in PEM"));
        assert!(refused(Some("/dev/zero"), None).ends_with("it is larger than 4 MiB"));
        assert!(refused(Some(""), None).starts_with("SSL_CERT_FILE is set to nothing"));
        assert_eq!(refused(None, Some("/nonexistent")), "SSL_CERT_DIR names /nonexistent, which is no folder");
        for one_is_enough in ["/nonexistent:/", "/", ""] {
            assert!(matches!(Store::named(None, Some(OsStr::new(one_is_enough))), Ok(Store::System)));
        }
    }
}
