//! Where a service keeps its data.

use std::path::{Path, PathBuf};

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// SQLite, in this file, made when absent, with its folder.
    File(PathBuf),
    /// SQLite, in the memory of this process alone, gone with the store.
    Memory,
}

impl Location {
    /// The file it is in, if it is in one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Location::File(path) => Some(path),
            Location::Memory => None,
        }
    }
}
