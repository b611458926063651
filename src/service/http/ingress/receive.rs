//! Takes a request: reads it, judges it, and stores what it brought.

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::request::Parts,
    response::Response,
    routing::post,
};

use super::{
    answer::{RefusedRequest, received},
    bodies::Unread,
    cache::LiveSource,
    judge::{self, JudgedRequest},
    refusals::Refusal,
};
use crate::{
    domain::{
        attempt::Header,
        ids::SourceId,
        payload,
        source::{Incoming, Outcome, RefusedBecause},
    },
    service::{
        http::{AppState, problem::ApiError},
        store::{AcceptEvent, KeepRequest, Kept, RelayEvent, Relayed, StoreError, Told},
    },
    signing::{self, TIMEMOTO_SIGNATURE},
};

/// How often a request is judged anew because its source has changed meanwhile.
const MOST_LOOKS: usize = 3;

/// The addresses of sources.
pub(in crate::service::http) fn routes() -> axum::Router<AppState> {
    axum::Router::new().route("/in/{source}", post(receive))
}

async fn receive(State(app): State<AppState>, Path(source): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let arrival = Arrival { address: app.ingress.senders.address(&parts), parts };
    match arrival.take(&app, &source, body).await {
        Ok(outcome) => received(outcome),
        Err(refused) => {
            tokio::time::sleep(refused.held_back()).await;
            refused.answer()
        }
    }
}

/// A request whose body is not read yet.
struct Arrival {
    parts: Parts,
    address: String,
}

impl Arrival {
    async fn take(self, app: &AppState, source: &str, body: Body) -> Result<Outcome, RefusedRequest> {
        let not_found = || RefusedRequest::unknown(source);
        let id: SourceId = source.parse().map_err(|_| not_found())?;
        let live = app.ingress.live(id).await?.filter(|live| live.stored.enabled).ok_or_else(not_found)?;
        let body = match app.ingress.bodies.read(&self.parts.headers, body).await {
            Ok(body) => body,
            Err(Unread::TooLarge(size)) => return Err(self.refuse(app, &live, RefusedBecause::TooLarge, &[], size)),
            Err(Unread::Broken) => return Err(ApiError::bad_request("the body ended before it was complete").into()),
            Err(Unread::Busy) => return Err(RefusedRequest::busy("many large requests are being read")),
        };
        let mut request = self.signed(app, body);
        let mut live = Some(live);
        for _ in 0..MOST_LOOKS {
            let Some(source) = live.filter(|live| live.stored.enabled) else { return Err(not_found()) };
            match self.judged(app, &source, request).await? {
                Done::Outcome(outcome) => return Ok(outcome),
                Done::Changed(again) => request = again,
            }
            app.ingress.cache.forget();
            live = app.ingress.live(id).await?;
        }
        Err(StoreError::Unavailable("a source changes too often".to_owned()).into())
    }

