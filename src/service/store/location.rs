//! The place where a service keeps its data.

use std::path::{Path, PathBuf};

/// The location of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// SQLite in this file; the file and its folder are created if they do not exist.
    File(PathBuf),
    /// SQLite in this process's memory; the data ends with the store.
    Memory,
}

impl Location {
    /// The database's file, if it has one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Location::File(path) => Some(path),
            Location::Memory => None,
        }
    }
}
