//! `GET /v1/audit`

use axum::{Json, extract::State};

use super::{
    AppState,
    auth::{AdminOnly, Caller},
    parameters::{Query, page, window},
    problem::Answer,
};
use crate::domain::{audit::AuditEntry, page::Page, query::AuditQuery};

/// Lists who changed what, newest first.
///
/// Every change is noted with it, in one transaction, and kept for 13 months: by whom, when, what was there before and
/// after, as far as it changed. That a secret was read is noted, too. No secret and no header's value is in it.
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
) -> Answer<Json<Page<AuditEntry>>> {
    window(query.since, query.until)?;
    let page = page(query.limit, query.cursor.clone())?;
    Ok(Json(app.store.audit(query, page).await?))
}
