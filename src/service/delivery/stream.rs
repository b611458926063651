//! A connection to a receiver, plain or secured, that counts what comes in.

use std::{
    io::{self, Read},
    pin::Pin,
    sync::{
        Arc,
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

use super::limits::MOST_RECEIVED;

/// How many bytes came in since the exchange under way began.
#[derive(Default)]
pub struct Received(AtomicUsize);

impl Received {
    /// An exchange begins.
    pub fn begin(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Whether there was nothing at all.
    pub fn nothing(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    fn add(&self, bytes: usize) -> io::Result<()> {
        let total = self.0.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
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
}

impl Stream {
    /// Wraps a plain or a secured connection.
    pub fn new(inner: Either<TcpStream, TlsStream<TcpStream>>) -> Self {
        Stream { inner, received: Arc::default() }
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
        Poll::Ready(self.received.add(buf.filled().len() - before))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
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
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }
}
