//! A value, and who said so.

use std::{fmt, path::Path, sync::Arc};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// This flag.
    Flag(&'static str),
    /// This environment variable.
    Environment(&'static str),
    /// This line, from 1, of the configuration file.
    File {
        /// The file.
        path: Arc<Path>,
        /// The line in it.
        line: usize,
    },
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Flag(name) | Source::Environment(name) => f.write_str(name),
            Source::File { path, line } => write!(f, "{}:{line}", path.display()),
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
    /// What a flag says.
    pub(super) fn from_flag(value: T, name: &'static str) -> Self {
        Setting { value, source: Source::Flag(name) }
    }

    /// What holds when nobody says anything.
    pub(super) fn from_default(value: T) -> Self {
        Setting { value, source: Source::Default }
    }

    /// The same, with the value changed.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: change(self.value), source: self.source }
    }
}
