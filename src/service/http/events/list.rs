//! `GET /v1/events`

use axum::{Json, extract::State};

use crate::{
    domain::{page::Page, query::EventQuery, record::Event},
    service::http::{
        AppState,
        auth::{Caller, WebhooksRead},
        parameters::{Query, page, window},
        problem::Answer,
    },
};

/// Lists events, newest first, without their data.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "listEvents",
    tag = "events",
    security(("token" = ["webhooks:read"])),
    params(EventQuery),
    responses((status = 200, description = "A page of events", body = Page<Event>))
)]
pub(in crate::service::http) async fn list(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Query(mut query): Query<EventQuery>,
) -> Answer<Json<Page<Event>>> {
    window(query.since, query.until)?;
    let page = page(query.limit, query.cursor.take())?;
    Ok(Json(app.store.events(query, page).await?))
}
