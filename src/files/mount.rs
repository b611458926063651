//! Files that have a second name: one that is mounted by itself, or has several hard links. Whatever lies beside such a
//! file is found only by those who come by the same name.

use std::path::{Path, PathBuf};

/// Which file it is, whatever leads there: its device and its number.
///
/// # Errors
/// When it is not there, or may not be looked at.
#[cfg(unix)]
pub fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map(|data| (data.dev(), data.ino()))
}

/// Elsewhere files are known by their names.
///
/// # Errors
/// When it is not there.
#[cfg(not(unix))]
pub fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    std::fs::metadata(path).map(|_| (0, 0))
}

/// How many names the file has on its disk.
#[cfg(unix)]
pub fn names(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map_or(1, |data| data.nlink())
}

/// Elsewhere nobody says.
#[cfg(not(unix))]
pub fn names(_: &Path) -> u64 {
    1
}

/// How a file comes to be where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mount {
    /// With its folder, as nearly every file.
    Ordinary,
    /// It is mounted there by itself, and lies in truth here.
    From(PathBuf),
    /// It is mounted there by itself, and its own folder cannot be seen from here.
    Alone,
}

/// Whether the file at `path`, links followed, is mounted there by itself, and from where.
pub fn mount_of(path: &Path) -> Mount {
    // Only Linux has this list, and mounts single files.
    let Ok(list) = std::fs::read("/proc/self/mountinfo") else { return Mount::Ordinary };
    let mounts: Vec<Entry> = String::from_utf8_lossy(&list).lines().filter_map(Entry::read).collect();
    let Some(mounted) = mounts.iter().rfind(|entry| entry.place == path) else { return Mount::Ordinary };
    let itself = identity(path).ok();
    let elsewhere = places(mounted, &mounts).into_iter().find(|place| identity(place).ok() == itself);
    elsewhere.filter(|_| itself.is_some()).map_or(Mount::Alone, Mount::From)
}

/// A line of the list: what is mounted where.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    device: String,
    /// The place on that device.
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

/// Where else the same device shows what is mounted, by name.
fn places(mounted: &Entry, all: &[Entry]) -> Vec<PathBuf> {
    let others = all.iter().filter(|entry| entry.device == mounted.device && entry.root != mounted.root);
    others.filter_map(|entry| Some(entry.place.join(mounted.root.strip_prefix(&entry.root).ok()?))).collect()
}

/// Blanks and line ends in paths are written as `\040`.
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
