//! `GET /metrics`

use std::time::Duration;

use axum::{extract::State, http::header, response::IntoResponse};

use super::{
    AppState,
    auth::{Caller, WebhooksRead},
};
use crate::{
    domain::{
        page::{Limit, PageRequest},
        source::Source,
        time::Timestamp,
    },
    service::{metrics::Overview, store::Result},
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
    match tokio::time::timeout(PATIENCE, known(&app, now)).await {
        Ok(Ok((overview, sources))) => {
            app.metrics.read(overview, now);
            app.metrics.read_sources(&sources);
        }
        Ok(Err(error)) => tracing::warn!(%error, "the metrics lack what the database knows"),
        Err(_) => tracing::warn!("the metrics lack what the database knows: it took too long"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}

/// What the database knows: of the sources the newest 250.
async fn known(app: &AppState, now: Timestamp) -> Result<(Overview, Vec<Source>)> {
    let overview = app.store.overview(now).await?;
    let page = PageRequest { limit: Limit::new(Limit::MOST.into()).unwrap_or_default(), cursor: None };
    let mut sources = Vec::new();
    for source in app.store.sources(None, page, now).await?.data {
        sources.extend(app.store.source(source.id, now).await?);
    }
    Ok((overview, sources))
}
