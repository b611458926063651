//! A terminal in memory, for tests and for output that nobody may see.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use super::out::Sink;

/// The output of a [`Term::captured`](super::Term::captured).
#[derive(Debug, Clone, Default)]
pub struct Captured {
    pub(super) out: Buffer,
    pub(super) err: Buffer,
}

impl Captured {
    /// Returns what was written to stdout so far.
    pub fn out(&self) -> String {
        self.out.text()
    }

    /// Returns what was written to stderr so far.
    pub fn err(&self) -> String {
        self.err.text()
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Sink for Buffer {}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
