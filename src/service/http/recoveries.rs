//! `GET` and `POST /v1/recoveries`, `GET /v1/recoveries/{id}`, `POST /v1/recoveries/{id}/cancel`

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    AppState,
    auth::{Caller, WebhooksRead, WebhooksWrite},
    body::{self, ChangeRequest, Nothing},
    parameters::{Id, Query, page},
    problem::{ApiError, ApiResult},
};
use crate::{
    domain::{
        ids::RecoveryId,
        page::Page,
        problem::FieldError,
        query::RecoveryQuery,
        recovery::{HIGHEST_RATE, LOWEST_RATE, NewRecovery, Recovery, RecoveryEstimate, RecoveryWhat},
        time::Timestamp,
    },
    service::store::{AddRecovery, RecoveryWindow},
};

/// Starts a recovery: delivers what a window of time left undelivered.
///
/// It tries each delivery once more that has failed for good, and whose last attempt ended in the window; deliveries
/// that still wait keep their schedule. It also makes deliveries of events from the window that a webhook wants now but
/// never got, for example because it was disabled: in the version in force now, with a schedule of their own. It leaves
/// out events older than the webhook and events made to test one. It covers the webhooks that are enabled when it
/// starts. It works in the background, survives a crash, and neither skips nor repeats a delivery. With `dryRun` it
/// only counts, and answers `200`.
#[utoipa::path(
    post,
    path = "/v1/recoveries",
    operation_id = "addRecovery",
    tag = "recoveries",
    security(("token" = ["webhooks:write"])),
    request_body = NewRecovery,
    responses(
        (status = 200, description = "What the recovery would do", body = RecoveryEstimate),
        (
            status = 202,
            description = "The recovery has started",
            body = Recovery,
            headers(("Location" = String, description = "The recovery's path"))
        )
    )
)]
pub(super) async fn create(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    ChangeRequest { body: body::Json(new), idempotency_key }: ChangeRequest<body::Json<NewRecovery>>,
) -> ApiResult<Response> {
    let now = app.clock.now();
    let (dry_run, rate) = (new.dry_run, new.rate);
    let window = window(new, now)?;
    if dry_run {
        return Ok(Json(app.store.estimate_recovery(window).await?).into_response());
    }
    let add = AddRecovery { id: RecoveryId::new(now, app.random.bytes()), window, rate };
    let recovery = app.store.add_recovery(add, caller.change(idempotency_key)).await?;
    app.engine.recover_now();
    let location = [(header::LOCATION, format!("/v1/recoveries/{}", recovery.id))];
    Ok((StatusCode::ACCEPTED, location, Json(recovery)).into_response())
}

/// The window to recover, checked. Without an end it ends now.
fn window(new: NewRecovery, now: Timestamp) -> ApiResult<RecoveryWindow> {
    let NewRecovery { webhook_id, since, until, what, rate, dry_run: _ } = new;
    let end = now.plus(Duration::from_micros(1));
    let until = until.map_or(end, |until| until.min(end));
    let mut errors = Vec::new();
    if since >= until {
        errors.push(FieldError::new("since", "must be before until, and in the past"));
    }
    // In some spellings of 1/86400 one a day is slightly less than the lowest rate.
    if rate.is_some_and(|rate| !(LOWEST_RATE - f64::EPSILON..=HIGHEST_RATE).contains(&rate)) {
        let message = format!("must be deliveries a second: one a day (1/86400) to {HIGHEST_RATE}");
        errors.push(FieldError::new("rate", message));
    }
    if errors.is_empty() {
        Ok(RecoveryWindow { webhook: webhook_id, since, until, what: what.unwrap_or(RecoveryWhat::Both) })
    } else {
        Err(errors.into())
    }
}

/// Lists recoveries, newest first.
#[utoipa::path(
    get,
    path = "/v1/recoveries",
    operation_id = "listRecoveries",
    tag = "recoveries",
    security(("token" = ["webhooks:read"])),
    params(RecoveryQuery),
    responses((status = 200, description = "A page of recoveries", body = Page<Recovery>))
)]
pub(super) async fn list(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Query(query): Query<RecoveryQuery>,
) -> ApiResult<Json<Page<Recovery>>> {
    Ok(Json(app.store.recoveries(page(query.limit, query.cursor)?).await?))
}

/// Shows a recovery's progress.
#[utoipa::path(
    get,
    path = "/v1/recoveries/{id}",
    operation_id = "getRecovery",
    tag = "recoveries",
    security(("token" = ["webhooks:read"])),
    params(("id" = RecoveryId, Path, description = "The recovery's id")),
    responses((status = 200, description = "The recovery", body = Recovery))
)]
pub(super) async fn read(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Id(id): Id<RecoveryId>,
) -> ApiResult<Json<Recovery>> {
    app.store.recovery(id).await?.map(Json).ok_or_else(|| ApiError::not_found("recovery", id))
}

/// Stops a recovery.
///
/// The recovery makes no more deliveries; the deliveries that it has made are still sent. A recovery that has ended
/// stays as it is.
#[utoipa::path(
    post,
    path = "/v1/recoveries/{id}/cancel",
    operation_id = "cancelRecovery",
    tag = "recoveries",
    security(("token" = ["webhooks:write"])),
    params(("id" = RecoveryId, Path, description = "The recovery's id")),
    responses((status = 200, description = "The recovery", body = Recovery))
)]
pub(super) async fn cancel(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    Id(id): Id<RecoveryId>,
    ChangeRequest { body: Nothing, idempotency_key }: ChangeRequest<Nothing>,
) -> ApiResult<Json<Recovery>> {
    Ok(Json(app.store.cancel_recovery(id, caller.change(idempotency_key)).await?))
}