    /// The request as its signature is judged.
    fn signed(&self, app: &AppState, body: Vec<u8>) -> signing::Request {
        let path = self.parts.uri.path_and_query().map_or("", |path| path.as_str());
        let host = self.parts.headers.get("host").and_then(|host| host.to_str().ok());
        let url = match (&app.ingress.public_url, host) {
            (None, Some(host)) => format!("http://{host}{path}"),
            _ => app.ingress.url(path),
        };
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            // The library has written all names small; a scheme is shown as people know it.
            let known = name.as_str().eq_ignore_ascii_case(TIMEMOTO_SIGNATURE).then_some(TIMEMOTO_SIGNATURE);
            let name = known.unwrap_or(name.as_str()).to_owned();
            Some(Header { name, value: value.to_str().ok()?.to_owned() })
        };
        let headers = self.parts.headers.iter().filter_map(header).collect();
        signing::Request { url: Some(url), headers, body }
    }

    /// Judges the request by what is known of its source now, and takes it if it is genuine.
    async fn judged(
        &self,
        app: &AppState,
        live: &LiveSource,
        request: signing::Request,
    ) -> Result<Done, RefusedRequest> {
        match judge::judge(live, &request) {
            JudgedRequest::Genuine { narrowed } => {
                let (incoming, body) = self.event(app, live, request)?;
                self.relay(app, live, incoming, body, narrowed).await.map(Done::Outcome)
            }
            JudgedRequest::Refused(reason) => Err(self.refuse(app, live, reason, &request.body, request.body.len())),
            JudgedRequest::Unknown(secret) => {
                let (request, schemes) = app.ingress.detector.explain(request, secret).await?;
                if schemes.is_empty() {
                    let size = request.body.len();
                    return Err(self.refuse(app, live, RefusedBecause::Unexplained, &request.body, size));
                }
                self.keep(app, live, request, schemes).await
            }
        }
    }

    /// Reads the event of a genuine request.
    fn event(
        &self,
        app: &AppState,
        live: &LiveSource,
        request: signing::Request,
    ) -> Result<(Incoming, Vec<u8>), RefusedRequest> {
        let size = request.body.len();
        if !judge::is_json(&self.parts.headers) {
            return Err(self.refuse(app, live, RefusedBecause::MediaType, &request.body, size));
        }
        match Incoming::read(&request.body) {
            Ok(incoming) => Ok((incoming, request.body)),
            Err(error) => {
                let refused = self.refuse(app, live, RefusedBecause::NoEnvelope, &request.body, size);
                Err(refused.because(&error))
            }
        }
    }

    async fn relay(
        &self,
        app: &AppState,
        live: &LiveSource,
        incoming: Incoming,
        body: Vec<u8>,
        narrowed: Option<Vec<signing::Scheme>>,
    ) -> Result<Outcome, RefusedRequest> {
        let departures = payload::departures(incoming.event_type, incoming.data.object());
        let Incoming { id, event_type, sequence, dispatched_at, occurred_at, data } = incoming;
        let relayed = Some(Relayed { source: live.reference(), body, sequence, dispatched_at });
        let event = AcceptEvent { id, event_type, data, occurred_at, relayed };
        let redeliver_changed = live.stored.settings.redeliver_changed;
        let is_narrowed = narrowed.is_some();
        let relay = RelayEvent { event, redeliver_changed, departures, narrowed };
        let outcome = app.store.relay(relay, app.clock.now()).await?;
        if is_narrowed {
            app.ingress.forget_sources();
        }
        app.metrics.received(&live.stored.name, outcome);
        Ok(outcome)
    }

    /// Keeps a request that proves the secret until its scheme is confirmed.
    async fn keep(
        &self,
        app: &AppState,
        live: &LiveSource,
        request: signing::Request,
        schemes: Vec<signing::Scheme>,
    ) -> Result<Done, RefusedRequest> {
        let again = request.clone();
        let (incoming, body) = self.event(app, live, request)?;
        let told = Told {
            id: Some(incoming.id.to_string()),
            event_type: Some(incoming.event_type.to_string()),
            sequence: incoming.sequence,
        };
        let source = live.reference();
        let kept = app.store.keep_request(KeepRequest { source, schemes, body, told }, app.clock.now()).await?;
        let outcome = match kept {
            Kept::Waiting => Outcome::Kept,
            Kept::Again => Outcome::Repeated,
            Kept::Confirmed => {
                app.ingress.forget_sources();
                Outcome::Accepted
            }
            Kept::NotLearning => return Ok(Done::Changed(again)),
            Kept::Full => {
                return Err(RefusedRequest::busy("the source keeps too many requests whose scheme is not confirmed"));
            }
        };
        app.metrics.received(&live.stored.name, outcome);
        Ok(Done::Outcome(outcome))
    }

    /// Refuses the request, and notes it.
    fn refuse(
        &self,
        app: &AppState,
        live: &LiveSource,
        reason: RefusedBecause,
        body: &[u8],
        size: usize,
    ) -> RefusedRequest {
        app.metrics.received(&live.stored.name, Outcome::Refused);
        let refused = Refusal { parts: &self.parts, address: &self.address, body, size, reason };
        app.ingress.refusals.note(live.stored.number, &refused, app.clock.now())
    }
}

/// What became of a request that was judged.
enum Done {
    Outcome(Outcome),
    /// The source has changed meanwhile: the request must be judged anew.
    Changed(signing::Request),
}
