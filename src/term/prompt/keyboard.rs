//! Reads the bytes of a terminal one by one: what follows an answer is left to the next reader.

use std::{
    io::{self, ErrorKind, Read},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use crate::term::desk::Desk;

use super::keys::Bytes;

/// The longest time after Escape for the rest of a key's sequence, also over a slow connection.
const AT_ONCE: Duration = Duration::from_millis(100);

/// The interval of checks whether this process is in the foreground.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A terminal's keys.
pub struct Keyboard<'a>(pub &'a Desk);

impl Keyboard<'_> {
    /// Waits for input for at most `within`, which must be less than a second.
    ///
    /// # Errors
    /// Fails if it cannot wait.
    pub fn is_readable(&self, within: Duration) -> io::Result<bool> {
        self.poll(Some(Timespec { tv_sec: 0, tv_nsec: within.subsec_nanos().into() }))
    }

    fn poll(&self, within: Option<Timespec>) -> io::Result<bool> {
        let mut watched = [PollFd::new(&*self.0.keys, PollFlags::IN)];
        match poll(&mut watched, within.as_ref()) {
            Err(Errno::INTR) => Ok(false),
            polled => Ok(polled? > 0),
        }
    }
}

impl Bytes for Keyboard<'_> {
    /// Waits before it reads, so that a signal can still end a process in the background, which a read would stop.
    fn next(&mut self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        loop {
            if !self.poll(None)? {
                continue;
            }
            if !self.0.is_in_front() {
                std::thread::sleep(LOOK_AGAIN);
                continue;
            }
            return match (&*self.0.keys).read(&mut byte) {
                Ok(count) => Ok((count > 0).then_some(byte[0])),
                Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => continue,
                // A terminal that is gone returns this error.
                Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => Ok(None),
                Err(error) => Err(error),
            };
        }
    }

    fn at_once(&mut self) -> io::Result<Option<u8>> {
        if self.is_readable(AT_ONCE)? { self.next() } else { Ok(None) }
    }
}
