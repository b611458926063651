//! Sends one request and reads the answer: within one deadline, capped, never following a redirect.

use std::sync::Arc;

use http::{Response, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use super::{
    answer::{Answer, broken_off, is_malformed, judge, no_answer},
    connector::{ConnectError, Connector},
    limits::{Limits, in_words},
    pool::{Connection, Origin, Pool, origin},
    request::Outgoing,
};
use crate::{
    domain::attempt::{AttemptError, ReceivedResponse},
    net_guard::NetGuard,
};

/// What came of a request.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The status of the answer, when there was one.
    pub status: Option<StatusCode>,
    /// Why it failed; none when the receiver took it.
    pub error: Option<AttemptError>,
    /// The failure in more words.
    pub detail: Option<String>,
    /// The answer's `Retry-After`, as it came.
    pub retry_after: Option<String>,
    /// The answer as the history shows it.
    pub response: Option<ReceivedResponse>,
}

impl Outcome {
    /// A request that got no answer.
    pub fn failed(error: AttemptError, detail: impl Into<String>) -> Self {
        Outcome { status: None, error: Some(error), detail: Some(detail.into()), retry_after: None, response: None }
    }
}

/// Sends requests over pooled connections. Cloning shares everything.
#[derive(Clone)]
pub struct Sender {
    connector: Arc<Connector>,
    pool: Arc<Pool>,
    limits: Limits,
}

impl Sender {
    /// A sender that dials what `guard` allows, within the documented limits.
    pub fn new(guard: NetGuard) -> Self {
        let limits = Limits::default();
        Self::over(Connector::new(guard, limits), limits)
    }

    /// A sender over connections of this connector.
    pub fn over(connector: Connector, limits: Limits) -> Self {
        Sender { connector: Arc::new(connector), pool: Arc::new(Pool::new(limits.idle)), limits }
    }

    /// Sends a request and says what came of it. Ends within the limit for an attempt in all, 20 s, and when it is
    /// `interrupted`.
    pub async fn send(&self, outgoing: Outgoing, interrupted: impl Future<Output = ()>) -> Outcome {
        let mut answer = Answer::default();
        let ended = tokio::select! {
            ended = timeout(self.limits.total, self.exchange(&outgoing, &mut answer)) => ended.map_err(|_| AttemptError::Timeout),
            () = interrupted => Err(AttemptError::Interrupted),
        };
        let status = answer.head.as_ref().map(|(status, _)| *status);
        let ended = ended.unwrap_or_else(|early| Err(self.ended_early(early, status.is_some())));
        answer.cut = status.is_some() && ended.is_err();
        // The receiver has decided when its head is complete: whatever becomes of the body is only noted.
        let (error, detail) = match (status.map(judge), ended) {
            (Some(Ok(())), ended) => (None, ended.err().map(|cut| cut.detail)),
            (Some(Err(ConnectError { code, detail })), _) | (None, Err(ConnectError { code, detail })) => {
                (Some(code), Some(detail))
            }
            (None, Ok(())) => (None, None),
        };
        let retry_after = answer.retry_after();
        Outcome { status, error, detail, retry_after, response: answer.kept(&outgoing.hidden) }
    }

    fn ended_early(&self, code: AttemptError, answered: bool) -> ConnectError {
        let what = if answered { "the answer's body" } else { "the answer" };
        let detail = match code {
            AttemptError::Interrupted => format!("the program was stopped before {what} was in"),
            _ => format!("{what} was not complete after {}", in_words(self.limits.total)),
        };
        ConnectError::new(code, detail)
    }

    async fn exchange(&self, outgoing: &Outgoing, answer: &mut Answer) -> Result<(), ConnectError> {
        let origin = origin(&outgoing.url)
            .ok_or_else(|| ConnectError::new(AttemptError::Internal, "the URL has no host to connect to"))?;
        let (connection, response) = self.answered(outgoing, &origin).await?;
        let (head, body) = response.into_parts();
        answer.head = Some((head.status, head.headers));
        // What is not read to its end is not drained either: its connection is closed.
        if read(body, answer).await? {
            self.pool.put(origin, connection);
        }
        Ok(())
    }

    /// Sends the request until its answer begins. A receiver may close a connection it thinks idle at the moment it
    /// is used: when a used connection breaks before any byte of an answer, the request goes out once more, on a new
    /// one. That may be a second time that the receiver sees it, as at-least-once allows.
    async fn answered(
        &self,
        outgoing: &Outgoing,
        origin: &Origin,
    ) -> Result<(Connection, Response<Incoming>), ConnectError> {
        if let Some(mut connection) = self.pool.take(origin).await {
            match connection.send(outgoing.to_request()).await {
                Ok(response) => return Ok((connection, response)),
                Err(error) if !connection.is_unanswered() => return Err(no_answer(&error)),
                Err(_) => {}
            }
        }
        let mut connection = self.connect(&outgoing.url).await?;
        let response = connection.send(outgoing.to_request()).await.map_err(|error| no_answer(&error))?;
        Ok((connection, response))
    }

    async fn connect(&self, url: &Uri) -> Result<Connection, ConnectError> {
        let stream = self.connector.connect(url).await?;
        Connection::open(stream).await.map_err(|error| no_answer(&error))
    }
}

/// Reads a body as far as it is read. Says whether that was all of it, and its connection is there for the next one.
async fn read(mut body: Incoming, answer: &mut Answer) -> Result<bool, ConnectError> {
    let until_closed = answer.lasts_until_closed();
    while let Some(frame) = body.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            // However the connection ends, without a word of TLS or by a reset, it is the end of such a body.
            Err(error) if until_closed && !is_malformed(&error) => return Ok(false),
            Err(error) => return Err(broken_off(&error)),
        };
        if frame.data_ref().is_some_and(|data| answer.take_in(data)) {
            return Ok(body.is_end_stream());
        }
    }
    Ok(true)
}
