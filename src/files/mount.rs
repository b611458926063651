//! Files with a second name: a file that is mounted by itself, or has several hard links. Its companion files are found
//! only by the name beside which they were created.

use std::path::{Path, PathBuf};

/// Returns the identity of a file, whatever path leads to it: its device and its inode.
///
/// # Errors
/// Fails if it does not exist or cannot be inspected.
#[cfg(unix)]
pub fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map(|data| (data.dev(), data.ino()))
}

/// On other systems, the identity is not known.
///
/// # Errors
/// Fails if it does not exist.
#[cfg(not(unix))]
pub fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    std::fs::metadata(path).map(|_| (0, 0))
}

/// Returns the number of hard links of the file.
#[cfg(unix)]
pub fn names(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map_or(1, |data| data.nlink())
}

/// On other systems, the number is not known.
#[cfg(not(unix))]
pub fn names(_: &Path) -> u64 {
    1
}

/// How a file is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mount {
    /// The file is mounted with its folder, as nearly every file is.
    Ordinary,
    /// The file is mounted by itself; this is its real path.
    From(PathBuf),
    /// The file is mounted by itself, and its real folder is not visible.
    Alone,
}

/// Returns whether the file at `path` (with links followed) is mounted by itself, and from where.
pub fn mount_of(path: &Path) -> Mount {
    // Only Linux has this list and mounts single files.
    let Ok(list) = std::fs::read("/proc/self/mountinfo") else { return Mount::Ordinary };
    let mounts: Vec<Entry> = String::from_utf8_lossy(&list).lines().filter_map(Entry::read).collect();
    let Some(mounted) = mounts.iter().rfind(|entry| entry.place == path) else { return Mount::Ordinary };
    let itself = identity(path).ok();
    let elsewhere = places(mounted, &mounts).into_iter().find(|place| identity(place).ok() == itself);
    elsewhere.filter(|_| itself.is_some()).map_or(Mount::Alone, Mount::From)
}

/// A line of the list of mounts.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    device: String,
    /// The path on that device.
    root: PathBuf,
    place: PathBuf,
}

impl Entry {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ').skip(2);
        let device = words.next()?.to_owned();
        Some(Entry { device, root: unescaped(words.next()?), place: unescaped(words.next()?) })
    }
}

/// Returns other paths under which the same device shows the mounted file.
fn places(mounted: &Entry, all: &[Entry]) -> Vec<PathBuf> {
    let others = all.iter().filter(|entry| entry.device == mounted.device && entry.root != mounted.root);
    others.filter_map(|entry| Some(entry.place.join(mounted.root.strip_prefix(&entry.root).ok()?))).collect()
}

/// Decodes a path: spaces and line ends are written as `\040`.
fn unescaped(text: &str) -> PathBuf {
    let mut pieces = text.split('\\');
    let mut path = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.get(..3).and_then(|code| u8::from_str_radix(code, 8).ok()) {
            Some(code) => {
                path.push(char::from(code));
                path.push_str(&piece[3..]);
            }
            None => {
                path.push('\\');
                path.push_str(piece);
            }
        }
    }
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mounted_file_is_found_where_its_device_shows_it() {
        let list = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
                    30 22 0:25 / /proc rw - proc proc rw\n\
                    31 22 8:2 / /srv/a\\040disk rw - ext4 /dev/sda2 rw\n\
                    32 22 8:2 /data/hooks.db /home/x/hooks.db rw - ext4 /dev/sda2 rw";
        let all: Vec<Entry> = list.lines().filter_map(Entry::read).collect();
        assert_eq!(all.len(), 4);
        assert_eq!(places(&all[3], &all), [PathBuf::from("/srv/a disk/data/hooks.db")]);
        assert!(places(&all[1], &all).is_empty());
        assert_eq!(unescaped("/a\\134b\\x"), PathBuf::from("/a\\b\\x"));
    }

    #[test]
    fn a_file_in_its_folder_is_ordinary() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "").unwrap();
        assert_eq!((mount_of(&path), names(&path)), (Mount::Ordinary, 1));
        std::fs::hard_link(&path, folder.path().join("other")).unwrap();
        assert_eq!(names(&path), if cfg!(unix) { 2 } else { 1 });
        assert_eq!(identity(&path).unwrap(), identity(&folder.path().join("other")).unwrap());
    }
}
