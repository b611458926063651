//! What the end-to-end tests share: the real binary in a home of its own, a real service, a real receiver.

#![allow(dead_code, reason = "the ground of the tests that come next")]

pub mod api;
pub mod ledger;
pub mod proxy;
pub mod receiver;
pub mod run;
pub mod secured;
pub mod service;
pub mod skip;
pub mod streams;
pub mod terminal;
pub mod trace;
pub mod wire;
pub mod write_lock;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use tempfile::TempDir;

pub use run::{Run, Said};

/// How long a condition is waited for before a test fails: long enough for a busy machine.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// How long before a condition is looked at again, where nothing tells of a change.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(5);

/// A home folder of its own: nothing of the machine's user reaches the program, and nothing is left behind.
pub struct Home {
    folder: TempDir,
    /// The clock that its programs read, and how many of them were started, where these are set.
    still: Option<(TempDir, AtomicU64)>,
}

impl Home {
    pub fn new() -> Self {
        Home { folder: TempDir::new().unwrap(), still: None }
    }

    /// A home in which time stands still at `now` (RFC 3339), and in which programs draw the same random bytes in every
    /// run: what they say is the same to the letter. Each program that is started draws others than those before it.
    #[cfg(debug_assertions)]
    pub fn at(now: &str) -> Self {
        Self::standing_still(now, 1)
    }

    fn standing_still(now: &str, seed: u64) -> Self {
        let still = Some((TempDir::new().unwrap(), AtomicU64::new(seed)));
        let home = Home { folder: folder_of_constant_length(), still };
        home.set_clock(now);
        home
    }

    /// Sets the clock of [`Home::at`], for programs that run too.
    pub fn set_clock(&self, now: &str) {
        let (folder, _) = self.still.as_ref().expect("a home whose clock is set");
        set_clock(folder.path(), now);
    }

    /// The clock of [`Home::at`], for who moves it from elsewhere; one that nobody reads, where no clock is set.
    pub fn clock(&self) -> Clock {
        Clock(self.still.as_ref().map(|(folder, _)| folder.path().to_owned()))
    }

    /// What is in this home; no program may be running in it.
    pub fn packed(&self) -> Packed {
        let still = self.still.as_ref().map(|(folder, seed)| {
            (fs::read_to_string(folder.path().join("now")).unwrap(), seed.load(Ordering::SeqCst))
        });
        let mut packed = Packed { files: Vec::new(), still };
        pack(self.path(), Path::new(""), &mut packed.files);
        packed
    }

    /// Another home with the same files, clock and seed.
    pub fn copy(&self) -> Self {
        self.packed().unpacked()
    }

    /// The environment of its programs: nothing of the machine's user.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut variables = vec![("HOME".to_owned(), self.path().to_str().unwrap().to_owned())];
        if let Some((folder, seed)) = &self.still {
            let clock = folder.path().join("now").to_str().unwrap().to_owned();
            variables.push(("TM_HOOKS_TEST_CLOCK".to_owned(), clock));
            variables.push(("TM_HOOKS_TEST_SEED".to_owned(), seed.fetch_add(1, Ordering::SeqCst).to_string()));
            variables.push(("TZ".to_owned(), "UTC".to_owned()));
        }
        variables
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The core files in this folder, in which programs crash unless the system puts those elsewhere.
    pub fn cores(&self) -> Vec<PathBuf> {
        let paths = std::fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().path());
        let is_core = |path: &Path| {
            let name = path.file_name().unwrap().to_string_lossy();
            path.is_file() && (name.starts_with("core") || name.ends_with(".core"))
        };
        paths.filter(|path| is_core(path)).collect()
    }

    /// The file of the profile `local`.
    pub fn database(&self) -> PathBuf {
        self.path().join(".local/share/tm-hooks/hooks.db")
    }

    /// The program, with nothing of the outside but this home.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tm-hooks"));
        command
            .env_clear()
            .envs(self.environment())
            .env("COLUMNS", "100")
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program without a terminal and without input.
    pub fn run<const N: usize>(&self, arguments: [&str; N]) -> Said {
        self.program().args(arguments).said()
    }

    /// Runs the program and expects exit code 0; gives its standard output.
    #[track_caller]
    pub fn ok<const N: usize>(&self, arguments: [&str; N]) -> String {
        self.run(arguments).ok()
    }

    /// Runs the program and parses its standard output as JSON.
    #[track_caller]
    pub fn json<const N: usize>(&self, arguments: [&str; N]) -> serde_json::Value {
        self.run(arguments).json()
    }

    /// Runs the program with `input` on its standard input.
    pub fn run_with_input<const N: usize>(&self, arguments: [&str; N], input: &str) -> Said {
        self.program().args(arguments).said_with_input(input.as_bytes())
    }
}

