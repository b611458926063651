//! A value with its source.

use std::{fmt, path::Path, sync::Arc};

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A flag.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// A line of the configuration file.
    File {
        /// The file.
        path: Arc<Path>,
        /// The line in it, from 1.
        line: usize,
    },
    /// The built-in default.
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

/// A value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// The source.
    pub source: Source,
}

impl<T> Setting<T> {
    /// Makes a setting from a flag.
    pub(super) fn from_flag(value: T, name: &'static str) -> Self {
        Setting { value, source: Source::Flag(name) }
    }

    /// Makes a setting from a default.
    pub(super) fn from_default(value: T) -> Self {
        Setting { value, source: Source::Default }
    }

    /// Converts the value.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: change(self.value), source: self.source }
    }
}
