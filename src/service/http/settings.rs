//! `GET` and `PUT /v1/settings`

use axum::{Json, extract::State};

use super::{
    AppState,
    auth::{Caller, WebhooksRead, WebhooksWrite},
    body::{self, ChangeRequest},
    problem::ApiResult,
};
use crate::domain::{
    patch::Patch,
    problem::FieldError,
    settings::{Settings, SettingsUpdate},
    version::Version,
};

/// Shows the service's settings: the global version.
#[utoipa::path(
    get,
    path = "/v1/settings",
    operation_id = "getSettings",
    tag = "settings",
    security(("token" = ["webhooks:read"])),
    responses((status = 200, description = "The settings", body = Settings))
)]
pub(super) async fn read(_: Caller<WebhooksRead>, State(app): State<AppState>) -> ApiResult<Json<Settings>> {
    current(&app).await
}

/// Replaces the service's settings.
///
/// Deliveries that exist keep their version; new ones to webhooks without a pin use the new global version.
#[utoipa::path(
    put,
    path = "/v1/settings",
    operation_id = "putSettings",
    tag = "settings",
    security(("token" = ["webhooks:write"])),
    request_body = SettingsUpdate,
    responses((status = 200, description = "The settings as they are now", body = Settings))
)]
pub(super) async fn replace(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    ChangeRequest { body: body::Json(update), idempotency_key }: ChangeRequest<body::Json<SettingsUpdate>>,
) -> ApiResult<Json<Settings>> {
    app.store.set_global_version(wanted(update)?, caller.change(idempotency_key)).await?;
    current(&app).await
}

/// The global version that the caller wants. A `PUT` must name it, because leaving it out could mean two things.
fn wanted(update: SettingsUpdate) -> Result<Option<Version>, FieldError> {
    let SettingsUpdate { global_version } = update;
    match global_version {
        Patch::Value(version) => Ok(Some(version)),
        Patch::Null => Ok(None),
        Patch::Absent => Err(FieldError::new("globalVersion", "is missing; null means the latest stable version")),
    }
}

async fn current(app: &AppState) -> ApiResult<Json<Settings>> {
    Ok(Json(Settings::new(app.store.global_version().await?)))
}
