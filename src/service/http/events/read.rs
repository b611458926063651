//! `GET /v1/events/{id}`

use axum::{Json, extract::State};

use crate::{
    domain::{ids::EventId, record::Event},
    service::http::{
        AppState,
        auth::{Caller, WebhooksRead},
        parameters::Id,
        problem::{Answer, ApiError},
    },
};

/// Shows one event with its data and its deliveries.
#[utoipa::path(
    get,
    path = "/v1/events/{id}",
    operation_id = "getEvent",
    tag = "events",
    security(("token" = ["webhooks:read"])),
    params(("id" = EventId, Path, description = "The event's id, percent-encoded")),
    responses((status = 200, description = "The event", body = Event))
)]
pub(in crate::service::http) async fn read(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Id(id): Id<EventId>,
) -> Answer<Json<Event>> {
    app.store.event(id).await?.map(Json).ok_or_else(|| ApiError::not_found("event", id))
}
