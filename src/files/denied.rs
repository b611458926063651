//! Asks the system what prevents access; the system knows users, groups, access lists and mounts.

use std::path::Path;

#[cfg(unix)]
use rustix::fs::Access;

/// The intended use of a file or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Reads it.
    Read,
    /// Reads and writes it, or creates it if it is missing; for a folder, creates and removes files in it.
    Write,
    /// Replaces it by another file, or overwrites it.
    Replace,
}

/// The reason why something cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// Its file system is read-only.
    ReadOnly,
    /// It belongs to user `to`, and this process runs as user `us`.
    Belongs { to: u32, us: u32 },
    /// Its permissions deny its owner the access in `from`.
    Mode { bits: u32, from: &'static str, folder: bool },
    /// A path is not a folder as expected.
    NoFolder,
}

/// Returns what prevents entering a folder.
#[cfg(unix)]
pub(super) fn keeps_from_entering(folder: &Path) -> Option<Why> {
    asked(folder, Access::EXEC_OK, "entering")
}

/// Returns what prevents this use of a file or a folder.
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

/// Other systems cannot tell.
#[cfg(not(unix))]
pub(super) fn keeps_from_entering(_: &Path) -> Option<Why> {
    None
}

/// Other systems cannot tell.
#[cfg(not(unix))]
pub(super) fn keeps_from(_: &Path, _: Use) -> Option<Why> {
    None
}
