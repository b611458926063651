//! Standard output, which may fail before the work ends: its reader goes away, as `head` does, or its disk is full.
//!
//! A write never fails for the caller. After the first failure all output is discarded, the work continues, and the
//! loss is reported at the end.

use std::io::{self, BufWriter, Write};

use super::descriptor::Descriptor;

/// The reason why output was lost.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The reader is gone, as `head` goes: this is not a failure, but nothing more can be written.
    #[error("nobody reads standard output any more")]
    Closed,
    /// A write failed, for example because the disk is full.
    #[error("could not write to standard output")]
    Failed(#[source] io::Error),
}

impl OutputError {
    /// Returns success if only the reader is gone.
    ///
    /// # Errors
    /// Returns itself if a write failed.
    pub fn unless_closed(self) -> Result<(), Self> {
        match self {
            OutputError::Closed => Ok(()),
            failed @ OutputError::Failed(_) => Err(failed),
        }
    }
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => OutputError::Closed,
            _ => OutputError::Failed(error),
        }
    }
}

/// A destination of output.
pub(super) trait Sink: Write + Send {
    /// Whether somebody may still read it.
    fn has_reader(&self) -> bool {
        true
    }

    /// Checks whether a write would succeed now, as far as can be known.
    fn probe(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Descriptor {
    fn has_reader(&self) -> bool {
        Descriptor::has_reader(*self)
    }

    fn probe(&self) -> io::Result<()> {
        Descriptor::probe(*self)
    }
}

/// Discards everything.
impl Sink for io::Sink {}

/// Buffered output, until the first failure.
pub(super) struct Out {
    sink: BufWriter<Box<dyn Sink>>,
    ended: bool,
    lost: Option<OutputError>,
}

impl Out {
    pub(super) fn new(sink: impl Sink + 'static) -> Self {
        Out { sink: BufWriter::new(Box::new(sink)), ended: false, lost: None }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        if let Err(error) = self.sink.write_all(bytes) {
            self.end(error);
        }
    }

    pub(super) fn flush(&mut self) {
        if let Err(error) = self.sink.flush() {
            self.end(error);
        }
    }

    /// Whether anybody may read further output.
    pub(super) fn is_read(&self) -> bool {
        !self.ended && self.sink.get_ref().has_reader()
    }

    /// Checks whether a write would succeed, as far as can be known.
    pub(super) fn check(&self) -> Result<(), OutputError> {
        if self.ended {
            return Err(OutputError::Closed);
        }
        Ok(self.sink.get_ref().probe()?)
    }

    /// Returns why output was lost, only once.
    pub(super) fn take_loss(&mut self) -> Result<(), OutputError> {
        self.flush();
        self.lost.take().map_or(Ok(()), Err)
    }

    fn end(&mut self, error: io::Error) {
        // The buffered text must not be written later, after a gap.
        let unwritten = std::mem::replace(&mut self.sink, BufWriter::new(Box::new(io::sink())));
        drop(unwritten.into_parts());
        self.ended = true;
        self.lost = Some(error.into());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Accepts `room` bytes and then fails as configured.
    #[derive(Clone)]
    struct Taking {
        room: usize,
        then: io::ErrorKind,
        taken: Arc<Mutex<Vec<u8>>>,
    }

    impl Taking {
        fn new(room: usize, then: io::ErrorKind) -> Self {
            Taking { room, then, taken: Arc::default() }
        }

        fn text(&self) -> String {
            String::from_utf8(self.taken.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Taking {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut taken = self.taken.lock().unwrap();
            let some = bytes.len().min(self.room - taken.len());
            if some == 0 {
                return Err(self.then.into());
            }
            taken.extend(&bytes[..some]);
            Ok(some)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Sink for Taking {}

    #[test]
    fn what_arrives_arrives_in_order_and_nothing_is_lost() {
        let sink = Taking::new(100, io::ErrorKind::BrokenPipe);
        let mut out = Out::new(sink.clone());
        out.write(b"one ");
        out.write(b"two");
        assert!(out.take_loss().is_ok());
        assert_eq!(sink.text(), "one two");
    }

    #[test]
    fn after_a_failure_everything_is_swallowed_and_the_failure_is_told_once() {
        for (kind, closed) in [(io::ErrorKind::BrokenPipe, true), (io::ErrorKind::StorageFull, false)] {
            let sink = Taking::new(6, kind);
            let mut out = Out::new(sink.clone());
            out.write(b"one ");
            out.flush();
            assert!(out.check().is_ok() && out.is_read());
            out.write(b"two ");
            out.flush();
            assert!(matches!(out.check(), Err(OutputError::Closed)) && !out.is_read(), "nothing more would arrive");
            // There is room again, and a write now would leave a gap.
            out.write(b"three");
            out.flush();
            let lost = out.take_loss().unwrap_err();
            assert_eq!(matches!(lost, OutputError::Closed), closed, "{lost:?}");
            assert_eq!(lost.unless_closed().is_ok(), closed);
            assert!(out.take_loss().is_ok());
            drop(out);
            assert_eq!(sink.text(), "one tw");
        }
    }

    #[test]
    fn a_loss_that_the_buffer_hid_is_told_at_the_end() {
        let mut out = Out::new(Taking::new(0, io::ErrorKind::StorageFull));
        out.write(b"short");
        assert!(matches!(out.take_loss(), Err(OutputError::Failed(_))));
    }
}
