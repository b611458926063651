//! The client: one method per endpoint, with retries and idempotency keys.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{
    answer,
    error::CallError,
    retry::{RetryNotice, RetryPolicy},
    transport::{CertificateExpiry, Transport},
};
use crate::domain::{
    attempt::Attempt,
    audit::AuditEntry,
    delivery::Delivery,
    event_page::EventPage,
    ids::{AttemptId, DeliveryId, EventId, RecoveryId, TokenId, WebhookId},
    me::Me,
    page::Page,
    problem::{Problem, ProblemCode},
    query::{AttemptQuery, AuditQuery, EventQuery, EventSource, SecretQuery, StatsQuery, TokenQuery, WebhookQuery},
    random::Random,
    record::{AcceptedEvent, Event, EventTypeInfo, NewEvent, TestRequest},
    recovery::{NewRecovery, Recovery, RecoveryEstimate, Retried},
    retry_after,
    secret::{RotateSecret, Secrets, ShownSecrets},
    settings::{Settings, SettingsUpdate},
    stats::{Queue, Stats},
    time::{Clock, SystemClock, Timestamp},
    token::{IssuedToken, NewToken, Token},
    version::VersionInfo,
    webhook::{NewWebhook, Webhook, WebhookPatch},
};

/// The title of the API's own description.
const TITLE: &str = "tm-hooks";

/// The longest path with its query in bytes. Servers and our libraries accept at most 64 KiB.
const LONGEST_PATH: usize = 60_000;

/// What a service says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Its version, or the error if the answer is not from this service.
    pub version: Result<String, CallError>,
    /// The `Date` header of its answer.
    pub date: Option<String>,
    /// When its certificate expires, if it has a readable one.
    pub certificate_expires: Option<Timestamp>,
}

/// The parts that are read of the API's description.
#[derive(Deserialize)]
struct Described {
    info: Info,
}

#[derive(Deserialize)]
struct Info {
    title: String,
    version: String,
}

/// A callback before a request is repeated.
type OnRetry = Box<dyn Fn(&RetryNotice) + Send + Sync>;

/// A client of one service.
pub struct Client {
    transport: Box<dyn Transport>,
    token: Option<SecretString>,
    policy: RetryPolicy,
    random: Arc<dyn Random>,
    clock: Arc<dyn Clock>,
    on_retry: OnRetry,
}

/// A request that is the same for every attempt.
struct Call {
    method: Method,
    path: String,
    body: Bytes,
    headers: HeaderMap,
}

/// The error of a call, and the answer that caused it.
struct Failure {
    error: CallError,
    response: Option<Response<Bytes>>,
}

impl Client {
    /// Makes a client over `transport`.
    pub fn new(transport: Box<dyn Transport>, token: Option<SecretString>, random: Arc<dyn Random>) -> Self {
        let (policy, clock) = (RetryPolicy::default(), Arc::new(SystemClock));
        Client { transport, token, policy, random, clock, on_retry: Box::new(|_| {}) }
    }

