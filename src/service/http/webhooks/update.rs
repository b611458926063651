//! `PATCH /v1/webhooks/{id}`

use axum::{extract::State, response::IntoResponse};

use super::read::existing;
use crate::{
    domain::{
        ids::WebhookId,
        patch::Patch,
        problem::FieldError,
        scheme::check_sendable,
        webhook::{MOST_HEADERS, Webhook, WebhookPatch},
    },
    service::http::{
        AppState,
        auth::{Caller, WebhooksWrite},
        body::{ChangeRequest, Json},
        conditions::{ETag, IfMatch},
        parameters::Id,
        problem::{ApiError, ApiResult},
    },
};

/// Changes a webhook.
///
/// Fields that are left out stay as they are. Disabling a webhook holds its pending deliveries; enabling it makes them
/// due again, spread over some time.
#[utoipa::path(
    patch,
    path = "/v1/webhooks/{id}",
    operation_id = "updateWebhook",
    tag = "webhooks",
    security(("token" = ["webhooks:write"])),
    params(
        ("id" = WebhookId, Path, description = "The webhook's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the webhook as it was read: 412 if it has changed since")
    ),
    request_body = WebhookPatch,
    responses((
        status = 200,
        description = "The webhook as it is now",
        body = Webhook,
        headers(("ETag" = String, description = "Its revision"))
    ))
)]
pub(in crate::service::http) async fn update(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
    IfMatch(expected): IfMatch,
    ChangeRequest { body: Json(patch), idempotency_key }: ChangeRequest<Json<WebhookPatch>>,
) -> ApiResult<impl IntoResponse> {
    if let Some(error) = patch.masked_field() {
        return Err(ApiError::masked(error));
    }
    let patch = patch.normalised();
    if let Some(url) = patch.check()? {
        app.guard.check_url(&url)?;
    }
    if !(patch.headers.is_absent() && patch.scheme.is_absent()) {
        check_together(&existing(&app, id).await?, &patch)?;
    }
    let webhook = app.store.update_webhook(id, patch, expected, caller.change(idempotency_key)).await?;
    app.engine.forget(id).await;
    Ok((ETag(webhook.revision), axum::Json(webhook)))
}

/// Checks what depends on what the webhook has after the change: how many headers it has, and that it can sign with them.
fn check_together(webhook: &Webhook, patch: &WebhookPatch) -> Result<(), FieldError> {
    let changes = if let Patch::Value(changes) = &patch.headers { Some(changes) } else { None };
    let changed = |name: &&String| !changes.into_iter().flatten().any(|(other, _)| other.eq_ignore_ascii_case(name));
    let set = changes.into_iter().flatten().filter(|(_, value)| value.is_some()).map(|(name, _)| name);
    let names: Vec<&String> = webhook.headers.keys().filter(changed).chain(set).collect();
    if names.len() > MOST_HEADERS {
        return Err(FieldError::new("headers", format!("would be more than {MOST_HEADERS}")));
    }
    let scheme = match &patch.scheme {
        Patch::Absent => webhook.scheme.as_ref(),
        Patch::Null => None,
        Patch::Value(scheme) => Some(scheme),
    };
    scheme.map_or(Ok(()), |scheme| check_sendable(scheme, names.iter().copied()))
}
