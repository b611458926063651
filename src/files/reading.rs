//! Reads the files that people name: whole, and never for ever. What is no regular file is read too, as long as it ends:
//! `<(pass show hooks)` is a pipe.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    sync::mpsc::{self, RecvTimeoutError},
    time::Duration,
};

use zeroize::Zeroizing;

use crate::domain::encoding::{self, NotUtf8};

/// How long a pipe may wait for somebody who writes into it.
const LONGEST_OPENING: Duration = Duration::from_secs(3);
/// How long what is no regular file may take until it has been read: a person may be asked for a passphrase meanwhile.
const LONGEST_READING: Duration = Duration::from_secs(30);

/// What a file holds; wiped when it is dropped, as it may be secret.
pub type Contents = Zeroizing<Vec<u8>>;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is not there, or not to be opened.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is a folder.
    #[error("it is a folder")]
    Folder,
    /// It is larger than anything that could be meant.
    #[error("it is larger than {}", size(*.0))]
    TooLarge(u64),
    /// It is a pipe, and nobody is at its other end.
    #[error("it is a pipe that nobody writes to")]
    NobodyWrites,
    /// It goes on and on.
    #[error("it did not come to its end within {} s", LONGEST_READING.as_secs())]
    Endless,
    /// It is no text.
    #[error(transparent)]
    NotUtf8(#[from] NotUtf8),
}

impl Unreadable {
    /// Whether there is no such file.
    pub fn is_absent(&self) -> bool {
        matches!(self, Unreadable::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// What to do about it, where that can be told.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Unreadable::NotUtf8(error) => Some(error.hint()),
            _ => None,
        }
    }
}

/// All that is in a file, if that is at most `most` bytes. It takes no longer than half a minute and no more memory.
///
/// # Errors
/// When it cannot be read, or is larger.
pub fn read(path: &Path, most: u64) -> Result<Contents, Unreadable> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(Unreadable::Folder);
    }
    if !metadata.is_file() {
        return read_patiently(path, most);
    }
    if metadata.len() > most {
        return Err(Unreadable::TooLarge(most));
    }
    read_from(&mut File::open(path)?, most, metadata.len())
}

/// The text of a file, without a byte order mark.
///
/// # Errors
/// As [`read`], and when it is no UTF-8.
pub fn read_text(path: &Path, most: u64) -> Result<Zeroizing<String>, Unreadable> {
    Ok(Zeroizing::new(encoding::text(&read(path, most)?)?.to_owned()))
}

/// Reads to the end, or one byte too far, with room for what is `expected`: growing would leave copies behind.
fn read_from(source: &mut dyn Read, most: u64, expected: u64) -> Result<Contents, Unreadable> {
    let room = usize::try_from(expected.min(most)).unwrap_or_default();
    let mut contents = Zeroizing::new(Vec::with_capacity(room + 1));
    source.take(most + 1).read_to_end(&mut contents)?;
    if contents.len() as u64 > most {
        return Err(Unreadable::TooLarge(most));
    }
    Ok(contents)
}

/// What the thread that reads has come to.
enum Progress {
    Opened,
    Read(Result<Contents, Unreadable>),
}

/// Reads what may make us wait, on a thread that is left behind when it does so for too long.
fn read_patiently(path: &Path, most: u64) -> Result<Contents, Unreadable> {
    let (tell, progress) = mpsc::channel();
    let path = path.to_owned();
    std::thread::Builder::new().name("read-file".to_owned()).spawn(move || {
        let read = File::open(path).map_err(Unreadable::from).and_then(|mut file| {
            let _ = tell.send(Progress::Opened);
            read_from(&mut file, most, 0)
        });
        // Nobody listens any more when it took too long.
        let _ = tell.send(Progress::Read(read));
    })?;
    let next = |limit, late| match progress.recv_timeout(limit) {
        Ok(progress) => Ok(progress),
        Err(RecvTimeoutError::Timeout) => Err(late),
        Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("it could not be read").into()),
    };
    let mut step = next(LONGEST_OPENING, Unreadable::NobodyWrites)?;
    if let Progress::Opened = step {
        step = next(LONGEST_READING, Unreadable::Endless)?;
    }
    match step {
        Progress::Read(read) => read,
        Progress::Opened => Err(io::Error::other("it was opened twice").into()),
    }
}

/// A number of bytes in words.
fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        _ if bytes >= KIB * KIB && bytes.is_multiple_of(KIB * KIB) => format!("{} MiB", bytes / (KIB * KIB)),
        _ if bytes >= KIB && bytes.is_multiple_of(KIB) => format!("{} KiB", bytes / KIB),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, process::Command, time::Instant};

    use super::*;

    #[test]
    fn files_are_read_whole_up_to_their_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "\u{feff}five\n").unwrap();
        assert_eq!(read(&path, 8).unwrap().as_slice(), "\u{feff}five\n".as_bytes());
        assert_eq!(read_text(&path, 8).unwrap().as_str(), "five\n");
        assert_eq!(read(&path, 7).unwrap_err().to_string(), "it is larger than 7 bytes");
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(read(&path, 64 * 1024).unwrap_err().to_string(), "it is larger than 64 KiB");
        assert!(read(&folder.path().join("nowhere"), 1).unwrap_err().is_absent());
        assert_eq!(read(folder.path(), 1).unwrap_err().to_string(), "it is a folder");
    }

    #[test]
    fn devices_end_or_are_too_large() {
        assert_eq!(read(Path::new("/dev/null"), 10).unwrap().as_slice(), b"");
        assert_eq!(read(Path::new("/dev/zero"), 1024 * 1024).unwrap_err().to_string(), "it is larger than 1 MiB");
    }

    fn pipe(folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn a_pipe_is_read_when_somebody_writes_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let (lonely, path) = (pipe(folder.path(), "lonely"), pipe(folder.path(), "pipe"));
        let begun = Instant::now();
        assert!(matches!(read(&lonely, 10), Err(Unreadable::NobodyWrites)));
        assert!(begun.elapsed() < LONGEST_READING, "{:?}", begun.elapsed());
        let other_end = path.clone();
        let writer = std::thread::spawn(move || fs::write(other_end, "written"));
        assert_eq!(read_text(&path, 10).unwrap().as_str(), "written");
        writer.join().unwrap().unwrap();
    }
}
