//! One connection, from its handshake to its end.

use std::{
    convert::Infallible,
    io,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes},
    extract::ConnectInfo,
};
use http::{Request, Response};
use hyper::{
    body::{Body as HttpBody, Frame, Incoming, SizeHint},
    server::conn::http1::Builder,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::{
    connection_limiter::ConnectionSlot,
    limits::{LARGEST_HEAD, Limits},
    progress::Progress,
};

/// An accepted connection with what serves it.
pub struct Connection {
    pub stream: TcpStream,
    pub peer: IpAddr,
    pub slot: ConnectionSlot,
    pub acceptor: Option<TlsAcceptor>,
    pub router: axum::Router,
    pub limits: Limits,
    pub closing: CancellationToken,
}

impl Connection {
    /// Serves requests until the connection ends or exceeds a limit. Its slot stays taken until it is closed.
    pub async fn run(self) {
        let Connection { stream, peer, slot, acceptor, router, limits, closing } = self;
        let answering = Answering { router, peer: ConnectInfo(peer), progress: slot.progress.clone(), limits, closing };
        match acceptor {
            None => answering.over(stream).await,
            Some(acceptor) => {
                let handshake = timeout(limits.handshake, acceptor.accept(stream));
                let made = tokio::select! {
                    made = handshake => made,
                    () = asked_to_close(&slot.progress) => return,
                    () = answering.closing.cancelled() => return,
                };
                // A failed or late handshake is the caller's failure, so it is not logged.
                if let Ok(Ok(stream)) = made {
                    slot.progress.opened();
                    answering.over(stream).await;
                }
            }
        }
        drop(slot);
    }
}

async fn asked_to_close(progress: &Progress) {
    std::future::poll_fn(|context| progress.poll_asked_to_close(context)).await;
}

/// Answers the requests of one connection and watches their progress.
struct Answering {
    router: axum::Router,
    peer: ConnectInfo<IpAddr>,
    progress: Arc<Progress>,
    limits: Limits,
    closing: CancellationToken,
}

impl Answering {
    async fn over(self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let Answering { router, peer, progress, limits, closing } = self;
        let watched = progress.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            progress.asked();
            if request.body().is_end_stream() {
                progress.body_read();
            }
            let ended = Ended { progress: progress.clone(), step: Progress::body_read };
            let answer = router.clone().call(request.map(|body| Body::new(Watched { body, _ended: ended })));
            let progress = progress.clone();
            async move {
                let answer: Response<Body> = answer.await?;
                let ended = Ended { progress, step: Progress::answered };
                Ok::<_, Infallible>(answer.map(|body| Watched { body, _ended: ended }))
            }
        });
        let stream = TokioIo::new(Stream { inner: stream, progress: watched.clone() });
        let mut builder = Builder::new();
        // The server sets its own limits. It also sets its own date, because the library's follows another clock than
        // the one that dates answers.
        builder.header_read_timeout(None).max_buf_size(LARGEST_HEAD).auto_date_header(false);
        let mut connection = std::pin::pin!(builder.serve_connection(stream, service));
        let mut sleep = std::pin::pin!(sleep_until(Instant::now() + limits.head));
        let mut closing_since = None;
        let mut closed = std::pin::pin!(closing.cancelled_owned());
        std::future::poll_fn(|context| {
            if closing_since.is_none() && closed.as_mut().poll(context).is_ready() {
                closing_since = Some(Instant::now());
                connection.as_mut().graceful_shutdown();
            }
            // The result is ignored, because a caller may close the connection at any time.
            if connection.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            if watched.poll_asked_to_close(context).is_ready() {
                return Poll::Ready(());
            }
            late(sleep.as_mut(), watched.deadline(&limits, closing_since), context)
        })
        .await;
    }
}

/// Returns `Ready` when the deadline has passed.
fn late(mut sleep: Pin<&mut Sleep>, deadline: Option<Instant>, context: &mut Context<'_>) -> Poll<()> {
    let Some(deadline) = deadline else { return Poll::Pending };
    // Most deadlines move before they are reached, so the timer is reset only if it would fire too late or has fired.
    if sleep.deadline() > deadline || sleep.is_elapsed() {
        sleep.as_mut().reset(deadline);
    }
    loop {
        ready!(sleep.as_mut().poll(context));
        if Instant::now() >= deadline {
            return Poll::Ready(());
        }
        sleep.as_mut().reset(deadline);
    }
}

/// Records a step when it is dropped.
struct Ended {
    progress: Arc<Progress>,
    step: fn(&Progress),
}

impl Drop for Ended {
    fn drop(&mut self) {
        (self.step)(&self.progress);
    }
}

/// A body that records its end: it is dropped when it is complete or nobody reads the rest.
struct Watched<B> {
    body: B,
    _ended: Ended,
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Watched<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that records when bytes arrive, and whether the peer accepts what is written.
struct Stream<S> {
    inner: S,
    progress: Arc<Progress>,
}

impl<S> Stream<S> {
    fn note<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.progress.wrote(written.is_ready());
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.progress.received();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.note(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.note(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.note(shut)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, buffers);
        self.note(written)
    }
}
