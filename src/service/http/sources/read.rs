//! `GET /v1/sources/{id}`

use axum::{extract::State, response::IntoResponse};

use crate::{
    domain::{
        ids::SourceId,
        page::{Limit, PageRequest},
        source::{Lacked, Outcome, ReceivedRequest, Source, SourceState},
    },
    service::http::{
        AppState,
        auth::{Caller, SourcesRead},
        conditions::ETag,
        parameters::Id,
        problem::{ApiError, ApiResult},
    },
    signing::{Request, learn},
};

/// The number of refused requests that are looked at.
const LOOKED_AT: u64 = 20;

/// Shows one source with its sequences, its departures from the known format, and, while it is learning, what its newest
/// refused requests lacked.
#[utoipa::path(
    get,
    path = "/v1/sources/{id}",
    operation_id = "getSource",
    tag = "sources",
    security(("token" = ["sources:read"])),
    params(("id" = SourceId, Path, description = "The source's id")),
    responses((
        status = 200,
        description = "The source",
        body = Source,
        headers(("ETag" = String, description = "Its revision"))
    ))
)]
pub(in crate::service::http) async fn read(
    _: Caller<SourcesRead>,
    State(app): State<AppState>,
    Id(id): Id<SourceId>,
) -> ApiResult<impl IntoResponse> {
    let found = app.store.source(id, app.clock.now()).await?;
    let mut source = found.ok_or_else(|| ApiError::not_found("source", id))?;
    if source.state == SourceState::Learning {
        source.lacking = Some(lacking(&app, id).await?);
    }
    Ok((ETag(source.revision), axum::Json(app.ingress.with_url(source))))
}

/// What the newest refused requests lacked, the most frequent first.
async fn lacking(app: &AppState, id: SourceId) -> ApiResult<Vec<Lacked>> {
    let Some(secret) = app.ingress.live(id).await?.and_then(|live| live.secret.clone()) else {
        return Ok(Vec::new());
    };
    let page = PageRequest { limit: Limit::new(LOOKED_AT).unwrap_or_default(), cursor: None };
    let refused = app.store.received(id, Some(Outcome::Refused), page, app.clock.now()).await?.data;
    let mut told: Vec<Lacked> = Vec::new();
    for request in refused.into_iter().filter_map(as_signed) {
        let lacking = learn::lacking(&request, &secret);
        let what = lacking.to_string();
        match told.iter_mut().find(|lacked| lacked.what == what) {
            Some(lacked) => lacked.requests += 1,
            None => told.push(Lacked { requests: 1, what, next: lacking.next() }),
        }
    }
    told.sort_by_key(|lacked| std::cmp::Reverse(lacked.requests));
    Ok(told)
}

/// A refused request as its signature was judged, if all of its body is kept.
fn as_signed(received: ReceivedRequest) -> Option<Request> {
    let kept = received.request.filter(|request| !request.is_cut)?;
    let body = kept.body.map(String::into_bytes)?;
    Some(Request { url: None, headers: kept.headers, body })
}
