//! `GET /v1/me`

use axum::Json;

use super::auth::Admin;
use crate::domain::me::Me;

/// Shows whose token this is and what it may do.
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "getMe",
    tag = "service",
    responses((status = 200, description = "The caller", body = Me))
)]
pub(super) async fn read(_: Admin) -> Json<Me> {
    Json(Me { name: "admin".to_owned(), scopes: vec!["admin".to_owned()] })
}
