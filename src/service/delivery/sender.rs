//! Sends one request and reads the answer, within one deadline and a limited size, and never follows a redirect.

use std::{
    pin::{Pin, pin},
    sync::Arc,
};

use http::{Response, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout_at;

use super::{
    answer::{Answer, broken_off, is_malformed, judge, no_answer, stays_open},
    connect_error::{ConnectError, lacked_descriptor},
    connector::Connector,
    limits::{Limits, in_words},
    pool::{Connection, Pool, RequestSlot},
    request::{Outgoing, request_uri},
};
use crate::{
    domain::attempt::{AttemptError, ReceivedResponse},
    net_guard::NetGuard,
};

/// How often a request joins the row again because it waited behind this service's own requests: as often as one
/// webhook has requests in flight.
const MOST_TRIES: usize = 8;

/// The result of a request.
#[derive(Debug, Clone)]
pub struct SendOutcome {
    /// The answer's status, if there was an answer.
    pub status: Option<StatusCode>,
    /// The reason of the failure; none for a success.
    pub error: Option<AttemptError>,
    /// Details of the failure.
    pub detail: Option<String>,
    /// The answer's `Retry-After` as it arrived.
    pub retry_after: Option<String>,
    /// The answer as the history shows it.
    pub response: Option<ReceivedResponse>,
}

impl SendOutcome {
    /// Makes the result of a request without an answer.
    pub fn failed(error: AttemptError, detail: impl Into<String>) -> Self {
        SendOutcome { status: None, error: Some(error), detail: Some(detail.into()), retry_after: None, response: None }
    }

    /// Whether nothing was sent because no file descriptor was left.
    pub fn lacked_descriptor(&self) -> bool {
        lacked_descriptor(self.error, self.detail.as_deref())
    }
}

/// Sends requests over pooled connections. Clones share everything.
#[derive(Clone)]
pub struct Sender {
    connector: Arc<Connector>,
    pool: Arc<Pool>,
    limits: Limits,
}

impl Sender {
    /// A sender that connects where `guard` allows, with the documented limits.
    pub fn new(guard: NetGuard) -> Self {
        let limits = Limits::default();
        Self::over(Connector::new(guard, limits), limits)
    }

    /// A sender that uses this connector.
    pub fn over(connector: Connector, limits: Limits) -> Self {
        Sender { connector: Arc::new(connector), pool: Arc::new(Pool::new(limits.idle, limits.life)), limits }
    }

    /// Waits for a place for a request to this URL: a receiver that serves one connection at a time gets no more. None
    /// if the URL has no host. An `urgent` request goes first.
    pub async fn slot(&self, url: &str, urgent: bool) -> Option<RequestSlot> {
        self.pool.slot(&request_uri(url).ok()?, urgent).await
    }

    /// Sends a request and returns its result. Ends within the limit of an attempt, 20 s, or when `interrupted`
    /// completes. Time behind this service's other requests does not count.
    pub async fn send(
        &self,
        outgoing: Outgoing,
        slot: Option<RequestSlot>,
        interrupted: impl Future<Output = ()>,
    ) -> SendOutcome {
        let mut answer = Answer::default();
        let ended = tokio::select! {
            biased;
            () = interrupted => Err(AttemptError::Interrupted),
            ended = self.exchange(&outgoing, slot, &mut answer) => Ok(ended),
        };
        let status = answer.head.as_ref().map(|(status, _)| *status);
        let ended = ended.unwrap_or_else(|early| Err(self.ended_early(early, status.is_some())));
        answer.cut = status.is_some() && ended.is_err();
        // The receiver has decided once the head is complete; how the body ends is only recorded.
        let (error, detail) = match (status.map(judge), ended) {
            (Some(Ok(())), ended) => (None, ended.err().map(|cut| cut.detail)),
            (Some(Err(ConnectError { code, detail })), _) | (None, Err(ConnectError { code, detail })) => {
                (Some(code), Some(detail))
            }
            (None, Ok(())) => (None, None),
        };
        let retry_after = answer.retry_after();
        SendOutcome { status, error, detail, retry_after, response: answer.kept(&outgoing.hidden) }
    }

    fn ended_early(&self, code: AttemptError, answered: bool) -> ConnectError {
        let what = if answered { "the answer's body" } else { "the answer" };
        let detail = match code {
            AttemptError::Interrupted => format!("the program was stopped before {what} was in"),
            _ => format!("{what} was not complete after {}", in_words(self.limits.total)),
        };
        ConnectError::new(code, detail)
    }

    async fn exchange(
        &self,
        outgoing: &Outgoing,
        slot: Option<RequestSlot>,
        answer: &mut Answer,
    ) -> Result<(), ConnectError> {
        let no_host = || ConnectError::new(AttemptError::Internal, "the URL has no host to connect to");
        let mut slot = slot.ok_or_else(no_host)?;
        let mut tries = 1;
        let answered = loop {
            let in_time = {
                let answered = pin!(self.answered(outgoing, &slot, answer));
                self.in_time(&slot, answered).await
            };
            match in_time {
                // It waited behind this service's other requests and has sent nothing, so it joins the row again.
                Some(Err(error)) if is_no_connection(&error) && slot.is_in_its_own_way() && tries < MOST_TRIES => {
                    tries += 1;
                    slot = slot.again(&outgoing.url).await.ok_or_else(no_host)?;
                }
                answered => break answered,
            }
        };
        let (connection, response) = answered.unwrap_or_else(|| Err(self.ended_early(AttemptError::Timeout, false)))?;
        let (head, body) = response.into_parts();
        slot.answered(stays_open(head.version, &head.headers));
        answer.head = Some((head.status, head.headers));
        let read = timeout_at(slot.since() + self.limits.total, read(body, answer)).await;
        // A body that is not read to its end is not drained, so its connection is closed.
        if read.unwrap_or_else(|_| Err(self.ended_early(AttemptError::Timeout, true)))? {
            slot.keep(connection);
        }
        Ok(())
    }

    /// The future's result, unless the request's time ends first; that time may start anew while the request waits.
    async fn in_time<T>(&self, slot: &RequestSlot, mut future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        loop {
            let deadline = slot.since() + self.limits.total;
            match timeout_at(deadline, future.as_mut()).await {
                Ok(done) => return Some(done),
                Err(_) if slot.since() + self.limits.total <= deadline => return None,
                Err(_) => {}
            }
        }
    }

    /// Sends the request until its answer begins. A receiver may close an idle connection just as it is used: if a
    /// reused connection breaks before any byte of an answer, the request is sent again on a new one. The receiver may
    /// then see it twice, which at-least-once delivery allows.
    async fn answered(
        &self,
        outgoing: &Outgoing,
        slot: &RequestSlot,
        answer: &mut Answer,
    ) -> Result<(Connection, Response<Incoming>), ConnectError> {
        if let Some(mut connection) = slot.take().await {
            match connection.send(outgoing).await {
                Ok(response) if is_given_up(response.status()) => {}
                Ok(response) => return Ok((connection, response)),
                Err(_) if connection.is_unanswered() => {}
                Err(error) => match taken_in_odd(&connection, slot, answer) {
                    Some(status) if is_given_up(status) => *answer = Answer::default(),
                    // These bytes are left over from the last answer.
                    None if error.is_parse() => {}
                    _ => return Err(no_answer(&error)),
                },
            }
        }
        let dialled = slot.dials();
        // This future is large and seldom needed, so it is boxed.
        let mut connection = Box::pin(self.connect(&outgoing.url, slot)).await?;
        slot.connected(&mut connection, dialled);
        match connection.send(outgoing).await {
            Ok(response) => Ok((connection, response)),
            Err(error) => {
                taken_in_odd(&connection, slot, answer);
                Err(no_answer(&error))
            }
        }
    }

    async fn connect(&self, url: &Uri, slot: &RequestSlot) -> Result<Connection, ConnectError> {
        let stream = self.connector.connect(url, || slot.reached()).await.inspect_err(|error| {
            if error.is_no_descriptor() {
                self.pool.close_idle();
            }
        })?;
        Connection::open(stream).await.map_err(|error| no_answer(&error))
    }
}

/// Whether the receiver closed an idle connection as it was used, without looking at the request.
fn is_given_up(status: StatusCode) -> bool {
    status == StatusCode::REQUEST_TIMEOUT
}

/// Reads an answer that the HTTP library refuses. Returns its status, if it has one.
fn taken_in_odd(connection: &Connection, slot: &RequestSlot, answer: &mut Answer) -> Option<StatusCode> {
    if !answer.take_in_odd(&connection.beginning()) {
        return None;
    }
    slot.answered(false);
    answer.head.as_ref().map(|(status, _)| *status)
}

/// Whether a receiver let a request wait too long for its connection.
fn is_no_connection(error: &ConnectError) -> bool {
    matches!(error.code, AttemptError::ConnectTimeout | AttemptError::TlsTimeout)
}

/// Reads a body up to the limit. Returns whether that was all of it and the connection can be reused.
async fn read(mut body: Incoming, answer: &mut Answer) -> Result<bool, ConnectError> {
    let until_closed = answer.lasts_until_closed();
    while let Some(frame) = body.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            // Any end of the connection, even a reset or without TLS's closing message, ends such a body.
            Err(error) if until_closed && !is_malformed(&error) => return Ok(false),
            Err(error) => return Err(broken_off(&error)),
        };
        if frame.data_ref().is_some_and(|data| answer.take_in(data)) {
            return Ok(body.is_end_stream());
        }
    }
    Ok(true)
}
