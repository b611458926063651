//! `GET` and `POST /v1/webhooks/{id}/secret`, `DELETE /v1/webhooks/{id}/secret/previous`

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};

use crate::{
    domain::{
        ids::WebhookId,
        problem::FieldError,
        query::SecretQuery,
        secret::{RotateSecret, Secret, Secrets, ShownSecrets},
    },
    service::http::{
        AppState,
        auth::{Caller, SecretRotation, SecretsRead, WebhooksWrite},
        body::{ChangeRequest, Nothing, OrDefault},
        parameters::{Id, Query},
        problem::{ApiError, ApiResult},
    },
};

/// Shows a webhook's secret, and the previous one while a rotation is under way.
///
/// The audit log notes that the secret was read, unless `reveal=false` asks for it masked.
#[utoipa::path(
    get,
    path = "/v1/webhooks/{id}/secret",
    operation_id = "getSecret",
    tag = "secrets",
    security(("token" = ["secrets:read"])),
    params(("id" = WebhookId, Path, description = "The webhook's id"), SecretQuery),
    responses((status = 200, description = "Its live secrets", body = Secrets))
)]
pub(in crate::service::http) async fn read(
    caller: Caller<SecretsRead>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
    Query(SecretQuery { reveal }): Query<SecretQuery>,
) -> ApiResult<Json<ShownSecrets>> {
    let (secrets, show): (_, fn(&Secret) -> String) = match reveal {
        Some(false) => (app.store.secrets(id, app.clock.now()).await?, Secret::masked),
        _ => (app.store.show_secrets(id, caller.change(None)).await?, |secret| secret.expose().to_owned()),
    };
    let secrets = secrets.ok_or_else(|| ApiError::not_found("webhook", id))?;
    Ok(Json(ShownSecrets::of(&secrets, show)))
}

/// Replaces a webhook's secret with a new one.
///
/// The old one stays valid for the overlap: meanwhile `webhook-signature` carries signatures by both, and
/// `Timemoto-Signature`, the one that receivers assume, is made with the old one; so is that of another scheme whose header
/// takes one signature. While that lasts another rotation is refused (409 `rotation_under_way`): end it first, with `DELETE` of the
/// previous secret.
#[utoipa::path(
    post,
    path = "/v1/webhooks/{id}/secret",
    operation_id = "rotateSecret",
    tag = "secrets",
    security(("token" = ["webhooks:write", "secrets:read"])),
    params(("id" = WebhookId, Path, description = "The webhook's id")),
    request_body = Option<RotateSecret>,
    responses((status = 200, description = "Its live secrets", body = Secrets))
)]
pub(in crate::service::http) async fn rotate(
    caller: Caller<SecretRotation>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
    ChangeRequest { body: OrDefault(request), idempotency_key }: ChangeRequest<OrDefault<RotateSecret>>,
) -> ApiResult<Json<Secrets>> {
    let overlap = overlap(request)?;
    let now = app.clock.now();
    app.store
        .rotate_secret(id, Secret::generate(&*app.random), now.plus(overlap), caller.change(idempotency_key))
        .await?;
    app.engine.forget(id).await;
    // The secrets are read again because a repeated request must answer with the secret made the first time, and the
    // idempotency record does not contain it.
    live(&app, id).await
}

/// Ends a rotation's overlap: the previous secret is no longer used.
#[utoipa::path(
    delete,
    path = "/v1/webhooks/{id}/secret/previous",
    operation_id = "revokePreviousSecret",
    tag = "secrets",
    security(("token" = ["webhooks:write"])),
    params(("id" = WebhookId, Path, description = "The webhook's id")),
    responses((status = 204, description = "Only the current secret is live"))
)]
pub(in crate::service::http) async fn revoke(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
    ChangeRequest { body: Nothing, idempotency_key }: ChangeRequest<Nothing>,
) -> ApiResult<StatusCode> {
    app.store.revoke_previous_secret(id, caller.change(idempotency_key)).await?;
    app.engine.forget(id).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn live(app: &AppState, id: WebhookId) -> ApiResult<Json<Secrets>> {
    let secrets = app.store.secrets(id, app.clock.now()).await?;
    secrets.map(Json).ok_or_else(|| ApiError::not_found("webhook", id))
}

fn overlap(request: RotateSecret) -> Result<Duration, FieldError> {
    let RotateSecret { overlap_seconds } = request;
    let seconds = overlap_seconds.unwrap_or(RotateSecret::DEFAULT_OVERLAP_SECONDS);
    if seconds > RotateSecret::LONGEST_OVERLAP_SECONDS {
        return Err(FieldError::new("overlapSeconds", "must be at most 2592000 (30 days)"));
    }
    Ok(Duration::from_secs(seconds))
}
