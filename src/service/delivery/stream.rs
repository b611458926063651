//! A connection to a receiver, plain or secured, that counts what comes in and spells what goes out.

use std::{
    io::{self, Read},
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::{
    lenient::is_half_of_a_long_one,
    limits::{LARGEST_HEAD, MOST_RECEIVED},
    spelling::{Head, Spelling},
};

/// What came in since the exchange under way began, and how the names of its request are spelt.
#[derive(Default)]
pub struct Received {
    bytes: AtomicUsize,
    spelling: Mutex<Option<Arc<Spelling>>>,
    beginning: Mutex<Vec<u8>>,
}

impl Received {
    /// An exchange begins, whose request is spelt so.
    pub fn begin(&self, spelling: Arc<Spelling>) {
        self.bytes.store(0, Ordering::Relaxed);
        self.forget();
        *self.spelling.lock().unwrap_or_else(PoisonError::into_inner) = Some(spelling);
    }

    /// The spelling of a request that begins now, once.
    fn spelling(&self) -> Option<Arc<Spelling>> {
        self.spelling.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether there was nothing at all.
    pub fn nothing(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) == 0
    }

    /// The answer as it came, its head at least when that is complete and not too large.
    pub fn beginning(&self) -> Vec<u8> {
        self.beginning.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An idle connection takes no room for the answer before.
    pub fn forget(&self) {
        *self.beginning.lock().unwrap_or_else(PoisonError::into_inner) = Vec::new();
    }

    /// Keeps these bytes, unless there are enough for any head. Says whether they are half of a head of many lines: the
    /// HTTP library refuses that, and then nobody reads its end.
    fn keep(&self, bytes: &[u8]) -> bool {
        let mut beginning = self.beginning.lock().unwrap_or_else(PoisonError::into_inner);
        if beginning.len() < LARGEST_HEAD {
            beginning.extend_from_slice(bytes);
        }
        beginning.len() < LARGEST_HEAD && is_half_of_a_long_one(&beginning)
    }

    /// Hands on as much as there is room for of the last bytes that were kept.
    fn hand_on(&self, last: usize, buf: &mut ReadBuf<'_>) -> usize {
        let beginning = self.beginning.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = &beginning[beginning.len().saturating_sub(last)..];
        let part = &waiting[..waiting.len().min(buf.remaining())];
        buf.put_slice(part);
        part.len()
    }

    fn add(&self, bytes: usize) -> io::Result<()> {
        let total = self.bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if total <= MOST_RECEIVED {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, format!("the receiver sent more than {MOST_RECEIVED} bytes")))
    }
}

/// A connection to a receiver.
pub struct Stream {
    inner: Either<TcpStream, TlsStream<TcpStream>>,
    received: Arc<Received>,
    /// How many of the bytes that came last are not handed on yet.
    held: usize,
    head: Head,
    /// Why nothing can be written any more.
    failed: Option<io::Error>,
}

impl Stream {
    /// Wraps a plain or a secured connection.
    pub fn new(inner: Either<TcpStream, TlsStream<TcpStream>>) -> Self {
        Stream { inner, received: Arc::default(), held: 0, head: Head::default(), failed: None }
    }

    /// What came in through it.
    pub fn received(&self) -> Arc<Received> {
        self.received.clone()
    }
}

impl Stream {
    /// Reads what was decrypted before TLS failed: an alert that comes with an answer must not make it unheard. The
    /// connection gives the same error when it is read again.
    fn read_decrypted(&mut self, buf: &mut ReadBuf<'_>) {
        let Either::Right(tls) = &mut self.inner else { return };
        if let Ok(bytes) = tls.get_mut().1.reader().read(buf.initialize_unfilled()) {
            buf.advance(bytes);
        }
    }

    /// A receiver may answer and close before it has read the whole request. Then the rest cannot be written, but its
    /// answer has come, or is about to: what is left counts as written, and how it failed is told where the answer ends.
    fn or_all(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Poll::Ready(Err(error)) = written else { return written };
        self.failed = Some(error);
        cx.waker().wake_by_ref();
        Poll::Ready(Ok(length(bufs)))
    }

    /// Nothing more comes.
    fn end(&mut self, read: io::Result<()>) -> io::Result<()> {
        match &self.failed {
            Some(error) => Err(io::Error::new(error.kind(), error.to_string())),
            None => read,
        }
    }
}

fn length(bufs: &[io::IoSlice<'_>]) -> usize {
    bufs.iter().map(|buf| buf.len()).sum()
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        loop {
            if this.held > 0 && !this.received.keep(&[]) {
                break;
            }
            let read = ready!(Pin::new(&mut this.inner).poll_read(cx, buf));
            if read.is_err() {
                this.read_decrypted(buf);
            }
            let count = buf.filled().len() - before;
            if count == 0 && this.held == 0 {
                return Poll::Ready(this.end(read));
            }
            this.received.add(count)?;
            let is_half = this.received.keep(&buf.filled()[before..]);
            if !is_half && this.held == 0 {
                return Poll::Ready(Ok(()));
            }
            if count == 0 {
                break;
            }
            buf.set_filled(before);
            this.held += count;
        }
        this.held -= this.received.hand_on(this.held, buf);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(buf)])
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.failed.is_none() {
            self.failed = ready!(Pin::new(&mut self.inner).poll_flush(cx)).err();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.failed {
            Some(_) => Poll::Ready(Ok(())),
            None => Pin::new(&mut self.inner).poll_shutdown(cx),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if let Some(spelling) = this.received.spelling() {
            if let Some(error) = this.failed.take() {
                return Poll::Ready(Err(error));
            }
            this.head.begin(bufs, &spelling);
        }
        if this.failed.is_some() {
            return Poll::Ready(Ok(length(bufs)));
        }
        let written = if this.head.is_written() {
            Pin::new(&mut this.inner).poll_write_vectored(cx, bufs)
        } else {
            Pin::new(&mut this.inner).poll_write_vectored(cx, &this.head.instead(bufs))
        };
        let written = ready!(this.or_all(cx, written, bufs))?;
        this.head.wrote(written);
        Poll::Ready(Ok(written))
    }
}
