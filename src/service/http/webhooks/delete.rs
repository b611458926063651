//! `DELETE /v1/webhooks/{id}`

use axum::{extract::State, http::StatusCode};

use crate::{
    domain::ids::WebhookId,
    service::http::{
        AppState,
        auth::{Caller, WebhooksWrite},
        body::{ChangeRequest, Nothing},
        conditions::IfMatch,
        parameters::Id,
        problem::ApiResult,
    },
};

/// Deletes a webhook.
///
/// Its name is free at once, and its pending deliveries are cancelled; its history stays until it expires.
#[utoipa::path(
    delete,
    path = "/v1/webhooks/{id}",
    operation_id = "deleteWebhook",
    tag = "webhooks",
    security(("token" = ["webhooks:write"])),
    params(
        ("id" = WebhookId, Path, description = "The webhook's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the webhook as it was read: 412 if it has changed since")
    ),
    responses((status = 204, description = "It is deleted"))
)]
pub(in crate::service::http) async fn delete(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
    IfMatch(expected): IfMatch,
    ChangeRequest { body: Nothing, idempotency_key }: ChangeRequest<Nothing>,
) -> ApiResult<StatusCode> {
    app.store.delete_webhook(id, expected, caller.change(idempotency_key)).await?;
    app.engine.forget(id).await;
    Ok(StatusCode::NO_CONTENT)
}
