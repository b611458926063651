//! `GET /v1/sources`

use axum::{Json, extract::State};

use crate::{
    domain::{
        name::normalised,
        page::Page,
        source::{Source, SourceQuery},
    },
    service::http::{
        AppState,
        auth::{Caller, SourcesRead},
        parameters::{Query, page},
        problem::ApiResult,
    },
};

/// Lists sources, newest first.
#[utoipa::path(
    get,
    path = "/v1/sources",
    operation_id = "listSources",
    tag = "sources",
    security(("token" = ["sources:read"])),
    params(SourceQuery),
    responses((status = 200, description = "A page of sources", body = Page<Source>))
)]
pub(in crate::service::http) async fn list(
    _: Caller<SourcesRead>,
    State(app): State<AppState>,
    Query(query): Query<SourceQuery>,
) -> ApiResult<Json<Page<Source>>> {
    let page = page(query.limit, query.cursor)?;
    let found = app.store.sources(query.name.map(|name| normalised(&name)), page, app.clock.now()).await?;
    Ok(Json(found.map(|source| app.ingress.with_url(source))))
}
