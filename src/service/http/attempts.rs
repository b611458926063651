//! `GET /v1/attempts`, `GET /v1/webhooks/{id}/attempts`, `GET /v1/attempts/{id}`

use axum::{Json, extract::State};

use super::{
    AppState,
    auth::{Caller, WebhooksRead},
    parameters::{Id, Query, page, window},
    problem::{ApiError, ApiResult},
    webhooks,
};
use crate::domain::{
    attempt::Attempt,
    ids::{AttemptId, WebhookId},
    page::Page,
    query::AttemptQuery,
};

/// Lists attempts, newest first, those in flight before all others.
#[utoipa::path(
    get,
    path = "/v1/attempts",
    operation_id = "listAttempts",
    tag = "attempts",
    security(("token" = ["webhooks:read"])),
    params(AttemptQuery),
    responses((status = 200, description = "A page of attempts", body = Page<Attempt>))
)]
pub(super) async fn list(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Query(mut query): Query<AttemptQuery>,
) -> ApiResult<Json<Page<Attempt>>> {
    window(query.since, query.until)?;
    let page = page(query.limit, query.cursor.take())?;
    Ok(Json(app.store.attempts(query, page).await?))
}

/// Lists one webhook's attempts, newest first, those in flight before all others.
#[utoipa::path(
    get,
    path = "/v1/webhooks/{id}/attempts",
    operation_id = "listAttemptsOfWebhook",
    tag = "attempts",
    security(("token" = ["webhooks:read"])),
    params(("id" = WebhookId, Path, description = "The webhook's id"), AttemptQuery),
    responses((status = 200, description = "A page of attempts", body = Page<Attempt>))
)]
pub(super) async fn list_of_webhook(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
    Query(mut query): Query<AttemptQuery>,
) -> ApiResult<Json<Page<Attempt>>> {
    window(query.since, query.until)?;
    let page = page(query.limit, query.cursor.take())?;
    webhooks::existing(&app, id).await?;
    Ok(Json(app.store.attempts(AttemptQuery { webhook: Some(id), ..query }, page).await?))
}

/// Shows one attempt with its request and the receiver's answer.
#[utoipa::path(
    get,
    path = "/v1/attempts/{id}",
    operation_id = "getAttempt",
    tag = "attempts",
    security(("token" = ["webhooks:read"])),
    params(("id" = AttemptId, Path, description = "The attempt's id")),
    responses((status = 200, description = "The attempt", body = Attempt))
)]
pub(super) async fn read(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Id(id): Id<AttemptId>,
) -> ApiResult<Json<Attempt>> {
    app.store.attempt(id).await?.map(Json).ok_or_else(|| ApiError::not_found("attempt", id))
}
