//! A value with its source.

use std::{fmt, path::Path, sync::Arc};

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingSource {
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

impl fmt::Display for SettingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingSource::Flag(name) | SettingSource::Environment(name) => f.write_str(name),
            SettingSource::File { path, line } => write!(f, "{}:{line}", path.display()),
            SettingSource::Default => f.write_str("default"),
        }
    }
}

/// A value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// The source.
    pub source: SettingSource,
}

impl<T> Setting<T> {
    /// Makes a setting from a flag.
    pub(super) fn from_flag(value: T, name: &'static str) -> Self {
        Setting { value, source: SettingSource::Flag(name) }
    }

    /// Makes a setting from a default.
    pub(super) fn from_default(value: T) -> Self {
        Setting { value, source: SettingSource::Default }
    }

    /// Converts the value.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: change(self.value), source: self.source }
    }
}