    /// Replaces the clock.
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Client { clock, ..self }
    }

    /// Replaces the retry policy; `on_retry` is called before each repetition.
    pub fn with_retries(self, policy: RetryPolicy, on_retry: OnRetry) -> Self {
        Client { policy, on_retry, ..self }
    }

    /// Returns where the service is.
    pub fn place(&self) -> String {
        self.transport.place()
    }

    /// Returns what the service knows about the caller.
    pub async fn me(&self) -> Result<Me, CallError> {
        self.get("/v1/me").await
    }

    /// Returns what the service says about itself, its clock and its certificate.
    ///
    /// # Errors
    /// Fails if there is no answer.
    pub async fn about(&self) -> Result<About, CallError> {
        let (response, refused) = self.request(Method::GET, "/openapi.json", Bytes::new()).await?;
        let date = response.headers().get(header::DATE).and_then(|date| date.to_str().ok()).map(str::to_owned);
        let certificate_expires = response.extensions().get().map(|CertificateExpiry(at)| *at);
        let version = match refused {
            Some(error) => Err(error),
            None => self.version_in(&response),
        };
        Ok(About { version, date, certificate_expires })
    }

    /// Returns the version in the API's description.
    fn version_in(&self, response: &Response<Bytes>) -> Result<String, CallError> {
        let Described { info } = self.parse(response)?;
        if info.title == TITLE {
            return Ok(info.version);
        }
        let what = format!("it describes itself as {}", info.title);
        Err(CallError::NotThisService { place: self.transport.way(), what })
    }

    /// Returns a page of webhooks.
    pub async fn webhooks(&self, query: &WebhookQuery) -> Result<Page<Webhook>, CallError> {
        self.get(&path_with_query("/v1/webhooks", query)).await
    }

    /// Returns one webhook.
    pub async fn webhook(&self, id: WebhookId) -> Result<Webhook, CallError> {
        self.get(&format!("/v1/webhooks/{id}")).await
    }

    /// Adds a webhook.
    pub async fn add_webhook(&self, new: &NewWebhook) -> Result<Webhook, CallError> {
        self.change(Method::POST, "/v1/webhooks", new, None).await
    }

    /// Changes a webhook, if its revision is still the expected one.
    pub async fn update_webhook(
        &self,
        id: WebhookId,
        patch: &WebhookPatch,
        expected_revision: Option<i64>,
    ) -> Result<Webhook, CallError> {
        self.change(Method::PATCH, &format!("/v1/webhooks/{id}"), patch, expected_revision).await
    }

    /// Deletes a webhook, if its revision is still the expected one.
    pub async fn delete_webhook(&self, id: WebhookId, expected_revision: Option<i64>) -> Result<(), CallError> {
        self.remove(&format!("/v1/webhooks/{id}"), expected_revision).await
    }

    /// Sends a test to a webhook and waits for the attempt to end.
    pub async fn test_webhook(&self, id: WebhookId, test: &TestRequest) -> Result<Attempt, CallError> {
        self.change(Method::POST, &format!("/v1/webhooks/{id}/test"), test, None).await
    }

    /// Returns a page of attempts.
    pub async fn attempts(&self, query: &AttemptQuery) -> Result<Page<Attempt>, CallError> {
        self.get(&path_with_query("/v1/attempts", query)).await
    }

    /// Returns one attempt with its request and its answer.
    pub async fn attempt(&self, id: AttemptId) -> Result<Attempt, CallError> {
        self.get(&format!("/v1/attempts/{id}")).await
    }

    /// Returns one delivery.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Delivery, CallError> {
        self.get(&format!("/v1/deliveries/{id}")).await
    }

    /// Returns a page of events.
    pub async fn events(&self, query: &EventQuery) -> Result<EventPage, CallError> {
        self.get(&path_with_query("/v1/events", query)).await
    }

    /// Returns one event with its data and its deliveries; of several with this id, the one of the source `source`.
    pub async fn event(&self, id: EventId, source: Option<&str>) -> Result<Event, CallError> {
        self.get(&path_with_query(&format!("/v1/events/{}", id.in_path()), &of_source(source))).await
    }

    /// Sends an event.
    pub async fn send_event(&self, event: &NewEvent) -> Result<AcceptedEvent, CallError> {
        self.change(Method::POST, "/v1/events", event, None).await
    }

    /// Retries the delivery of an attempt at once.
    pub async fn retry_attempt(&self, id: AttemptId) -> Result<Retried, CallError> {
        self.change(Method::POST, &format!("/v1/attempts/{id}/retry"), &(), None).await
    }

    /// Retries a delivery at once.
    pub async fn retry_delivery(&self, id: DeliveryId) -> Result<Retried, CallError> {
        self.change(Method::POST, &format!("/v1/deliveries/{id}/retry"), &(), None).await
    }

    /// Retries every delivery of an event at once; of several with this id, of the one of the source `source`.
    pub async fn retry_event(&self, id: EventId, source: Option<&str>) -> Result<Retried, CallError> {
        let path = path_with_query(&format!("/v1/events/{}/retry", id.in_path()), &of_source(source));
        self.change(Method::POST, &path, &(), None).await
    }

    /// Starts a recovery.
    pub async fn add_recovery(&self, new: &NewRecovery) -> Result<Recovery, CallError> {
        self.change(Method::POST, "/v1/recoveries", &NewRecovery { dry_run: false, ..new.clone() }, None).await
    }

    /// Counts what a recovery would do.
    pub async fn estimate_recovery(&self, new: &NewRecovery) -> Result<RecoveryEstimate, CallError> {
        self.change(Method::POST, "/v1/recoveries", &NewRecovery { dry_run: true, ..new.clone() }, None).await
    }

    /// Returns one recovery.
    pub async fn recovery(&self, id: RecoveryId) -> Result<Recovery, CallError> {
        self.get(&format!("/v1/recoveries/{id}")).await
    }

    /// Returns error rates over a window.
    pub async fn stats(&self, query: &StatsQuery) -> Result<Stats, CallError> {
        self.get(&path_with_query("/v1/stats", query)).await
    }

    /// Returns the waiting deliveries.
    pub async fn queue(&self) -> Result<Queue, CallError> {
        self.get("/v1/queue").await
    }

    /// Returns the catalogue of event types.
    pub async fn event_types(&self) -> Result<Page<EventTypeInfo>, CallError> {
        self.get("/v1/event-types").await
    }

    /// Returns the catalogue of versions.
    pub async fn versions(&self) -> Result<Page<VersionInfo>, CallError> {
        self.get("/v1/versions").await
    }

    /// Returns the service's settings.
    pub async fn settings(&self) -> Result<Settings, CallError> {
        self.get("/v1/settings").await
    }

    /// Changes the service's settings.
    pub async fn update_settings(&self, update: &SettingsUpdate) -> Result<Settings, CallError> {
        self.change(Method::PUT, "/v1/settings", update, None).await
    }

    /// Returns a webhook's secrets.
    pub async fn secrets(&self, id: WebhookId) -> Result<Secrets, CallError> {
        self.get(&format!("/v1/webhooks/{id}/secret")).await
    }

    /// Returns a webhook's masked secrets.
    pub async fn masked_secrets(&self, id: WebhookId) -> Result<ShownSecrets, CallError> {
        let query = SecretQuery { reveal: Some(false) };
        self.get(&path_with_query(&format!("/v1/webhooks/{id}/secret"), &query)).await
    }

    /// Replaces a webhook's secret by a new one.
    pub async fn rotate_secret(&self, id: WebhookId, rotate: &RotateSecret) -> Result<Secrets, CallError> {
        self.change(Method::POST, &format!("/v1/webhooks/{id}/secret"), rotate, None).await
    }

    /// Ends the overlap of a webhook's previous secret.
    pub async fn revoke_previous_secret(&self, id: WebhookId) -> Result<(), CallError> {
        self.remove(&format!("/v1/webhooks/{id}/secret/previous"), None).await
    }

    /// Sends any request. Returns the last answer, and the error that its status means. A change gets an idempotency
    /// key, and is repeated like any other call.
    ///
    /// # Errors
    /// Fails if there is no answer.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<(Response<Bytes>, Option<CallError>), CallError> {
        let mut headers = if method == Method::GET { HeaderMap::new() } else { self.change_headers(None) };
        if !body.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        match self.exchange(Call { method, path: path.to_owned(), body, headers }).await {
            Ok(response) => {
                answer::check(path, &response).map_err(|what| self.stranger(what)).map(|()| (response, None))
            }
            Err(Failure { error, response: Some(response) }) => Ok((response, Some(error))),
            Err(Failure { error, response: None }) => Err(error),
        }
    }

    /// Creates a token; only this answer shows it.
    pub async fn create_token(&self, new: &NewToken) -> Result<IssuedToken, CallError> {
        self.change(Method::POST, "/v1/tokens", new, None).await
    }

    /// Returns a page of tokens.
    pub async fn tokens(&self, query: &TokenQuery) -> Result<Page<Token>, CallError> {
        self.get(&path_with_query("/v1/tokens", query)).await
    }

    /// Revokes a token.
    pub async fn revoke_token(&self, id: TokenId) -> Result<(), CallError> {
        self.remove(&format!("/v1/tokens/{id}"), None).await
    }

    /// Returns a page of the audit log.
    pub async fn audit(&self, query: &AuditQuery) -> Result<Page<AuditEntry>, CallError> {
        self.get(&path_with_query("/v1/audit", query)).await
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CallError> {
        let call = Call { method: Method::GET, path: path.to_owned(), body: Bytes::new(), headers: HeaderMap::new() };
        self.parse(&self.send(call).await?)
    }

    pub(super) async fn change<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &B,
        expected_revision: Option<i64>,
    ) -> Result<T, CallError> {
        let mut headers = self.change_headers(expected_revision);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        #[expect(clippy::expect_used, reason = "our own types have text keys and no failing serialisation")]
        let body = serde_json::to_vec(body).expect("the wire types are always JSON").into();
        self.parse(&self.send(Call { method, path: path.to_owned(), body, headers }).await?)
    }

    pub(super) async fn remove(&self, path: &str, expected_revision: Option<i64>) -> Result<(), CallError> {
        let headers = self.change_headers(expected_revision);
        let call = Call { method: Method::DELETE, path: path.to_owned(), body: Bytes::new(), headers };
        // A login page, which a network answers with 200, has deleted nothing.
        answer::check(path, &self.send(call).await?).map_err(|what| self.stranger(what))
    }

    /// Makes the headers of a change: an idempotency key, the same for all attempts, and the expected revision.
    fn change_headers(&self, expected_revision: Option<i64>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let key = hex::encode(self.random.bytes::<16>());
        headers.extend(
            HeaderValue::from_str(&key).ok().map(|key| (http::HeaderName::from_static("idempotency-key"), key)),
        );
        let revision = expected_revision.and_then(|revision| HeaderValue::from_str(&format!("\"{revision}\"")).ok());
        headers.extend(revision.map(|revision| (header::IF_MATCH, revision)));
        headers
    }

    async fn send(&self, call: Call) -> Result<Response<Bytes>, CallError> {
        self.exchange(call).await.map_err(|failure| failure.error)
    }

    /// Sends a call until it has a final answer or the policy ends the retries.
    async fn exchange(&self, call: Call) -> Result<Response<Bytes>, Failure> {
        let mut number = 0;
        loop {
            let failure = match self.send_once(&call).await {
                Ok(response) => return Ok(response),
                Err(failure) if !failure.error.is_temporary() => return Err(failure),
                Err(failure) => failure,
            };
            let error = &failure.error;
            number += 1;
            let Some(wait) = self.policy.wait(number, error.retry_after(), self.random.fraction()) else {
                return Err(failure);
            };
            (self.on_retry)(&RetryNotice { reason: error.to_string(), wait, number, of: self.policy.retries });
            tokio::time::sleep(wait).await;
        }
    }

    async fn send_once(&self, call: &Call) -> Result<Response<Bytes>, Failure> {
        let mut request = Request::new(call.body.clone());
        *request.method_mut() = call.method.clone();
        *request.uri_mut() = uri(&call.path).map_err(|error| Failure { error, response: None })?;
        *request.headers_mut() = call.headers.clone();
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = &self.token {
            let text = Zeroizing::new(format!("Bearer {}", token.expose_secret()));
            if let Ok(mut value) = HeaderValue::from_str(&text) {
                value.set_sensitive(true);
                request.headers_mut().insert(header::AUTHORIZATION, value);
            }
        }
        let sent = self.transport.send(request).await;
        let response = sent.map_err(|error| Failure { error: error.into(), response: None })?.map(answer::without_mark);
        if response.status().is_success() {
            return Ok(response);
        }
        Err(Failure { error: self.refused(&response), response: Some(response) })
    }

    fn refused(&self, response: &Response<Bytes>) -> CallError {
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers(), self.clock.now());
        if status == 401 && self.token.is_none() {
            return CallError::NotLoggedIn { place: self.transport.way() };
        }
        let problem = serde_json::from_slice::<Problem>(response.body()).ok();
        // The service never redirects, so a redirect comes from something in front of it.
        match problem.filter(|_| !response.status().is_redirection()).map(|problem| Problem { status, ..problem }) {
            Some(problem) if status == 404 && problem.code == ProblemCode::NoSuchPath.as_str() => {
                CallError::NoSuchPath { place: self.transport.way(), problem: Box::new(problem) }
            }
            Some(problem) if answer::is_about_a_prefix(&problem, &self.transport.place()) => {
                let detail = format!("{} is no beginning of the API's paths", self.transport.place());
                let problem = Box::new(Problem::new(ProblemCode::NoSuchPath, detail));
                CallError::NoSuchPath { place: self.transport.way(), problem }
            }
            Some(problem) => CallError::Refused { problem: Box::new(problem), retry_after },
            None if answer::decides(status) => CallError::Status { place: self.transport.way(), status, retry_after },
            None => self.stranger(answer::refusal(response)),
        }
    }

    fn parse<T: DeserializeOwned>(&self, response: &Response<Bytes>) -> Result<T, CallError> {
        serde_json::from_slice(response.body()).map_err(|error| self.stranger(answer::unexpected(response, &error)))
    }

    /// Makes the error for an answer from something other than this service.
    fn stranger(&self, what: String) -> CallError {
        CallError::NotThisService { place: self.transport.way(), what }
    }
}

