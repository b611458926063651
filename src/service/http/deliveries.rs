//! `GET /v1/deliveries/{id}`

use axum::{Json, extract::State};

use super::{
    AppState,
    auth::{Caller, WebhooksRead},
    parameters::Id,
    problem::{ApiError, ApiResult},
};
use crate::domain::{delivery::Delivery, ids::DeliveryId};

/// Shows one delivery.
#[utoipa::path(
    get,
    path = "/v1/deliveries/{id}",
    operation_id = "getDelivery",
    tag = "deliveries",
    security(("token" = ["webhooks:read"])),
    params(("id" = DeliveryId, Path, description = "The delivery's id")),
    responses((status = 200, description = "The delivery", body = Delivery))
)]
pub(super) async fn read(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Id(id): Id<DeliveryId>,
) -> ApiResult<Json<Delivery>> {
    app.store.delivery(id).await?.map(Json).ok_or_else(|| ApiError::not_found("delivery", id))
}
