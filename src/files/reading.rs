//! Reads the files that people name, within limits of size and time. Special files are read too if they end: `<(pass
//! show hooks)` is a pipe.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    sync::mpsc::{self, RecvTimeoutError},
    time::Duration,
};

use zeroize::Zeroizing;

use crate::domain::encoding::{self, NotUtf8};

/// The longest wait for a writer of a pipe.
const LONGEST_OPENING: Duration = Duration::from_secs(3);
/// The longest time to read a special file: a program behind it may ask a person for a passphrase.
const LONGEST_READING: Duration = Duration::from_secs(30);

/// The content of a file. It is wiped when dropped, as it may be secret.
pub type Contents = Zeroizing<Vec<u8>>;

/// The reason why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The file is missing or cannot be opened.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The path is a folder.
    #[error("it is a folder")]
    Folder,
    /// The file is larger than the limit.
    #[error("it is larger than {}", size(*.0))]
    TooLarge(u64),
    /// The file is a pipe without a writer.
    #[error("it is a pipe that nobody writes to")]
    NobodyWrites,
    /// The file does not end in time.
    #[error("it did not come to its end within {} s", LONGEST_READING.as_secs())]
    Endless,
    /// The file is not UTF-8.
    #[error(transparent)]
    NotUtf8(#[from] NotUtf8),
}

impl Unreadable {
    /// Whether the file is missing.
    pub fn is_absent(&self) -> bool {
        matches!(self, Unreadable::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// Suggests what to do, if possible.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Unreadable::NotUtf8(error) => Some(error.hint()),
            _ => None,
        }
    }
}

/// Reads a whole file of at most `most` bytes. It takes at most about half a minute.
///
/// # Errors
/// Fails if it cannot be read or is larger.
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

/// Reads the text of a file, without a byte order mark.
///
/// # Errors
/// Fails like [`read`], and if it is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> Result<Zeroizing<String>, Unreadable> {
    Ok(Zeroizing::new(encoding::text(&read(path, most)?)?.to_owned()))
}

/// Reads to the end, or one byte past the limit. The buffer has its final size, as growing would leave copies of
/// secrets.
fn read_from(source: &mut dyn Read, most: u64, expected: u64) -> Result<Contents, Unreadable> {
    let room = usize::try_from(expected.min(most)).unwrap_or_default();
    let mut contents = Zeroizing::new(Vec::with_capacity(room + 1));
    source.take(most + 1).read_to_end(&mut contents)?;
    if contents.len() as u64 > most {
        return Err(Unreadable::TooLarge(most));
    }
    Ok(contents)
}

/// The progress of the reading thread.
enum Progress {
    Opened,
    Read(Result<Contents, Unreadable>),
}

/// Reads a file that may block, on a thread that is abandoned after the limit.
fn read_patiently(path: &Path, most: u64) -> Result<Contents, Unreadable> {
    let (tell, progress) = mpsc::channel();
    let path = path.to_owned();
    std::thread::Builder::new().name("read-file".to_owned()).spawn(move || {
        let read = File::open(path).map_err(Unreadable::from).and_then(|mut file| {
            let _ = tell.send(Progress::Opened);
            read_from(&mut file, most, 0)
        });
        // After the limit, nobody receives this.
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

/// Formats a number of bytes.
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
