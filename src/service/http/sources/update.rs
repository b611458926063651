//! `PATCH /v1/sources/{id}`

use axum::{extract::State, response::IntoResponse};

use crate::{
    domain::{
        ids::SourceId,
        source::{Source, SourcePatch},
    },
    service::http::{
        AppState,
        auth::{Caller, SourcesWrite},
        body::{ChangeRequest, Json},
        conditions::{ETag, IfMatch},
        parameters::Id,
        problem::ApiResult,
    },
};

/// Changes a source.
///
/// Fields that are left out stay as they are. The scheme `learn` finds out anew how the sender signs. With any other
/// scheme, requests that were kept while it was learning are delivered.
#[utoipa::path(
    patch,
    path = "/v1/sources/{id}",
    operation_id = "updateSource",
    tag = "sources",
    security(("token" = ["sources:write"])),
    params(
        ("id" = SourceId, Path, description = "The source's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the source as it was read: 412 if it has changed since")
    ),
    request_body = SourcePatch,
    responses((
        status = 200,
        description = "The source as it is now",
        body = Source,
        headers(("ETag" = String, description = "Its revision"))
    ))
)]
pub(in crate::service::http) async fn update(
    caller: Caller<SourcesWrite>,
    State(app): State<AppState>,
    Id(id): Id<SourceId>,
    IfMatch(expected): IfMatch,
    ChangeRequest { body: Json(patch), idempotency_key }: ChangeRequest<Json<SourcePatch>>,
) -> ApiResult<impl IntoResponse> {
    patch.check()?;
    let source = app.store.update_source(id, patch, expected, caller.change(idempotency_key)).await?;
    app.ingress.forget_sources();
    Ok((ETag(source.revision), axum::Json(app.ingress.with_url(source))))
}
