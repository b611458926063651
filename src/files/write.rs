//! Replaces a file's content, by renaming another file or in place.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Seek, SeekFrom, Write},
    path::Path,
};

use zeroize::Zeroizing;

use super::{mount::names, owner::create_in_place_of, suffix::with_suffix};

/// Replaces the file's content by `text`, completely or not at all: a private file beside it takes its name. If that is
/// not possible, as for a mounted file, the file is overwritten and keeps its mode. So is a file with several hard
/// links, as the other names would keep the old content.
///
/// # Errors
/// Fails if it cannot be written; the old content remains.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    if names(path) > 1 {
        return in_place(path, text);
    }
    in_either_way(by_name(path, text), path, text)
}

/// Removes a file, or empties it if it cannot be removed or has other names.
///
/// # Errors
/// Fails if the content remains.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    if names(path) > 1 {
        in_place(path, "")?;
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => in_either_way(done, path, ""),
    }
}

/// Overwrites the file if it cannot be replaced. If that also fails, the first error is returned.
fn in_either_way(done: io::Result<()>, path: &Path, text: &str) -> io::Result<()> {
    let Err(first) = done else { return Ok(()) };
    if !keeps_its_place(&first) {
        return Err(first);
    }
    match in_place(path, text) {
        Err(second) if keeps_its_place(&second) || second.kind() == ErrorKind::NotFound => Err(first),
        done => done,
    }
}

/// Whether an error means that a file cannot be replaced or removed: it is mounted, or its folder is not writable.
fn keeps_its_place(error: &io::Error) -> bool {
    use ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), ResourceBusy | CrossesDevices | PermissionDenied | ReadOnlyFilesystem)
}

fn by_name(path: &Path, text: &str) -> io::Result<()> {
    let new = with_suffix(path, &format!(".{}.new", std::process::id()));
    let written = create_in_place_of(&new, path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let done = written.and_then(|()| fs::rename(&new, path));
    if done.is_err() {
        let _ = fs::remove_file(&new);
    }
    done
}

/// Removes temporary files of processes that were killed while they wrote.
pub(super) fn remove_left_behind(path: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
    let begin = format!("{}.", name.to_string_lossy());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let found = entry.file_name().to_string_lossy().into_owned();
        let process = found.strip_prefix(&begin).and_then(|rest| rest.strip_suffix(".new"));
        if process.is_some_and(|process| process.parse::<u32>().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Overwrites a file. A concurrent reader sees the old text or the new one, followed by empty lines; and a full disk is
/// noticed before the old text changes.
fn in_place(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let (before, after) = (usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX), text.len());
    if let Some(more) = after.checked_sub(before).filter(|more| *more > 0) {
        file.seek(SeekFrom::End(0))?;
        if let Err(error) = file.write_all(&vec![b'\n'; more]) {
            let _ = file.set_len(before as u64);
            return Err(error);
        }
        file.rewind()?;
    }
    let whole = Zeroizing::new(format!("{text}{}", "\n".repeat(before.saturating_sub(after))));
    file.write_all(whole.as_bytes())?;
    file.set_len(after as u64)?;
    file.sync_all()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        for name in ["config.toml.12.new", "config.toml.new", "config.toml.old.new"] {
            fs::write(folder.path().join(name), "left").unwrap();
        }
        replace(&path, "one").unwrap();
        replace(&path, "two").unwrap();
        remove_left_behind(&path);
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "what is not ours was removed, or ours was not");
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn longer_and_shorter_texts_are_written_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mounted");
        fs::write(&path, "some text").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        for text in ["short", "a much longer text than before", "", "again"] {
            in_place(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(in_place(&folder.path().join("absent"), "text").is_err());
    }

    #[test]
    fn what_has_other_names_is_written_and_emptied_under_all_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("credentials.toml"), folder.path().join("other"));
        fs::write(&path, "some token").unwrap();
        fs::hard_link(&path, &other).unwrap();
        replace(&path, "another").unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "another");
        remove(&path).unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "");
        assert!(!path.exists());
    }

    #[test]
    fn the_first_error_tells_unless_the_second_knows_better() {
        let folder = tempfile::tempdir().unwrap();
        let denied = || Err(io::Error::from(ErrorKind::PermissionDenied));
        let absent = in_either_way(denied(), &folder.path().join("absent"), "text").unwrap_err();
        assert_eq!(absent.kind(), ErrorKind::PermissionDenied);
        let no_file = in_either_way(denied(), folder.path(), "text").unwrap_err();
        assert_eq!(no_file.kind(), ErrorKind::IsADirectory);
        let full = in_either_way(Err(ErrorKind::StorageFull.into()), &folder.path().join("absent"), "").unwrap_err();
        assert_eq!(full.kind(), ErrorKind::StorageFull);
    }
}
