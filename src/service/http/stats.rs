//! `GET /v1/stats`, `GET /v1/webhooks/{id}/stats`

use axum::{Json, extract::State};

use super::{
    AppState,
    auth::{Caller, WebhooksRead},
    parameters::{Id, Query, begun},
    problem::ApiResult,
    webhooks,
};
use crate::domain::{ids::WebhookId, query::StatsQuery, stats::Stats};

/// Shows error rates over a window, tests left out.
#[utoipa::path(
    get,
    path = "/v1/stats",
    operation_id = "getStats",
    tag = "stats",
    security(("token" = ["webhooks:read"])),
    params(StatsQuery),
    responses((status = 200, description = "The error rates", body = Stats))
)]
pub(super) async fn of_all(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Query(query): Query<StatsQuery>,
) -> ApiResult<Json<Stats>> {
    counted(&app, query).await
}

/// Shows one webhook's error rates over a window, tests left out.
#[utoipa::path(
    get,
    path = "/v1/webhooks/{id}/stats",
    operation_id = "getStatsOfWebhook",
    tag = "stats",
    security(("token" = ["webhooks:read"])),
    params(("id" = WebhookId, Path, description = "The webhook's id"), StatsQuery),
    responses((status = 200, description = "The error rates", body = Stats))
)]
pub(super) async fn of_webhook(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
    Query(query): Query<StatsQuery>,
) -> ApiResult<Json<Stats>> {
    webhooks::existing(&app, id).await?;
    counted(&app, StatsQuery { webhook: Some(id), ..query }).await
}

async fn counted(app: &AppState, query: StatsQuery) -> ApiResult<Json<Stats>> {
    let now = app.clock.now();
    begun(query.since, query.until, now)?;
    Ok(Json(app.store.stats(query, now).await?))
}
