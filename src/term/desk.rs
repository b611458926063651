//! Where somebody is asked: keys come from the terminal of standard input, and the question stands where it is seen.

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

/// Rows of a terminal that does not say how many it has.
const DEFAULT_HEIGHT: usize = 24;

/// The terminal that is asked at.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Where keys come from. Nothing is read ahead: what follows an answer is left to whoever reads next.
    pub keys: Arc<File>,
    /// Where the question is seen.
    pub screen: Arc<File>,
    /// What it can show.
    pub means: Means,
}

impl Desk {
    /// The process's own terminal. The question stands on stderr or, when that goes elsewhere, on the terminal itself.
    ///
    /// # Errors
    /// When there is no such terminal.
    pub fn of_process(stderr_is_terminal: bool, means: Means) -> io::Result<Self> {
        let keys = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let screen = match stderr_is_terminal {
            true => File::from(io::stderr().as_fd().try_clone_to_owned()?),
            false => OpenOptions::new().write(true).open("/dev/tty")?,
        };
        Ok(Desk { keys: Arc::new(keys), screen: Arc::new(screen), means })
    }

    /// Writes on the screen.
    ///
    /// # Errors
    /// When the terminal has gone.
    pub fn write(&self, text: &str) -> io::Result<()> {
        let mut left = text.as_bytes();
        while !left.is_empty() {
            match (&*self.screen).write(left) {
                Ok(count) => left = &left[count..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Another program has left the terminal so that writing does not wait.
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    poll(&mut [PollFd::new(&*self.screen, PollFlags::OUT)], None)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// How many columns and rows there are now.
    pub fn size(&self) -> (usize, usize) {
        let (columns, rows) =
            tcgetwinsize(&*self.screen).map_or((0, 0), |size| (usize::from(size.ws_col), usize::from(size.ws_row)));
        let or = |count, usual| if count > 0 { count } else { usual };
        (or(columns, DEFAULT_WIDTH), or(rows, DEFAULT_HEIGHT))
    }

    /// Whether the terminal is there for us. It is not for a program that its shell has put into the background: whatever
    /// reads from it or changes it then is stopped by the system, all its threads with it.
    pub fn is_in_front(&self) -> bool {
        tcgetpgrp(&*self.keys).map_or(true, |in_front| in_front == getpgrp())
    }

    /// Forgets what was typed and not read yet.
    pub fn forget_typed(&self) {
        // Of a terminal that has gone there is nothing to forget.
        let _ = tcflush(&*self.keys, QueueSelector::IFlush);
    }
}
