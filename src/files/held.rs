//! Locks a file for a change: whoever changes it holds the lock from before reading to after writing, so that neither
//! of two concurrent changes is lost.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    link,
    lock::{Busy, Locks},
    owner::{folder_of, make_folder},
    write,
};

/// The longest wait for the lock. A change takes milliseconds, or up to 3 s if it asks a keyring.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// A locked file: nobody else changes it while this value lives.
#[derive(Debug)]
pub struct LockedFile {
    path: PathBuf,
    locks: Option<Locks>,
    /// The folders that were created for it, the outermost first.
    made: Vec<PathBuf>,
}

/// The reason why a file cannot be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockedFileError {
    /// Another process holds it for too long.
    #[error("{} has been changing {} for {} s", LockHolder(*.by), path.display(), waited.as_secs())]
    InUse {
        /// The file, links followed.
        path: PathBuf,
        /// The process that holds it, if known.
        by: Option<u32>,
        /// The duration of the wait.
        waited: Duration,
    },
    /// The path cannot be resolved.
    #[error(transparent)]
    Failed(#[from] io::Error),
}

struct LockHolder(Option<u32>);

impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another program")?;
        self.0.map_or(Ok(()), |process| write!(f, " (process {process})"))
    }
}

impl LockedFile {
    /// Waits until nobody else changes the file at `path`, and locks it. Links are followed, so that they stay links
    /// and two paths to one file share one lock.
    ///
    /// # Errors
    /// Fails if another process holds it for more than some seconds.
    pub fn take(path: &Path) -> Result<LockedFile, LockedFileError> {
        Self::take_within(PATIENCE, path)
    }

    fn take_within(patience: Duration, path: &Path) -> Result<LockedFile, LockedFileError> {
        let path = link::target(path)?;
        let began = Instant::now();
        let mut made = Vec::new();
        loop {
            // If the folder cannot be created, nothing can be locked, and the later write reports why.
            made.extend(make_folder(folder_of(&path)).unwrap_or_default());
            match Locks::try_take(&path) {
                Ok(locks) => {
                    if locks.hold_the_place() {
                        // A leftover file may hold a token.
                        write::remove_left_behind(&path);
                    }
                    return Ok(LockedFile { path, locks: Some(locks), made });
                }
                Err(Busy::Locked(by)) if began.elapsed() >= patience => {
                    return Err(LockedFileError::InUse { path, by, waited: began.elapsed() });
                }
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
    }

    /// Returns the path of the file, with links followed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the file's content by `text`, completely or not at all: a private file beside it takes its name. If
    /// that is not possible, as for a mounted file, the file is overwritten and keeps its mode.
    ///
    /// # Errors
    /// Fails if it cannot be written; the old content remains.
    pub fn replace(&self, text: &str) -> io::Result<()> {
        make_folder(folder_of(&self.path))?;
        write::replace(&self.path, text)
    }

    /// Removes the file, or empties it if it cannot be removed.
    ///
    /// # Errors
    /// Fails if the content remains.
    pub fn remove(&self) -> io::Result<()> {
        write::remove(&self.path)
    }
}

impl Drop for LockedFile {
    /// Releases the locks and removes created folders that are empty.
    fn drop(&mut self) {
        drop(self.locks.take());
        for folder in self.made.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::symlink, sync::Arc};

    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    #[test]
    fn only_one_holds_it_whichever_way_leads_there() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("new/config.toml"), folder.path().join("link"));
        symlink(&path, &link).unwrap();
        let held = LockedFile::take(&path).unwrap();
        for way in [&path, &link] {
            let refused = LockedFile::take_within(AT_ONCE, way).unwrap_err();
            let LockedFileError::InUse { path: which, by, .. } = &refused else { panic!("{refused}") };
            assert_eq!((which.as_path(), *by), (held.path(), Some(std::process::id())));
            assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        }
        drop(held);
        assert!(!folder.path().join("new").exists(), "something empty was left behind");
        let held = LockedFile::take_within(AT_ONCE, &link).unwrap();
        held.replace("text").unwrap();
        drop(held);
        assert_eq!(fs::read_to_string(&link).unwrap(), "text");
        assert!(link.is_symlink());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "something was left beside it");
    }

    #[test]
    fn the_file_itself_is_held_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, "one").unwrap();
        // This locks only the file itself, as a process does that cannot create files beside it.
        let file = fs::File::open(&path).unwrap();
        file.lock().unwrap();
        let refused = LockedFile::take_within(AT_ONCE, &path).unwrap_err();
        assert!(matches!(refused, LockedFileError::InUse { by: None, .. }), "{refused}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "its own lock was left behind");
        drop(file);
        LockedFile::take_within(AT_ONCE, &path).unwrap();
    }

    #[test]
    fn many_add_to_it_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = Arc::new(folder.path().join("made/with/config.toml"));
        let add = |letter: char| {
            let path = Arc::clone(&path);
            move || {
                let held = LockedFile::take(&path).unwrap();
                let before = fs::read_to_string(held.path()).unwrap_or_default();
                held.replace(&format!("{before}{letter}")).unwrap();
            }
        };
        let writers: Vec<_> = ('a'..='p').map(|letter| std::thread::spawn(add(letter))).collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        let mut written: Vec<char> = fs::read_to_string(&*path).unwrap().chars().collect();
        written.sort_unstable();
        assert_eq!(written, ('a'..='p').collect::<Vec<_>>());
    }
}
