//! `GET /v1/sources/{id}/received`

use axum::{Json, extract::State};

use crate::{
    domain::{
        ids::SourceId,
        page::Page,
        source::{ReceivedQuery, ReceivedRequest},
    },
    service::http::{
        AppState,
        auth::{Caller, SourcesRead},
        parameters::{Id, Query, page},
        problem::ApiResult,
    },
};

/// Lists what came to a source's address, newest first.
///
/// Of genuine requests about 1,000 are listed, of those that changed an event 100, and of refused ones 100, for a day, with
/// at most 64 KiB of each body.
#[utoipa::path(
    get,
    path = "/v1/sources/{id}/received",
    operation_id = "listReceived",
    tag = "sources",
    security(("token" = ["sources:read"])),
    params(("id" = SourceId, Path, description = "The source's id"), ReceivedQuery),
    responses((status = 200, description = "A page of requests", body = Page<ReceivedRequest>))
)]
pub(in crate::service::http) async fn list(
    _: Caller<SourcesRead>,
    State(app): State<AppState>,
    Id(id): Id<SourceId>,
    Query(query): Query<ReceivedQuery>,
) -> ApiResult<Json<Page<ReceivedRequest>>> {
    let ReceivedQuery { outcome, limit, cursor } = query;
    Ok(Json(app.store.received(id, outcome, page(limit, cursor)?, app.clock.now()).await?))
}
