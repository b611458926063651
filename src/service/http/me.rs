//! `GET /v1/me`

use axum::Json;

use super::auth::{AnyToken, Caller};
use crate::domain::me::Me;

/// Shows whose token this is and what it may do.
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "getMe",
    tag = "service",
    security(("token" = [])),
    responses((status = 200, description = "The caller", body = Me))
)]
pub(super) async fn read(caller: Caller<AnyToken>) -> Json<Me> {
    Json(caller.me())
}
