//! `POST /v1/sources`

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use crate::{
    domain::{
        ids::SourceId,
        name,
        source::{NewSource, Source},
    },
    service::{
        http::{
            AppState,
            auth::{Caller, SourcesWrite},
            body::{ChangeRequest, Json},
            conditions::ETag,
            problem::ApiResult,
        },
        store::AddSource,
    },
};

/// Adds a source.
///
/// Its `url` is the address for the sender's form. With `learn` the service finds out how the sender signs: it tries each
/// request, and a second one of another event confirms the scheme. Without a secret no signed request is genuine yet; set
/// it later with `PATCH`.
#[utoipa::path(
    post,
    path = "/v1/sources",
    operation_id = "addSource",
    tag = "sources",
    security(("token" = ["sources:write"])),
    request_body = NewSource,
    responses((
        status = 201,
        description = "The new source",
        body = Source,
        headers(("Location" = String, description = "Its path"), ("ETag" = String, description = "Its revision"))
    ))
)]
pub(in crate::service::http) async fn create(
    caller: Caller<SourcesWrite>,
    State(app): State<AppState>,
    ChangeRequest { body: Json(new), idempotency_key }: ChangeRequest<Json<NewSource>>,
) -> ApiResult<impl IntoResponse> {
    let new = NewSource { name: name::normalised(&new.name), ..new };
    new.check()?;
    let add = AddSource { id: SourceId::from_random(app.random.bytes()), new };
    let source = app.store.add_source(add, caller.change(idempotency_key)).await?;
    app.ingress.forget_sources();
    let location = [(header::LOCATION, format!("/v1/sources/{}", source.id))];
    Ok((StatusCode::CREATED, location, ETag(source.revision), axum::Json(app.ingress.with_url(source))))
}