/// A clock that stands still, in the folder in which a home keeps it.
pub struct Clock(Option<PathBuf>);

impl Clock {
    /// Lets so many milliseconds pass.
    pub fn go_on(&self, milliseconds: i64) {
        let Some(folder) = &self.0 else { return };
        let now: jiff::Timestamp = fs::read_to_string(folder.join("now")).unwrap().parse().unwrap();
        set_clock(folder, &(now + jiff::SignedDuration::from_millis(milliseconds)).to_string());
    }
}

fn set_clock(folder: &Path, now: &str) {
    // Renamed into place, so that nobody reads half of it.
    fs::write(folder.join("next"), now).unwrap();
    fs::rename(folder.join("next"), folder.join("now")).unwrap();
}

impl Drop for Home {
    /// Whatever a test is about: no program of ours leaves a core, and nobody could see it afterwards.
    fn drop(&mut self) {
        let cores = self.cores();
        assert!(std::thread::panicking() || cores.is_empty(), "a program left {cores:?}");
    }
}

/// A folder whose path has as many characters as `/home/mara`, wherever temporary files are kept: so that what a program
/// wraps and cuts at the width of a terminal is the same everywhere.
fn folder_of_constant_length() -> TempDir {
    tempfile::Builder::new().prefix("tm").rand_bytes(3).tempdir_in("/tmp").unwrap()
}

/// The files of a home, its clock and its seed: what homes are made from again and again, while no folder is kept.
pub struct Packed {
    files: Vec<PackedFile>,
    still: Option<(String, u64)>,
}

/// A path in a home, who may do what there, and a file's bytes.
type PackedFile = (PathBuf, fs::Permissions, Option<Vec<u8>>);

impl Packed {
    /// A home made of it.
    pub fn unpacked(&self) -> Home {
        let home = self.still.as_ref().map_or_else(Home::new, |(now, seed)| Home::standing_still(now, *seed));
        for (path, mode, bytes) in &self.files {
            let path = home.path().join(path);
            match bytes {
                Some(bytes) => fs::write(&path, bytes).unwrap(),
                None => fs::create_dir(&path).unwrap(),
            }
            fs::set_permissions(path, mode.clone()).unwrap();
        }
        home
    }
}

/// Adds all that is in `folder` of a home to `files`, folders before what is in them.
fn pack(home: &Path, folder: &Path, files: &mut Vec<PackedFile>) {
    for entry in fs::read_dir(home.join(folder)).unwrap().map(Result::unwrap) {
        let (path, place) = (folder.join(entry.file_name()), entry.path());
        let mode = fs::metadata(&place).unwrap().permissions();
        if place.is_dir() {
            files.push((path.clone(), mode, None));
            pack(home, &path, files);
        } else {
            files.push((path, mode, Some(fs::read(place).unwrap())));
        }
    }
}

/// Waits until `condition` gives something, by looking again and again; fails the test when it never does.
pub fn until<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(std::time::Instant::now() < deadline, "waited in vain for {what}");
        std::thread::park_timeout(LOOK_AGAIN);
    }
}
