//! Settings, resolved once, and where each came from: a flag, else the environment, else the default.

mod paths;
mod settings;

use std::{fmt, io, path::PathBuf};

pub use paths::DataDir;
pub use settings::{Flags, Service, Settings, Target};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// This flag.
    Flag(&'static str),
    /// This environment variable.
    Environment(&'static str),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Flag(name) | Source::Environment(name) => f.write_str(name),
            Source::Default => f.write_str("default"),
        }
    }
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Who said so.
    pub source: Source,
}

impl<T> Setting<T> {
    fn from_flag(value: T, name: &'static str) -> Self {
        Setting { value, source: Source::Flag(name) }
    }

    fn from_default(value: T) -> Self {
        Setting { value, source: Source::Default }
    }
}

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
    /// The file with the token cannot be read.
    #[error("could not read the token from {}: {error}", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// What should be a token cannot be one. It is not shown: it may be one all the same.
    #[error("the token from {0} is empty or holds characters that no token has")]
    BadToken(Source),
    /// There is nowhere to keep data.
    #[error("there is no folder for data: HOME is not set")]
    NoHome,
}

impl ConfigError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ConfigError::UnknownProfile { .. } => {
                "the built-in profile is \"local\"; use --service for another service"
            }
            ConfigError::BadServiceUrl { .. } => "give it as --service https://hooks.example.com",
            ConfigError::BadValue { .. } => "see tm-hooks help environment",
            ConfigError::TokenFile { .. } => "TM_HOOKS_TOKEN_FILE names a file that holds the token and nothing else",
            ConfigError::BadToken(_) => "a token is one line of visible ASCII characters",
            ConfigError::NoHome => "set TM_HOOKS_DATA_DIR, or talk to a service with --service",
        }
    }
}
