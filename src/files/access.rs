//! What stands in the way of those who may not read or write a file, and what they can do about it.

use std::{
    fmt, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{link, owner::folder_of};

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

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What cannot be used as it is: what was asked for, or a folder above it.
    path: PathBuf,
    why: Why,
    /// Whether it is what was asked for.
    itself: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    /// Nothing on its file system can be written.
    ReadOnly,
    /// It is somebody else's, and this process runs as `us`: both by their numbers.
    Belongs { to: u32, us: u32 },
    /// Its own permissions keep its owner from something.
    Mode { bits: u32, from: &'static str, folder: bool },
    /// Something else lies where a folder should be.
    NoFolder,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.why {
            Why::ReadOnly => write!(f, "{path} is on a read-only file system"),
            Why::Belongs { to, us } => {
                write!(f, "{path} belongs to {}, and this program runs as {}", user(*to), user(*us))
            }
            Why::Mode { bits, from, .. } => write!(f, "{path} has mode {bits:04o}, which keeps its owner from {from}"),
            Why::NoFolder => write!(f, "{path} is no folder"),
        }
    }
}

fn user(number: u32) -> String {
    if number == 0 { "root".to_owned() } else { format!("user {number}") }
}

impl Refusal {
    /// The command that puts it right, where there is one. Folders that others may need are left to them.
    pub fn next_step(&self) -> Option<String> {
        let path = quoted(&self.path);
        match self.why {
            Why::Belongs { us, .. } => match all_ours(&self.path) {
                Some(folder) => Some(format!("sudo chown -R {us} {}", quoted(folder))),
                None => self.itself.then(|| format!("sudo chown {us} {path}")),
            },
            Why::Mode { folder, .. } => Some(format!("chmod u+rw{} {path}", if folder { "x" } else { "" })),
            Why::ReadOnly | Why::NoFolder => None,
        }
    }
}

/// The folder around a path in which there is nothing but this program's own.
fn all_ours(path: &Path) -> Option<&Path> {
    let named_after_us = |path: &&Path| path.file_name().is_some_and(|name| name == "tm-hooks");
    // The folder, a file in it, or an instance's file one folder further down.
    let ours = path.ancestors().take(3).find(named_after_us);
    ours.or_else(|| path.extension().is_some_and(|extension| extension == "instances").then_some(path))
}

/// A path as it is typed into a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "-_=./:,+@%".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// What stands in the way of using what lies at `path`; none when nothing does, or nobody can tell.
pub fn refusal(path: &Path, purpose: Use) -> Option<Refusal> {
    let path = link::target(path).ok()?;
    if purpose == Use::Replace {
        return refusal(folder_of(&path), Use::Write).or_else(|| refusal(&path, Use::Write));
    }
    let mut innermost = PathBuf::from(".");
    // From the outermost on: what lies below a folder that cannot be entered is not seen.
    let folders: Vec<&Path> = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).collect();
    for folder in folders.into_iter().rev() {
        match fs::metadata(folder) {
            Ok(data) if !data.is_dir() => return Some(Refusal::of(folder, Why::NoFolder, false)),
            Ok(_) => innermost = folder.to_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            Err(_) => return None,
        }
        if let Some(why) = system::keeps_from_entering(folder) {
            return Some(Refusal::of(folder, why, false));
        }
    }
    let is_missing = fs::metadata(&path).is_err();
    match purpose {
        Use::Read if is_missing => None,
        // It would be made there.
        _ if is_missing => Some(Refusal::of(&innermost, system::keeps_from(&innermost, purpose)?, false)),
        _ => Some(Refusal::of(&path, system::keeps_from(&path, purpose)?, true)),
    }
}

impl Refusal {
    fn of(path: &Path, why: Why, itself: bool) -> Self {
        Refusal { path: path.to_owned(), why, itself }
    }
}

/// What the system itself says, which knows of users, groups, lists and mounts.
#[cfg(unix)]
mod system {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use rustix::{
        fs::{Access, access},
        io::Errno,
    };

    use super::{Path, Use, Why, fs};

    pub(super) fn keeps_from_entering(folder: &Path) -> Option<Why> {
        asked(folder, Access::EXEC_OK, "entering")
    }

    pub(super) fn keeps_from(path: &Path, purpose: Use) -> Option<Why> {
        let further = if path.is_dir() { Access::EXEC_OK } else { Access::empty() };
        match purpose {
            Use::Read => asked(path, Access::READ_OK | further, "reading"),
            Use::Write | Use::Replace => asked(path, Access::READ_OK | Access::WRITE_OK | further, "writing"),
        }
    }

    fn asked(path: &Path, use_: Access, from: &'static str) -> Option<Why> {
        match access(path, use_).err()? {
            Errno::ROFS => Some(Why::ReadOnly),
            Errno::ACCESS => {
                let data = fs::metadata(path).ok()?;
                let (to, us) = (data.uid(), rustix::process::geteuid().as_raw());
                let bits = data.permissions().mode() & 0o7777;
                Some(if to == us { Why::Mode { bits, from, folder: data.is_dir() } } else { Why::Belongs { to, us } })
            }
            _ => None,
        }
    }
}

#[cfg(not(unix))]
mod system {
    use super::{Path, Use, Why};

    pub(super) fn keeps_from_entering(_: &Path) -> Option<Why> {
        None
    }

    pub(super) fn keeps_from(_: &Path, _: Use) -> Option<Why> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn belonging(path: &str, itself: bool) -> Refusal {
        Refusal::of(Path::new(path), Why::Belongs { to: 0, us: 1000 }, itself)
    }

    #[test]
    fn only_folders_of_ours_are_taken_as_a_whole() {
        let step = |path: &str, itself| belonging(path, itself).next_step();
        let whole = Some("sudo chown -R 1000 /home/a/.local/share/tm-hooks".to_owned());
        for path in ["", "/hooks.db", "/hooks.db.instances", "/hooks.db.instances/a.lock"] {
            assert_eq!(step(&format!("/home/a/.local/share/tm-hooks{path}"), true), whole, "{path}");
        }
        assert_eq!(
            step("/srv/hooks.db.instances", true),
            Some("sudo chown -R 1000 /srv/hooks.db.instances".to_owned())
        );
        assert_eq!(step("/srv/hooks.db", true), Some("sudo chown 1000 /srv/hooks.db".to_owned()));
        assert_eq!(step("/srv/my data", true), Some("sudo chown 1000 '/srv/my data'".to_owned()));
        // Nobody is told to take the system's folders.
        assert_eq!(step("/usr", false), None);
    }

    #[test]
    fn what_is_in_the_way_is_said_in_words() {
        assert_eq!(belonging("/srv/x", true).to_string(), "/srv/x belongs to root, and this program runs as user 1000");
        let mode = Why::Mode { bits: 0o400, from: "writing", folder: false };
        let mode = Refusal::of(Path::new("/srv/x"), mode, true);
        assert_eq!(mode.to_string(), "/srv/x has mode 0400, which keeps its owner from writing");
        assert_eq!(mode.next_step().as_deref(), Some("chmod u+rw /srv/x"));
        assert_eq!(quoted(Path::new("/it's")), r"'/it'\''s'");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_where_a_folder_should_be_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let refused = refusal(&file.join("below/hooks.db"), Use::Write).unwrap();
        assert_eq!((&refused.why, refused.path.file_name()), (&Why::NoFolder, file.file_name()));
        assert_eq!(refusal(&file, Use::Write), None);
        assert_eq!(refusal(&folder.path().join("absent/hooks.db"), Use::Write), None);
        assert_eq!(refusal(&folder.path().join("absent"), Use::Read), None);
    }
}
