//! A plain or secured connection to a receiver, which counts received bytes and restores the spelling of sent header
//! names.

use std::{
    io::{self, Read},
    mem::MaybeUninit,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::{received::Received, spelling::Head};

/// A connection to a receiver.
pub struct Stream {
    inner: Either<TcpStream, TlsStream<TcpStream>>,
    received: Arc<Received>,
    /// Whether a request has begun on it.
    used: bool,
    head: Head,
    /// The error after which nothing can be written.
    failed: Option<io::Error>,
}

impl Stream {
    /// Wraps a plain or a secured connection.
    pub fn new(inner: Either<TcpStream, TlsStream<TcpStream>>) -> Self {
        Stream { inner, received: Arc::default(), used: false, head: Head::default(), failed: None }
    }

    /// The connection's current exchange.
    pub fn received(&self) -> Arc<Received> {
        self.received.clone()
    }
}

impl Stream {
    /// Reads what was decrypted before TLS failed, because an alert after an answer must not lose the answer. The next
    /// read gives the same error again.
    fn read_decrypted(&mut self, buf: &mut ReadBuf<'_>) {
        let Either::Right(tls) = &mut self.inner else { return };
        if let Ok(bytes) = tls.get_mut().1.reader().read(buf.initialize_unfilled()) {
            buf.advance(bytes);
        }
    }

    /// Begins a request with these first bytes, unless the connection cannot be used for it.
    fn begin(&mut self, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<()>> {
        if let Some(error) = self.failure() {
            return Poll::Ready(Err(error));
        }
        if self.used {
            ready!(self.nothing_unread(cx))?;
        }
        if let Some(spelling) = self.received.spelling() {
            self.head.begin(bufs, &spelling);
        }
        if !self.used {
            // From now on the connection is read.
            self.used = true;
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    /// Checks a kept connection: unread data belongs to no answer, and if the connection has ended, the request would
    /// be lost. The runtime may not know yet, so the system is asked.
    fn nothing_unread(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let tcp = match &self.inner {
            Either::Left(tcp) => tcp,
            Either::Right(tls) => tls.get_ref().0,
        };
        match (SockRef::from(tcp).peek(&mut [MaybeUninit::uninit()]), &self.inner) {
            (Err(error), _) if error.kind() == io::ErrorKind::WouldBlock => Poll::Ready(Ok(())),
            (Err(error), _) => Poll::Ready(Err(error)),
            // The data may be a message of TLS itself, which only reading it can tell.
            (Ok(1..), Either::Right(_)) => {
                if tcp.poll_read_ready(cx).is_ready() {
                    cx.waker().wake_by_ref();
                }
                Poll::Pending
            }
            (Ok(_), _) => Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
        }
    }

    /// Handles a failed write. A receiver may answer and close before it has read the whole request. The rest then
    /// counts as written, and the error is reported where the answer ends.
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

    /// A copy of the error after which nothing can be written.
    fn failure(&self) -> Option<io::Error> {
        self.failed.as_ref().map(|error| io::Error::new(error.kind(), error.to_string()))
    }
}

fn length(bufs: &[io::IoSlice<'_>]) -> usize {
    bufs.iter().map(|buf| buf.len()).sum()
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.used {
            // A receiver may send its answer early; it is read once the request has begun.
            return Poll::Pending;
        }
        let before = buf.filled().len();
        while !this.received.hand_on(buf) {
            let read = ready!(Pin::new(&mut this.inner).poll_read(cx, buf));
            if read.is_err() {
                this.read_decrypted(buf);
            }
            let new = &buf.filled()[before..];
            if new.is_empty() {
                if this.received.end() {
                    continue;
                }
                return Poll::Ready(this.failure().map_or(read, Err));
            }
            match this.received.take_in(new) {
                Ok(true) => break,
                Ok(false) => buf.set_filled(before),
                Err(error) => {
                    // A waiting request must not be sent on this connection.
                    this.failed = Some(error);
                    return Poll::Ready(this.failure().map_or(Ok(()), Err));
                }
            }
        }
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
        if this.received.is_unsent() {
            ready!(this.begin(cx, bufs))?;
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
