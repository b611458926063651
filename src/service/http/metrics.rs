//! `GET /metrics`

use std::time::Duration;

use axum::{extract::State, http::header, response::IntoResponse};

use super::{
    AppState,
    auth::{Caller, WebhooksRead},
};

/// The longest time that the database may take; after it the metrics are shown without its figures.
const PATIENCE: Duration = Duration::from_secs(2);

/// Shows the service's metrics in Prometheus' text format.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "getMetrics",
    tag = "service",
    security(("token" = ["webhooks:read"])),
    responses((status = 200, description = "The metrics", content_type = "text/plain", body = String))
)]
pub(super) async fn read(_: Caller<WebhooksRead>, State(app): State<AppState>) -> impl IntoResponse {
    let now = app.clock.now();
    match tokio::time::timeout(PATIENCE, app.store.overview(now)).await {
        Ok(Ok(overview)) => app.metrics.read(overview, now),
        Ok(Err(error)) => tracing::warn!(%error, "the metrics lack what the database knows"),
        Err(_) => tracing::warn!("the metrics lack what the database knows: it took too long"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}
