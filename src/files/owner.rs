//! The owners of files. What root creates in a person's folder must belong to that person, or one `sudo` locks them out
//! of their own data.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A user and a group by their ids.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Owner {
    user: u32,
    group: u32,
}

/// Chooses the owner of a file that root creates: the previous owner, unless that was root, or else the folder's owner.
#[cfg(unix)]
fn heir(before: Option<Owner>, folder: Option<Owner>) -> Option<Owner> {
    before.filter(|owner| owner.user != 0).or(folder)
}

#[cfg(unix)]
fn owner_of(path: &Path) -> Option<Owner> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|data| Owner { user: data.uid(), group: data.gid() })
}

/// Changes the owner of a file that root has just opened; `before` is the file that it replaces.
#[cfg(unix)]
fn hand_over(file: &fs::File, path: &Path, before: Option<&Path>) {
    use rustix::fs::{Gid, Uid};
    if !rustix::process::geteuid().is_root() {
        return;
    }
    if let Some(Owner { user, group }) = heir(before.and_then(owner_of), owner_of(folder_of(path))) {
        // A root user without this right, as in some containers, keeps the file; `doctor` reports that.
        let _ = rustix::fs::fchown(file, Some(Uid::from_raw(user)), Some(Gid::from_raw(group)));
    }
}

#[cfg(not(unix))]
fn hand_over(_: &fs::File, _: &Path, _: Option<&Path>) {}

/// Returns the folder of a path.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Creates a missing file that only its owner may read and write; it gets the folder's owner.
///
/// # Errors
/// Fails if it exists or cannot be created.
pub fn create_new(path: &Path) -> io::Result<fs::File> {
    create(path, None)
}

/// Like [`create_new`]; the file gets the owner of `before`.
pub(super) fn create_in_place_of(path: &Path, before: &Path) -> io::Result<fs::File> {
    create(path, Some(before))
}

fn create(path: &Path, before: Option<&Path>) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).read(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    hand_over(&file, path, before);
    Ok(file)
}

/// Creates a folder and its missing parents, private to the owner of the existing parent. Returns the created folders,
/// the outermost first.
///
/// # Errors
/// Fails if one cannot be created; none of them remains then.
pub fn make_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_missing = |folder: &&Path| {
        let found = fs::metadata(folder);
        !folder.as_os_str().is_empty() && found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    };
    let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
    if missing.is_empty() && !folder.as_os_str().is_empty() && !fs::metadata(folder)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, format!("{} is no folder", folder.display())));
    }
    let mut made: Vec<PathBuf> = Vec::new();
    for folder in missing.into_iter().rev() {
        match make_one(folder) {
            Ok(()) => made.push(folder.to_owned()),
            // Another process has created it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(error) => {
                made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
                return Err(error);
            }
        }
    }
    Ok(made)
}

fn make_one(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use rustix::fs::{CWD, Mode, OFlags, openat};
        // The open folder is used instead of its name: somebody may have replaced it by a link.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if let Ok(opened) = openat(CWD, folder, flags, Mode::empty()) {
            hand_over(&opened.into(), folder, None);
        }
    }
    Ok(())
}

/// Whether others than the owner may read the file at `path`; `None` if it is missing or unknown.
pub fn is_open_to_others(path: &Path) -> Option<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Some(fs::metadata(path).ok()?.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// Makes a file private to its owner, if its file system supports that.
pub fn make_private(path: &Path) {
    #[cfg(unix)]
    if is_open_to_others(path) == Some(true) {
        use std::os::unix::fs::PermissionsExt;
        // If that fails, `doctor` warns.
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o600));
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_stays_whose_it_was_unless_it_was_roots_by_accident() {
        let of = |user| Some(Owner { user, group: user });
        assert_eq!(heir(None, of(1000)), of(1000), "a new file is the folder's owner's");
        assert_eq!(heir(of(1000), of(0)), of(1000), "somebody's file in a folder of root's");
        assert_eq!(heir(of(0), of(1000)), of(1000), "root's file in somebody's folder");
        assert_eq!(heir(of(0), of(0)), of(0));
        assert_eq!(heir(of(2000), of(1000)), of(2000));
        assert_eq!(heir(None, None), None);
    }

    #[test]
    fn folders_and_files_are_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("a/b");
        assert_eq!(make_folder(&below).unwrap(), [folder.path().join("a"), below.clone()]);
        assert_eq!(make_folder(&below).unwrap(), Vec::<PathBuf>::new());
        let file = below.join("file");
        create_new(&file).unwrap();
        assert!(create_new(&file).is_err() && make_folder(&file).is_err() && make_folder(&file.join("c")).is_err());
        assert_eq!((is_open_to_others(&below), is_open_to_others(&file)), (Some(false), Some(false)));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        make_private(&file);
        assert_eq!(is_open_to_others(&file), Some(false));
        assert_eq!(is_open_to_others(&below.join("absent")), None);
    }
}
