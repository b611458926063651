//! The process's output streams, written through the standard library.

use std::io::{self, Write};

/// Standard output, or standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Descriptor {
    Stdout,
    Stderr,
}

impl Descriptor {
    /// Returns `true`: this system cannot tell without writing.
    pub(super) fn has_reader(self) -> bool {
        true
    }

    /// Like [`Descriptor::has_reader`].
    pub(super) fn probe(self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Descriptor {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Descriptor::Stdout => io::stdout().write(bytes),
            Descriptor::Stderr => io::stderr().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Descriptor::Stdout => io::stdout().flush(),
            Descriptor::Stderr => io::stderr().flush(),
        }
    }
}
