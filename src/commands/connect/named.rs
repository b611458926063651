//! Remembers when a terminal last showed that the service runs inside this program. Once a day is enough: repeated
//! messages are not read.

use std::{fs, io::Write, path::Path, time::Duration};

use crate::{domain::time::Timestamp, files};

/// The time until it is shown again.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// The longest file that is read, in bytes; this program writes less.
const LONGEST: u64 = 64;

/// Whether it must be shown again: a day has passed, or the last time is unknown.
pub(super) fn is_due(file: &Path, now: Timestamp) -> bool {
    let last = files::read_text(file, LONGEST).ok().and_then(|text| text.trim().parse().ok());
    last.is_none_or(|last: Timestamp| last > now || now.since(last) >= DAY)
}

/// Records the time. If that fails, it is shown again; of two processes, either may win.
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
