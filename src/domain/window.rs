//! Windows of time: the start is included, the end is not.

use super::time::Timestamp;

/// The reason why a window is empty. The error names the requested times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAWindow {
    /// It ends before it begins.
    #[error("the window ends ({until}) before it begins ({since})")]
    Backwards {
        /// Its start.
        since: Timestamp,
        /// Its end.
        until: Timestamp,
    },
    /// It ends where it begins.
    #[error("the window is empty: it begins and ends at {0}")]
    Empty(Timestamp),
    /// It begins later than now.
    #[error("the window begins in the future, at {since}; now it is {now}")]
    Ahead {
        /// Its start.
        since: Timestamp,
        /// The current time.
        now: Timestamp,
    },
}

/// Checks that a window is not empty. Without a start it begins at the oldest entry, without an end it ends now.
///
/// # Errors
/// Fails if its end is not after its start.
pub fn ordered(since: Option<Timestamp>, until: Option<Timestamp>) -> Result<(), NotAWindow> {
    match (since, until) {
        (Some(since), Some(until)) if until < since => Err(NotAWindow::Backwards { since, until }),
        (Some(since), Some(until)) if until == since => Err(NotAWindow::Empty(since)),
        _ => Ok(()),
    }
}

/// Checks that a window is not empty and not in the future.
///
/// # Errors
/// Fails like [`ordered`], and if the window begins after now.
pub fn begun(since: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> Result<(), NotAWindow> {
    ordered(since, until)?;
    match since {
        Some(since) if since > now => Err(NotAWindow::Ahead { since, now }),
        Some(since) if since == now => Err(NotAWindow::Empty(since)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_begins_in_the_past_and_ends_later() {
        let at = |second| Some(Timestamp::from_seconds(second));
        let why = |since, until| begun(since, until, Timestamp::from_seconds(100)).err();
        for (since, until) in
            [(None, None), (at(99), None), (at(99), at(100)), (at(1), at(2)), (at(99), at(500)), (None, at(7))]
        {
            assert_eq!(why(since, until), None, "{since:?} to {until:?}");
        }
        let [since, until, now] = [2, 1, 100].map(Timestamp::from_seconds);
        assert_eq!(why(at(2), at(1)), Some(NotAWindow::Backwards { since, until }));
        assert_eq!(why(at(2), at(2)), Some(NotAWindow::Empty(since)));
        // A window of one microsecond is valid; a start one microsecond after now is not.
        let later = now.plus(std::time::Duration::from_micros(1));
        assert_eq!(why(Some(later), None), Some(NotAWindow::Ahead { since: later, now }));
        assert_eq!(why(at(100), None), Some(NotAWindow::Empty(now)));
        assert_eq!(why(at(100), at(500)), Some(NotAWindow::Empty(now)));
        assert_eq!(ordered(at(500), None), Ok(()));
    }
}
