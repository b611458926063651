//! `GET /v1/webhooks/{id}`

use axum::{Json, extract::State, response::IntoResponse};

use crate::{
    domain::{ids::WebhookId, webhook::Webhook},
    service::http::{
        AppState,
        auth::{Caller, WebhooksRead},
        conditions::ETag,
        parameters::Id,
        problem::{ApiError, ApiResult},
    },
};

/// Shows one webhook.
#[utoipa::path(
    get,
    path = "/v1/webhooks/{id}",
    operation_id = "getWebhook",
    tag = "webhooks",
    security(("token" = ["webhooks:read"])),
    params(("id" = WebhookId, Path, description = "The webhook's id")),
    responses((
        status = 200,
        description = "The webhook",
        body = Webhook,
        headers(("ETag" = String, description = "Its revision"))
    ))
)]
pub(in crate::service::http) async fn read(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
) -> ApiResult<impl IntoResponse> {
    let webhook = existing(&app, id).await?;
    Ok((ETag(webhook.revision), Json(webhook)))
}

/// The webhook with this id, or 404.
pub(in crate::service::http) async fn existing(app: &AppState, id: WebhookId) -> ApiResult<Webhook> {
    app.store.webhook(id, app.clock.now()).await?.ok_or_else(|| ApiError::not_found("webhook", id))
}
