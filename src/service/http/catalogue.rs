//! `GET /v1/event-types`, `GET /v1/versions`

use axum::{Json, extract::State};

use super::{
    AppState,
    auth::{AnyToken, Caller},
    problem::ApiResult,
};
use crate::domain::{
    page::Page,
    record::{self, EventTypeInfo},
    version::{self, VersionInfo},
};

/// Lists the event types: first the known ones, each with an example of its data, then the other types that the service
/// has received.
#[utoipa::path(
    get,
    path = "/v1/event-types",
    operation_id = "listEventTypes",
    tag = "catalogue",
    security(("token" = [])),
    responses((status = 200, description = "All types", body = Page<EventTypeInfo>))
)]
pub(super) async fn event_types(
    _: Caller<AnyToken>,
    State(app): State<AppState>,
) -> ApiResult<Json<Page<EventTypeInfo>>> {
    Ok(Json(Page::whole(record::catalogue(&app.store.event_types().await?))))
}

/// Lists the versions of the wire format.
#[utoipa::path(
    get,
    path = "/v1/versions",
    operation_id = "listVersions",
    tag = "catalogue",
    security(("token" = [])),
    responses((status = 200, description = "All versions", body = Page<VersionInfo>))
)]
pub(super) async fn versions(_: Caller<AnyToken>, State(app): State<AppState>) -> ApiResult<Json<Page<VersionInfo>>> {
    let global = app.store.global_version().await?;
    Ok(Json(Page::whole(version::catalogue(global))))
}
