//! The errors of settings, with a hint for each.

use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

use super::source::SettingSource;
use crate::files::{self, LockedFileError, Refusal, Unreadable, Use};

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No profile has this name.
    #[error("there is no profile \"{name}\" (from {from})")]
    UnknownProfile {
        /// The name that was given.
        name: String,
        /// The source of the name.
        from: SettingSource,
    },
    /// The service's address is not a usable URL.
    #[error("\"{url}\" is no service's URL (from {from}): {why}")]
    BadServiceUrl {
        /// The given address without a password.
        url: String,
        /// The source of the value.
        from: SettingSource,
        /// What is wrong with it.
        why: String,
    },
    /// A number, a duration or a word is not valid.
    #[error("{from} cannot be \"{value}\": {why}")]
    BadValue {
        /// The given value.
        value: String,
        /// The source of the value.
        from: SettingSource,
        /// What is wrong with it.
        why: String,
    },
    /// The configuration file holds something that cannot be used. Lines and columns count from 1.
    #[error("{}:{line}:{column}: {why}", path.display())]
    BrokenFile {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What is wrong there.
        why: String,
    },
    /// Another program has been changing a file for too long.
    #[error("{0}; nothing was changed")]
    InUse(LockedFileError),
    /// A file cannot be read or written.
    #[error("could not {action} {}: {}", path.display(), in_the_way(path, action, error))]
    File {
        /// `read`, `write` or `change`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The file exists but is not readable as text.
    #[error("could not read {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Unreadable,
    },
    /// A variable of this program is not UTF-8.
    #[error("{0} is not UTF-8")]
    BadVariable(String),
    /// No setting has this name.
    #[error("there is no setting \"{name}\"")]
    UnknownKey {
        /// The name that was given.
        name: String,
        /// The name that was probably meant.
        meant: Option<&'static str>,
    },
    /// No profile can have this name.
    #[error("\"{0}\" cannot be the name of a profile of yours")]
    BadProfileName(String),
    /// No folder for data is known.
    #[error("there is no folder for data: HOME is not set")]
    NoHome,
    /// No folder for the configuration is known.
    #[error("there is no folder for the configuration: HOME is not set")]
    NoConfigHome,
}

/// Finds what prevents this process from reading or writing a configuration file.
fn refusal(path: &Path, action: &str) -> Option<Refusal> {
    files::refusal(path, if action == "read" { Use::Read } else { Use::Replace })
}

/// Describes the obstacle, if known, or else repeats the system's error.
fn in_the_way(path: &Path, action: &str, error: &io::Error) -> String {
    let denied = matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem);
    let known = refusal(path, action).filter(|_| denied);
    known.map_or_else(|| error.to_string(), |refusal| refusal.to_string())
}

impl ConfigError {
    /// Makes the error for a file that cannot be locked.
    pub(crate) fn held(action: &'static str, path: &Path, error: LockedFileError) -> Self {
        match error {
            LockedFileError::Failed(error) => ConfigError::File { action, path: path.to_owned(), error },
            in_use @ LockedFileError::InUse { .. } => ConfigError::InUse(in_use),
        }
    }

    /// Suggests what to do.
    pub fn hint(&self) -> Cow<'static, str> {
        match self {
            ConfigError::UnknownProfile { .. } => "tm-hooks profile list shows them all; \"local\" always exists; \
                                                   tm-hooks profile add NAME URL makes one"
                .into(),
            ConfigError::BadServiceUrl { .. } => "give it as --service https://hooks.example.com".into(),
            ConfigError::BadValue { .. } => "see tm-hooks help environment".into(),
            ConfigError::BrokenFile { path, .. } => {
                format!("edit {}, or move it away; tm-hooks help configuration says what it may hold", path.display())
                    .into()
            }
            ConfigError::InUse(_) => "try again, or end that program if it does not go on".into(),
            ConfigError::Unreadable { error, .. } if error.hint().is_some() => error.hint().unwrap_or_default().into(),
            ConfigError::Unreadable { .. } => "TM_HOOKS_CONFIG_DIR names another folder for the configuration".into(),
            ConfigError::BadVariable(name) => format!("set {name} anew, or unset it").into(),
            ConfigError::File { action, path, .. } => match refusal(path, action).and_then(|it| it.next_step()) {
                Some(step) => step.into(),
                None => "TM_HOOKS_CONFIG_DIR names another folder for the configuration".into(),
            },
            ConfigError::UnknownKey { meant, .. } => match meant {
                Some(near) => format!("did you mean {near}? tm-hooks help configuration names them all").into(),
                None => "tm-hooks help configuration names them all".into(),
            },
            ConfigError::BadProfileName(_) => {
                "a name has letters, digits, \"-\", \"_\" and \".\"; \"local\" is the service inside this program"
                    .into()
            }
            ConfigError::NoHome => "set TM_HOOKS_DATA_DIR, or talk to a service with --service".into(),
            ConfigError::NoConfigHome => "set TM_HOOKS_CONFIG_DIR".into(),
        }
    }
}
