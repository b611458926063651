//! `GET /livez`, `GET /readyz`: for whoever watches the process.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AppState, problem::Answer};

/// That all is well; a problem says otherwise.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

const WELL: Json<Health> = Json(Health { status: "ok" });

/// Says that the process answers.
#[utoipa::path(
    get,
    path = "/livez",
    operation_id = "live",
    tag = "service",
    responses((status = 200, description = "It answers", body = Health))
)]
pub(super) async fn live() -> Json<Health> {
    WELL
}

/// Says whether the service can work: its database answers and takes writes.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "ready",
    tag = "service",
    responses((status = 200, description = "It can work", body = Health))
)]
pub(super) async fn ready(State(app): State<AppState>) -> Answer<Json<Health>> {
    app.store.ping().await?;
    Ok(WELL)
}
