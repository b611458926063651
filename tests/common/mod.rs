//! What the end-to-end tests share: the real binary in its own home, a real service, a real receiver.

#![allow(dead_code, reason = "the ground of the tests that come next")]

pub mod api;
pub mod ledger;
pub mod proxy;
pub mod receiver;
pub mod run;
pub mod secured;
pub mod sender;
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

/// The longest wait for a condition before a test fails; it is long enough for a busy machine.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// The pause between two checks of a condition that nothing signals.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(5);

/// A separate home folder: the program sees nothing of the machine's user, and nothing is left behind.
pub struct Home {
    folder: TempDir,
    /// The clock that its programs read and the number of programs started, if these are set.
    still: Option<(TempDir, AtomicU64)>,
}

impl Home {
    pub fn new() -> Self {
        Home { folder: TempDir::new().unwrap(), still: None }
    }

    /// A home in which time stands still at `now` (RFC 3339) and programs draw the same random bytes in every run, so
    /// that their output is always the same. Each started program draws other bytes than those before it.
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

    /// Sets the clock of [`Home::at`], also for running programs.
    pub fn set_clock(&self, now: &str) {
        let (folder, _) = self.still.as_ref().expect("a home whose clock is set");
        set_clock(folder.path(), now);
    }

    /// The clock of [`Home::at`], for callers that move it; a clock that nobody reads, if none is set.
    pub fn clock(&self) -> Clock {
        Clock(self.still.as_ref().map(|(folder, _)| folder.path().to_owned()))
    }

    /// Packs the contents of this home; no program may be running in it.
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

    /// The environment of its programs, without anything of the machine's user.
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

    /// The core files in this folder, where programs crash unless the system stores cores elsewhere.
    pub fn cores(&self) -> Vec<PathBuf> {
        let paths = std::fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().path());
        let is_core = |path: &Path| {
            let name = path.file_name().unwrap().to_string_lossy();
            path.is_file() && (name.starts_with("core") || name.ends_with(".core"))
        };
        paths.filter(|path| is_core(path)).collect()
    }

    /// The database of the profile `local`.
    pub fn database(&self) -> PathBuf {
        self.path().join(".local/share/tm-hooks/hooks.db")
    }

    /// The program with nothing from outside but this home.
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

    /// Runs the program and expects exit code 0; returns its standard output.
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

/// A clock that stands still, in the folder where a home keeps it.
pub struct Clock(Option<PathBuf>);

impl Clock {
    /// Moves the clock on.
    pub fn go_on(&self, milliseconds: i64) {
        let Some(folder) = &self.0 else { return };
        let now: jiff::Timestamp = fs::read_to_string(folder.join("now")).unwrap().parse().unwrap();
        set_clock(folder, &(now + jiff::SignedDuration::from_millis(milliseconds)).to_string());
    }
}

fn set_clock(folder: &Path, now: &str) {
    // The file is renamed into place, so that nobody reads half of it.
    fs::write(folder.join("next"), now).unwrap();
    fs::rename(folder.join("next"), folder.join("now")).unwrap();
}

impl Drop for Home {
    /// Checks after every test that no program left a core, which nobody could find afterwards.
    fn drop(&mut self) {
        let cores = self.cores();
        assert!(std::thread::panicking() || cores.is_empty(), "a program left {cores:?}");
    }
}

/// A folder whose path is always as long as `/home/mara`, so that what a program wraps and cuts at the terminal's width
/// is the same everywhere.
fn folder_of_constant_length() -> TempDir {
    tempfile::Builder::new().prefix("tm").rand_bytes(3).tempdir_in("/tmp").unwrap()
}

/// The files, clock and seed of a home, from which homes can be made again and again without keeping a folder.
pub struct Packed {
    files: Vec<PackedFile>,
    still: Option<(String, u64)>,
}

/// A path in a home, its permissions, and a file's bytes.
type PackedFile = (PathBuf, fs::Permissions, Option<Vec<u8>>);

impl Packed {
    /// Makes a home of it.
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

/// Adds everything in a home's `folder` to `files`, folders before their contents.
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

/// Waits until `condition` returns something, by checking repeatedly; fails the test if it never does.
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
