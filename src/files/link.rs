//! Follows links.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The largest number of consecutive links, as on Linux.
const MOST: usize = 40;

/// Returns the target of `path`: links are followed, also to a missing file, and so are the folder's links. Two paths
/// to one file have the same target.
///
/// # Errors
/// Fails if links form a circle.
pub fn target(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..MOST {
        // A path that is not a link, or is missing, is the target itself.
        let Ok(next) = fs::read_link(&place) else { return Ok(in_real_folder(&place)) };
        // A relative link starts at its own folder.
        place = place.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "links that lead in a circle"))
}

/// Returns the path with its folder resolved, if possible.
fn in_real_folder(place: &Path) -> PathBuf {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(folder), place.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => place.to_owned(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_to_the_end_and_in_no_circle() {
        let folder = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(folder.path()).unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("below")).unwrap();
        symlink("below/second", at("first")).unwrap();
        symlink("../third", at("below/second")).unwrap();
        symlink("below", at("linked")).unwrap();
        symlink("circle", at("circle")).unwrap();
        assert_eq!(target(&at("first")).unwrap(), real.join("third"));
        assert_eq!(target(&at("linked/file")).unwrap(), real.join("below/file"));
        assert_eq!(target(&at("plain")).unwrap(), real.join("plain"));
        assert_eq!(target(&at("not/there")).unwrap(), at("not/there"));
        assert!(target(&at("circle")).is_err());
    }
}
