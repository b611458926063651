//! Keeps the output of the programs that tests start, for a search: it must contain no secret (`.ci/run` looks).

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
};

/// The folder of all test programs' traces.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("said")
}

/// The name of this test program without the hash.
fn program() -> String {
    let path = std::env::current_exe().unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    name.rsplit_once('-').map_or(name.clone(), |(name, _)| name.to_owned())
}

/// A file of this test program, only for its owner, emptied at the start of each run.
fn new_file(name: &str) -> Mutex<File> {
    fs::create_dir_all(folder()).unwrap();
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    Mutex::new(options.open(folder().join(name)).unwrap())
}

fn append(file: &Mutex<File>, text: &str) {
    let mut file = file.lock().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.write_all(b"\n").unwrap();
}

/// Keeps a program's output.
pub fn said(text: &str) {
    static FILE: OnceLock<Mutex<File>> = OnceLock::new();
    append(FILE.get_or_init(|| new_file(&format!("{}.log", program()))), text);
}

/// Records a secret without a recognisable form, such as a token or a header's value, for the search. Returns it. The
/// search takes each line for a secret, and finds an empty one everywhere: blanks around a secret are not recorded.
pub fn secret(text: &str) -> &str {
    static FILE: OnceLock<Mutex<File>> = OnceLock::new();
    let bare = text.trim();
    assert!(bare.len() >= 10 && !bare.contains(['\r', '\n']), "a secret that the search would find in any text");
    append(FILE.get_or_init(|| new_file(&format!("{}.secrets", program()))), bare);
    text
}
