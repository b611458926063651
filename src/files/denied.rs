//! What the system itself says stands in the way, which knows of users, groups, lists and mounts.

use std::path::Path;

#[cfg(unix)]
use rustix::fs::Access;

/// What is to be done with a file or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// To read it.
    Read,
    /// To read and write it, or to make it where it is not there yet; of a folder: to make and remove files in it.
    Write,
    /// To have another file take its name, or to write over it.
    Replace,
}

/// Why something may not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// Nothing on its file system can be written.
    ReadOnly,
    /// It is somebody else's, and this process runs as `us`: both by their numbers.
    Belongs { to: u32, us: u32 },
    /// Its own permissions keep its owner from something.
    Mode { bits: u32, from: &'static str, folder: bool },
    /// Something else lies where a folder should be.
    NoFolder,
}

/// What keeps from entering a folder.
#[cfg(unix)]
pub(super) fn keeps_from_entering(folder: &Path) -> Option<Why> {
    asked(folder, Access::EXEC_OK, "entering")
}

/// What keeps from using a file, or a folder, like that.
#[cfg(unix)]
pub(super) fn keeps_from(path: &Path, purpose: Use) -> Option<Why> {
    let further = if path.is_dir() { Access::EXEC_OK } else { Access::empty() };
    match purpose {
        Use::Read => asked(path, Access::READ_OK | further, "reading"),
        Use::Write | Use::Replace => asked(path, Access::READ_OK | Access::WRITE_OK | further, "writing"),
    }
}

#[cfg(unix)]
fn asked(path: &Path, use_: Access, from: &'static str) -> Option<Why> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use rustix::{fs::access, io::Errno};
    match access(path, use_).err()? {
        Errno::ROFS => Some(Why::ReadOnly),
        Errno::ACCESS => {
            let data = std::fs::metadata(path).ok()?;
            let (to, us) = (data.uid(), rustix::process::geteuid().as_raw());
            let bits = data.permissions().mode() & 0o7777;
            Some(if to == us { Why::Mode { bits, from, folder: data.is_dir() } } else { Why::Belongs { to, us } })
        }
        _ => None,
    }
}

/// Elsewhere nobody can tell.
#[cfg(not(unix))]
pub(super) fn keeps_from_entering(_: &Path) -> Option<Why> {
    None
}

/// Elsewhere nobody can tell.
#[cfg(not(unix))]
pub(super) fn keeps_from(_: &Path, _: Use) -> Option<Why> {
    None
}
