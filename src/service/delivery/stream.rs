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

    fn keep(&self, bytes: &[u8]) {
        let mut beginning = self.beginning.lock().unwrap_or_else(PoisonError::into_inner);
        let room = LARGEST_HEAD.saturating_sub(beginning.len());
        beginning.extend_from_slice(&bytes[..bytes.len().min(room)]);
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
    head: Head,
}

impl Stream {
    /// Wraps a plain or a secured connection.
    pub fn new(inner: Either<TcpStream, TlsStream<TcpStream>>) -> Self {
        Stream { inner, received: Arc::default(), head: Head::default() }
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
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Err(error) = ready!(Pin::new(&mut self.inner).poll_read(cx, buf)) {
            self.read_decrypted(buf);
            if buf.filled().len() == before {
                return Poll::Ready(Err(error));
            }
        }
        self.received.keep(&buf.filled()[before..]);
        Poll::Ready(self.received.add(buf.filled().len() - before))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(buf)])
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
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
            this.head.begin(bufs, &spelling);
        }
        if this.head.is_written() {
            return Pin::new(&mut this.inner).poll_write_vectored(cx, bufs);
        }
        let written = ready!(Pin::new(&mut this.inner).poll_write_vectored(cx, &this.head.instead(bufs)))?;
        this.head.wrote(written);
        Poll::Ready(Ok(written))
    }
}
