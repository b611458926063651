//! `POST /v1/attempts/{id}/retry`, `POST /v1/deliveries/{id}/retry`, `POST /v1/events/{id}/retry`

use axum::{Json, extract::State, http::StatusCode};

use super::{
    AppState,
    auth::{Caller, WebhooksWrite},
    body::{ChangeRequest, Nothing},
    parameters::{Id, Query},
    problem::ApiResult,
};
use crate::{
    domain::{
        ids::{AttemptId, DeliveryId, EventId},
        query::EventSource,
        recovery::Retried,
    },
    service::store::{EventKey, RetryTarget},
};

/// The answer to a retry.
type Begun = ApiResult<(StatusCode, Json<Retried>)>;

/// Retries the delivery of an attempt.
///
/// This does the same as retrying the delivery itself.
#[utoipa::path(
    post,
    path = "/v1/attempts/{id}/retry",
    operation_id = "retryAttempt",
    tag = "attempts",
    security(("token" = ["webhooks:write"])),
    params(("id" = AttemptId, Path, description = "The attempt's id")),
    responses((status = 202, description = "The attempt has begun", body = Retried))
)]
pub(super) async fn attempt(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    Id(id): Id<AttemptId>,
    ChangeRequest { body: Nothing, idempotency_key }: ChangeRequest<Nothing>,
) -> Begun {
    let retried = app.engine.retry(RetryTarget::Attempt(id), caller.change(idempotency_key)).await?;
    Ok((StatusCode::ACCEPTED, Json(retried)))
}

/// Retries a delivery.
///
/// The attempt starts at once, in whatever state the delivery is and even if its webhook is disabled. It uses the
/// current URL, headers and secret, and the frozen body. It has the next attempt's number and replaces the planned
/// attempt. If it fails, a delivery with attempts left continues its schedule, counted from this attempt; a delivery
/// that had ended is not tried again, and one that had succeeded stays succeeded. If the service is killed meanwhile,
/// it makes the attempt again like any other; for a disabled webhook, when it is enabled.
#[utoipa::path(
    post,
    path = "/v1/deliveries/{id}/retry",
    operation_id = "retryDelivery",
    tag = "deliveries",
    security(("token" = ["webhooks:write"])),
    params(("id" = DeliveryId, Path, description = "The delivery's id")),
    responses((status = 202, description = "The attempt has begun", body = Retried))
)]
pub(super) async fn delivery(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    Id(id): Id<DeliveryId>,
    ChangeRequest { body: Nothing, idempotency_key }: ChangeRequest<Nothing>,
) -> Begun {
    let retried = app.engine.retry(RetryTarget::Delivery(id), caller.change(idempotency_key)).await?;
    Ok((StatusCode::ACCEPTED, Json(retried)))
}

/// Retries every delivery of an event.
///
/// Either all of its deliveries are retried or none; deliveries to deleted webhooks and tests are left out. A recovery
/// makes the deliveries that were never made because a webhook was disabled.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/retry",
    operation_id = "retryEvent",
    tag = "events",
    security(("token" = ["webhooks:write"])),
    params(("id" = EventId, Path, description = "The event's id, percent-encoded"), EventSource),
    responses((status = 202, description = "The attempts have begun", body = Retried))
)]
pub(super) async fn event(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    Id(id): Id<EventId>,
    Query(EventSource { source }): Query<EventSource>,
    ChangeRequest { body: Nothing, idempotency_key }: ChangeRequest<Nothing>,
) -> Begun {
    let retried = app.engine.retry(RetryTarget::Event(EventKey { id, source }), caller.change(idempotency_key)).await?;
    Ok((StatusCode::ACCEPTED, Json(retried)))
}