/// Returns the path as it is sent.
fn uri(path: &str) -> Result<Uri, CallError> {
    let parsed = (path.len() <= LONGEST_PATH).then(|| path.parse().ok()).flatten();
    parsed.ok_or(CallError::TooLong { bytes: path.len() })
}

/// Returns the wait that the answer asks for. A date is compared with the answer's own, as the clocks may differ.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let date = headers.get(header::DATE).and_then(|date| retry_after::http_date(date.to_str().ok()?));
    retry_after::wait(headers.get(header::RETRY_AFTER)?.to_str().ok()?, date.unwrap_or(now))
}

pub(super) fn path_with_query<Q: Serialize>(path: &str, query: &Q) -> String {
    match serde_urlencoded::to_string(query) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

fn of_source(source: Option<&str>) -> EventSource {
    EventSource { source: source.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_to_retry_after_is_counted_from_the_answer_s_own() {
        let waits = |headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
            let now = "2026-11-23T17:40:00Z".parse().unwrap();
            retry_after(&headers.collect(), now).map(|wait| wait.as_secs())
        };
        let date = ("retry-after", "Mon, 23 Nov 2026 17:40:20 GMT");
        assert_eq!(waits(&[("retry-after", "7")]), Some(7));
        assert_eq!(waits(&[date]), Some(20));
        assert_eq!(waits(&[date, ("date", "Mon, 23 Nov 2026 17:40:18 GMT")]), Some(2), "its clock is ahead of ours");
        assert_eq!(waits(&[date, ("date", "yesterday")]), Some(20));
        assert_eq!(waits(&[("retry-after", "soon")]), None);
        assert_eq!(waits(&[]), None);
    }
}
