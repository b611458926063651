//! The two locks of a file that is being changed: of a file beside it, and of the file itself. Both go with the process,
//! however it ends.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{owner::create_new, suffix::with_suffix};

/// Both locks. The first stands for the file also while that is not there, and when another takes its place; the second
/// is there where nothing can be laid beside it, as with a file that is mounted alone into a container.
#[derive(Debug)]
pub(super) struct Locks {
    beside: Option<Beside>,
    _itself: Option<File>,
}

/// Why the locks cannot be had just now.
#[derive(Debug)]
pub(super) enum Busy {
    /// Somebody has one: this process, if it said so.
    Held(Option<u32>),
    /// The file was another one by the time it was locked.
    Changed,
}

impl Locks {
    /// Takes both, or none; waits for nobody.
    pub(super) fn try_take(path: &Path) -> Result<Self, Busy> {
        Ok(Locks { beside: Beside::try_take(path)?, _itself: try_itself(path)? })
    }

    /// Whether nobody else can be writing beside the file.
    pub(super) fn hold_the_place(&self) -> bool {
        self.beside.is_some()
    }
}

/// The lock of a file that stands for another one. The file is gone with it: whoever has waited for it sees that, and
/// makes a new one.
#[derive(Debug)]
struct Beside {
    path: PathBuf,
    _file: File,
}

impl Beside {
    /// None where no file can be laid beside, or locks are not known.
    fn try_take(path: &Path) -> Result<Option<Self>, Busy> {
        let path = with_suffix(path, ".lock");
        let Some(file) = open_or_make(&path)? else { return Ok(None) };
        let locked = lock(file, &path).map_err(|busy| match busy {
            Busy::Held(_) => Busy::Held(fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok())),
            changed => changed,
        })?;
        let Some(file) = locked else { return Ok(None) };
        // For the message of whoever waits in vain: not worth failing.
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

/// Elsewhere a lock would keep others from reading the file.
#[cfg(not(unix))]
fn try_itself(_: &Path) -> Result<Option<File>, Busy> {
    Ok(None)
}

/// None when it is not there, cannot be read, or is something that only looks like a file.
#[cfg(unix)]
fn try_itself(path: &Path) -> Result<Option<File>, Busy> {
    match path.is_file().then(|| File::open(path)) {
        Some(Ok(file)) => lock(file, path),
        _ => Ok(None),
    }
}

/// None where locks are not known, as on some network file systems: then it is as without.
fn lock(file: File, path: &Path) -> Result<Option<File>, Busy> {
    match file.try_lock() {
        Ok(()) if is_at(&file, path) => Ok(Some(file)),
        Ok(()) => Err(Busy::Changed),
        Err(TryLockError::WouldBlock) => Err(Busy::Held(None)),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Whether what was opened is still what lies at `path`.
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
