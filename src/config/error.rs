//! A setting that cannot be used, and what to do about it.

use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
};

use super::source::Source;
use crate::files::{self, HeldError, Refusal, Unreadable, Use};

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No profile has this name.
    #[error("there is no profile \"{name}\" (from {from})")]
    UnknownProfile {
        /// What was asked for.
        name: String,
        /// Who asked for it.
        from: Source,
    },
    /// The service's address is no URL we can talk to.
    #[error("\"{url}\" is no service's URL (from {from}): {why}")]
    BadServiceUrl {
        /// What was given, without any password in it.
        url: String,
        /// Who gave it.
        from: Source,
        /// What is wrong with it.
        why: String,
    },
    /// A number, a duration or a word that cannot be read.
    #[error("{from} cannot be \"{value}\": {why}")]
    BadValue {
        /// What was given.
        value: String,
        /// Who gave it.
        from: Source,
        /// What is wrong with it.
        why: String,
    },
    /// The configuration file holds something that cannot be used. Lines and columns count from 1.
    #[error("{}:{line}:{column}: {why}", path.display())]
    BrokenFile {
        /// The file.
        path: PathBuf,
        /// Where in it.
        line: usize,
        /// Where in the line.
        column: usize,
        /// What is wrong there.
        why: String,
    },
    /// Another program has been changing a file for too long.
    #[error("{0}; nothing was changed")]
    InUse(HeldError),
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
    /// The file is there, and cannot be read as text.
    #[error("could not read {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Unreadable,
    },
    /// A variable of ours that is no text.
    #[error("{0} is not UTF-8")]
    BadVariable(String),
    /// No setting has this name.
    #[error("there is no setting \"{name}\"")]
    UnknownKey {
        /// What was asked for.
        name: String,
        /// The one that was probably meant.
        meant: Option<&'static str>,
    },
    /// No profile can have this name.
    #[error("\"{0}\" cannot be the name of a profile of yours")]
    BadProfileName(String),
    /// There is nowhere to keep data.
    #[error("there is no folder for data: HOME is not set")]
    NoHome,
    /// There is nowhere to keep the configuration.
    #[error("there is no folder for the configuration: HOME is not set")]
    NoConfigHome,
}

/// What keeps this process from reading or writing a file of the configuration.
fn refusal(path: &Path, action: &str) -> Option<Refusal> {
    files::refusal(path, if action == "read" { Use::Read } else { Use::Replace })
}

/// That in words, where it is known; else the system's own.
fn in_the_way(path: &Path, action: &str, error: &io::Error) -> String {
    let denied = matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem);
    let known = refusal(path, action).filter(|_| denied);
    known.map_or_else(|| error.to_string(), |refusal| refusal.to_string())
}

impl ConfigError {
    /// A file that cannot be held.
    pub(crate) fn held(action: &'static str, path: &Path, error: HeldError) -> Self {
        match error {
            HeldError::Failed(error) => ConfigError::File { action, path: path.to_owned(), error },
            in_use @ HeldError::InUse { .. } => ConfigError::InUse(in_use),
        }
    }

    /// What to do about it.
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
