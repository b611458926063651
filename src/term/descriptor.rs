//! The process's output streams, written through the system.
//!
//! The standard library's streams have two defects: they treat `EBADF` as success, so that a write to a closed stream
//! is not noticed, and they fail on a non-blocking stream with a slow reader.

use std::{
    io::{self, Write},
    os::fd::BorrowedFd,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{FileType, OFlags, fcntl_getfl, fstat},
    io::Errno,
    process::{Resource, getrlimit},
    stdio,
};

use super::inherited;

const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

/// Standard output, or standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Descriptor {
    Stdout,
    Stderr,
}

impl Descriptor {
    fn handle(self) -> BorrowedFd<'static> {
        match self {
            Descriptor::Stdout => stdio::stdout(),
            Descriptor::Stderr => stdio::stderr(),
        }
    }

    fn refuse_closed(self) -> io::Result<()> {
        match self == Descriptor::Stdout && inherited::stdout_was_closed() {
            true => Err(io::Error::other("it is closed")),
            false => Ok(()),
        }
    }

    /// Whether somebody may still read it. Only a pipe, a socket and a terminal can lose their reader.
    pub(super) fn has_reader(self) -> bool {
        let handle = self.handle();
        let mut asked = [PollFd::new(&handle, PollFlags::OUT)];
        let gone = PollFlags::ERR | PollFlags::HUP;
        poll(&mut asked, Some(&AT_ONCE)).is_err() || !asked[0].revents().intersects(gone)
    }

    /// Whether a write would succeed now, as far as can be known without writing.
    pub(super) fn probe(self) -> io::Result<()> {
        let handle = self.handle();
        self.refuse_closed()?;
        if !fcntl_getfl(handle)?.intersects(OFlags::WRONLY | OFlags::RDWR) {
            return Err(Errno::BADF.into());
        }
        if !self.has_reader() {
            return Err(Errno::PIPE.into());
        }
        let stat = fstat(handle)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => has_room(handle, u64::try_from(stat.st_size).unwrap_or_default()),
            _ => Ok(()),
        }
    }
}

impl Write for Descriptor {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.refuse_closed()?;
        loop {
            match rustix::io::write(self.handle(), bytes) {
                // Another process that shares the stream made it non-blocking.
                Err(Errno::AGAIN) => wait_for_room(self.handle())?,
                // The terminal is gone.
                Err(Errno::IO) if !self.has_reader() => return Err(Errno::PIPE.into()),
                written => return Ok(written?),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn wait_for_room(handle: BorrowedFd<'_>) -> io::Result<()> {
    match poll(&mut [PollFd::new(&handle, PollFlags::OUT)], None) {
        Err(Errno::INTR) => Ok(()),
        waited => Ok(waited.map(drop)?),
    }
}

/// Checks that a file of this size may grow and has room to.
fn has_room(handle: BorrowedFd<'_>, size: u64) -> io::Result<()> {
    match getrlimit(Resource::Fsize).current {
        Some(largest) if largest <= size => Err(Errno::FBIG.into()),
        _ => disk_has_room(handle, size),
    }
}

/// Reserves a little room after the end, which fails on a full disk. If that is not supported, there is room.
#[cfg(target_os = "linux")]
fn disk_has_room(handle: BorrowedFd<'_>, size: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    const A_LITTLE: u64 = 4096;
    match fallocate(handle, FallocateFlags::KEEP_SIZE, size, A_LITTLE) {
        Err(full @ (Errno::NOSPC | Errno::DQUOT)) => Err(full.into()),
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn disk_has_room(_handle: BorrowedFd<'_>, _size: u64) -> io::Result<()> {
    Ok(())
}
