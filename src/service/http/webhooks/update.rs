//! `PATCH /v1/webhooks/{id}`

use std::collections::BTreeMap;

use axum::{extract::State, response::IntoResponse};

use super::read::existing;
use crate::{
    domain::{
        ids::WebhookId,
        patch::Patch,
        problem::FieldError,
        webhook::{MOST_HEADERS, Webhook, WebhookPatch},
    },
    service::http::{
        AppState,
        auth::{Caller, WebhooksWrite},
        body::{Change, Json},
        conditions::{ETag, IfMatch},
        parameters::Id,
        problem::{Answer, ApiError},
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
    Change { body: Json(patch), once }: Change<Json<WebhookPatch>>,
) -> Answer<impl IntoResponse> {
    if let Some(error) = patch.masked_field() {
        return Err(ApiError::masked(error));
    }
    let patch = patch.normalised();
    if let Some(url) = patch.check()? {
        app.guard.check_url(&url)?;
    }
    if let Patch::Value(headers) = &patch.headers {
        check_number(&existing(&app, id).await?, headers)?;
    }
    let webhook = app.store.update_webhook(id, patch, expected, caller.change(once)).await?;
    app.engine.forget(id).await;
    Ok((ETag(webhook.revision), axum::Json(webhook)))
}

/// Checks the number of headers that the webhook has after the change.
fn check_number(webhook: &Webhook, changes: &BTreeMap<String, Option<String>>) -> Result<(), FieldError> {
    let lower = |name: &String| name.to_ascii_lowercase();
    let mut names: Vec<_> = webhook.headers.keys().map(lower).collect();
    names.retain(|name| !changes.keys().any(|changed| changed.eq_ignore_ascii_case(name)));
    names.extend(changes.iter().filter(|(_, value)| value.is_some()).map(|(name, _)| lower(name)));
    if names.len() > MOST_HEADERS {
        return Err(FieldError::new("headers", format!("would be more than {MOST_HEADERS}")));
    }
    Ok(())
}
