//! The terminal for questions: keys come from the terminal of standard input, and the question is shown where it is
//! visible.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::fd::AsFd,
    sync::Arc,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    process::getpgrp,
    termios::{QueueSelector, tcflush, tcgetpgrp, tcgetwinsize},
};

use super::{DEFAULT_WIDTH, look::Means};

/// The rows of a terminal of unknown height.
const DEFAULT_HEIGHT: usize = 24;

/// The terminal for questions.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The input. Nothing is read ahead: what follows an answer is left to the next reader.
    pub keys: Arc<File>,
    /// The output, on which the question is visible.
    pub screen: Arc<File>,
    /// Its abilities.
    pub means: Means,
}

impl Desk {
    /// Opens the process's own terminal. The question is shown on stderr, or on the terminal itself if stderr is
    /// redirected.
    ///
    /// # Errors
    /// Fails if there is no such terminal.
    pub fn of_process(stderr_is_terminal: bool, means: Means) -> io::Result<Self> {
        let keys = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let screen = match stderr_is_terminal {
            true => File::from(io::stderr().as_fd().try_clone_to_owned()?),
            false => OpenOptions::new().write(true).open("/dev/tty")?,
        };
        Ok(Desk { keys: Arc::new(keys), screen: Arc::new(screen), means })
    }

    /// Writes to the screen.
    ///
    /// # Errors
    /// Fails if the terminal is gone.
    pub fn write(&self, text: &str) -> io::Result<()> {
        let mut left = text.as_bytes();
        while !left.is_empty() {
            match (&*self.screen).write(left) {
                Ok(count) => left = &left[count..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Another program has made the terminal non-blocking.
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    poll(&mut [PollFd::new(&*self.screen, PollFlags::OUT)], None)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Returns the current numbers of columns and rows.
    pub fn size(&self) -> (usize, usize) {
        let (columns, rows) =
            tcgetwinsize(&*self.screen).map_or((0, 0), |size| (usize::from(size.ws_col), usize::from(size.ws_row)));
        let or = |count, usual| if count > 0 { count } else { usual };
        (or(columns, DEFAULT_WIDTH), or(rows, DEFAULT_HEIGHT))
    }

    /// Whether this process is in the foreground of the terminal. The system stops a background process, with all its
    /// threads, if it reads from the terminal or changes it.
    pub fn is_in_front(&self) -> bool {
        tcgetpgrp(&*self.keys).map_or(true, |in_front| in_front == getpgrp())
    }

    /// Discards input that was not read yet.
    pub fn forget_typed(&self) {
        // A terminal that is gone has no input.
        let _ = tcflush(&*self.keys, QueueSelector::IFlush);
    }
}
