//! Tests the files on this machine: the configuration, the tokens, the database of `local`; two writers at once, links
//! and mounts, and owners.

mod doctor;
mod leftovers;
mod links;
mod mounts;
mod moved;
mod owners;
mod two_writers;

use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt, lchown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

use crate::common::{
    Home, Run, Said, skip,
    wire::{Wire, json},
};

/// A user that need not exist on this machine.
const SOMEBODY: u32 = 12_345;

/// An invented token.
const TOKEN: &str = "an-invented-token-in-a-file";

fn config(home: &Home) -> PathBuf {
    home.path().join(".config/tm-hooks/config.toml")
}

fn credentials(home: &Home) -> PathBuf {
    home.path().join(".config/tm-hooks/credentials.toml")
}

/// The text of a file; empty if it does not exist.
fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().file_name()).collect());
    let mut names: Vec<String> =
        entries.unwrap_or_else(|_| Vec::new()).into_iter().map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// A listener that accepts every token at every path, so it stands for many services.
fn services() -> Wire {
    Wire::saying(json(200, r#"{"name":"invented","tokenId":null,"scopes":["admin"],"expiresAt":null}"#))
}

fn login(home: &Home, url: &str, more: &[&str]) -> Command {
    let token = home.path().join("token");
    if !token.exists() {
        fs::write(&token, TOKEN).unwrap();
    }
    let mut program = home.program();
    program.args(["login", url, "--insecure-storage", "--token-file"]).arg(token).args(more);
    program
}

/// Runs all programs at once, and expects exit code 0 from each.
fn all_at_once(programs: impl IntoIterator<Item = Command>) {
    let started: Vec<_> = programs.into_iter().map(|mut program| program.started()).collect();
    for said in started.into_iter().map(|program| program.said()) {
        said.exits(0);
    }
}

/// Whether a test is skipped because it needs another user, or because that user could not reach its files; the reason
/// is reported.
fn skipped_without_root() -> bool {
    if !rustix::process::geteuid().is_root() {
        skip::forbidden("only root can try what belongs to somebody else");
        return true;
    }
    let places = [std::env::temp_dir(), PathBuf::from(env!("CARGO_BIN_EXE_tm-hooks"))];
    let closed = places.iter().flat_map(|place| place.ancestors()).find(|place| !may_be_entered(place));
    if let Some(closed) = closed {
        skip::forbidden(&format!("{} is closed to somebody else than root", closed.display()));
    }
    closed.is_some()
}

/// Whether every user may enter this folder or run this file.
fn may_be_entered(place: &Path) -> bool {
    fs::metadata(place).is_ok_and(|found| found.permissions().mode() & 0o001 != 0)
}

/// Gives a home with its contents to an owner.
fn give(path: &Path, owner: u32) {
    lchown(path, Some(owner), Some(owner)).unwrap();
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), owner);
        }
    }
}

/// The program, run as a user who is not root.
fn as_somebody(home: &Home) -> Command {
    let mut program = home.program();
    program.uid(SOMEBODY).gid(SOMEBODY);
    program
}

fn run_as_somebody(home: &Home, arguments: &[&str]) -> Said {
    as_somebody(home).args(arguments).said()
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A mount that lasts until it is dropped.
pub struct Mounted(PathBuf);

impl Mounted {
    /// Mounts with these arguments at an existing place. None if this machine does not allow it, which is reported.
    pub fn with(arguments: &[&str], place: &Path) -> Option<Self> {
        let mounted = Command::new("mount").args(arguments).arg(place).output();
        let done = mounted.is_ok_and(|mounted| mounted.status.success());
        if !done {
            skip::forbidden("nothing can be mounted here (it needs root)");
        }
        done.then(|| Mounted(place.to_owned()))
    }

    /// Mounts a file or folder at a second place.
    pub fn bind(from: &Path, place: &Path) -> Option<Self> {
        Self::with(&["--bind", from.to_str().unwrap()], place)
    }

    /// Makes a folder read-only.
    fn read_only(folder: &Path) -> Option<Self> {
        let mounted = Self::bind(folder, folder)?;
        let remounted = Command::new("mount").args(["-o", "remount,bind,ro"]).arg(folder).status().unwrap();
        assert!(remounted.success());
        Some(mounted)
    }

    /// Mounts a read-only file at a second place.
    fn read_only_file(from: &Path, place: &Path) -> Option<Self> {
        let mounted = Self::bind(from, place)?;
        let remounted = Command::new("mount").args(["-o", "remount,bind,ro"]).arg(place).status().unwrap();
        assert!(remounted.success());
        Some(mounted)
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
