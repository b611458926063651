//! Sends one request and reads the answer: within one deadline, capped, never following a redirect.

use std::{error::Error, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use tokio::time::timeout;

use super::connector::{ConnectError, Connector};
use crate::{
    domain::attempt::{AttemptError, Header, ReceivedResponse, status_in_words},
    net_guard::NetGuard,
};

/// How long an attempt may take in all, the answer's body included.
const TOTAL_LIMIT: Duration = Duration::from_secs(20);
/// How much of an answer's body is read, in bytes.
const MOST_READ: usize = 64 * 1024;
/// How much of an answer's body is kept, in bytes.
const MOST_KEPT: usize = 16 * 1024;
/// How large an answer's head may be, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;
/// How long an idle connection is kept. Common servers close theirs after 60 s or more.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// How many idle connections to one host are kept: as many as a webhook has in flight.
const MOST_IDLE: usize = 8;

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

/// Sends requests over pooled connections.
#[derive(Clone)]
pub struct Sender {
    client: Client<Connector, Full<Bytes>>,
}

impl Sender {
    /// A sender that dials what `guard` allows.
    pub fn new(guard: NetGuard) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_LIMIT)
            .pool_max_idle_per_host(MOST_IDLE)
            .http1_max_buf_size(LARGEST_HEAD)
            .build(Connector::new(guard));
        Sender { client }
    }

    /// Sends a request and says what came of it. Ends within 20 s.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Outcome {
        let mut head = None;
        match timeout(TOTAL_LIMIT, self.exchange(request, &mut head)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let (status, headers) = head.unzip();
                let what = if status.is_some() { "the answer's body" } else { "the answer" };
                let detail = format!("{what} was not complete after {} s", TOTAL_LIMIT.as_secs());
                let response =
                    headers.map(|headers| ReceivedResponse { headers, body: String::new(), truncated: true });
                Outcome { status, response, ..Outcome::failed(AttemptError::Timeout, detail) }
            }
        }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>, head: &mut Option<(StatusCode, Vec<Header>)>) -> Outcome {
        let response = match self.client.request(request).await {
            Ok(response) => response,
            Err(error) => return request_failed(&error),
        };
        let (status, headers) = (response.status(), shown(response.headers()));
        *head = Some((status, headers.clone()));
        let retry_after =
            response.headers().get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (body, ended) = read_body(response).await;
        let received = ReceivedResponse {
            headers,
            body: String::from_utf8_lossy(&body[..body.len().min(MOST_KEPT)]).into_owned(),
            truncated: body.len() > MOST_KEPT,
        };
        let (error, detail) = match ended {
            Err(error) if status.is_success() => (Some(AttemptError::ConnectionClosed), Some(error)),
            _ => judge(status),
        };
        Outcome { status: Some(status), error, detail, retry_after, response: Some(received) }
    }
}

/// Reads a body as far as it is read: at most [`MOST_READ`] bytes. Says how it broke off, if it did.
async fn read_body(response: Response<Incoming>) -> (Vec<u8>, Result<(), String>) {
    let mut body = response.into_body();
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => read.extend_from_slice(frame.data_ref().map_or(&[][..], |data| &data[..])),
            Err(error) => return (read, Err(format!("the answer's body broke off: {}", with_causes(&error)))),
        }
        if read.len() >= MOST_READ {
            read.truncate(MOST_READ);
            return (read, Ok(()));
        }
    }
    (read, Ok(()))
}

/// What a complete answer means: 2xx is success, all else is not.
fn judge(status: StatusCode) -> (Option<AttemptError>, Option<String>) {
    let error = match status.as_u16() {
        200..=299 => return (None, None),
        300..=399 => AttemptError::Redirected,
        410 => AttemptError::Gone,
        _ => AttemptError::UnexpectedStatus,
    };
    (Some(error), Some(format!("the receiver answered {} {}", status.as_u16(), status_in_words(status.as_u16()))))
}

fn shown(headers: &HeaderMap) -> Vec<Header> {
    headers
        .iter()
        .map(|(name, value)| Header {
            name: name.as_str().to_owned(),
            value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
        })
        .collect()
}

/// Why there was no answer: our connector says so itself, the rest is hyper's.
fn request_failed(error: &hyper_util::client::legacy::Error) -> Outcome {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(current) = cause {
        if let Some(connect) = current.downcast_ref::<ConnectError>() {
            return Outcome::failed(connect.code, connect.detail.clone());
        }
        if let Some(hyper) = current.downcast_ref::<hyper::Error>() {
            let code = if hyper.is_parse() { AttemptError::InvalidResponse } else { AttemptError::ConnectionClosed };
            return Outcome::failed(code, with_causes(hyper));
        }
        cause = current.source();
    }
    Outcome::failed(AttemptError::ConnectFailed, with_causes(error))
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        text.push_str(": ");
        text.push_str(&current.to_string());
        cause = current.source();
    }
    text
}
