//! `DELETE /v1/sources/{id}`

use axum::{extract::State, http::StatusCode};

use crate::{
    domain::ids::SourceId,
    service::http::{
        AppState,
        auth::{Caller, SourcesWrite},
        body::{ChangeRequest, Nothing},
        conditions::IfMatch,
        parameters::Id,
        problem::ApiResult,
    },
};

/// Deletes a source, its secret and what came to it. Its events stay under its name, and its address answers 404.
#[utoipa::path(
    delete,
    path = "/v1/sources/{id}",
    operation_id = "deleteSource",
    tag = "sources",
    security(("token" = ["sources:write"])),
    params(
        ("id" = SourceId, Path, description = "The source's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the source as it was read: 412 if it has changed since")
    ),
    responses((status = 204, description = "It is deleted"))
)]
pub(in crate::service::http) async fn delete(
    caller: Caller<SourcesWrite>,
    State(app): State<AppState>,
    Id(id): Id<SourceId>,
    IfMatch(expected): IfMatch,
    ChangeRequest { body: Nothing, idempotency_key }: ChangeRequest<Nothing>,
) -> ApiResult<StatusCode> {
    app.store.delete_source(id, expected, caller.change(idempotency_key)).await?;
    app.ingress.forget_sources();
    Ok(StatusCode::NO_CONTENT)
}
