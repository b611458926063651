//! The two locks of a file: one on a lock file beside it, and one on the file itself. The system releases both when the
//! process ends.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{owner::create_new, suffix::with_suffix};

/// Both locks. The first also works while the file is missing or being replaced; the second works if nothing can be
/// created beside it, as for a file that is mounted alone into a container.
#[derive(Debug)]
pub(super) struct Locks {
    beside: Option<Beside>,
    _itself: Option<File>,
}

/// The reason why the locks cannot be taken now.
#[derive(Debug)]
pub(super) enum Busy {
    /// Another process holds one; its id, if known.
    Locked(Option<u32>),
    /// The file was replaced before it was locked.
    Changed,
}

impl Locks {
    /// Takes both or none, without waiting.
    pub(super) fn try_take(path: &Path) -> Result<Self, Busy> {
        Ok(Locks { beside: Beside::try_take(path)?, _itself: try_itself(path)? })
    }

    /// Whether the lock beside the file is held.
    pub(super) fn hold_the_place(&self) -> bool {
        self.beside.is_some()
    }
}

/// The lock file beside the locked file. It is removed on release: a waiting process notices that and creates a new
/// one.
#[derive(Debug)]
struct Beside {
    path: PathBuf,
    _file: File,
}

impl Beside {
    /// Returns `None` if no file can be created beside it, or locks are not supported.
    fn try_take(path: &Path) -> Result<Option<Self>, Busy> {
        let path = with_suffix(path, ".lock");
        let Some(file) = open_or_make(&path)? else { return Ok(None) };
        let locked = lock(file, &path).map_err(|busy| match busy {
            Busy::Locked(_) => Busy::Locked(fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok())),
            changed => changed,
        })?;
        let Some(file) = locked else { return Ok(None) };
        // The id is only for the message of a waiting process, so a failure does not matter.
        let _ = file.set_len(0).and_then(|()| writeln!(&file, "{}", std::process::id()));
        Ok(Some(Beside { path, _file: file }))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn open_or_make(path: &Path) -> Result<Option<File>, Busy> {
    let opened = match OpenOptions::new().read(true).write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => create_new(path),
        opened => opened,
    };
    match opened {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Busy::Changed),
        Err(_) => Ok(None),
    }
}

/// On other systems, a lock would prevent others from reading the file.
#[cfg(not(unix))]
fn try_itself(_: &Path) -> Result<Option<File>, Busy> {
    Ok(None)
}

/// Returns `None` if the file is missing, cannot be read, or is not a regular file.
#[cfg(unix)]
fn try_itself(path: &Path) -> Result<Option<File>, Busy> {
    match path.is_file().then(|| File::open(path)) {
        Some(Ok(file)) => lock(file, path),
        _ => Ok(None),
    }
}

/// Returns `None` if locks are not supported, as on some network file systems.
fn lock(file: File, path: &Path) -> Result<Option<File>, Busy> {
    match file.try_lock() {
        Ok(()) if is_at(&file, path) => Ok(Some(file)),
        Ok(()) => Err(Busy::Changed),
        Err(TryLockError::WouldBlock) => Err(Busy::Locked(None)),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Whether the opened file is still the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |data: std::io::Result<fs::Metadata>| data.map(|data| (data.dev(), data.ino())).ok();
    place(file.metadata()).is_some_and(|file| place(fs::metadata(path)) == Some(file))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
