//! `GET /v1/audit`

use axum::{Json, extract::State};

use super::{
    AppState,
    auth::{AdminOnly, Caller},
    parameters::{Query, page, window},
    problem::ApiResult,
};
use crate::domain::{audit::AuditEntry, page::Page, query::AuditQuery};

/// Lists who changed what, newest first.
///
/// Each change and its entry are written in one transaction, and the entry is kept for 13 months: who made the change,
/// when, and the values before and after, as far as they changed. Reading a secret is noted, too. No entry contains a
/// secret or a header's value.
#[utoipa::path(
    get,
    path = "/v1/audit",
    operation_id = "listAudit",
    tag = "service",
    security(("token" = ["admin"])),
    params(AuditQuery),
    responses((status = 200, description = "A page of the audit log", body = Page<AuditEntry>))
)]
pub(super) async fn list(
    _: Caller<AdminOnly>,
    State(app): State<AppState>,
    Query(query): Query<AuditQuery>,
) -> ApiResult<Json<Page<AuditEntry>>> {
    window(query.since, query.until)?;
    let page = page(query.limit, query.cursor.clone())?;
    Ok(Json(app.store.audit(query, page).await?))
}
