//! What lies beside a file and belongs to it.

use std::path::{Path, PathBuf};

/// The path of a file that belongs to the one at `path`: its name with something behind it.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}
