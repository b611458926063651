//! When a terminal was last told that the service runs inside this program. Once a day is enough: what is said every time
//! is not read any more.

use std::{fs, io::Write, path::Path, time::Duration};

use crate::{domain::time::Timestamp, files};

/// How long it is known.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Nothing that we have written is longer, in bytes.
const LONGEST: u64 = 64;

/// Whether it is to be told again: a day has passed, or nobody knows.
pub(super) fn is_due(file: &Path, now: Timestamp) -> bool {
    let last = files::read_text(file, LONGEST).ok().and_then(|text| text.trim().parse().ok());
    last.is_none_or(|last: Timestamp| last > now || now.since(last) >= DAY)
}

/// Keeps that it was told. Where that cannot be kept it is told again; of two processes either one may win.
pub(super) fn remember(file: &Path, now: Timestamp) {
    let written = fs::OpenOptions::new().write(true).truncate(true).open(file).or_else(|_| files::create_new(file));
    let _ = written.and_then(|mut file| writeln!(file, "{now}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once_a_day_and_whenever_nobody_knows() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("local-named");
        let at = Timestamp::from_seconds;
        assert!(is_due(&file, at(1_000_000)));
        remember(&file, at(1_000_000));
        assert!(!is_due(&file, at(1_000_000)) && !is_due(&file, at(1_086_399)));
        assert!(is_due(&file, at(1_086_400)));
        assert!(is_due(&file, at(999_999)), "a clock that was put back must not silence it for long");
        remember(&file, at(2_000_000));
        assert!(!is_due(&file, at(2_000_001)));
        for unreadable in ["", "yesterday", &"2".repeat(100)] {
            fs::write(&file, unreadable).unwrap();
            assert!(is_due(&file, at(2_000_001)), "{unreadable}");
        }
        remember(&folder.path().join("absent/local-named"), at(0));
        remember(folder.path(), at(0));
    }
}
