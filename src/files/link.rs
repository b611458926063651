//! Where a link leads.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// How many links may follow each other, as on Linux.
const MOST: usize = 40;

/// Where `path` leads: a link is followed, to a file that is not there yet, too, and the folder's own links are. Two
/// paths to one file lead to the same place.
///
/// # Errors
/// When links lead in a circle.
pub fn target(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..MOST {
        // What is no link, or is not there, is the place itself.
        let Ok(next) = fs::read_link(&place) else { return Ok(in_real_folder(&place)) };
        // A relative one starts at the folder it lies in.
        place = place.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "links that lead in a circle"))
}

/// The same place, by the folder's real path where that is known.
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
