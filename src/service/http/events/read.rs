//! `GET /v1/events/{id}`

use axum::{Json, extract::State};

use crate::{
    domain::{ids::EventId, query::EventSource, record::Event},
    service::{
        http::{
            AppState,
            auth::{Caller, WebhooksRead},
            parameters::{Id, Query},
            problem::{ApiError, ApiResult},
        },
        store::EventKey,
    },
};

/// Shows one event with its data and its deliveries.
#[utoipa::path(
    get,
    path = "/v1/events/{id}",
    operation_id = "getEvent",
    tag = "events",
    security(("token" = ["webhooks:read"])),
    params(("id" = EventId, Path, description = "The event's id, percent-encoded"), EventSource),
    responses((status = 200, description = "The event", body = Event))
)]
pub(in crate::service::http) async fn read(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Id(id): Id<EventId>,
    Query(EventSource { source }): Query<EventSource>,
) -> ApiResult<Json<Event>> {
    app.store.event(EventKey { id, source }).await?.map(Json).ok_or_else(|| ApiError::not_found("event", id))
}
