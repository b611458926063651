//! `GET /v1/queue`

use axum::{Json, extract::State};

use super::{
    AppState,
    auth::{Caller, WebhooksRead},
    problem::ApiResult,
};
use crate::domain::stats::Queue;

/// Shows what waits to be delivered, and whether a process delivers it.
#[utoipa::path(
    get,
    path = "/v1/queue",
    operation_id = "getQueue",
    tag = "deliveries",
    security(("token" = ["webhooks:read"])),
    responses((status = 200, description = "What waits", body = Queue))
)]
pub(super) async fn read(_: Caller<WebhooksRead>, State(app): State<AppState>) -> ApiResult<Json<Queue>> {
    Ok(Json(app.store.queue(app.clock.now()).await?))
}
