//! The names of companion files.

use std::path::{Path, PathBuf};

/// Returns the path of a companion file: the name of `path` with a suffix.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}
