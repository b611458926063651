//! `POST /v1/webhooks`

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use crate::{
    domain::{
        ids::WebhookId,
        secret::Secret,
        webhook::{NewWebhook, Webhook},
    },
    service::{
        http::{
            AppState,
            auth::{Caller, WebhooksWrite},
            body::{ChangeRequest, Json},
            conditions::ETag,
            problem::{ApiError, ApiResult},
        },
        store::AddWebhook,
    },
};

/// Adds a webhook.
///
/// The service checks the URL's form, and its address if it is written as one; it never looks a name up. It generates a
/// secret unless one is given; the answer does not contain the secret.
#[utoipa::path(
    post,
    path = "/v1/webhooks",
    operation_id = "addWebhook",
    tag = "webhooks",
    security(("token" = ["webhooks:write"])),
    request_body = NewWebhook,
    responses((
        status = 201,
        description = "The new webhook",
        body = Webhook,
        headers(("Location" = String, description = "Its path"), ("ETag" = String, description = "Its revision"))
    ))
)]
pub(in crate::service::http) async fn create(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    ChangeRequest { body: Json(new), idempotency_key }: ChangeRequest<Json<NewWebhook>>,
) -> ApiResult<impl IntoResponse> {
    if let Some(error) = new.masked_field() {
        return Err(ApiError::masked(error));
    }
    let new = new.normalised();
    let url = new.check()?;
    app.guard.check_url(&url)?;
    let secret = new.secret.clone().unwrap_or_else(|| Secret::generate(&*app.random));
    let add = AddWebhook { id: WebhookId::from_random(app.random.bytes()), new, secret };
    let webhook = app.store.add_webhook(add, caller.change(idempotency_key)).await?;
    let location = [(header::LOCATION, format!("/v1/webhooks/{}", webhook.id))];
    Ok((StatusCode::CREATED, location, ETag(webhook.revision), axum::Json(webhook)))
}
