//! Finds what prevents this process from using a file, and suggests a remedy.

use std::{
    fmt, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{
    denied::{Use, Why, keeps_from, keeps_from_entering},
    link,
    mount::{Mount, mount_of, names},
    owner::folder_of,
};

/// The reason why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The path that is not usable: the requested one, or a folder above it.
    path: PathBuf,
    why: Why,
    /// Whether it is the requested path.
    itself: bool,
    /// Another required path that is not usable.
    also: Option<Box<Refusal>>,
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
    /// Returns the command that corrects it, for all affected paths, if there is one. It never changes folders that
    /// others may need.
    pub fn next_step(&self) -> Option<String> {
        let (first, path) = self.command()?;
        let mut steps = vec![(first, vec![path])];
        let also = std::iter::successors(self.also.as_deref(), |refusal| refusal.also.as_deref());
        for (command, path) in also.filter_map(Self::command) {
            match steps.iter_mut().find(|(known, _)| *known == command) {
                Some((_, paths)) if paths.contains(&path) => {}
                Some((_, paths)) => paths.push(path),
                None => steps.push((command, vec![path])),
            }
        }
        let steps = steps.into_iter().map(|(command, paths)| format!("{command} {}", paths.join(" ")));
        Some(steps.collect::<Vec<_>>().join(" && "))
    }

    /// Returns the command and its path.
    fn command(&self) -> Option<(String, String)> {
        let (command, path) = match self.why {
            Why::Belongs { us, .. } => match all_ours(&self.path) {
                Some(folder) => (format!("sudo chown -R {us}"), folder),
                None if self.itself => (format!("sudo chown {us}"), &*self.path),
                None => return None,
            },
            Why::Mode { folder, .. } => (format!("chmod u+rw{}", if folder { "x" } else { "" }), &*self.path),
            Why::ReadOnly | Why::NoFolder => return None,
        };
        Some((command, quoted(path)))
    }
}

/// Returns the folder around a path that holds only this program's files.
fn all_ours(path: &Path) -> Option<&Path> {
    let named_after_us = |path: &&Path| path.file_name().is_some_and(|name| name == "tm-hooks");
    // The path is the folder, a file in it, or an instance's file one folder deeper.
    let ours = path.ancestors().take(3).find(named_after_us);
    ours.or_else(|| path.extension().is_some_and(|extension| extension == "instances").then_some(path))
}

/// Quotes a path for a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "-_=./:,+@%".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Returns what prevents the use of `path`, or `None` if nothing does or it is unknown.
pub fn refusal(path: &Path, purpose: Use) -> Option<Refusal> {
    let path = link::target(path).ok()?;
    if purpose == Use::Replace {
        return replacing(&path);
    }
    let mut innermost = PathBuf::from(".");
    // The outermost folder comes first: nothing is visible below a folder that cannot be entered.
    let folders: Vec<&Path> = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).collect();
    for folder in folders.into_iter().rev() {
        match fs::metadata(folder) {
            Ok(data) if !data.is_dir() => return Some(Refusal::of(folder, Why::NoFolder, false)),
            Ok(_) => innermost = folder.to_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            Err(_) => return None,
        }
        if let Some(why) = keeps_from_entering(folder) {
            return Some(Refusal::of(folder, why, false));
        }
    }
    let is_missing = fs::metadata(&path).is_err();
    match purpose {
        Use::Read if is_missing => None,
        // The file would be created there.
        _ if is_missing => Some(Refusal::of(&innermost, keeps_from(&innermost, purpose)?, false)),
        _ => Some(Refusal::of(&path, keeps_from(&path, purpose)?, true)),
    }
}

/// Returns what prevents the use of all these paths, which are needed together.
pub fn refusal_of_any(paths: &[PathBuf], purpose: Use) -> Option<Refusal> {
    together(paths.iter().filter_map(|path| refusal(path, purpose)))
}

/// Chains the refusals, the first one outermost.
fn together(refused: impl DoubleEndedIterator<Item = Refusal>) -> Option<Refusal> {
    refused.rev().fold(None, |also, refusal| Some(Refusal { also: also.map(Box::new), ..refusal }))
}

/// Checks both ways in which `write` replaces a file: by its name, which needs a writable folder, or in place, which
/// needs a writable file. A file that is mounted or has other names is only written in place.
fn replacing(path: &Path) -> Option<Refusal> {
    let itself = refusal(path, Use::Write)?;
    if names(path) > 1 || mount_of(path) != Mount::Ordinary {
        return Some(itself);
    }
    refusal(folder_of(path), Use::Write)
}

impl Refusal {
    fn of(path: &Path, why: Why, itself: bool) -> Self {
        Refusal { path: path.to_owned(), why, itself, also: None }
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
        // The remedy never changes the owner of the system's folders.
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

    #[test]
    fn one_step_names_all_that_is_in_the_way() {
        let mode = |path: &str, folder| {
            let why = Why::Mode { bits: 0o400, from: "writing", folder };
            Refusal::of(Path::new(path), why, true)
        };
        let step = |all: Vec<Refusal>| together(all.into_iter()).unwrap().next_step().unwrap();
        assert_eq!(
            step(vec![mode("/srv/x", false), mode("/srv/x-wal", false), mode("/srv/x-shm", false)]),
            "chmod u+rw /srv/x /srv/x-wal /srv/x-shm"
        );
        assert_eq!(
            step(vec![mode("/srv", true), mode("/srv/x", false), belonging("/srv/x-wal", true)]),
            "chmod u+rwx /srv && chmod u+rw /srv/x && sudo chown 1000 /srv/x-wal"
        );
        let ours = |name: &str| belonging(&format!("/home/a/tm-hooks/{name}"), true);
        assert_eq!(step(vec![ours("hooks.db"), ours("hooks.db-wal")]), "sudo chown -R 1000 /home/a/tm-hooks");
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
